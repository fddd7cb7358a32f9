import { networkInterfaces } from 'node:os';

/** Whether loopback is the only network: Firefox gathers no loopback candidates, so it would gather none at all. */
export const onlyLoopback = (): boolean =>
  Object.values(networkInterfaces()).every((addresses) =>
    (addresses ?? []).every(({ internal }) => internal),
  );
