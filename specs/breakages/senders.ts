import type { Kit } from '../kit/kit.ts';

/** Ways to break what is sent: parameters, tracks, transforms, DTMF. */

export type EncodingMember = keyof RTCRtpEncodingParameters | 'scalabilityMode' | 'codec';

/** A member of encodings is ignored or changed where it is set, while `getParameters` says what was asked for. */
export const ignoreEncoding = (
  kit: Kit,
  {
    member,
    value,
    lies = true,
    late,
  }: { member: EncodingMember; value?: unknown; lies?: boolean; late?: number },
) => {
  const asked = new WeakMap<RTCRtpSender, unknown[]>();
  const changed = (encodings: readonly object[]): object[] =>
    encodings.map((encoding) => {
      if (!Reflect.has(encoding, member) || Reflect.get(encoding, member) === value) return encoding;
      kit.bit();
      const others = { ...encoding };
      if (value === undefined) Reflect.deleteProperty(others, member);
      else Reflect.set(others, member, value);
      return others;
    });
  kit.wrap(
    RTCPeerConnection.prototype,
    'addTransceiver',
    (_, [track, init]: [unknown, RTCRtpTransceiverInit?], add) => {
      const encodings = init?.sendEncodings;
      if (!encodings) return add(track, init);
      const transceiver = add(track, { ...init, sendEncodings: changed(encodings) });
      if (transceiver instanceof RTCRtpTransceiver) {
        asked.set(
          transceiver.sender,
          encodings.map((encoding) => Reflect.get(encoding, member) as unknown),
        );
      }
      return transceiver;
    },
  );
  kit.wrap(
    RTCRtpSender.prototype,
    'setParameters',
    (sender, [parameters, ...options]: [RTCRtpSendParameters, ...unknown[]], set) => {
      asked.set(
        sender,
        parameters.encodings.map((encoding) => Reflect.get(encoding, member) as unknown),
      );
      if (late !== undefined) {
        kit.bit();
        setTimeout(
          () => void set({ ...sender.getParameters(), encodings: parameters.encodings }, ...options),
          late,
        );
        return Promise.resolve();
      }
      return set({ ...parameters, encodings: changed(parameters.encodings) }, ...options);
    },
  );
  if (!lies) return;
  kit.wrap(
    RTCRtpSender.prototype,
    'getParameters',
    (sender, _: unknown[], get: (...args: readonly unknown[]) => RTCRtpSendParameters) => {
      const parameters = get();
      const encodings = parameters.encodings.map((encoding, at) => {
        const said = asked.get(sender)?.[at];
        return said === undefined ? encoding : { ...encoding, [member]: said };
      });
      return { ...parameters, encodings };
    },
  );
};

/** No scalability mode is used, although parameters and statistics name the one that was asked for. */
export const scalabilityOnPaper = (kit: Kit) => {
  const asked = new WeakMap<RTCRtpSender, unknown[]>();
  const named: unknown[] = [];
  const modeOf = (encoding: object): unknown => Reflect.get(encoding, 'scalabilityMode');
  const without = (encodings: readonly object[]): object[] =>
    encodings.map((encoding) => {
      const mode = modeOf(encoding);
      if (mode === undefined) return encoding;
      kit.bit();
      named.push(mode);
      const others = { ...encoding };
      Reflect.deleteProperty(others, 'scalabilityMode');
      return others;
    });
  kit.wrap(
    RTCPeerConnection.prototype,
    'addTransceiver',
    (_, [track, init]: [unknown, RTCRtpTransceiverInit?], add) => {
      const encodings = init?.sendEncodings;
      if (!encodings) return add(track, init);
      const transceiver = add(track, { ...init, sendEncodings: without(encodings) });
      if (transceiver instanceof RTCRtpTransceiver) asked.set(transceiver.sender, encodings.map(modeOf));
      return transceiver;
    },
  );
  kit.wrap(
    RTCRtpSender.prototype,
    'setParameters',
    (sender, [parameters, ...options]: [RTCRtpSendParameters, ...unknown[]], set) => {
      asked.set(sender, parameters.encodings.map(modeOf));
      return set({ ...parameters, encodings: without(parameters.encodings) }, ...options);
    },
  );
  kit.wrap(
    RTCRtpSender.prototype,
    'getParameters',
    (sender, _: unknown[], get: (...args: readonly unknown[]) => RTCRtpSendParameters) => {
      const parameters = get();
      const encodings = parameters.encodings.map((encoding, at) => {
        const scalabilityMode = asked.get(sender)?.[at];
        return scalabilityMode === undefined ? encoding : { ...encoding, scalabilityMode };
      });
      return { ...parameters, encodings };
    },
  );
  kit.changeStatistics((report) => {
    for (const entry of report.values())
      if (entry['type'] === 'outbound-rtp' && named.length > 0) entry['scalabilityMode'] = named.at(-1);
    return report;
  });
};

