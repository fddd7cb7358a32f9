import { createInterface } from 'node:readline';
import { UsageError } from '../errors.ts';

/** Asks one question after another and returns the answers as typed, even those typed before their question. */
export interface Questions {
  /** @throws {UsageError} `no-answer` if the input ends instead (Ctrl+D) */
  ask(question: string): Promise<string>;
  close(): void;
}

/** Asks questions, and reads the answers from a stream. */
export function questionsTo(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Questions {
  // readline's own `question` loses a line that comes before it is asked, and waits forever if the input ends
  const reader = createInterface({ input, output });
  const lines = reader[Symbol.asyncIterator]();
  return {
    async ask(question) {
      reader.setPrompt(question);
      reader.prompt();
      const { done, value } = await lines.next();
      if (done === true)
        throw new UsageError('no-answer', 'The input ended: nothing was written. Use --yes.');
      return value.trim();
    },
    close: () => reader.close(),
  };
}
