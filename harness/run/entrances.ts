import { readFile } from 'node:fs/promises';
import type { Entrance, SignalingServer } from '../../fixtures/signaling/server.ts';
import type { SignalingPlace } from '../config/browser-spec.ts';
import { needsPublic } from '../config/signaling.ts';
import { messageOf, UsageError } from '../errors.ts';
import type { RunOptions } from './options.ts';

type Origins = Pick<Entrance, 'origin' | 'foreignOrigin'>;

/**
 * Where the pages of a run find the fixture: on loopback, and at its public address where a browser needs that.
 * @throws {UsageError} `not-reachable`, `bad-certificate`, and what opening an entrance throws
 */
export async function openEntrances(
  server: SignalingServer,
  { browsers, signaling = {} }: Pick<RunOptions, 'browsers' | 'signaling'>,
): Promise<Record<SignalingPlace, Origins>> {
  const loopback: Origins = server;
  if (!needsPublic(browsers, signaling)) return { loopback, public: loopback };
  const { certificate, ...where } = signaling;
  const opened = await server.open({
    ...where,
    exposed: true,
    ...(certificate === undefined ? {} : { certificate: await readCertificate(certificate) }),
  });
  return { loopback, public: opened };
}

async function readCertificate(files: { key: string; cert: string }): Promise<{ key: string; cert: string }> {
  try {
    const [key, cert] = await Promise.all([readFile(files.key, 'utf8'), readFile(files.cert, 'utf8')]);
    return { key, cert };
  } catch (error) {
    throw new UsageError(
      'bad-certificate',
      `signaling.certificate cannot be read: ${messageOf(error)}. Name two PEM files, or leave it out and one is made.`,
      { cause: error },
    );
  }
}
