import { fault } from '../fault.ts';
import { adapterIsAbsent } from './breakages.ts';

const singles = { on: 'single', timeoutMs: 20_000 } as const;

fault({
  ...singles,
  scenario: 'adapter/inventory/detection',
  name: 'the browser says that it is another version',
  page: () => {
    const brands = [{ brand: 'Chromium', version: '99' }];
    Object.defineProperty(Navigator.prototype, 'userAgentData', { get: () => ({ brands }) });
  },
  expect: { status: 'fail', phase: 'assert', reason: /the version that adapter detected.*99/ },
});

fault({
  ...singles,
  scenario: 'adapter/inventory/detection',
  name: 'adapter did not load',
  page: adapterIsAbsent,
  expect: { status: 'fail', phase: 'assert', reason: /what adapter calls chromium/ },
});

fault({
  ...singles,
  scenario: 'adapter/inventory/surface',
  name: 'two windows of the browser differ by themselves',
  page: () => {
    Reflect.set(globalThis, `noise${Math.random().toFixed(9).slice(2)}`, 1);
  },
  expect: { status: 'fail', phase: 'assert', reason: /what differs between two windows without adapter/ },
});

fault({
  ...singles,
  scenario: 'adapter/inventory/surface',
  name: 'adapter changes something that no shim accounts for',
  afterAdapter: true,
  page: () => {
    RTCDataChannel.prototype.send = () => undefined;
  },
  expect: { status: 'fail', phase: 'assert', reason: /properties that no shim accounts for/ },
});

fault({
  ...singles,
  scenario: 'adapter/inventory/shims',
  name: 'no shim runs',
  page: () => {
    Object.defineProperty(globalThis, 'traceShim', { get: () => () => undefined, set: (): void => {} });
  },
  expect: { status: 'fail', phase: 'assert', reason: /whether adapter ran any shim/ },
});

fault({
  ...singles,
  scenario: 'adapter/inventory/shims',
  name: 'adapter breaks getLocalStreams',
  afterAdapter: true,
  page: () => {
    Reflect.set(RTCPeerConnection.prototype, 'getLocalStreams', () => []);
  },
  expect: { status: 'fail', phase: 'assert', reason: /shimAddTrackRemoveTrack.*does harm/ },
});
