import { configureGlobal, readConfigureGlobal } from 'fast-check';

/**
 * Properties are tried with one fixed seed, so that a build is red only because of what was changed. WEBRTC_INTEROP_SEED
 * chooses another one; a file that is run without this module uses any seed.
 */
const seed = Number(process.env['WEBRTC_INTEROP_SEED'] ?? 26);

configureGlobal({ ...readConfigureGlobal(), seed });
