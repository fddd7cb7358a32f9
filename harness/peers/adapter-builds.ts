import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, stop, type Plugin } from 'esbuild';
import { respond } from '../../fixtures/signaling/routes.ts';
import type { SignalingServer } from '../../fixtures/signaling/server.ts';
import type { Script } from '../config/script.ts';
import { HarnessError } from '../errors.ts';

/** Major versions of webrtc-adapter that scenarios load side by side, each at its latest, with their packages. */
const packages = {
  9: 'webrtc-adapter',
  8: 'webrtc-adapter-8',
  7: 'webrtc-adapter-7',
  6: 'webrtc-adapter-6',
} as const satisfies Record<string, string>;

type Version = keyof typeof packages;

/**
 * How each form is made:
 * - `script`: the package's own build for a `<script>`;
 * - `module`: an ES module that exports adapter, and sets `adapter` as an application would;
 * - `bundle`: an application's bundle, which imports adapter and sets no global but its own `bundledAdapter`;
 * - `factory`: sets `adapterFactory`, which shims a window with options;
 * - `traced`: as `script`, but each shim is called through the page's `traceShim(name, shim)`, to see
 *   which shims ran and what each of them changed.
 */
const forms = {
  script: async (name) => readFile(require.resolve(`${name}/out/adapter.js`), 'utf8'),
  module: (name) =>
    bundle(`import adapter from '${name}'; globalThis.adapter = adapter; export default adapter;`, 'esm'),
  bundle: (name) => bundle(`import adapter from '${name}'; globalThis.bundledAdapter = adapter;`),
  factory: (name) =>
    bundle(
      `import { adapterFactory } from '${name}/src/js/adapter_factory.js'; globalThis.adapterFactory = adapterFactory;`,
    ),
  traced: (name) => bundle(`import adapter from '${name}'; globalThis.adapter = adapter;`, 'iife', [traced]),
} as const satisfies Record<string, (name: string) => Promise<string>>;

type Form = keyof typeof forms;

const require = createRequire(import.meta.url);

async function bundle(
  contents: string,
  format: 'iife' | 'esm' = 'iife',
  plugins: Plugin[] = [],
): Promise<string> {
  const result = await build({
    stdin: { contents, resolveDir: dirname(fileURLToPath(import.meta.url)) },
    bundle: true,
    write: false,
    format,
    plugins,
    mainFields: ['module', 'main'],
    // Version 6 is CommonJS for browserify, which provides `global`.
    define: { global: 'globalThis' },
  });
  await stop();
  return result.outputFiles[0]?.text ?? '';
}

/** `chromeShim.shimOnTrack(window, …)` becomes a call of the page's `traceShim` that does the same. */
const traced: Plugin = {
  name: 'trace each shim',
  setup(setup) {
    setup.onLoad({ filter: /adapter_factory\.js$/ }, async ({ path }) => ({
      contents: traceShims(path, await readFile(path, 'utf8')),
    }));
  },
};

function traceShims(name: string, source: string): string {
  let calls = 0;
  const contents = source.replaceAll(/(\w+Shim)\.(\w+)(\(window[^)]*\));/g, (call, owner, shim) => {
    calls += 1;
    return `globalThis.traceShim('${String(owner)}.${String(shim)}', () => ${call.slice(0, -1)});`;
  });
  // If it traced nothing, the build would say that no shim ran.
  if (calls === 0) {
    throw new HarnessError('adapter-not-traced', `no call of a shim was found in ${name}: its form changed`);
  }
  return contents;
}

/** The builds of the published versions that scenarios load, as installed here. */
export const publishedAdapters = (): Promise<Script[]> =>
  Promise.all(Object.values(packages).map(async (name) => ({ name, source: await forms.script(name) })));

const isVersion = (text: string): text is `${Version}` => text in packages;
const isForm = (text: string): text is Form => text in forms;

/**
 * Serves `/adapter/VERSION/FORM.js`, e.g. `/adapter/9/module.js`; made when first asked for. The build of this run,
 * which `--adapter` may name, is `/adapter/given/script.js`, and `traced.js` beside it.
 */
export function serveAdapterBuilds(server: SignalingServer, given?: Script): void {
  const send = (response: ServerResponse, source: string): void => {
    response.writeHead(200, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'no-cache',
    });
    response.end(source);
  };
  if (given) {
    const { name, source } = given;
    server.route('/adapter/given/script.js', (_, response) => send(response, source));
    server.route('/adapter/given/traced.js', (_, response) => send(response, traceShims(name, source)));
  }
  const made = new Map<string, Promise<string>>();
  // One after the other: the end of one build would stop the bundler in the middle of another.
  let queue: Promise<unknown> = Promise.resolve();
  server.route('/adapter/', async (_, response, url) => {
    const [, version = '', form = ''] = /^\/adapter\/(\d+)\/(\w+)\.js$/.exec(url.pathname) ?? [];
    if (!isVersion(version) || !isForm(form)) {
      respond(response, 404, 'There is no such build of adapter.');
      return;
    }
    let source = made.get(url.pathname);
    if (!source) {
      source = queue.then(() => forms[form](packages[version]));
      made.set(url.pathname, source);
      queue = source.catch(() => undefined);
    }
    send(response, await source);
  });
}
