import type { Command } from 'commander';
import { browserKinds, type BrowserKind } from '../../config/browser-spec.ts';
import { IncompleteError, UsageError } from '../../errors.ts';
import { printLine } from '../say.ts';
import { defaultKinds, install } from '../../setup/install.ts';

const isKind = (name: string): name is BrowserKind => browserKinds.some((kind) => kind === name);

/** Installs what is missing and says what it does. */
export async function installMissing(kinds: readonly BrowserKind[]): Promise<void> {
  const { failed } = await install([...kinds], printLine);
  if (failed.length > 0) {
    throw new IncompleteError(
      'not-installed',
      `Not installed: ${failed.join(', ')}. See \`webrtc-interop doctor\`.`,
    );
  }
}

export function addInstall(program: Command): void {
  program
    .command('install')
    .description('installs missing browsers by the best way this machine has')
    .argument('[browser...]', `${browserKinds.join(', ')}; default: ${defaultKinds().join(', ')}`)
    .action(async (names: string[]) => {
      const kinds = names.map((name) => {
        if (isKind(name)) return name;
        throw new UsageError(
          'unknown-browser',
          `Unknown browser "${name}". There are ${browserKinds.join(', ')}.`,
        );
      });
      await installMissing(kinds.length > 0 ? kinds : defaultKinds());
    });
}
