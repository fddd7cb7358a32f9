import type { Kit } from '../kit/kit.ts';
import { askedAbout } from './asked.ts';
import * as capture from './capture.ts';
import * as data from './data.ts';
import * as events from './events.ts';
import * as pictures from './pictures.ts';
import * as sdp from './sdp.ts';
import * as senders from './senders.ts';
import * as sound from './sound.ts';
import * as states from './states.ts';
import * as statistics from './statistics.ts';
import * as timing from './timing.ts';

/** The kinds of promises that a browser can break. */
export const kinds = [
  'data',
  'events',
  'pictures',
  'sound',
  'sdp',
  'statistics',
  'states',
  'senders',
  'capture',
  'timing',
] as const;
export type Kind = (typeof kinds)[number];

/** A browser that is broken on purpose, for every scenario whose page uses what is broken. */
export interface Mutant {
  /** `kind/name`. */
  id: string;
  kind: Kind;
  page: { toString(): string };
  arg: unknown;
  /** The sides that are broken, each in cells of its own; `both` is both at once. */
  on: readonly ('offerer' | 'answerer' | 'both')[];
  /** It is tried where the page uses one of these, by the names of `survey`. */
  uses: readonly string[];
  /** Globs of the scenarios that ask about what is broken: they are tried first. */
  asked: readonly string[];
  /** What a correct reason mentions. */
  words: RegExp;
  /** `true`: the scenario has its whole time, so that a break that only delays is not caught merely because time was short. */
  slow: boolean;
}

interface Options {
  uses: readonly string[];
  on?: Mutant['on'];
  words?: RegExp;
  slow?: true;
}

const wordsOf: Record<Kind, RegExp> = {
  data: /negotiated|channel|message|text|receiv|arriv|byte|digest|echo|send|chunk|state|came|round|worker|label|protocol|buffered|closed?\b|transfer/i,
  events:
    /event|channel|message|track|open|clos|candidate|connect|tone|mute|frame|order|heard|told|arriv|buffer|came|removed|added|negotiat|data|recording|what/i,
  pictures:
    /detail|picture|frame|colour|size|similar|black|readable|bright|number|delay|gap|field|seen|shown|moving|flash|numbers/i,
  sound: /tone|sound|heard|hear|frequency|silen|loud|level|Hz|dB|beep/i,
  sdp: /codec|answer|offer|line|extension|feedback|id\b|ids|fragment|credential|candidate|ICE|connect|direction|track|rtx|fec|parameter|picture|frame|tone|packet|level|description|channel|layer|restart|bits|size/i,
  // the last alternative is how a claim is worded
  statistics: /inbound|outbound|statistic|packet|byte|codec|frame|count|bit|names|level|[a-z]\.\w+ is /i,
  states:
    /state|connect|channel|track|answer|wait|ICE|negotiat|open|closed?|promise|parameters|event|muted|ended/i,
  senders:
    /picture|frame|size|bit|packet|codec|parameter|layer|encoding|preference|track|tone|transform|mode|changed|rate|direction|heard|order/i,
  capture:
    /frame|capture|track|tone|picture|recording|element|size|error|gives|rate|silence|clone|camera|state|sound|paused|number/i,
  timing: /./,
};

const catalogue: Mutant[] = [];

/** Every break there is. */
export const mutants = (): readonly Mutant[] => catalogue;

function mutant<Arg>(
  id: `${Kind}/${string}`,
  page: (kit: Kit, arg: Arg) => void,
  arg: Arg,
  { uses, on = ['offerer', 'answerer'], words, slow }: Options,
): void {
  const kind = kinds.find((known) => id.startsWith(`${known}/`));
  if (!kind) throw new TypeError(`${id} names no kind`);
  catalogue.push({
    id,
    kind,
    page,
    arg,
    on,
    uses,
    asked: askedAbout(id),
    words: words ?? wordsOf[kind],
    slow: slow ?? kind === 'timing',
  });
}

const send = { uses: ['RTCDataChannel.send'] };
const received = { uses: ['RTCDataChannel@message'] };
const made = { uses: ['RTCPeerConnection.createDataChannel'] };

