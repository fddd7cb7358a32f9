#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// A file that grows beyond `ulimit -f` would end this process; with a listener, the write fails and says why.
process.on('SIGXFSZ', () => undefined);

const source = new URL('main.ts', import.meta.url);
if (existsSync(source)) {
  // A checkout is TypeScript and runs as it is; tsx reads it, with its own settings wherever it is called.
  const { register } = await import('tsx/esm/api');
  process.env.TSX_TSCONFIG_PATH = fileURLToPath(new URL('../../tsconfig.json', import.meta.url));
  register();
  await import(source.href);
} else {
  await import('../../dist/harness/cli/main.js');
}