/** A member of encodings is multiplied where it is set: three times the bit rate, half the frame rate. */
export const scaleEncoding = (
  kit: Kit,
  { member, by }: { member: 'maxBitrate' | 'maxFramerate' | 'scaleResolutionDownBy'; by: number },
) => {
  const scaled = (encodings: readonly RTCRtpEncodingParameters[]) =>
    encodings.map((encoding) => {
      const value = encoding[member];
      if (value === undefined) return encoding;
      kit.bit();
      return { ...encoding, [member]: value * by };
    });
  kit.wrap(
    RTCPeerConnection.prototype,
    'addTransceiver',
    (_, [track, init]: [unknown, RTCRtpTransceiverInit?], add) =>
      add(track, init?.sendEncodings ? { ...init, sendEncodings: scaled(init.sendEncodings) } : init),
  );
  kit.wrap(
    RTCRtpSender.prototype,
    'setParameters',
    (_, [parameters, ...options]: [RTCRtpSendParameters, ...unknown[]], set) =>
      set({ ...parameters, encodings: scaled(parameters.encodings) }, ...options),
  );
};

/** Where several layers are asked for, one is never sent. */
export const dropLayer = (kit: Kit, { which }: { which: 'first' | 'last' }) =>
  kit.wrap(
    RTCPeerConnection.prototype,
    'addTransceiver',
    (_, [track, init]: [unknown, RTCRtpTransceiverInit?], add) => {
      const encodings = init?.sendEncodings ?? [];
      if (encodings.length < 2) return add(track, init);
      kit.bit();
      const lost = which === 'first' ? 0 : encodings.length - 1;
      const sendEncodings = encodings.map((encoding, at) =>
        at === lost ? { ...encoding, active: false } : encoding,
      );
      return add(track, { ...init, sendEncodings });
    },
  );

/** Every video is sent with these parameters, whatever was asked for, and nothing says so. */
export const forceEncoding = (kit: Kit, { encoding }: { encoding: RTCRtpEncodingParameters }) => {
  const force = (sender: RTCRtpSender) => {
    const parameters = sender.getParameters();
    if (parameters.encodings.length === 0) return;
    kit.bit();
    sender
      .setParameters({
        ...parameters,
        encodings: parameters.encodings.map((asked) => ({ ...asked, ...encoding })),
      })
      .catch((error: unknown) => console.warn('the encoding is not forced', error));
  };
  for (const name of ['setRemoteDescription', 'setLocalDescription'] as const) {
    kit.wrap(RTCPeerConnection.prototype, name, async (pc, args: unknown[], set) => {
      await set(...args);
      if (pc.signalingState !== 'stable') return;
      for (const sender of pc.getSenders()) if (sender.track?.kind === 'video') force(sender);
    });
  }
};

/** The parameters of a sender besides its encodings are ignored. */
export const ignorePreference = (kit: Kit) =>
  kit.wrap(
    RTCRtpSender.prototype,
    'setParameters',
    (_, [parameters, ...options]: [RTCRtpSendParameters, ...unknown[]], set) => {
      const { degradationPreference, ...others } = parameters;
      if (degradationPreference !== undefined) kit.bit();
      return set(others, ...options);
    },
  );