mutant('data/flip-first-byte', data.flipBit, { at: 0 }, send);
mutant('data/flip-last-byte', data.flipBit, { at: -1, mask: 128 }, send);
mutant('data/flip-middle-of-third', data.flipBit, { nth: 3, at: 77 }, send);
mutant('data/nfc', data.normalise, { form: 'NFC' }, send);
mutant('data/nfd', data.normalise, { form: 'NFD' }, send);
mutant('data/nfkc', data.normalise, { form: 'NFKC' }, send);
mutant('data/strip-bom', data.rewriteText, { from: '^\\ufeff', to: '' }, send);
mutant('data/crlf-to-lf', data.rewriteText, { from: '\\r\\n', to: '\n' }, send);
mutant('data/trim', data.rewriteText, { from: '^\\s+|\\s+$', to: '' }, send);
mutant('data/no-nul', data.rewriteText, { from: '\\u0000', to: '' }, send);
mutant('data/astral-lost', data.misreadText, { from: '[\\u{10000}-\\u{10ffff}]', to: '\ufffd' }, received);
mutant('data/noncharacters-lost', data.misreadText, { from: '[\\ufffe\\uffff]', to: '\ufffd' }, received);
mutant('data/replacement-dropped', data.misreadText, { from: '\\ufffd', to: '' }, received);
mutant('data/lower-case', data.rewriteText, { from: 'G', to: 'g' }, send);
mutant('data/byte-added', data.lengthen, { by: '!' }, send);
mutant('data/nul-added', data.lengthen, { by: '\u0000' }, send);
mutant('data/last-byte-lost', data.truncate, { to: -1 }, send);
mutant('data/cut-at-16-kib', data.truncate, { to: 16_384 }, send);
mutant('data/cut-at-64-kib', data.truncate, { to: 65_535 }, send);
mutant('data/offset-ignored', data.ignoreOffset, {}, send);
mutant('data/first-lost', data.drop, { nth: 1 }, send);
mutant('data/second-lost', data.drop, { nth: 2 }, send);
mutant('data/hundredth-lost', data.drop, { every: 100 }, send);
mutant('data/empty-lost', data.drop, { empty: true }, send);
mutant('data/all-lost', data.drop, {}, send);
mutant('data/first-twice', data.repeat, { nth: 1 }, send);
mutant('data/all-twice', data.repeat, {}, send);
mutant('data/hundredth-twice', data.repeat, { every: 100 }, send);
mutant('data/last-twice', data.repeatLast, { afterMs: 30 }, send);
mutant('data/swap-first-two', data.swapNeighbours, { nth: 1 }, received);
mutant('data/swap-at-10', data.swapNeighbours, { nth: 10 }, received);
mutant('data/swap-at-500', data.swapNeighbours, { nth: 500 }, received);
mutant('data/late-1s', data.delay, { ms: 1000 }, { ...send, slow: true });
mutant('data/late-3s', data.delay, { ms: 3000 }, { ...send, slow: true });
mutant('data/text-as-bytes', data.retype, { from: 'text', to: 'bytes' }, received);
mutant('data/bytes-as-text', data.retype, { from: 'bytes', to: 'text' }, received);
mutant('data/bytes-as-view', data.retype, { from: 'bytes', to: 'view' }, received);
mutant('data/text-sent-as-bytes', data.sendAsOther, { from: 'text' }, send);
mutant('data/bytes-sent-as-text', data.sendAsOther, { from: 'bytes' }, send);
mutant('data/merged', data.regroup, { how: 'merge' }, send);
mutant('data/split', data.regroup, { how: 'split' }, send);
mutant('data/crossed-channels', data.crossChannels, {}, send);
for (const option of ['ordered', 'maxRetransmits', 'maxPacketLifeTime'] as const) {
  mutant(`data/secretly-not-${option}`, data.ignoreOptionSecretly, { option }, { ...made, on: ['both'] });
  mutant(`data/option-lost-${option}`, data.loseOption, { option }, made);
}
mutant('data/option-lost-protocol', data.loseOption, { option: 'protocol' }, made);
mutant('data/option-lost-id', data.loseOption, { option: 'id' }, made);
mutant('data/option-lost-negotiated', data.loseOption, { option: 'negotiated' }, made);
mutant('data/always-unordered', data.forceOption, { init: { ordered: false } }, made);
mutant('data/always-unreliable', data.forceOption, { init: { maxRetransmits: 0 } }, made);
mutant('data/label-nfc', data.rewriteLabel, { from: 'NFC', to: '' }, made);
mutant('data/label-nfd', data.rewriteLabel, { from: 'NFD', to: '' }, made);
mutant('data/label-cut', data.rewriteLabel, { from: '(?<=^.{40}).*', to: '' }, made);
mutant('data/label-trimmed', data.rewriteLabel, { from: '^$', to: 'channel' }, made);
mutant('data/id-off', data.lieAboutChannel, { name: 'id', add: 2 }, { uses: ['RTCDataChannel.id'] });
mutant('data/id-null', data.lieAboutChannel, { name: 'id', value: null }, { uses: ['RTCDataChannel.id'] });
mutant(
  'data/says-ordered',
  data.lieAboutChannel,
  { name: 'ordered', value: true },
  { uses: ['RTCDataChannel.ordered'] },
);
mutant(
  'data/says-reliable',
  data.lieAboutChannel,
  { name: 'maxRetransmits', value: null },
  { uses: ['RTCDataChannel.maxRetransmits'] },
);
mutant(
  'data/says-no-protocol',
  data.lieAboutChannel,
  { name: 'protocol', value: '' },
  { uses: ['RTCDataChannel.protocol'] },
);
mutant(
  'data/says-negotiated',
  data.lieAboutChannel,
  { name: 'negotiated', value: true },
  { uses: ['RTCDataChannel.negotiated'] },
);
const amount = { uses: ['RTCDataChannel.bufferedAmount'] };
mutant('data/buffered-zero', data.lieAboutChannel, { name: 'bufferedAmount', value: 0 }, amount);
mutant('data/buffered-half', data.lieAboutChannel, { name: 'bufferedAmount', factor: 0.5 }, amount);
mutant('data/buffered-one-more', data.lieAboutChannel, { name: 'bufferedAmount', add: 1 }, amount);
mutant('data/buffered-never-falls', data.neverFalls, {}, amount);
mutant(
  'data/threshold-deaf',
  data.deafProperty,
  { name: 'bufferedAmountLowThreshold' },
  { uses: ['RTCDataChannel.bufferedAmountLowThreshold='] },
);
mutant(
  'data/binary-type-deaf',
  data.deafProperty,
  { name: 'binaryType' },
  { uses: ['RTCDataChannel.binaryType='] },
);
mutant('data/send-errors-swallowed', data.swallowSendErrors, {}, send);
mutant('data/send-errors-renamed', data.swallowSendErrors, { instead: 'NotSupportedError' }, send);
const closing = { uses: ['RTCDataChannel.close'] };
mutant('data/close-never', data.closeChannel, { how: 'never' }, closing);
mutant('data/close-3s-late', data.closeChannel, { how: 'late' }, { ...closing, slow: true });

/** Each place with those of its events that scenarios listen for. */
const heardEvents = {
  RTCPeerConnection: [
    'datachannel',
    'track',
    'negotiationneeded',
    'icecandidate',
    'connectionstatechange',
    'iceconnectionstatechange',
    'icegatheringstatechange',
    'signalingstatechange',
    'icecandidateerror',
  ],
  RTCDataChannel: ['open', 'message', 'close', 'closing', 'error', 'bufferedamountlow'],
  MediaStreamTrack: ['mute', 'unmute', 'ended'],
  MediaStream: ['addtrack', 'removetrack'],
  RTCDTMFSender: ['tonechange'],
  RTCDtlsTransport: ['statechange'],
  RTCSctpTransport: ['statechange'],
  RTCIceTransport: ['statechange', 'gatheringstatechange', 'selectedcandidatepairchange'],
  MediaRecorder: ['dataavailable', 'stop', 'error'],
} as const;

