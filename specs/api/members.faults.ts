import { fault } from '../fault.ts';
import { interfaces, questionOf, type SpecifiedInterface } from './idl.ts';
import { known, type Known } from './known.ts';

const single = { on: 'single', timeoutMs: 20_000 } as const;
const red = (reason: RegExp) => ({ status: 'fail', phase: 'assert', reason }) as const;

const idOf = ({ group, name }: SpecifiedInterface): string => `api/${group}/${name.toLowerCase()}`;

/** Members that a browser is known to have, and so may not lose. */
const membersOf = (family: keyof Known, { name }: SpecifiedInterface): readonly string[] =>
  known()[family]?.has[name] ?? [];

/** A browser that has an interface, where one of the two does. */
function browserWith(specified: SpecifiedInterface): 'chromium' | 'firefox' | undefined {
  const scope = isInWindow(specified) ? 'in a window' : 'in a dedicated worker';
  return (['chromium', 'firefox'] as const).find((family) => membersOf(family, specified).includes(scope));
}

const isInWindow = ({ exposed }: SpecifiedInterface): boolean => exposed.includes('Window');

/** What the probe and the observer of the page read of every description: without these no cell runs. */
const relied = new Set(['type', 'sdp']);

for (const specified of interfaces) {
  const { name, exposed } = specified;
  const inWindow = isInWindow(specified);
  if (!inWindow && !exposed.some((each) => each.endsWith('Worker'))) continue;
  const browser = browserWith(specified);
  const member =
    browser &&
    questionOf(specified).members.find(
      (each) => !relied.has(each.name) && membersOf(browser, specified).includes(each.name),
    );
  const common = { ...single, scenario: idOf(specified), pair: [browser ?? 'chromium', 'chromium'] } as const;
  if (inWindow && member) {
    fault<{ name: string; member: string; isStatic: boolean }>({
      ...common,
      name: `${member.name} is removed`,
      page: (_, { name: of, member: removed, isStatic }) => {
        const holder: unknown = Reflect.get(globalThis, of);
        const from: unknown = isStatic
          ? holder
          : holder instanceof Object
            ? Reflect.get(holder, 'prototype')
            : null;
        if (from instanceof Object) Reflect.deleteProperty(from, removed);
      },
      arg: { name, member: member.name, isStatic: member.is === 'operation' && member.static },
      expect: red(new RegExp(`${name} ${member.name}: absent`)),
    });
  } else if (member && questionOf(specified).global) {
    fault<{ name: string; member: string }>({
      ...common,
      name: `${member.name} is removed`,
      page: (_, { name: of, member: removed }) => {
        // A worker has scripts of its own, and those that this page makes begin with the fault.
        globalThis.Blob = class extends Blob {
          constructor(parts: BlobPart[] = [], options?: BlobPropertyBag) {
            super(
              [`for (const holder of [globalThis, ${of}.prototype]) delete holder.${removed};`, ...parts],
              options,
            );
          }
        };
      },
      arg: { name, member: member.name },
      expect: red(new RegExp(`${name} ${member.name}: absent`)),
    });
  } else {
    fault<{ name: string; inWindow: boolean }>({
      ...common,
      name: 'an imitation takes its place',
      page: (_, { name: of, inWindow: window }) => {
        const imitate = (called: string): void => {
          Reflect.defineProperty(globalThis, called, {
            value: { [called]: function (): void {} }[called],
            configurable: true,
            writable: true,
          });
        };
        if (window) return imitate(of);
        globalThis.Blob = class extends Blob {
          constructor(parts: BlobPart[] = [], options?: BlobPropertyBag) {
            super([`(${imitate.toString()})('${of}');`, ...parts], options);
          }
        };
      },
      arg: { name, inWindow },
      expect: red(new RegExp(`${name} (?:interface|constructor|\\w+):`)),
    });
  }
}

const peerConnection = { ...single, scenario: 'api/webrtc-pc/rtcpeerconnection' } as const;

fault({
  ...single,
  scenario: 'api/webrtc-pc/rtcrtptransceiver',
  name: 'direction has no setter',
  page: () => {
    const { prototype } = RTCRtpTransceiver;
    const { set, ...others } = Object.getOwnPropertyDescriptor(prototype, 'direction') ?? {};
    Reflect.deleteProperty(prototype, 'direction');
    if (set) Object.defineProperty(prototype, 'direction', others);
  },
  expect: red(/RTCRtpTransceiver direction: it has no setter/),
});

