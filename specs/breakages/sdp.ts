import type { Descriptions } from '../kit/descriptions.ts';
import type { Kit } from '../kit/kit.ts';

/** Ways to break descriptions. */

/** Lines that match are removed, or become something else: `from` is the source of a regular expression with the flags gm. */
export const rewriteLines = (
  kit: Kit,
  { at, type, from, to = '' }: Descriptions & { from: string; to?: string },
) =>
  kit.rewriteSdp(type === undefined ? { at } : { at, type }, (sdp) =>
    sdp.replaceAll(new RegExp(from, 'gm'), to),
  );

/** A description that contains a text is refused. */
export const refuse = (kit: Kit, { containing }: { containing: string }) =>
  kit.wrap(
    RTCPeerConnection.prototype,
    'setRemoteDescription',
    (_, args: [RTCSessionDescriptionInit], set) => {
      if (args[0].sdp?.includes(containing) !== true) return set(...args);
      kit.bit();
      return Promise.reject(new DOMException('cannot be read', 'OperationError'));
    },
  );

/** The formats of every m-line come in the opposite order. */
export const reverseFormats = (kit: Kit, { at, type }: Descriptions) =>
  kit.rewriteSdp(type === undefined ? { at } : { at, type }, (sdp) =>
    sdp.replaceAll(
      /^(m=(?:audio|video) \d+ \S+) (.*)$/gm,
      (_, head: string, formats: string) => `${head} ${formats.trim().split(' ').toReversed().join(' ')}`,
    ),
  );

/** The first format of every m-line moves to its end. */
export const demoteFirst = (kit: Kit, { at, type }: Descriptions) =>
  kit.rewriteSdp(type === undefined ? { at } : { at, type }, (sdp) =>
    sdp.replaceAll(/^(m=(?:audio|video) \d+ \S+) (\d+) (.*)$/gm, '$1 $3 $2'),
  );

/** Codecs that match are removed, with everything that is said about them. */
export const dropCodec = (kit: Kit, { at, type, name }: Descriptions & { name: string }) =>
  kit.rewriteSdp(type === undefined ? { at } : { at, type }, (sdp) => {
    const gone: string[] = [...sdp.matchAll(new RegExp(`^a=rtpmap:(\\d+) (?:${name})/`, 'gim'))].map(
      ([, format = '']) => format,
    );
    return gone.reduce(
      (text, format) =>
        text
          .replaceAll(new RegExp(`^a=(?:rtpmap|fmtp|rtcp-fb):${format} .*\\r\\n`, 'gm'), '')
          .replaceAll(new RegExp(`^(m=.*) ${format}(?= |\\r)`, 'gm'), '$1'),
      sdp,
    );
  });

/** An fmtp parameter is removed from what is heard or said; with `value` it is set to that. */
export const changeParameter = (
  kit: Kit,
  { at, type, name, value }: Descriptions & { name: string; value?: string },
) =>
  kit.rewriteSdp(type === undefined ? { at } : { at, type }, (sdp) =>
    value === undefined
      ? sdp.replaceAll(new RegExp(`(?<=[ ;])${name}=[^;\\r]*;?`, 'g'), '').replaceAll(/;(?=\r)/g, '')
      : sdp.replaceAll(new RegExp(`(?<=[ ;])${name}=[^;\\r]*`, 'g'), `${name}=${value}`),
  );

/** Two payload types or ids change their meaning: what matches `one` and `other` changes places. */
export const swapText = (kit: Kit, { at, type, one, other }: Descriptions & { one: string; other: string }) =>
  kit.rewriteSdp(type === undefined ? { at } : { at, type }, (sdp) =>
    sdp.replaceAll(new RegExp(`${one}|${other}`, 'g'), (found) => (found === one ? other : one)),
  );

/** ICE is not restarted: credentials stay. */
export const keepCredentials = (kit: Kit) => {
  const { prototype } = RTCPeerConnection;
  kit.wrap(prototype, 'createOffer', (_, [options]: [RTCOfferOptions?], create) => {
    if (options?.iceRestart !== true) return create(options);
    kit.bit();
    return create({ ...options, iceRestart: false });
  });
  kit.wrap(prototype, 'restartIce', () => kit.bit());
};

/** ICE is restarted only in what the sides tell each other: nothing new is in use. On both sides. */
export const restartOnPaper = (kit: Kit) => {
  const { prototype } = RTCPeerConnection;
  const restarts = new WeakMap<RTCPeerConnection, number>();
  const suffix = (count: number) => (count === 0 ? '' : `restart${String(count)}`);
  const strip = (text: string) => text.replaceAll(/restart\d+/g, '');
  kit.wrap(prototype, 'createOffer', (pc, [options]: [RTCOfferOptions?], create) => {
    if (options?.iceRestart !== true) return create(options);
    restarts.set(pc, (restarts.get(pc) ?? 0) + 1);
    return create({ ...options, iceRestart: false });
  });
  kit.wrap(prototype, 'restartIce', (pc) => {
    restarts.set(pc, (restarts.get(pc) ?? 0) + 1);
    pc.dispatchEvent(new Event('negotiationneeded'));
  });
  kit.rewriteSdp({ at: 'said' }, (sdp, _, pc) =>
    sdp.replaceAll(/^(a=ice-(?:ufrag|pwd):.*?)(?=\r)/gm, `$1${suffix(restarts.get(pc) ?? 0)}`),
  );
  kit.wrap(
    prototype,
    'setRemoteDescription',
    (pc, [{ type, sdp = '' }]: [RTCSessionDescriptionInit], set) => {
      const count = /restart(\d+)/.exec(sdp)?.[1];
      if (count !== undefined) {
        restarts.set(pc, Number(count));
        kit.bit();
      }
      return set({ type, sdp: strip(sdp) });
    },
  );
  kit.wrap(prototype, 'addIceCandidate', (_, [candidate]: [RTCIceCandidateInit?], add) =>
    candidate ? add(JSON.parse(strip(JSON.stringify(candidate)))) : add(candidate),
  );
};

/** Candidates of a kind, or all, are lost: as they are told, or as they are heard. */
export const loseCandidates = (kit: Kit, { at, which = '' }: { at: 'told' | 'heard'; which?: string }) => {
  const isLost = (candidate: unknown) =>
    candidate instanceof Object && new RegExp(which).test(String(Reflect.get(candidate, 'candidate')));
  if (at === 'heard') {
    kit.wrap(RTCPeerConnection.prototype, 'addIceCandidate', (_, [candidate]: [unknown?], add) => {
      if (!isLost(candidate)) return add(candidate);
      kit.bit();
      return Promise.resolve();
    });
    return;
  }
  kit.onEvent({ on: 'RTCPeerConnection', type: 'icecandidate' }, ({ event, deliver }) => {
    if (isLost(Reflect.get(event, 'candidate'))) kit.bit();
    else deliver();
  });
};

/** Candidates are changed as they are told: `from` is the source of a regular expression over their line. */
export const changeCandidates = (kit: Kit, { from, to }: { from: string; to: string }) =>
  kit.wrap(RTCIceCandidate.prototype, 'toJSON', (_, __: unknown[], toJson) => {
    const init: unknown = toJson();
    const line: unknown = init instanceof Object ? Reflect.get(init, 'candidate') : undefined;
    if (typeof line !== 'string') return init;
    const candidate = line.replace(new RegExp(from), to);
    if (candidate !== line) kit.bit();
    return { ...(init as RTCIceCandidateInit), candidate };
  });