/** What the survey listens for. */
export const places = Object.entries(heardEvents).flatMap(([on, types]) =>
  types.map((type) => ({ on, type })),
);
/** The interfaces whose members the survey counts. */
export const interfaces = [
  'RTCPeerConnection',
  'RTCDataChannel',
  'RTCRtpSender',
  'RTCRtpReceiver',
  'RTCRtpTransceiver',
  'RTCDTMFSender',
  'RTCSctpTransport',
  'RTCDtlsTransport',
  'RTCIceTransport',
  'RTCIceCandidate',
  'RTCSessionDescription',
  'MediaStreamTrack',
  'MediaStream',
  'CanvasCaptureMediaStreamTrack',
  'HTMLCanvasElement',
  'HTMLMediaElement',
  'HTMLVideoElement',
  'MediaDevices',
  'MediaRecorder',
] as const;

for (const place of places) {
  const { on, type } = place;
  const at = { uses: [`${on}@${type}`] };
  const name = `${on}-${type}`;
  mutant(`events/missing-${name}`, events.missing, place, at);
  mutant(`events/twice-${name}`, events.twice, place, at);
  mutant(`events/3s-late-${name}`, events.late, { ...place, ms: 3000 }, { ...at, slow: true });
}
const early = [
  ['RTCDataChannel', 'open'],
  ['RTCDataChannel', 'close'],
  ['RTCDataChannel', 'closing'],
  ['RTCDataChannel', 'bufferedamountlow'],
  ['RTCPeerConnection', 'connectionstatechange'],
  ['RTCPeerConnection', 'negotiationneeded'],
  ['MediaStreamTrack', 'mute'],
  ['MediaStreamTrack', 'unmute'],
  ['MediaStreamTrack', 'ended'],
] as const;
for (const [on, type] of early) {
  mutant(
    `events/early-${on}-${type}`,
    events.early,
    { on, type },
    { uses: [`${on}.addEventListener`, `${on}@${type}`] },
  );
  mutant(`events/unasked-${on}-${type}`, events.unasked, { on, type, ms: 150 }, { uses: [`${on}@${type}`] });
}
mutant(
  'events/second-datachannel-missing',
  events.missing,
  { on: 'RTCPeerConnection', type: 'datachannel', nth: 2 },
  { uses: ['RTCPeerConnection@datachannel'] },
);
mutant(
  'events/second-track-missing',
  events.missing,
  { on: 'RTCPeerConnection', type: 'track', nth: 2 },
  { uses: ['RTCPeerConnection@track'] },
);
for (const [on, type, name, value] of [
  ['RTCDataChannel', 'open', 'readyState', 'connecting'],
  ['RTCDataChannel', 'close', 'readyState', 'closing'],
  ['RTCDataChannel', 'closing', 'readyState', 'open'],
  ['RTCPeerConnection', 'connectionstatechange', 'connectionState', 'connecting'],
  ['RTCPeerConnection', 'signalingstatechange', 'signalingState', 'stable'],
  ['MediaStreamTrack', 'ended', 'readyState', 'live'],
  ['MediaStreamTrack', 'mute', 'muted', false],
] as const) {
  mutant(
    `events/wrong-state-${on}-${type}`,
    events.inWrongState,
    { on, type, name, value },
    { uses: [`${on}@${type}`] },
  );
}
mutant(
  'events/track-without-streams',
  events.withOther,
  { on: 'RTCPeerConnection', type: 'track', name: 'streams', value: [] },
  { uses: ['RTCPeerConnection@track'] },
);

const videos = { shown: { uses: ['shown video'] }, sent: { uses: ['sent video'] } } as const;
for (const place of ['shown', 'sent'] as const) {
  const at = videos[place];
  mutant(`pictures/${place}-coarse-2`, pictures.coarse, { place, by: 2 }, at);
  mutant(`pictures/${place}-coarse-4`, pictures.coarse, { place, by: 4 }, at);
  mutant(`pictures/${place}-coarse-8`, pictures.coarse, { place, by: 8 }, at);
  mutant(`pictures/${place}-mirrored`, pictures.moved, { place, how: 'mirror' }, at);
  mutant(`pictures/${place}-upside-down`, pictures.moved, { place, how: 'flip' }, at);
  mutant(`pictures/${place}-shifted-4px`, pictures.moved, { place, how: 'shift', by: 4 }, at);
  mutant(`pictures/${place}-zoomed-5-percent`, pictures.moved, { place, how: 'zoom', by: 1.05 }, at);
  mutant(`pictures/${place}-hue-15`, pictures.filtered, { place, filter: 'hue-rotate(15deg)' }, at);
  mutant(`pictures/${place}-hue-40`, pictures.filtered, { place, filter: 'hue-rotate(40deg)' }, at);
  mutant(`pictures/${place}-grey`, pictures.filtered, { place, filter: 'grayscale(1)' }, at);
  mutant(`pictures/${place}-pale`, pictures.filtered, { place, filter: 'saturate(0.7)' }, at);
  mutant(`pictures/${place}-dark`, pictures.filtered, { place, filter: 'brightness(0.8)' }, at);
  mutant(`pictures/${place}-inverted`, pictures.filtered, { place, filter: 'invert(1)' }, at);
  mutant(`pictures/${place}-blurred`, pictures.filtered, { place, filter: 'blur(3px)' }, at);
  mutant(`pictures/${place}-limited-as-full`, pictures.wrongRange, { place, taken: 'full' }, at);
  mutant(`pictures/${place}-full-as-limited`, pictures.wrongRange, { place, taken: 'limited' }, at);
  mutant(`pictures/${place}-red-is-blue`, pictures.swappedChannels, { place }, at);
  mutant(
    `pictures/${place}-green-edge`,
    pictures.covered,
    { place, box: [0.9, 0, 1, 1], colour: 'rgb(0 135 0)' },
    at,
  );
  mutant(
    `pictures/${place}-lower-tenth-black`,
    pictures.covered,
    { place, box: [0, 0.9, 1, 1], colour: 'black' },
    at,
  );
  mutant(
    `pictures/${place}-lower-quarter-grey`,
    pictures.covered,
    { place, box: [0, 0.75, 1, 1], colour: 'rgb(128 128 128)' },
    at,
  );
  mutant(
    `pictures/${place}-lower-half-frozen`,
    pictures.partFrozen,
    { place, box: [0, 0.5, 1, 1], afterMs: 300 },
    at,
  );
  mutant(`pictures/${place}-every-second-black`, pictures.sometimesBlack, { place, every: 2 }, at);
  mutant(`pictures/${place}-every-tenth-black`, pictures.sometimesBlack, { place, every: 10 }, at);
  mutant(`pictures/${place}-black-after-500ms`, pictures.blackAfter, { place, ms: 500 }, at);
  mutant(
    `pictures/${place}-black-until-1s`,
    pictures.blackAfter,
    { place, ms: 1000, until: true },
    { ...at, slow: true },
  );
  mutant(`pictures/${place}-ghosts`, pictures.blended, { place, alpha: 0.7 }, at);
  mutant(`pictures/${place}-2s-late`, pictures.delayed, { place, ms: 2000 }, { ...at, slow: true });
  mutant(`pictures/${place}-500ms-late`, pictures.delayed, { place, ms: 500 }, { ...at, slow: true });
  mutant(`pictures/${place}-every-eighth-old`, pictures.backwards, { place, every: 8 }, at);
  mutant(`pictures/${place}-frozen-after-2s`, pictures.frozen, { place, afterMs: 2000 }, at);
  mutant(`pictures/${place}-frozen-after-500ms`, pictures.frozen, { place, afterMs: 500 }, at);
  mutant(
    `pictures/${place}-frozen-until-1s`,
    pictures.frozen,
    { place, afterMs: 0, forMs: 1000 },
    { ...at, slow: true },
  );
  mutant(
    `pictures/${place}-frozen-half-of-each-second`,
    pictures.frozen,
    { place, afterMs: 300, forMs: 500, everyMs: 1000 },
    { ...at, slow: true },
  );
  mutant(`pictures/${place}-no-frame-after-500ms`, pictures.ended, { place, afterMs: 500 }, at);
  mutant(`pictures/${place}-first-3s-late`, pictures.firstLate, { place, ms: 3000 }, { ...at, slow: true });
  mutant(`pictures/${place}-half-the-rate`, pictures.fewer, { place, of: 2 }, { ...at, slow: true });
  mutant(`pictures/${place}-third-of-the-rate`, pictures.fewer, { place, of: 3 }, { ...at, slow: true });
  mutant(`pictures/${place}-2-fps`, pictures.atMost, { place, fps: 2 }, { ...at, slow: true });
  mutant(`pictures/${place}-all-twice`, pictures.repeated, { place, every: 1 }, at);
  mutant(`pictures/${place}-every-fifth-twice`, pictures.repeated, { place, every: 5 }, at);
  mutant(`pictures/${place}-jerky`, pictures.jerky, { place, pauseMs: 400 }, { ...at, slow: true });
}

