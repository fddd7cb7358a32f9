import type { Kit } from '../kit/kit.ts';

/** Ways to break what data channels carry. */

export interface WhichMessages {
  /** The number of a message on its channel, from 1; every message unless given. */
  nth?: number;
}

/** One bit of a binary message is flipped on its way: of the byte at `at`, counted from the end where negative. */
export const flipBit = (
  kit: Kit,
  { nth, at = 0, mask = 1 }: WhichMessages & { at?: number; mask?: number },
) =>
  kit.changeSent((data, sending) => {
    if (nth !== undefined && sending.nth !== nth) return data;
    const bytes = kit.bytesOf(data);
    if (!bytes || bytes.length === 0) return data;
    const index = at < 0 ? Math.max(0, bytes.length + at) : Math.min(at, bytes.length - 1);
    bytes[index] = (bytes[index] ?? 0) ^ mask;
    return bytes;
  });

/** Text is rewritten on its way: `from` is the source of a global regular expression with the flag u. */
export const rewriteText = (kit: Kit, { from, to, nth }: WhichMessages & { from: string; to: string }) =>
  kit.changeSent((data, sending) =>
    typeof data === 'string' && (nth === undefined || sending.nth === nth)
      ? data.replaceAll(new RegExp(from, 'gu'), to)
      : data,
  );

/** Text is normalised on its way. https://www.unicode.org/reports/tr15/ */
export const normalise = (kit: Kit, { form }: { form: 'NFC' | 'NFD' | 'NFKC' | 'NFKD' }) =>
  kit.changeSent((data) => (typeof data === 'string' ? data.normalize(form) : data));

/** The receiver sees other text: `from` is the source of a global regular expression with the flag u. */
export const misreadText = (kit: Kit, { from, to }: { from: string; to: string }) =>
  kit.changeReceived((data) =>
    typeof data === 'string' ? data.replaceAll(new RegExp(from, 'gu'), to) : data,
  );

/** Something is appended to a message. */
export const lengthen = (kit: Kit, { by }: { by: string }) =>
  kit.changeSent((data) => {
    if (typeof data === 'string') return data + by;
    const bytes = kit.bytesOf(data);
    if (!bytes) return data instanceof Blob ? new Blob([data, by]) : data;
    return new Uint8Array([...bytes, ...new TextEncoder().encode(by)]);
  });

/** Messages longer than `to` bytes or code units are cut to that; a negative `to` cuts that many off the end. */
export const truncate = (kit: Kit, { to }: { to: number }) =>
  kit.changeSent((data) => {
    const size = typeof data === 'string' ? data.length : data instanceof Blob ? data.size : data.byteLength;
    const length = to < 0 ? Math.max(0, size + to) : Math.min(size, to);
    if (length === size) return data;
    if (typeof data === 'string' || data instanceof Blob) return data.slice(0, length);
    return kit.bytesOf(data)?.slice(0, length) ?? data;
  });

/** Views are sent with all of the buffer that they lie in. */
export const ignoreOffset = (kit: Kit) =>
  kit.changeSent((data) =>
    ArrayBuffer.isView(data) && data.byteLength !== data.buffer.byteLength ? data.buffer : data,
  );

/** Messages are lost: one of each channel, or every `every`-th. */
export const drop = (
  kit: Kit,
  { nth, every, empty = false }: WhichMessages & { every?: number; empty?: boolean },
) =>
  kit.onSend((sending) => {
    const { data } = sending;
    const size = typeof data === 'string' ? data.length : data instanceof Blob ? data.size : data.byteLength;
    const lost = empty
      ? size === 0
      : every === undefined
        ? nth === undefined || sending.nth === nth
        : sending.nth % every === 0;
    if (lost) kit.bit();
    else sending.send(data);
  });

/** Messages are sent twice. */
export const repeat = (kit: Kit, { nth, every }: WhichMessages & { every?: number }) =>
  kit.onSend((sending) => {
    sending.send(sending.data);
    const twice = every === undefined ? nth === undefined || sending.nth === nth : sending.nth % every === 0;
    if (!twice) return;
    kit.bit();
    sending.send(sending.data);
  });

/** The last message of each channel is sent twice: again once nothing else was sent for `afterMs`. */
export const repeatLast = (kit: Kit, { afterMs }: { afterMs: number }) => {
  const timers = new WeakMap<RTCDataChannel, ReturnType<typeof setTimeout>>();
  kit.onSend(({ channel, data, send }) => {
    send(data);
    clearTimeout(timers.get(channel));
    const again = () => {
      if (channel.readyState !== 'open') return;
      kit.bit();
      send(data);
    };
    timers.set(channel, setTimeout(again, afterMs));
  });
};

