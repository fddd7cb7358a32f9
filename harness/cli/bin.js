#!/usr/bin/env node
// The harness is TypeScript and runs as it is; tsx reads it, with the package's own settings wherever it is called.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

process.env.TSX_TSCONFIG_PATH = fileURLToPath(new URL('../../tsconfig.json', import.meta.url));
register();
await import('./main.ts');
