import { createHash, generateKeyPairSync } from 'node:crypto';

/**
 * A key that nobody but this process has. A browser that it starts may be told to trust whoever proves to have it: a server
 * of this process, and no other.
 */
export interface OwnKey {
  /** PEM. */
  privateKey: string;
  publicKey: string;
  /** The SHA-256 of its SubjectPublicKeyInfo, base64. */
  fingerprint: string;
}

let made: OwnKey | undefined;

export function ownKey(): OwnKey {
  if (made) return made;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const fingerprint = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' }));
  made = {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: fingerprint.digest('base64'),
  };
  return made;
}
