import { readFile } from 'node:fs/promises';

/** The version of an installed package; `unknown` where its manifest is not beside its code. */
export async function packageVersion(name: string): Promise<string> {
  const entry = import.meta.resolve(name);
  const folder = `/node_modules/${name}/`;
  const end = entry.lastIndexOf(folder);
  if (end < 0) return 'unknown';
  const manifest: unknown = JSON.parse(
    await readFile(new URL(entry.slice(0, end + folder.length) + 'package.json'), 'utf8'),
  );
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest && typeof manifest.version === 'string' ? manifest.version : 'unknown';
}
