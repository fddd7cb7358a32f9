import { execa } from 'execa';

/** What an executable says about itself, e.g. `Firefox ESR` and `153.7.0`. */
export interface ProductVersion {
  product: string;
  version: string;
}

/** Reads the first line of `--version`, such as `Mozilla Firefox 153.7.0esr` or `Chromium 156.0.1 built on Debian`. */
export function parseVersion(line: string): ProductVersion | undefined {
  const found =
    /^(?:Mozilla )?(?<name>[A-Za-z][A-Za-z ]*?) (?<version>\d+(?:\.\d+)*)(?<suffix>esr|[ab]\d+)?/.exec(
      line.trim(),
    );
  const { name, version, suffix } = found?.groups ?? {};
  if (name === undefined || version === undefined) return undefined;
  return {
    product: suffix === 'esr' ? `${name} ESR` : name,
    version: suffix === 'esr' ? version : version + (suffix ?? ''),
  };
}

/** How long a browser may take to say its version when it is started: on a busy machine it must get the same name. */
export const saysMs = 15_000;

/**
 * Asks an executable for its version, for `ms` milliseconds at most; undefined if it does not say.
 * Not on Windows, where browsers open a window instead.
 */
export async function versionOf(
  executable: string,
  {
    flag = '--version',
    env = {},
    ms = 3000,
  }: { flag?: string; env?: Record<string, string>; ms?: number } = {},
): Promise<ProductVersion | undefined> {
  if (process.platform === 'win32') return undefined;
  const result = await execa(executable, [flag], {
    timeout: ms,
    killSignal: 'SIGKILL',
    reject: false,
    env,
    stdin: 'ignore',
  });
  return result.stdout
    .split('\n')
    .map((line) => parseVersion(line))
    .find((parsed) => parsed !== undefined);
}
