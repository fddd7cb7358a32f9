import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { doesNotLoad, type LoadModule } from './module-loader.ts';
import { checkConfig, type UserConfig } from './user-config.ts';

/** Names of a configuration file, in the order in which they are looked for. */
export const configNames = ['ts', 'js', 'mjs', 'json'].map((suffix) => `webrtc-interop.config.${suffix}`);

/** A configuration and its file; paths in it are relative to `folder`. */
export interface FoundConfig {
  /** Absolute; null if there is none. */
  file: string | null;
  folder: string;
  config: UserConfig;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Reads the configuration: the file that `--config` names, else the one in this folder, else nothing.
 * @throws {UsageError} `no-config`, `two-configs`, `config-does-not-load` or `bad-config`
 */
export async function findConfig(
  named: string | undefined,
  folder: string,
  load: LoadModule,
): Promise<FoundConfig> {
  const file = named === undefined ? await configIn(folder) : resolve(folder, named);
  if (file === null) return { file, folder, config: {} };
  if (!(await exists(file))) {
    throw new UsageError(
      'no-config',
      `There is no ${file}. Correct --config; \`webrtc-interop init\` writes one.`,
    );
  }
  let loaded: unknown;
  try {
    loaded = await load(file);
  } catch (error) {
    throw doesNotLoad('config-does-not-load', file, error);
  }
  // JSON is its own export
  const config: unknown =
    !file.endsWith('.json') && typeof loaded === 'object' && loaded !== null
      ? Reflect.get(loaded, 'default')
      : loaded;
  if (config === undefined) {
    throw new UsageError(
      'bad-config',
      `${file} has no default export. Write: export default defineConfig({ … })`,
    );
  }
  return { file, folder: dirname(file), config: checkConfig(config, file) };
}

async function configIn(folder: string): Promise<string | null> {
  const paths = configNames.map((name) => resolve(folder, name));
  const here = await Promise.all(paths.map(exists));
  const [first, second] = paths.filter((_, at) => here[at]);
  if (first !== undefined && second !== undefined) {
    throw new UsageError(
      'two-configs',
      `There are ${first} and ${second}. Keep one, or name one with --config.`,
    );
  }
  return first ?? null;
}
