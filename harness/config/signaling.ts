import { isIPv4 } from 'node:net';
import { UsageError } from '../errors.ts';
import type { BrowserSpec, SignalingPlace } from './browser-spec.ts';
import { endpointOf } from './endpoint.ts';

/** Where browsers on other machines find the fixture: the part of the configuration's `signaling` that says so. */
export interface PublicSignaling {
  /** The address it listens on, e.g. `0.0.0.0`; loopback if a tunnel or a proxy leads to it. Default: 127.0.0.1. */
  host?: string;
  /** Default: any free port. */
  port?: number;
  /** The address that pages get, if it is not the one it listens on. */
  publicUrl?: string;
  /** The same for its second origin, which a few scenarios need. */
  foreignUrl?: string;
  /** Files with the key and certificate for TLS, PEM; absolute. Default beyond loopback: one is made for the run. */
  certificate?: { key: string; cert: string };
}

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));

/** Where the pages of a browser find the fixture. Default: loopback, unless its server is on another host. */
export function signalingOf(spec: BrowserSpec): SignalingPlace {
  if (spec.signaling !== undefined) return spec.signaling;
  return spec.endpoint === undefined || isLoopback(endpointOf(spec.endpoint).url.hostname)
    ? 'loopback'
    : 'public';
}

/**
 * Whether the fixture has to be reachable from other machines for these browsers.
 * @throws {UsageError} `not-reachable` if the configuration does not say how
 */
export function needsPublic(
  browsers: readonly BrowserSpec[],
  signaling: PublicSignaling | undefined,
): boolean {
  const far = browsers.find((spec) => signalingOf(spec) === 'public');
  if (far === undefined) return false;
  if (signaling?.host === undefined && signaling?.publicUrl === undefined) {
    const where = far.endpoint === undefined ? 'elsewhere' : `at ${endpointOf(far.endpoint).url.host}`;
    throw new UsageError(
      'not-reachable',
      `${far.id} is ${where}, where 127.0.0.1 is another machine. Say in the configuration where its pages find this one: ` +
        `signaling: { host: '0.0.0.0' }, with publicUrl behind a tunnel or a proxy; or, where a port of loopback is forwarded, signaling: 'loopback' for this browser.`,
    );
  }
  return true;
}