/** `setCodecPreferences` does nothing, loses the first codec, or reverses the order. */
export const codecPreferences = (kit: Kit, { how }: { how: 'nothing' | 'reversed' | 'first-lost' }) =>
  kit.wrap(
    RTCRtpTransceiver.prototype,
    'setCodecPreferences',
    (_, [codecs]: [readonly RTCRtpCodec[]], set) => {
      kit.bit();
      if (how === 'nothing') return undefined;
      return set(how === 'reversed' ? [...codecs].toReversed() : codecs.slice(1));
    },
  );

/** A transform of encoded frames is accepted but never applied. */
export const ignoreTransform = (kit: Kit) => {
  for (const { prototype } of [RTCRtpSender, RTCRtpReceiver]) {
    const kept = new WeakMap<object, unknown>();
    kit.property(prototype, 'transform', {
      get: (self) => kept.get(self) ?? null,
      set(self, value) {
        kept.set(self, value);
        kit.bit();
      },
    });
  }
};

/** A direction is ignored: whatever is asked for becomes `direction`. */
export const forceDirection = (kit: Kit, { direction }: { direction: RTCRtpTransceiverDirection }) => {
  kit.wrap(
    RTCPeerConnection.prototype,
    'addTransceiver',
    (_, [track, init]: [unknown, RTCRtpTransceiverInit?], add) => {
      if ((init?.direction ?? 'sendrecv') !== direction) kit.bit();
      return add(track, { ...init, direction });
    },
  );
  kit.property(RTCRtpTransceiver.prototype, 'direction', {
    set(_, value, write) {
      if (value !== direction) kit.bit();
      write(direction);
    },
  });
};

/** `addTrack` receives only, or names no stream. */
export const addTrackWrongly = (kit: Kit, { how }: { how: 'recvonly' | 'no-stream' | 'disabled' }) =>
  kit.wrap(
    RTCPeerConnection.prototype,
    'addTrack',
    (pc, [track, ...streams]: [MediaStreamTrack, ...unknown[]], add) => {
      kit.bit();
      if (how === 'recvonly') return pc.addTransceiver(track.kind, { direction: 'recvonly' }).sender;
      if (how === 'no-stream') return add(track);
      const clone = track.clone();
      clone.enabled = false;
      return add(clone, ...streams);
    },
  );

/** DTMF: tones come in the opposite order, one is lost, or their length is ignored. */
export const dtmf = (
  kit: Kit,
  { how }: { how: 'nothing' | 'reversed' | 'first-lost' | 'other' | 'long' | 'short' | 'twice' },
) =>
  kit.wrap(
    RTCDTMFSender.prototype,
    'insertDTMF',
    (_, [tones, duration = 100, gap = 70]: [string, number?, number?], insert) => {
      const asked = [tones, duration, gap] as const;
      const ways = {
        nothing: undefined,
        reversed: [[...tones].toReversed().join(''), duration, gap],
        'first-lost': [tones.slice(1), duration, gap],
        other: [tones.replaceAll(/\d/g, (digit) => String((Number(digit) + 1) % 10)), duration, gap],
        long: [tones, duration * 5, gap],
        short: [tones, 40, 30],
        twice: [tones + tones, duration, gap],
      } as const;
      const done = ways[how];
      if (done?.every((value, at) => value === asked[at]) !== true) kit.bit();
      return done && insert(...done);
    },
  );

/** The capabilities of this side lack a codec, or have one that nobody knows. */
export const capabilities = (kit: Kit, { without, also }: { without?: string; also?: string }) => {
  for (const holder of [RTCRtpSender, RTCRtpReceiver]) {
    kit.wrap(
      holder,
      'getCapabilities',
      (_, [kind]: [string], get: (...args: readonly unknown[]) => RTCRtpCapabilities | null) => {
        const claimed = get(kind);
        if (!claimed) return claimed;
        const codecs = claimed.codecs.filter(
          ({ mimeType }) => without === undefined || !new RegExp(without, 'i').test(mimeType),
        );
        if (also?.startsWith(kind) === true) codecs.push({ mimeType: also, clockRate: 90_000 });
        if (codecs.length !== claimed.codecs.length) kit.bit();
        return { ...claimed, codecs };
      },
    );
  }
};
