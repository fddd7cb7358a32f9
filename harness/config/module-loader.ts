import { createJiti } from 'jiti';
import { messageOf, UsageError } from '../errors.ts';

/** Loads one of the user's modules, TypeScript or JavaScript, whatever the `type` of its package is. */
export type LoadModule = (path: string) => Promise<unknown>;

/**
 * A loader for the user's modules.
 * @param own what they get when they import `webrtc-interop`: this copy of the package, even if another one is installed. A
 *   scenario declared in another copy would not be in any run.
 */
export function moduleLoader(own: Readonly<Record<string, unknown>>): LoadModule {
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    interopDefault: false,
    virtualModules: { ...own },
  });
  return (path) => jiti.import(path);
}

/** Where in a file something was thrown, as `file:line:column`; only the file if the stack does not say. */
function placeIn(file: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const at = stack.indexOf(`${file}:`);
  const place = at === -1 ? undefined : /^:\d+(?::\d+)?/.exec(stack.slice(at + file.length))?.[0];
  return `${file}${place ?? ''}`;
}

/** The error for a user's file that does not load. */
export const doesNotLoad = (code: string, file: string, error: unknown): UsageError =>
  new UsageError(
    code,
    `${placeIn(file, error)} does not load: ${messageOf(error)}\nFix it; nothing was run.`,
    {
      cause: error,
    },
  );
