import { bit } from './bites.ts';
import { wrap } from './wrap.ts';

/** What `send` takes. */
export type Sendable = string | Blob | ArrayBuffer | ArrayBufferView<ArrayBuffer>;

/** One call of `send`. */
export interface Sending {
  channel: RTCDataChannel;
  data: Sendable;
  /** The number of this message on its channel, from 1. */
  nth: number;
  /** Actually sends. */
  send: (data: Sendable) => void;
}

/** Takes over every `send` of every data channel. Messages of one channel are counted together. */
export function onSend(take: (sending: Sending) => void): void {
  const counts = new WeakMap<RTCDataChannel, number>();
  wrap(RTCDataChannel.prototype, 'send', (channel, [data]: [Sendable], send) => {
    const nth = (counts.get(channel) ?? 0) + 1;
    counts.set(channel, nth);
    take({ channel, data, nth, send: (other) => void send(other) });
  });
}

/** Changes what is sent; data that comes back unchanged is no bite. */
export function changeSent(change: (data: Sendable, sending: Sending) => Sendable): void {
  onSend((sending) => {
    const changed = change(sending.data, sending);
    if (changed !== sending.data) bit();
    sending.send(changed);
  });
}

/** Changes the `data` of message events, once for each message. */
export function changeReceived(change: (data: unknown, channel: RTCDataChannel) => unknown): void {
  const changed = new WeakMap<MessageEvent, unknown>();
  const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data');
  Object.defineProperty(MessageEvent.prototype, 'data', {
    ...data,
    get(this: MessageEvent): unknown {
      const value: unknown = data?.get?.call(this);
      if (!(this.target instanceof RTCDataChannel)) return value;
      if (!changed.has(this)) {
        const other = change(value, this.target);
        if (other !== value) bit();
        changed.set(this, other);
      }
      return changed.get(this);
    },
  });
}

/** The bytes of binary data that is not a Blob, as a copy; undefined for text and Blobs. */
export function bytesOf(data: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
  if (!ArrayBuffer.isView(data)) return undefined;
  const { buffer, byteOffset, byteLength } = data;
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}
