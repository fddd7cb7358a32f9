import { createJiti } from 'jiti';
import { messageOf, UsageError } from '../errors.ts';

/** Loads a module of the user's, TypeScript or JavaScript, whatever the `type` of its package is. */
export type LoadModule = (path: string) => Promise<unknown>;

/**
 * A loader for modules of the user's.
 * @param own what `webrtc-interop` is to them: this copy of the package, wherever another one may be installed. A
 *   scenario that another copy declared would be in no run.
 */
export function moduleLoader(own: Readonly<Record<string, unknown>>): LoadModule {
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    interopDefault: false,
    virtualModules: { ...own },
  });
  return (path) => jiti.import(path);
}

/** Where in a file something was thrown, as `file:line:column`; the file alone where the stack does not say. */
export function placeIn(file: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const at = stack.indexOf(`${file}:`);
  const place = at === -1 ? undefined : /^:\d+(?::\d+)?/.exec(stack.slice(at + file.length))?.[0];
  return `${file}${place ?? ''}`;
}

/** The error of a user's file that does not load. */
export const doesNotLoad = (code: string, file: string, error: unknown): UsageError =>
  new UsageError(
    code,
    `${placeIn(file, error)} does not load: ${messageOf(error)}\nMend it; nothing was run.`,
    {
      cause: error,
    },
  );
