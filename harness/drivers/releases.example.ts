import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Cache, detectBrowserPlatform } from '@puppeteer/browsers';
import { libraryName } from './releases.ts';

/**
 * Puts a program into a cache of `@puppeteer/browsers` as if it were a downloaded release, for tests.
 * @returns its path
 */
export async function standIn(
  cacheDir: string,
  name: 'chrome' | 'firefox' | 'chromedriver',
  build: string,
  script: string,
): Promise<string> {
  const platform = detectBrowserPlatform();
  if (platform === undefined) throw new Error('there are no releases for this system');
  const cache = new Cache(cacheDir);
  const path = cache.computeExecutablePath({ browser: await libraryName(name), buildId: build, platform });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

/** Puts a path into the environment variable that names the cache; returns a function that takes it out again. */
export function cacheAt(folder: string): () => void {
  const before = process.env['PUPPETEER_CACHE_DIR'];
  process.env['PUPPETEER_CACHE_DIR'] = folder;
  return () => {
    if (before === undefined) delete process.env['PUPPETEER_CACHE_DIR'];
    else process.env['PUPPETEER_CACHE_DIR'] = before;
  };
}
