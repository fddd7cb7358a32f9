import { execa } from 'execa';

const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Opens a file or an address as the desktop would; resolves to whether a program took it. */
export async function openFile(path: string): Promise<boolean> {
  const [command, ...args] = openers[process.platform] ?? ['xdg-open'];
  const { failed } = await execa(command, [...args, path], { reject: false, stdio: 'ignore' });
  return !failed;
}
