import { fault } from '../fault.ts';

/** Ways to break adapter, in the peer page and in every fresh window of it. */

/** Adapter did not load: whatever sets its global, nobody finds it. */
export const adapterIsAbsent = (): void => {
  const nothing = { get: (): undefined => undefined, set: (): void => {} };
  Object.defineProperty(globalThis, 'adapter', nothing);
};

/** Something that is not adapter calls itself adapter. */
export const somethingIsCalledAdapter = (): void => {
  Reflect.set(globalThis, 'adapter', { browserDetails: { browser: 'impostor' } });
};

/** An adapter that breaks removeTrack, once it has loaded. */
export const adapterBreaksRemoveTrack = (): void => {
  RTCPeerConnection.prototype.removeTrack = () => undefined;
};

/** Declares that a scenario about one browser turns red when adapter did not load. */
export function faultOfAbsence(scenario: string): void {
  fault({
    scenario,
    name: 'adapter did not load',
    on: 'single',
    timeoutMs: 20_000,
    page: adapterIsAbsent,
    expect: { status: 'fail', phase: 'assert', reason: /the browser that adapter detected/ },
  });
}
