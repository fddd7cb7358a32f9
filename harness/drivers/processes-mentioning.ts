import { readdir, readFile } from 'node:fs/promises';

/**
 * Processes that have a text, e.g. the name of a temporary folder, in their command line or environment, for tests of
 * what is left behind. Linux only, where those run.
 */
export async function processesMentioning(text: string): Promise<{ pid: number; command: string }[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    names.map(async (name) => {
      const read = (file: string): Promise<string> =>
        readFile(`/proc/${name}/${file}`, 'latin1').catch(() => ''); // It ended meanwhile.
      const [command, environment] = await Promise.all([read('cmdline'), read('environ')]);
      if (!`${command}${environment}`.includes(text)) return [];
      return [{ pid: Number(name), command: command.replaceAll('\0', ' ') }];
    }),
  );
  return found.flat();
}