const sounds = { heard: { uses: ['heard audio'] }, sent: { uses: ['sent audio'] } } as const;
for (const place of ['heard', 'sent'] as const) {
  const at = sounds[place];
  mutant(`sound/${place}-26-db-quieter`, sound.gain, { place, decibels: -26 }, at);
  mutant(`sound/${place}-6-db-louder`, sound.gain, { place, decibels: 6 }, at);
  mutant(`sound/${place}-10-db-quieter`, sound.gain, { place, decibels: -10 }, at);
  mutant(`sound/${place}-1-percent-high`, sound.offPitch, { place, percent: 1 }, at);
  mutant(`sound/${place}-half-a-percent-low`, sound.offPitch, { place, percent: -0.5 }, at);
  mutant(`sound/${place}-second-tone`, sound.secondTone, { place, hertz: 3000, amplitude: 0.15 }, at);
  mutant(`sound/${place}-hum`, sound.secondTone, { place, hertz: 50, amplitude: 0.1 }, at);
  mutant(`sound/${place}-noise`, sound.noise, { place, amplitude: 0.05 }, at);
  mutant(`sound/${place}-half-silent`, sound.gaps, { place, everyMs: 1000, silentMs: 500 }, at);
  mutant(`sound/${place}-short-gaps`, sound.gaps, { place, everyMs: 200, silentMs: 40 }, at);
  mutant(`sound/${place}-silent-after-1s`, sound.after, { place, ms: 1000, to: 'silence' }, at);
  mutant(
    `sound/${place}-silent-until-3s`,
    sound.after,
    { place, ms: 3000, to: 'sound' },
    { ...at, slow: true },
  );
  mutant(`sound/${place}-mono`, sound.mixed, { place, left: [0.5, 0.5], right: [0.5, 0.5] }, at);
  mutant(`sound/${place}-other-at-70-percent`, sound.mixed, { place, left: [1, 0.7], right: [0.7, 1] }, at);
  mutant(`sound/${place}-swapped`, sound.mixed, { place, left: [0, 1], right: [1, 0] }, at);
  mutant(`sound/${place}-left-only`, sound.mixed, { place, left: [1, 0], right: [0, 0] }, at);
  mutant(`sound/${place}-low-only`, sound.bandLost, { place, type: 'lowpass', hertz: 1050 }, at);
  mutant(`sound/${place}-high-only`, sound.bandLost, { place, type: 'highpass', hertz: 1050 }, at);
  mutant(`sound/${place}-clipped`, sound.clipped, { place, at: 0.25 }, at);
  mutant(`sound/${place}-2s-late`, sound.delayed, { place, ms: 2000 }, { ...at, slow: true });
  mutant(`sound/${place}-trembling`, sound.trembling, { place, hertz: 4 }, at);
}

