import { build, stop } from 'esbuild';
import { join } from 'node:path';
import type { Script } from '../config/script.ts';
import { moduleSuffix, packageRoot } from '../own-files.ts';

/** What is sent to a page to break it: a function of the kit and an argument that JSON can carry. */
export interface Breaking {
  name: string;
  page: { toString(): string };
  arg?: unknown;
  /** `true`: it runs whenever adapter has loaded, as an adapter that breaks something would. */
  afterAdapter?: boolean;
}

let bundled: Promise<string> | undefined;

async function bundleKit(): Promise<string> {
  const result = await build({
    entryPoints: [join(packageRoot, `specs/kit/kit${moduleSuffix}`)],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'faultKit',
    target: ['chrome120', 'firefox128', 'safari17'],
  });
  await stop();
  return result.outputFiles[0]?.text ?? '';
}

/** The script of a fault or mutant: the kit, followed by the function with its argument. */
export async function faultScript({ name, page, arg, afterAdapter = false }: Breaking): Promise<Script> {
  bundled ??= bundleKit();
  // `__name` is what tsx leaves in functions, `jitiImport` what jiti makes of `import()`
  const source = `(() => {
  const __name = (target) => target;
  const jitiImport = (specifier) => import(specifier);
  ${await bundled}
  const breakIt = () => (${page.toString()})(faultKit.kit, ${JSON.stringify(arg) ?? 'undefined'});
  const isAdapter = (target) => target.dataset?.injected === 'adapter' || target.src?.includes('/adapter/');
  if (${String(afterAdapter)}) document.addEventListener('load', ({ target }) => isAdapter(target) && breakIt(), true);
  else breakIt();
})();`;
  return { name, source };
}
