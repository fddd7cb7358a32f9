import { bit } from './bites.ts';
import { property, wrap } from './wrap.ts';

/**
 * Where a description is changed: as `createOffer` or `createAnswer` makes it, as `localDescription` says it (what
 * goes to the other side), as `setRemoteDescription` hears it, or as `remoteDescription` keeps it.
 */
export interface Descriptions {
  at: 'made' | 'said' | 'heard' | 'kept';
  /** Both unless given. */
  type?: 'offer' | 'answer';
}

type Edit = (sdp: string, type: RTCSdpType, pc: RTCPeerConnection) => string;

const readers = {
  said: ['localDescription', 'currentLocalDescription', 'pendingLocalDescription'],
  kept: ['remoteDescription', 'currentRemoteDescription', 'pendingRemoteDescription'],
} as const;

const isDescription = (value: unknown): value is RTCSessionDescriptionInit =>
  typeof value === 'object' && value !== null && 'type' in value;

/** Changes the text of descriptions at one place on their way. */
export function rewriteSdp({ at, type: only }: Descriptions, edit: Edit): void {
  const { prototype } = RTCPeerConnection;
  const edited = (value: unknown, pc: RTCPeerConnection): unknown => {
    if (!isDescription(value) || (only !== undefined && value.type !== only)) return value;
    const { type, sdp = '' } = value;
    const changed = edit(sdp, type, pc);
    if (changed === sdp) return value;
    bit();
    return at === 'heard' || at === 'made'
      ? { type, sdp: changed }
      : new RTCSessionDescription({ type, sdp: changed });
  };
  if (at === 'made') {
    for (const name of ['createOffer', 'createAnswer'] as const) {
      wrap(prototype, name, async (pc, args: unknown[], create) => edited(await create(...args), pc));
    }
  } else if (at === 'heard') {
    wrap(prototype, 'setRemoteDescription', (pc, [description, ...rest]: unknown[], set) =>
      set(edited(description, pc), ...rest),
    );
  } else {
    for (const name of readers[at]) {
      property(prototype, name, { get: (pc, value) => edited(value, pc) });
    }
  }
}