const negotiated = { uses: ['RTCPeerConnection.setRemoteDescription'] };
for (const at of ['said', 'heard', 'made'] as const) {
  mutant(`sdp/${at}-formats-reversed`, sdp.reverseFormats, { at }, negotiated);
  mutant(`sdp/${at}-first-format-last`, sdp.demoteFirst, { at }, negotiated);
  mutant(`sdp/${at}-no-feedback`, sdp.rewriteLines, { at, from: '^a=rtcp-fb:.*\\r\\n' }, negotiated);
  mutant(`sdp/${at}-no-nack`, sdp.rewriteLines, { at, from: '^a=rtcp-fb:\\d+ nack\\r\\n' }, negotiated);
  mutant(`sdp/${at}-no-extensions`, sdp.rewriteLines, { at, from: '^a=extmap:.*\\r\\n' }, negotiated);
  mutant(`sdp/${at}-no-fmtp`, sdp.rewriteLines, { at, from: '^a=fmtp:.*\\r\\n' }, negotiated);
  mutant(`sdp/${at}-no-rtx`, sdp.dropCodec, { at, name: 'rtx' }, negotiated);
  mutant(
    `sdp/${at}-no-msid`,
    sdp.rewriteLines,
    { at, from: '^a=(?:msid:|ssrc:\\d+ msid:).*\\r\\n' },
    negotiated,
  );
}
for (const at of ['said', 'heard'] as const) {
  mutant(`sdp/${at}-no-ssrc`, sdp.rewriteLines, { at, from: '^a=ssrc(?:-group)?:.*\\r\\n' }, negotiated);
  mutant(`sdp/${at}-no-candidates`, sdp.rewriteLines, { at, from: '^a=candidate:.*\\r\\n' }, negotiated);
  mutant(
    `sdp/${at}-no-mid-extension`,
    sdp.rewriteLines,
    { at, from: '^a=extmap:.*sdes:mid\\r\\n' },
    negotiated,
  );
  mutant(
    `sdp/${at}-sendonly-is-sendrecv`,
    sdp.rewriteLines,
    { at, from: '^a=(?:sendonly|recvonly)(?=\\r)', to: 'a=sendrecv' },
    negotiated,
  );
  mutant(
    `sdp/${at}-no-mixed-headers`,
    sdp.rewriteLines,
    { at, from: '^a=extmap-allow-mixed\\r\\n' },
    negotiated,
  );
  mutant(
    `sdp/${at}-message-size-small`,
    sdp.rewriteLines,
    { at, from: '^a=max-message-size:\\d+', to: 'a=max-message-size:1000' },
    negotiated,
  );
  mutant(
    `sdp/${at}-message-size-lost`,
    sdp.rewriteLines,
    { at, from: '^a=max-message-size:.*\\r\\n' },
    negotiated,
  );
  mutant(
    `sdp/${at}-no-simulcast`,
    sdp.rewriteLines,
    { at, from: '^a=(?:simulcast|rid):.*\\r\\n' },
    negotiated,
  );
  mutant(
    `sdp/${at}-extension-ids-swapped`,
    sdp.swapText,
    { at, one: 'a=extmap:2 ', other: 'a=extmap:3 ' },
    negotiated,
  );
  for (const name of [
    'usedtx',
    'stereo',
    'cbr',
    'maxaveragebitrate',
    'useinbandfec',
    'profile-level-id',
    'packetization-mode',
    'level-asymmetry-allowed',
  ]) {
    mutant(`sdp/${at}-without-${name}`, sdp.changeParameter, { at, name }, negotiated);
  }
  mutant(
    `sdp/${at}-vp9-profile-2-as-0`,
    sdp.changeParameter,
    { at, name: 'profile-id', value: '0' },
    negotiated,
  );
  mutant(
    `sdp/${at}-level-1`,
    sdp.rewriteLines,
    { at, from: '(profile-level-id=....)..', to: '$10d' },
    negotiated,
  );
}
mutant(
  'sdp/answer-setup-flipped',
  sdp.rewriteLines,
  { at: 'said', type: 'answer', from: '^a=setup:active', to: 'a=setup:passive' },
  negotiated,
);
mutant(
  'sdp/kept-description-lacks-fmtp',
  sdp.rewriteLines,
  { at: 'kept', from: '^a=fmtp:.*\\r\\n' },
  { uses: ['RTCPeerConnection.remoteDescription'] },
);
const restarts = { uses: ['RTCPeerConnection.restartIce', 'RTCPeerConnection.createOffer'] };
mutant('sdp/restart-ignored', sdp.keepCredentials, {}, { ...restarts, on: ['offerer', 'answerer'] });
mutant('sdp/restart-on-paper', sdp.restartOnPaper, {}, { ...restarts, on: ['both'] });
for (const which of ['host', 'srflx', ' udp ', ' tcp ', '']) {
  const name = which.trim() === '' ? 'all' : which.trim();
  mutant(
    `sdp/candidates-not-told-${name}`,
    sdp.loseCandidates,
    { at: 'told', which },
    { uses: ['RTCPeerConnection@icecandidate'] },
  );
  mutant(
    `sdp/candidates-not-heard-${name}`,
    sdp.loseCandidates,
    { at: 'heard', which },
    { uses: ['RTCPeerConnection.addIceCandidate'] },
  );
}
mutant(
  'sdp/candidates-lose-all',
  sdp.loseCandidates,
  { at: 'heard' },
  { uses: ['RTCPeerConnection.addIceCandidate'], on: ['both'] },
);
mutant(
  'sdp/candidate-type-lies',
  sdp.changeCandidates,
  { from: 'typ host', to: 'typ prflx' },
  { uses: ['RTCIceCandidate.toJSON'] },
);
mutant(
  'sdp/candidate-port-wrong',
  sdp.changeCandidates,
  { from: '(\\S+) typ', to: '9 typ' },
  { uses: ['RTCIceCandidate.toJSON'] },
);

