/** Page functions of faults: each breaks adapter in one way, in the peer page and in every fresh window of it. */

/** Adapter did not load: whatever sets its global, nobody finds it. */
export const adapterIsAbsent = (): void => {
  const nothing = { get: (): undefined => undefined, set: (): void => {} };
  Object.defineProperty(globalThis, 'adapter', nothing);
};

/** Something calls itself adapter that is not. */
export const somethingIsCalledAdapter = (): void => {
  Reflect.set(globalThis, 'adapter', { browserDetails: { browser: 'impostor' } });
};
