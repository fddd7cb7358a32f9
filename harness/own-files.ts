import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds `harness`, `fixtures` and `specs`: the checkout, or `dist` of the installed package. */
export const packageRoot = fileURLToPath(new URL('../', import.meta.url));

/** The file extension of our own modules: `.ts` in a checkout, which runs as it is, `.js` in the package. */
export const moduleSuffix = extname(import.meta.url);
