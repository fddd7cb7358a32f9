import { versions } from '../adapter/steps.ts';
import { fault } from '../fault.ts';

const single = { on: 'single', timeoutMs: 20_000 } as const;
const red = (reason: RegExp) => ({ status: 'fail', phase: 'assert', reason }) as const;

fault({
  ...single,
  scenario: 'api/exposure/window',
  name: 'an interface is removed',
  page: () => void Reflect.deleteProperty(globalThis, 'RTCDtlsTransport'),
  expect: red(/RTCDtlsTransport in a window: absent/),
});

fault({
  ...single,
  scenario: 'api/exposure/worker',
  name: 'workers lose an interface',
  page: () => {
    globalThis.Blob = class extends Blob {
      constructor(parts: BlobPart[] = [], options?: BlobPropertyBag) {
        super([`delete globalThis.RTCDataChannel;`, ...parts], options);
      }
    };
  },
  expect: red(/RTCDataChannel in a dedicated worker: absent/),
});

fault({
  ...single,
  scenario: 'api/exposure/worker',
  name: 'workers have what only windows may have',
  page: () => {
    globalThis.Blob = class extends Blob {
      constructor(parts: BlobPart[] = [], options?: BlobPropertyBag) {
        super([`globalThis.RTCSctpTransport = class RTCSctpTransport {};`, ...parts], options);
      }
    };
  },
  expect: red(/RTCSctpTransport in a dedicated worker: it is there, though only Window may have it/),
});

fault({
  ...single,
  scenario: 'api/exposure/insecure',
  name: 'capture is there without a secure context',
  page: () => {
    const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data') ?? {};
    Object.defineProperty(MessageEvent.prototype, 'data', {
      configurable: true,
      get(this: MessageEvent) {
        const data: unknown = get && Reflect.apply(get, this, []);
        if (typeof data !== 'object' || data === null || !('has' in data) || !Array.isArray(data.has))
          return data;
        return { ...data, has: [...(data.has as unknown[]), 'MediaDevices'] };
      },
    });
  },
  expect: red(/MediaDevices in an insecure context: it is there, though it asks for a secure context/),
});

fault({
  ...single,
  scenario: 'api/launch/as-shipped',
  name: 'a member is there with a flag only',
  page: () => void Reflect.deleteProperty(RTCPeerConnection.prototype, 'restartIce'),
  expect: red(/RTCPeerConnection as shipped: restartIce: absent/),
});

fault({
  ...single,
  scenario: 'api/mdn/other-interfaces',
  name: 'an interface is removed',
  page: () => void Reflect.deleteProperty(globalThis, 'MediaStreamAudioSourceNode'),
  expect: red(/MediaStreamAudioSourceNode interface: absent/),
});

fault({
  ...single,
  scenario: 'api/webrtc-stats/report',
  name: 'statistics leave out the packets that were lost',
  page: (kit) =>
    kit.changeStatistics((report) => {
      for (const stats of report.values()) if (stats['type'] === 'inbound-rtp') delete stats['packetsLost'];
      return report;
    }),
  expect: red(/inbound-rtp.packetsLost: absent/),
});

for (const version of versions) {
  fault({
    ...single,
    scenario: `api/adapter/version-${String(version)}`,
    name: 'adapter takes a member away',
    afterAdapter: true,
    page: () => void Reflect.deleteProperty(RTCPeerConnection.prototype, 'restartIce'),
    expect: red(/RTCPeerConnection restartIce/),
  });
}