fault({
  ...peerConnection,
  name: 'createDataChannel has another length',
  page: () => {
    Object.defineProperty(RTCPeerConnection.prototype.createDataChannel, 'length', { value: 0 });
  },
  expect: red(/RTCPeerConnection createDataChannel: its length is 0 and not 1/),
});

fault({
  ...single,
  scenario: 'api/webrtc-pc/rtctrackevent',
  name: 'its constructor takes anything',
  page: () => {
    const native = RTCTrackEvent;
    const imitation = new Proxy(native, {
      construct: (_, given: unknown[]) => new Event(String(given[0])),
    });
    Object.defineProperty(native.prototype, 'constructor', { value: imitation });
    Reflect.set(globalThis, 'RTCTrackEvent', imitation);
  },
  expect: red(/RTCTrackEvent constructor: it takes no arguments at all/),
});

fault({
  ...peerConnection,
  name: 'getStats has a prefix only',
  page: () => {
    const { prototype } = RTCPeerConnection;
    Object.defineProperty(
      prototype,
      'webkitGetStats',
      Object.getOwnPropertyDescriptor(prototype, 'getStats') ?? {},
    );
    Reflect.deleteProperty(prototype, 'getStats');
  },
  expect: red(/RTCPeerConnection getStats: absent, and there as webkitGetStats/),
});

fault({
  ...peerConnection,
  name: 'an unknown bundlePolicy is taken',
  page: () => {
    globalThis.RTCPeerConnection = new Proxy(RTCPeerConnection, {
      construct: (native, [configuration, ...more]: [RTCConfiguration?], target) => {
        const known = ['balanced', 'max-compat', 'max-bundle', undefined];
        const isKnown = configuration === undefined || known.includes(configuration.bundlePolicy);
        return Reflect.construct(native, isKnown ? [configuration, ...more] : [], target) as object;
      },
    });
    Object.defineProperty(RTCPeerConnection.prototype, 'constructor', { value: RTCPeerConnection });
  },
  expect: red(
    /RTCPeerConnection constructor\(configuration.bundlePolicy\): it takes a value that its enumeration does not have/,
  ),
});

fault({
  ...peerConnection,
  name: 'certificates of a configuration are not read',
  page: () => {
    globalThis.RTCPeerConnection = new Proxy(RTCPeerConnection, {
      construct: (native, [configuration, ...more]: [RTCConfiguration?], target) => {
        const given =
          typeof configuration === 'object' &&
          new Proxy(configuration, {
            get: (from, key, receiver) =>
              key === 'certificates' ? undefined : (Reflect.get(from, key, receiver) as unknown),
          });
        return Reflect.construct(native, [given || configuration, ...more], target) as object;
      },
    });
    Object.defineProperty(RTCPeerConnection.prototype, 'constructor', { value: RTCPeerConnection });
  },
  expect: red(/RTCPeerConnection constructor\(configuration.certificates\): absent/),
});

fault({
  ...single,
  scenario: 'api/webrtc-pc/rtcdatachannel',
  name: 'onbufferedamountlow is a plain property of the object',
  page: () => {
    const { createDataChannel } = RTCPeerConnection.prototype;
    Reflect.deleteProperty(RTCDataChannel.prototype, 'onbufferedamountlow');
    RTCPeerConnection.prototype.createDataChannel = function (...given) {
      const channel = Reflect.apply(createDataChannel, this, given);
      return Object.assign(channel, { onbufferedamountlow: null });
    };
  },
  expect: red(/RTCDataChannel onbufferedamountlow: (?:absent|it is on the object)/),
});

fault({
  ...single,
  scenario: 'api/webrtc-pc/rtcsessiondescription',
  name: 'toJSON leaves the type out',
  page: () => {
    const { prototype } = RTCSessionDescription;
    // oxlint-disable-next-line typescript/unbound-method -- called by Reflect.apply, with its own `this`
    const { toJSON } = prototype;
    Reflect.set(prototype, 'toJSON', function (this: RTCSessionDescription) {
      return { sdp: Reflect.apply(toJSON, this, []).sdp };
    });
  },
  expect: red(/RTCSessionDescription toJSON\(\).type: absent/),
});