const stats = { uses: ['RTCPeerConnection.getStats', 'RTCRtpReceiver.getStats', 'RTCRtpSender.getStats'] };
const rtp = ['inbound-rtp', 'outbound-rtp'];
mutant(
  'statistics/packets-doubled',
  statistics.scaled,
  { types: rtp, members: ['packetsReceived', 'packetsSent'], by: 2 },
  stats,
);
mutant(
  'statistics/bytes-in-bits',
  statistics.scaled,
  { types: rtp, members: ['bytesReceived', 'bytesSent'], by: 8 },
  stats,
);
mutant(
  'statistics/bytes-tenth',
  statistics.scaled,
  { types: rtp, members: ['bytesReceived', 'bytesSent'], by: 0.1 },
  stats,
);
mutant(
  'statistics/frames-decoded-doubled',
  statistics.scaled,
  { types: rtp, members: ['framesDecoded', 'framesEncoded', 'framesSent'], by: 2 },
  stats,
);
mutant(
  'statistics/frames-decoded-half',
  statistics.scaled,
  { types: rtp, members: ['framesDecoded'], by: 0.5 },
  stats,
);
mutant(
  'statistics/channel-messages-doubled',
  statistics.scaled,
  { types: ['data-channel'], members: ['messagesSent', 'messagesReceived'], by: 2 },
  stats,
);
mutant(
  'statistics/channel-bytes-doubled',
  statistics.scaled,
  { types: ['data-channel'], members: ['bytesSent', 'bytesReceived'], by: 2 },
  stats,
);
mutant(
  'statistics/transport-bytes-zero',
  statistics.scaled,
  {
    types: ['transport', 'candidate-pair'],
    members: ['bytesSent', 'bytesReceived', 'packetsSent', 'packetsReceived'],
    by: 0,
  },
  stats,
);
mutant(
  'statistics/size-half',
  statistics.scaled,
  { types: rtp, members: ['frameWidth', 'frameHeight'], by: 0.5 },
  stats,
);
mutant('statistics/ssrc-off', statistics.scaled, { types: rtp, members: ['ssrc'], by: 0.5 }, stats);
mutant(
  'statistics/nack-zero',
  statistics.scaled,
  { types: rtp, members: ['nackCount', 'retransmittedPacketsSent', 'retransmittedPacketsReceived'], by: 0 },
  stats,
);
mutant(
  'statistics/pli-zero',
  statistics.scaled,
  { types: rtp, members: ['pliCount', 'firCount', 'keyFramesDecoded'], by: 0 },
  stats,
);
mutant(
  'statistics/audio-energy-zero',
  statistics.scaled,
  {
    types: [...rtp, 'media-source'],
    members: ['totalAudioEnergy', 'audioLevel', 'totalSamplesReceived'],
    by: 0,
  },
  stats,
);
for (const member of [
  'codecId',
  'framesDecoded',
  'packetsReceived',
  'bytesReceived',
  'headerBytesReceived',
  'frameWidth',
  'framesPerSecond',
  'scalabilityMode',
  'rid',
  'mid',
  'jitter',
  'packetsLost',
]) {
  mutant(`statistics/forgets-${member}`, statistics.forgotten, { types: rtp, members: [member] }, stats);
}
for (const type of [
  'codec',
  'inbound-rtp',
  'outbound-rtp',
  'transport',
  'candidate-pair',
  'data-channel',
  'peer-connection',
  'media-source',
  'remote-inbound-rtp',
  'certificate',
]) {
  mutant(`statistics/without-${type}`, statistics.left, { types: [type] }, stats);
}
mutant('statistics/inbound-stuck', statistics.stuck, { types: ['inbound-rtp'] }, stats);
mutant('statistics/outbound-stuck', statistics.stuck, { types: ['outbound-rtp'] }, stats);
mutant('statistics/channels-stuck', statistics.stuck, { types: ['data-channel'] }, stats);
mutant('statistics/pairs-stuck', statistics.stuck, { types: ['candidate-pair', 'transport'] }, stats);
mutant('statistics/vp8-is-vp9', statistics.renamedCodec, { from: 'VP8', to: 'VP9' }, stats);
mutant('statistics/h264-is-h265', statistics.renamedCodec, { from: 'H264', to: 'H265' }, stats);
mutant('statistics/opus-is-pcmu', statistics.renamedCodec, { from: 'opus', to: 'PCMU' }, stats);
mutant(
  'statistics/codec-fmtp-wrong',
  statistics.claimed,
  { types: ['codec'], members: ['sdpFmtpLine'], value: 'profile-id=7' },
  stats,
);
mutant(
  'statistics/payload-type-wrong',
  statistics.claimed,
  { types: ['codec'], members: ['payloadType'], value: 77 },
  stats,
);
mutant('statistics/codec-id-dangles', statistics.lostReference, { members: ['codecId'] }, stats);
mutant('statistics/pair-dangles', statistics.lostReference, { members: ['selectedCandidatePairId'] }, stats);
mutant(
  'statistics/scalability-lies',
  statistics.claimed,
  { types: ['outbound-rtp'], members: ['scalabilityMode'], value: 'L1T1' },
  stats,
);

