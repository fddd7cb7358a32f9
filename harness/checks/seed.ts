import { configureGlobal, readConfigureGlobal } from 'fast-check';

/**
 * Properties are tried with one seed, so that a build is red for what was changed and for nothing else. Another one is tried
 * with WEBRTC_INTEROP_SEED, and any where a file is run without this.
 */
const seed = Number(process.env['WEBRTC_INTEROP_SEED'] ?? 26);

configureGlobal({ ...readConfigureGlobal(), seed });
