// Asks for and downloads releases of browsers by @puppeteer/browsers, in a process of its own: the library gives none of its
// requests a limit, and only the end of the process ends one. Plain JavaScript, because it runs without a compiler.
import { detectBrowserPlatform, install, resolveBuildId } from '@puppeteer/browsers';

/** How often it is said how far a download has come, in milliseconds. */
const everyMs = 500;

/** @type {(message: object) => Promise<void>} */
const say = (message) => new Promise((resolve) => void process.send?.(message, () => resolve()));

// The harness has ended.
process.once('disconnect', () => process.exit(1));

const { browser, tag, build, cacheDir, baseUrl } = JSON.parse(process.argv[2] ?? '{}');
try {
  const platform = detectBrowserPlatform();
  if (platform === undefined) throw new Error('there are no downloads for this system');
  if (build === undefined) await say({ build: await resolveBuildId(browser, platform, tag) });
  else {
    let said = 0;
    const downloadProgressCallback = (bytes, total) => {
      const now = performance.now();
      if (now - said < everyMs && bytes < total) return;
      said = now;
      void say({ bytes, total: Number.isFinite(total) ? total : null });
    };
    await install({ browser, buildId: build, platform, cacheDir, baseUrl, downloadProgressCallback });
    await say({ installed: true });
  }
} catch (error) {
  await say({ failed: error instanceof Error ? error.message : String(error) });
}
process.exit();
