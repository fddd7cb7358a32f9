import type { Command } from 'commander';
import { browserKinds, isDriven, parseBrowserSpec } from '../../config/browser-spec.ts';
import { releasedKinds } from '../../config/browsers.ts';
import { IncompleteError, UsageError } from '../../errors.ts';
import { printLine } from '../say.ts';
import { defaultBrowsers, defaultKinds, install, type Wanted } from '../../setup/install.ts';

/** Installs what is missing and says what it does. */
export async function installMissing(wanted: readonly Wanted[]): Promise<void> {
  const { failed } = await install(wanted, printLine);
  if (failed.length > 0) {
    throw new IncompleteError(
      'not-installed',
      `Not installed: ${failed.join(', ')}. See \`webrtc-interop doctor\`.`,
    );
  }
}

/** @throws {UsageError} for a text that cannot be read, and for a browser whose text says where it is */
function wantedOf(text: string): Wanted {
  const spec = parseBrowserSpec(text);
  if (isDriven(spec) && spec.executable === undefined && spec.endpoint === undefined) return spec;
  throw new UsageError(
    'unknown-browser',
    `"${text}" is nothing that can be installed. There are ${browserKinds.join(', ')}, and versions of ${releasedKinds().join(' and ')}.`,
  );
}

export function addInstall(program: Command): void {
  program
    .command('install')
    .description('installs missing browsers by the best way this machine has')
    .argument(
      '[browser...]',
      `${browserKinds.join(', ')}, or a version, e.g. chrome@beta, firefox@esr, chrome@150; default: ${defaultKinds().join(', ')}`,
    )
    .action(async (names: string[]) => {
      const wanted = names.map(wantedOf);
      await installMissing(wanted.length > 0 ? wanted : defaultBrowsers());
    });
}