for (const [on, name, value] of [
  ['RTCPeerConnection', 'connectionState', 'connected'],
  ['RTCPeerConnection', 'connectionState', 'connecting'],
  ['RTCPeerConnection', 'iceConnectionState', 'checking'],
  ['RTCPeerConnection', 'iceConnectionState', 'connected'],
  ['RTCPeerConnection', 'iceGatheringState', 'complete'],
  ['RTCPeerConnection', 'iceGatheringState', 'gathering'],
  ['RTCPeerConnection', 'signalingState', 'stable'],
  ['RTCPeerConnection', 'canTrickleIceCandidates', null],
  ['RTCDataChannel', 'readyState', 'open'],
  ['RTCDataChannel', 'readyState', 'connecting'],
  ['RTCDtlsTransport', 'state', 'connecting'],
  ['RTCDtlsTransport', 'state', 'connected'],
  ['RTCSctpTransport', 'state', 'connecting'],
  ['RTCSctpTransport', 'state', 'connected'],
  ['RTCSctpTransport', 'maxMessageSize', 262_144],
  ['RTCSctpTransport', 'maxChannels', 65_535],
  ['MediaStreamTrack', 'readyState', 'live'],
  ['MediaStreamTrack', 'readyState', 'ended'],
  ['MediaStreamTrack', 'muted', false],
  ['MediaStreamTrack', 'muted', true],
  ['MediaStreamTrack', 'id', 'one'],
  ['RTCRtpTransceiver', 'currentDirection', null],
  ['RTCRtpTransceiver', 'mid', '0'],
] as const) {
  mutant(
    `states/${on}-${name}-always-${String(value)}`,
    states.lying,
    { on, name, value },
    // a reason that speaks of an id speaks of little else
    { uses: [`${on}.${name}`], ...(name === 'id' ? { words: /\bid\b/ } : {}) },
  );
}
mutant(
  'states/channel-never-closed',
  states.lying,
  { on: 'RTCDataChannel', name: 'readyState', value: 'closing', instead: 'closed' },
  { uses: ['RTCDataChannel.readyState'] },
);
mutant(
  'states/connection-stuck',
  states.stuck,
  { on: 'RTCPeerConnection', name: 'connectionState' },
  { uses: ['RTCPeerConnection.connectionState'] },
);
mutant(
  'states/enabled-deaf',
  states.deaf,
  { on: 'MediaStreamTrack', name: 'enabled' },
  { uses: ['MediaStreamTrack.enabled='] },
);
mutant(
  'states/never-enabled-again',
  states.deaf,
  { on: 'MediaStreamTrack', name: 'enabled', when: true },
  { uses: ['MediaStreamTrack.enabled='] },
);
mutant(
  'states/hint-deaf',
  states.deaf,
  { on: 'MediaStreamTrack', name: 'contentHint' },
  { uses: ['MediaStreamTrack.contentHint='] },
);
for (const name of [
  'createOffer',
  'createAnswer',
  'setLocalDescription',
  'setRemoteDescription',
  'addIceCandidate',
  'getStats',
]) {
  const of = { on: 'RTCPeerConnection', name };
  const at = { uses: [`RTCPeerConnection.${name}`], words: new RegExp(`${name}|injected`) };
  mutant(`states/${name}-never-settles`, states.failing, { ...of, how: 'never' }, at);
  mutant(`states/${name}-rejects`, states.failing, { ...of, how: 'error' }, at);
  mutant(`states/${name}-3s-late`, states.failing, { ...of, how: 'late' }, { ...at, slow: true });
  mutant(`states/${name}-rejects-second`, states.failing, { ...of, how: 'error', from: 2 }, at);
}
for (const name of ['setLocalDescription', 'setRemoteDescription', 'addIceCandidate']) {
  const of = { on: 'RTCPeerConnection', name };
  const at = {
    uses: [`RTCPeerConnection.${name}`],
    words: new RegExp(`${name}|localDescription|candidate|\\bthrown?\\b`),
  };
  mutant(`states/${name}-settles-early`, states.failing, { ...of, how: 'early' }, at);
  mutant(`states/${name}-swallows-errors`, states.failing, { ...of, how: 'no-error' }, at);
}
mutant(
  'states/close-does-nothing',
  states.failing,
  { on: 'RTCPeerConnection', name: 'close', how: 'nothing', gives: 'undefined' },
  { uses: ['RTCPeerConnection.close'] },
);
mutant(
  'states/close-3s-late',
  states.effectLate,
  { on: 'RTCPeerConnection', name: 'close', ms: 3000 },
  { uses: ['RTCPeerConnection.close'], slow: true },
);
mutant(
  'states/remove-track-does-nothing',
  states.failing,
  { on: 'RTCPeerConnection', name: 'removeTrack', how: 'nothing', gives: 'undefined' },
  { uses: ['RTCPeerConnection.removeTrack'] },
);
mutant(
  'states/create-channel-errors-swallowed',
  states.failing,
  { on: 'RTCPeerConnection', name: 'createDataChannel', how: 'no-error' },
  { uses: ['RTCPeerConnection.createDataChannel'], words: /threw/ },
);
mutant(
  'states/transceivers-reversed',
  states.reversed,
  { on: 'RTCPeerConnection', name: 'getTransceivers' },
  { uses: ['RTCPeerConnection.getTransceivers'] },
);
mutant(
  'states/senders-empty',
  states.empty,
  { on: 'RTCPeerConnection', name: 'getSenders' },
  { uses: ['RTCPeerConnection.getSenders'] },
);
mutant(
  'states/sources-empty',
  states.empty,
  { on: 'RTCRtpReceiver', name: 'getSynchronizationSources' },
  { uses: ['RTCRtpReceiver.getSynchronizationSources'] },
);

const encodings = { uses: ['RTCRtpSender.setParameters', 'sent video'] };
for (const [member, value] of [
  ['active', true],
  ['active', false],
  ['maxBitrate', undefined],
  ['maxFramerate', undefined],
  ['scaleResolutionDownBy', 1],
  ['scalabilityMode', 'L1T1'],
  ['scalabilityMode', 'L1T2'],
  ['codec', undefined],
  ['rid', undefined],
] as const) {
  mutant(
    `senders/${member}-becomes-${String(value)}`,
    senders.ignoreEncoding,
    value === undefined ? { member } : { member, value },
    encodings,
  );
}
mutant('senders/scalability-on-paper', senders.scalabilityOnPaper, {}, encodings);
mutant('senders/max-bitrate-tripled', senders.scaleEncoding, { member: 'maxBitrate', by: 3 }, encodings);
mutant('senders/max-framerate-doubled', senders.scaleEncoding, { member: 'maxFramerate', by: 2 }, encodings);
mutant('senders/max-framerate-half', senders.scaleEncoding, { member: 'maxFramerate', by: 0.5 }, encodings);
mutant('senders/first-layer-lost', senders.dropLayer, { which: 'first' }, { uses: ['sent video'] });
mutant('senders/last-layer-lost', senders.dropLayer, { which: 'last' }, { uses: ['sent video'] });
mutant(
  'senders/half-the-size',
  senders.forceEncoding,
  { encoding: { scaleResolutionDownBy: 2 } },
  { uses: ['sent video'] },
);
mutant(
  'senders/10-fps',
  senders.forceEncoding,
  { encoding: { maxFramerate: 10 } },
  { uses: ['sent video'], slow: true },
);
mutant(
  'senders/30-kbit',
  senders.forceEncoding,
  { encoding: { maxBitrate: 30_000 } },
  { uses: ['sent video'], slow: true },
);
mutant('senders/preference-ignored', senders.ignorePreference, {}, { uses: ['RTCRtpSender.setParameters'] });
const parameters = { on: 'RTCRtpSender', name: 'setParameters' };
mutant(
  'senders/set-parameters-ignored',
  states.failing,
  { ...parameters, how: 'nothing' },
  { uses: ['RTCRtpSender.setParameters'] },
);
mutant(
  'senders/set-parameters-never',
  states.failing,
  { ...parameters, how: 'never' },
  { uses: ['RTCRtpSender.setParameters'] },
);
mutant(
  'senders/set-parameters-3s-late',
  states.effectLate,
  { ...parameters, ms: 3000 },
  { uses: ['RTCRtpSender.setParameters'], slow: true },
);
const replaced = { uses: ['RTCRtpSender.replaceTrack'] };
mutant(
  'senders/replace-track-ignored',
  states.failing,
  { on: 'RTCRtpSender', name: 'replaceTrack', how: 'nothing' },
  replaced,
);
mutant(
  'senders/replace-track-3s-late',
  states.effectLate,
  { on: 'RTCRtpSender', name: 'replaceTrack', ms: 3000 },
  { ...replaced, slow: true },
);
for (const how of ['nothing', 'reversed', 'first-lost'] as const) {
  mutant(
    `senders/codec-preferences-${how}`,
    senders.codecPreferences,
    { how },
    { uses: ['RTCRtpTransceiver.setCodecPreferences'] },
  );
}
mutant(
  'senders/transforms-unused',
  senders.ignoreTransform,
  {},
  { uses: ['RTCRtpSender.transform=', 'RTCRtpReceiver.transform='], on: ['offerer', 'answerer', 'both'] },
);
for (const direction of ['sendrecv', 'recvonly', 'inactive'] as const) {
  mutant(
    `senders/always-${direction}`,
    senders.forceDirection,
    { direction },
    { uses: ['RTCPeerConnection.addTransceiver', 'RTCRtpTransceiver.direction='] },
  );
}
for (const how of ['recvonly', 'no-stream', 'disabled'] as const) {
  mutant(
    `senders/add-track-${how}`,
    senders.addTrackWrongly,
    { how },
    { uses: ['RTCPeerConnection.addTrack'] },
  );
}
for (const how of ['nothing', 'reversed', 'first-lost', 'other', 'long', 'short', 'twice'] as const) {
  mutant(
    `senders/dtmf-${how}`,
    senders.dtmf,
    { how },
    { uses: ['RTCDTMFSender.insertDTMF'], words: /\bkeys?\b|tone/i },
  );
}
mutant(
  'senders/claims-unknown-codec',
  senders.capabilities,
  { also: 'video/VP10' },
  { uses: ['RTCRtpTransceiver.setCodecPreferences'] },
);

