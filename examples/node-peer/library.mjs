import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where a library has what a browser has, if not in its main module. */
const entries = { 'node-datachannel': 'node-datachannel/polyfill' };

/** Libraries are installed in the project whose run it is. */
const require = createRequire(pathToFileURL(join(process.cwd(), 'package.json')));

const load = (name) => import(pathToFileURL(require.resolve(entries[name] ?? name)).href);

/** The interfaces of a library, by its name or the path of a module. */
export async function interfacesOf(name) {
  const module = await load(name);
  const all = { ...module.default, ...module };
  return Object.fromEntries(Object.entries(all).filter(([key]) => /^(RTC|Media)/.test(key)));
}

/** `werift/0.25.2`, in the form of a user agent string: the `product` of a module of one's own, or of its package. */
export async function describeLibrary(name) {
  if (/^[./]/.test(name)) return (await load(name)).product;
  for (const folder of require.resolve.paths(name) ?? []) {
    const text = await readFile(join(folder, name, 'package.json'), 'utf8').catch(() => undefined);
    if (text !== undefined) return `${name}/${JSON.parse(text).version}`;
  }
  throw new Error(`${name} is not installed here: npm install ${name}`);
}
