import { HarnessError } from './errors.ts';

/** Something took longer than allowed. */
export class DeadlineError extends HarnessError {}

/**
 * Returns what a promise resolves to, or rejects when it takes too long; the promise itself goes on, so the
 * caller has to end the work behind it.
 * @param name what is waited for, to be read after "waited 3000 ms for …"
 * @throws {DeadlineError} with code `deadline`
 */
export async function within<T>(ms: number, name: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DeadlineError('deadline', `waited ${String(ms)} ms for ${name}`)),
      ms,
    );
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
