import type { Place } from '../kit/events.ts';
import type { Kit } from '../kit/kit.ts';

/**
 * Breaks nothing: counts how the page uses whatever can be broken, under `Symbol.for('webrtc-interop uses')`. Names
 * are `RTCDataChannel.send` for members, `RTCDataChannel@message` for events that somebody hears, and words for media.
 */
export const survey = (
  kit: Kit,
  { interfaces, places }: { interfaces: readonly string[]; places: readonly Place[] },
) => {
  const key = Symbol.for('webrtc-interop uses');
  const home: object = location.pathname === '/blank' ? window.parent : window;
  const known: unknown = Reflect.get(home, key);
  const uses = known instanceof Map ? (known as Map<string, number>) : new Map<string, number>();
  Reflect.set(home, key, uses);
  const count = (name: string) => void uses.set(name, (uses.get(name) ?? 0) + 1);

  const media = (track: unknown) => {
    if (track instanceof MediaStreamTrack) count(`sent ${track.kind}`);
  };
  for (const name of ['addTrack', 'addTransceiver'] as const) {
    kit.wrap(RTCPeerConnection.prototype, name, (_, args: unknown[], call) => {
      media(args[0]);
      return call(...args);
    });
  }
  kit.wrap(RTCRtpSender.prototype, 'replaceTrack', (_, args: unknown[], call) => {
    media(args[0]);
    return call(...args);
  });
  kit.wrap(CanvasRenderingContext2D.prototype, 'drawImage', (_, args: unknown[], call) => {
    if (args[0] instanceof HTMLVideoElement) count('shown video');
    return call(...args);
  });
  kit.wrap(AudioNode.prototype, 'connect', (node, args: unknown[], call) => {
    const isSource =
      node instanceof MediaStreamAudioSourceNode || node instanceof MediaElementAudioSourceNode;
    if (isSource) count('heard audio');
    return call(...args);
  });

  for (const on of interfaces) {
    const constructor: unknown = Reflect.get(globalThis, on);
    const prototype: unknown = typeof constructor === 'function' ? constructor.prototype : undefined;
    if (!(prototype instanceof Object)) continue;
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (name === 'constructor' || name.startsWith('on')) continue;
      const member = name as keyof typeof prototype;
      const told = `${on}.${name}`;
      if (typeof descriptor.value === 'function' && descriptor.writable === true) {
        kit.wrap(prototype, member, (_, args: unknown[], call) => {
          count(told);
          return call(...args);
        });
      } else if (descriptor.get) {
        kit.property(prototype, member, {
          get(_, value) {
            count(told);
            return value;
          },
          set(_, value, write) {
            count(`${told}=`);
            write(value);
          },
        });
      }
    }
  }
  for (const place of places) {
    kit.onEvent(place, ({ deliver }) => {
      count(`${place.on}@${place.type}`);
      deliver();
    });
  }
};
