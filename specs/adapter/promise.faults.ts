import { fault, type Fault } from '../fault.ts';
import { adapterBreaksRemoveTrack, faultOfAbsence } from './breakages.ts';
import { promises } from './promises.ts';

const singles = { on: 'single', timeoutMs: 20_000 } as const;

for (const { name } of promises) faultOfAbsence(`adapter/promise/${name}`);

/** An adapter that breaks one method, for the promises that depend on it. */
const broken: readonly Omit<Fault, 'on'>[] = [
  {
    scenario: 'adapter/promise/remove-track',
    name: 'adapter breaks removeTrack',
    afterAdapter: true,
    page: adapterBreaksRemoveTrack,
    spares: ['adapter/promise/add-track-and-ontrack', 'adapter/promise/remove-stream'],
    expect: { status: 'fail', phase: 'assert', reason: /removeTrack with adapter \(without it it holds\)/ },
  },
  {
    scenario: 'adapter/promise/set-local-description-without-argument',
    name: 'adapter breaks setLocalDescription without argument',
    afterAdapter: true,
    page: () => {
      const native: unknown = Reflect.get(RTCPeerConnection.prototype, 'setLocalDescription');
      Reflect.set(
        RTCPeerConnection.prototype,
        'setLocalDescription',
        function (this: RTCPeerConnection, ...args: unknown[]): unknown {
          if (args.length === 0) throw new TypeError('patched');
          return typeof native === 'function' ? Reflect.apply(native, this, args) : undefined;
        },
      );
    },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: /setLocalDescription\(\) with adapter \(without it it holds\).*patched/,
    },
  },
  {
    scenario: 'adapter/promise/listener-options',
    name: 'adapter drops the options of listeners',
    afterAdapter: true,
    page: () => {
      const native: unknown = Reflect.get(RTCPeerConnection.prototype, 'addEventListener');
      Reflect.set(
        RTCPeerConnection.prototype,
        'addEventListener',
        function (this: RTCPeerConnection, ...args: unknown[]): unknown {
          return typeof native === 'function' ? Reflect.apply(native, this, args.slice(0, 2)) : undefined;
        },
      );
    },
    expect: { status: 'fail', phase: 'assert', reason: /Options of listeners with adapter.*once/ },
  },
  {
    scenario: 'adapter/promise/connection-state',
    name: 'adapter makes connectionState follow nothing',
    timeoutMs: 4000,
    afterAdapter: true,
    page: () => {
      Object.defineProperty(RTCPeerConnection.prototype, 'connectionState', { get: () => 'new' });
    },
    expect: { status: 'timeout', phase: 'assert', reason: /an event that says connected/ },
  },
];

for (const fields of broken) fault({ ...singles, ...fields });

fault({
  ...singles,
  scenario: 'adapter/promise/remove-stream',
  name: 'the shim that brings removeStream to Firefox is switched off',
  pair: ['firefox', 'firefox'],
  afterAdapter: true,
  page: () => {
    Reflect.deleteProperty(RTCPeerConnection.prototype, 'removeStream');
  },
  expect: { status: 'fail', phase: 'assert', reason: /removeStream with adapter.*there is no removeStream/ },
});