const canvasCapture = { uses: ['HTMLCanvasElement.captureStream'] };
mutant('capture/rate-third', capture.captureRate, { factor: 1 / 3 }, { ...canvasCapture, slow: true });
mutant('capture/rate-5', capture.captureRate, { rate: 5 }, { ...canvasCapture, slow: true });
mutant('capture/rate-tripled', capture.captureRate, { factor: 3 }, canvasCapture);
mutant('capture/rate-ignored', capture.captureRate, { rate: null }, canvasCapture);
mutant('capture/never-by-itself', capture.captureRate, { rate: 0 }, canvasCapture);
mutant('capture/frames-unasked', capture.framesUnasked, { everyMs: 100 }, canvasCapture);
const requests = { uses: ['CanvasCaptureMediaStreamTrack.requestFrame'] };
mutant('capture/request-ignored', capture.requestFrame, { how: 'nothing' }, requests);
mutant('capture/request-twice', capture.requestFrame, { how: 'twice' }, requests);
mutant(
  'capture/request-1s-late',
  capture.requestFrame,
  { how: 'late', ms: 1000 },
  { ...requests, slow: true },
);
for (const how of ['disabled', 'empty', 'same', 'clones'] as const) {
  mutant(`capture/canvas-${how}`, capture.captureOf, { on: 'HTMLCanvasElement', how }, canvasCapture);
  mutant(
    `capture/element-${how}`,
    capture.captureOf,
    { on: 'HTMLMediaElement', how },
    { uses: ['HTMLMediaElement.captureStream'] },
  );
}
for (const kind of ['audio', 'video']) {
  mutant(
    `capture/element-without-${kind}`,
    capture.captureOf,
    { on: 'HTMLMediaElement', how: 'without', kind },
    { uses: ['HTMLMediaElement.captureStream'] },
  );
  mutant(
    `capture/element-${kind}-disabled`,
    capture.captureOf,
    { on: 'HTMLMediaElement', how: 'disabled', kind },
    { uses: ['HTMLMediaElement.captureStream'] },
  );
  mutant(
    `capture/recording-${kind}-off`,
    capture.recording,
    { how: 'without', kind },
    { uses: ['MediaRecorder.start'] },
  );
}
mutant('capture/recording-cut', capture.recording, { how: 'last-lost' }, { uses: ['MediaRecorder.start'] });
mutant('capture/recording-twice', capture.recording, { how: 'twice' }, { uses: ['MediaRecorder.start'] });
mutant('capture/stop-nothing', capture.stopNothing, {}, { uses: ['MediaStreamTrack.stop'] });
mutant(
  'capture/clone-is-original',
  capture.cloneIs,
  { how: 'original' },
  { uses: ['MediaStreamTrack.clone'] },
);
mutant(
  'capture/clone-stops-with-original',
  capture.cloneIs,
  { how: 'coupled' },
  { uses: ['MediaStreamTrack.clone'] },
);
mutant('capture/forbidden-allowed', capture.captureForbidden, {}, canvasCapture);
mutant('capture/other-error', capture.otherError, { error: 'InvalidStateError' }, canvasCapture);
mutant(
  'capture/constraints-ignored',
  capture.ignoreConstraints,
  {},
  { uses: ['MediaDevices.getUserMedia', 'MediaStreamTrack.applyConstraints'] },
);
for (const name of ['pause', 'play'] as const) {
  mutant(
    `capture/${name}-does-nothing`,
    capture.deafElement,
    { name },
    { uses: [`HTMLMediaElement.${name}`] },
  );
}
mutant(
  'capture/plays-at-half-speed',
  capture.playbackRate,
  { factor: 0.5 },
  { uses: ['HTMLMediaElement.captureStream'] },
);
mutant(
  'capture/plays-5-percent-fast',
  capture.playbackRate,
  { factor: 1.05 },
  { uses: ['HTMLMediaElement.captureStream'] },
);
for (const name of ['loop', 'muted', 'volume', 'currentTime', 'playbackRate', 'srcObject']) {
  mutant(
    `capture/${name}-deaf`,
    states.deaf,
    { on: 'HTMLMediaElement', name },
    { uses: [`HTMLMediaElement.${name}=`] },
  );
}

mutant(
  'timing/everything-3s-late',
  timing.everythingLate,
  { ms: 3000 },
  { uses: ['RTCPeerConnection.setRemoteDescription'] },
);
mutant(
  'timing/everything-1s-late',
  timing.everythingLate,
  { ms: 1000 },
  { uses: ['RTCPeerConnection.setRemoteDescription'] },
);
mutant(
  'timing/changes-3s-late',
  timing.changesLate,
  { ms: 3000 },
  { uses: ['RTCRtpSender.replaceTrack', 'RTCRtpSender.setParameters'] },
);