/** Two neighbours change places at the receiver: the message `nth` of each channel and the next. */
export const swapNeighbours = (kit: Kit, { nth }: { nth: number }) => {
  const held = new WeakMap<object, () => void>();
  kit.onEvent({ on: 'RTCDataChannel', type: 'message' }, ({ listener, nth: number, deliver }) => {
    if (number === nth) {
      held.set(listener, deliver);
      // without a neighbour there is nothing to change places with; on a busy machine it may be long in coming
      setTimeout(() => {
        if (held.get(listener) !== deliver) return;
        held.delete(listener);
        deliver();
      }, 2000);
      return;
    }
    deliver();
    const before = held.get(listener);
    if (!before) return;
    held.delete(listener);
    kit.bit();
    before();
  });
};

/** Every message is sent `ms` milliseconds late, in order. */
export const delay = (kit: Kit, { ms, nth }: WhichMessages & { ms: number }) =>
  kit.onSend((sending) => {
    if (nth !== undefined && sending.nth !== nth) {
      sending.send(sending.data);
      return;
    }
    kit.bit();
    setTimeout(() => {
      if (sending.channel.readyState === 'open') sending.send(sending.data);
    }, ms);
  });

/** Messages are of another type when they arrive. */
export const retype = (kit: Kit, { from, to }: { from: 'text' | 'bytes'; to: 'text' | 'bytes' | 'view' }) =>
  kit.changeReceived((data) => {
    if (typeof data === 'string') return from === 'text' ? new TextEncoder().encode(data).buffer : data;
    if (from !== 'bytes' || !(data instanceof ArrayBuffer)) return data;
    return to === 'text' ? new TextDecoder().decode(data) : new Uint8Array(data);
  });

/** The sender sends text as binary, or binary as text. */
export const sendAsOther = (kit: Kit, { from }: { from: 'text' | 'bytes' }) =>
  kit.changeSent((data) => {
    if (typeof data === 'string') return from === 'text' ? new TextEncoder().encode(data) : data;
    const bytes = kit.bytesOf(data);
    return from === 'bytes' && bytes ? new TextDecoder().decode(bytes) : data;
  });

/** Two messages become one, or one becomes two, as in a stream of bytes. */
export const regroup = (kit: Kit, { how }: { how: 'merge' | 'split' }) => {
  const held = new WeakMap<RTCDataChannel, Uint8Array<ArrayBuffer>>();
  kit.onSend(({ channel, data, send }) => {
    const bytes = kit.bytesOf(data);
    if (how === 'split') {
      const whole = typeof data === 'string' ? data : bytes;
      const middle = Math.floor((whole?.length ?? 0) / 2);
      if (whole === undefined || middle === 0) return send(data);
      kit.bit();
      send(whole.slice(0, middle));
      return send(whole.slice(middle));
    }
    if (!bytes) return send(data);
    const before = held.get(channel);
    if (!before) {
      held.set(channel, bytes);
      setTimeout(() => {
        if (held.get(channel) !== bytes) return;
        held.delete(channel);
        if (channel.readyState === 'open') send(bytes);
      }, 50);
      return undefined;
    }
    held.delete(channel);
    kit.bit();
    return send(new Uint8Array([...before, ...bytes]));
  });
};

/** What is sent over one channel comes over the one that was used before it. */
export const crossChannels = (kit: Kit) => {
  let last: RTCDataChannel | undefined;
  const { send } = RTCDataChannel.prototype;
  kit.onSend(({ channel, data, send: own }) => {
    const other = last !== undefined && last !== channel && last.readyState === 'open' ? last : undefined;
    last = channel;
    if (!other) return own(data);
    kit.bit();
    return Reflect.apply(send, other, [data]) as void;
  });
};

