#!/usr/bin/env node
// The harness is TypeScript and runs as it is; tsx reads it.
import { register } from 'tsx/esm/api';

register();
await import('./main.ts');
