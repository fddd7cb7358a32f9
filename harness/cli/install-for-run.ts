import { browserKinds } from '../config/browser-spec.ts';
import { defaultKinds } from '../setup/install.ts';
import { installMissing } from './commands/install.ts';

/** What a run needs that is missing: the built-in browsers it names, or the default ones. */
export async function installForRun(browsers: readonly string[] | undefined): Promise<void> {
  const named = browserKinds.filter((kind) => browsers?.includes(kind));
  await installMissing(browsers ? named : defaultKinds());
}
