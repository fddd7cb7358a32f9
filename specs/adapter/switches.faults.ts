import { fault, type Fault } from '../fault.ts';

type Page = Fault['page'];

/** Hands the factory other options than the page gave it. */
const ignoresOptions: Page = () => {
  let kept: unknown;
  Object.defineProperty(globalThis, 'adapterFactory', {
    get: () => (target: unknown) => {
      const options = { shimChrome: true, shimFirefox: true, shimSafari: true };
      return typeof kept === 'function'
        ? (Reflect.apply(kept, undefined, [target, options]) as unknown)
        : undefined;
    },
    set(value: unknown) {
      kept = value;
    },
  });
};

const oneOffIsAllOff: Page = () => {
  let kept: unknown;
  Object.defineProperty(globalThis, 'adapterFactory', {
    get: () => (target: unknown, given: object) => {
      const all = Object.values(given).every(Boolean);
      const options = { shimChrome: all, shimFirefox: all, shimSafari: all };
      return typeof kept === 'function'
        ? (Reflect.apply(kept, undefined, [target, options]) as unknown)
        : undefined;
    },
    set(value: unknown) {
      kept = value;
    },
  });
};

const switches: readonly [string, string, Page][] = [
  ['shim-chrome', 'the option is ignored', ignoresOptions],
  ['shim-firefox', 'the option switches everything off', oneOffIsAllOff],
  ['shim-safari', 'the option switches everything off', oneOffIsAllOff],
];

for (const [name, what, page] of switches) {
  fault({
    scenario: `adapter/switches/${name}`,
    name: what,
    on: 'single',
    timeoutMs: 20_000,
    page,
    expect: { status: 'fail', phase: 'assert', reason: /properties changed when it is off/ },
  });
}

fault({
  scenario: 'adapter/switches/disable-log',
  name: 'adapter logs though nobody asked',
  on: 'single',
  timeoutMs: 20_000,
  page: () => {
    let kept: unknown;
    Object.defineProperty(globalThis, 'adapterFactory', {
      get: () => (target: unknown) => {
        console.log('adapter.js shimming everything.');
        return typeof kept === 'function' ? (Reflect.apply(kept, undefined, [target]) as unknown) : undefined;
      },
      set(value: unknown) {
        kept = value;
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /what it said before/ },
});

fault({
  scenario: 'adapter/switches/disable-warnings',
  name: 'disableWarnings silences nothing',
  on: 'single',
  timeoutMs: 20_000,
  page: () => {
    Reflect.set(RTCPeerConnection.prototype, 'removeStream', () =>
      console.warn('removeStream is deprecated'),
    );
  },
  expect: { status: 'fail', phase: 'assert', reason: /warnings of removeStream/ },
});
