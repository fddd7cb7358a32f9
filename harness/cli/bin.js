#!/usr/bin/env node
// The harness is TypeScript and runs as it is; tsx reads it, with the package's own settings wherever it is called.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

// A file that grows beyond `ulimit -f` would end this process; with a listener, the write fails and says why.
process.on('SIGXFSZ', () => undefined);
process.env.TSX_TSCONFIG_PATH = fileURLToPath(new URL('../../tsconfig.json', import.meta.url));
register();
await import('./main.ts');