/** A channel's option is ignored, and the channel claims that it is not: on both sides, by way of the protocol's name. */
export const ignoreOptionSecretly = (
  kit: Kit,
  { option }: { option: 'ordered' | 'maxRetransmits' | 'maxPacketLifeTime' },
) => {
  const mark = '\u0001';
  const claims = new WeakMap<RTCDataChannel, unknown>();
  const isLie = (channel: RTCDataChannel, protocol: string) => claims.has(channel) || protocol.includes(mark);
  const protocolOf = Object.getOwnPropertyDescriptor(RTCDataChannel.prototype, 'protocol');
  const truth = (channel: RTCDataChannel) => String(protocolOf?.get?.call(channel));
  kit.wrap(
    RTCPeerConnection.prototype,
    'createDataChannel',
    (_, [label, init = {}]: [string, RTCDataChannelInit?], create) => {
      const asked = init[option];
      if (asked === undefined || asked === true) return create(label, init);
      kit.bit();
      const { [option]: _ignored, ...others } = init;
      const made = create(label, { ...others, protocol: `${init.protocol ?? ''}${mark}${String(asked)}` });
      if (made instanceof RTCDataChannel) claims.set(made, asked);
      return made;
    },
  );
  kit.property(RTCDataChannel.prototype, option, {
    get(channel, value) {
      const protocol = truth(channel);
      if (!isLie(channel, protocol)) return value;
      const asked = claims.get(channel) ?? protocol.split(mark)[1];
      return option === 'ordered' ? false : Number(asked);
    },
  });
  kit.property(RTCDataChannel.prototype, 'protocol', {
    get: (_, value) => String(value).split(mark)[0],
  });
};

/** A channel's option is lost when the channel is made. */
export const loseOption = (kit: Kit, { option }: { option: keyof RTCDataChannelInit }) =>
  kit.wrap(
    RTCPeerConnection.prototype,
    'createDataChannel',
    (_, [label, init]: [string, RTCDataChannelInit?], create) => {
      if (init?.[option] === undefined) return create(label, init);
      kit.bit();
      const { [option]: _lost, ...others } = init;
      return create(label, others);
    },
  );

/** Channels are made with these options, whatever was asked for. */
export const forceOption = (kit: Kit, { init }: { init: RTCDataChannelInit }) =>
  kit.wrap(
    RTCPeerConnection.prototype,
    'createDataChannel',
    (_, [label, asked]: [string, RTCDataChannelInit?], create) => {
      kit.bit();
      return create(label, { ...asked, ...init });
    },
  );

/** Labels are rewritten where channels are made. */
export const rewriteLabel = (kit: Kit, { from, to }: { from: string; to: string }) =>
  kit.wrap(
    RTCPeerConnection.prototype,
    'createDataChannel',
    (_, [label, ...init]: [string, ...unknown[]], create) => {
      const other =
        from === 'NFC' || from === 'NFD' ? label.normalize(from) : label.replace(new RegExp(from, 'u'), to);
      if (other !== label) kit.bit();
      return create(other, ...init);
    },
  );

/** A property of channels says something else: `add` is added to numbers, otherwise it is `value`. */
export const lieAboutChannel = (
  kit: Kit,
  {
    name,
    value,
    add,
    factor,
  }: { name: keyof RTCDataChannel; value?: unknown; add?: number; factor?: number },
) =>
  kit.property(RTCDataChannel.prototype, name, {
    get(_, truth) {
      const lie = typeof truth === 'number' ? truth * (factor ?? 1) + (add ?? 0) : truth;
      const said = add === undefined && factor === undefined ? value : Math.round(Number(lie));
      if (said !== truth) kit.bit();
      return said;
    },
  });

/** A property of channels takes no new value. */
export const deafProperty = (kit: Kit, { name }: { name: 'binaryType' | 'bufferedAmountLowThreshold' }) =>
  kit.property(RTCDataChannel.prototype, name, {
    set(channel, value) {
      if (value !== channel[name]) kit.bit();
    },
  });

/** `bufferedAmount` never falls. */
export const neverFalls = (kit: Kit) => {
  const most = new WeakMap<RTCDataChannel, number>();
  kit.property(RTCDataChannel.prototype, 'bufferedAmount', {
    get(channel, value) {
      const highest = Math.max(most.get(channel) ?? 0, Number(value));
      most.set(channel, highest);
      if (highest !== value) kit.bit();
      return highest;
    },
  });
};

/** `send` does not report errors, or reports them under another name. */
export const swallowSendErrors = (kit: Kit, { instead }: { instead?: string }) =>
  kit.onSend(({ data, send }) => {
    try {
      send(data);
    } catch {
      kit.bit();
      // this is the break: the error is not reported, or under another name
      if (instead !== undefined) throw new DOMException('injected', instead);
    }
  });

/** `close()` of a channel does nothing, or closes it late or ahead of what is buffered. */
export const closeChannel = (kit: Kit, { how, ms = 3000 }: { how: 'never' | 'late'; ms?: number }) =>
  kit.wrap(RTCDataChannel.prototype, 'close', (_, __: unknown[], close) => {
    kit.bit();
    if (how === 'late') setTimeout(() => void close(), ms);
  });
