import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { PNG } from 'pngjs';
import type { CellKey } from '../results/cell-key.ts';
import type {
  BrowserResult,
  Cell,
  Check,
  Claim,
  Evidence,
  Phase,
  Reason,
  Results,
  Run,
  ScenarioResult,
  Status,
} from '../results/schema.ts';
import { signatureOf } from '../results/signature.ts';
import { EvidenceReader, filesOf } from '../results/evidence-reader.ts';
import { packLineOf } from '../results/pack-line.ts';
import { packName } from '../results/pack-writer.ts';
import { readRun, wholeOf } from '../results/read-run.ts';
import { folderOf } from '../results/safe-name.ts';
import { openStore, type NewEvidence, type ResultStore } from '../results/store.ts';
import type { ChunkName } from './data.ts';
import { fileOfChunk } from './chunk-file.ts';

/** Markup in every place that a run, a page or a remote description can reach: it has to appear as text. */
export const hostile = `<img src=x onerror="document.title='owned'">"&'</pre><script>document.title='owned'</script>`;

export interface ExampleOptions {
  /** Scenarios besides the fixed ones, each over all nine pairs; for measuring how reports grow. */
  extraScenarios?: number;
  /** Leave the run as if SIGINT had ended it. */
  interrupted?: boolean;
}

const browsers: BrowserResult[] = [
  {
    id: 'chromium',
    kind: 'chromium',
    engine: 'chromium',
    product: 'Chromium',
    version: '156.0.8078.79',
    driver: { name: 'playwright', version: '1.64.1' },
    launchArgs: [
      '--allow-loopback-in-peer-connection',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-renderer-backgrounding',
    ],
    prefs: {},
    capabilities: { has: { RTCPeerConnection: true, RTCRtpScriptTransform: true } },
  },
  {
    id: 'firefox',
    kind: 'firefox',
    engine: 'gecko',
    product: 'Firefox ESR',
    version: '153.0esr',
    driver: { name: 'playwright', version: '1.64.1' },
    launchArgs: [],
    prefs: { 'media.peerconnection.ice.obfuscate_host_addresses': false, 'media.autoplay.default': 0 },
    capabilities: { has: { RTCPeerConnection: true, RTCRtpScriptTransform: true } },
  },
  {
    id: 'webkitgtk',
    kind: 'webkitgtk',
    engine: 'webkit',
    product: `WebKitGTK MiniBrowser ${hostile}`,
    version: '2.50.6',
    driver: { name: 'webdriverio', version: '9.33.1' },
    launchArgs: ['--enable-mock-capture-devices=true', '--enable-media-stream=true'],
    prefs: {},
    capabilities: { has: { RTCPeerConnection: false } },
  },
];

function scenario(id: string, title: string, more: Partial<ScenarioResult> = {}): ScenarioResult {
  return {
    id,
    version: 1,
    area: id.split('/', 1)[0] ?? id,
    title,
    description: `Does it hold between two browsers that ${title.toLowerCase()}?`,
    level: 'must',
    specUrls: ['https://www.w3.org/TR/webrtc/'],
    source: { path: `specs/${id}.spec.ts`, url: `https://github.com/a/b/blob/c0ffee/specs/${id}.spec.ts` },
    roles: 'pair',
    requires: { offerer: ['RTCPeerConnection'], answerer: ['RTCPeerConnection'] },
    ...more,
  };
}

const fixedScenarios: ScenarioResult[] = [
  scenario('data-channels/message/text-echo', 'A text message comes back as it was sent'),
  scenario('data-channels/message/binary-echo', 'Binary messages of every size come back', {
    level: 'should',
  }),
  scenario('codecs/video/vp8', 'VP8 video is decoded and shows the right picture'),
  scenario('codecs/video/h264', 'H.264 constrained baseline is decoded'),
  scenario('codecs/audio/opus', 'A tone sent with Opus is heard at its frequency'),
  scenario('dom-capture/canvas/2d-captured-and-received', 'A captured canvas arrives'),
  scenario('dom-capture/canvas/captures-locally', `A canvas can be captured at all ${hostile}`, {
    roles: 'single',
    requires: { offerer: ['HTMLCanvasElement.captureStream'], answerer: [] },
    specUrls: ['https://www.w3.org/TR/mediacapture-fromelement/', 'javascript:document.title="owned"'],
  }),
  scenario('connection/trickle/on', 'Connects with trickled candidates'),
  scenario('connection/trickle/off', 'Connects with candidates in the descriptions', { level: 'info' }),
  scenario('canary/probe/nonsense-capability', 'A capability that nothing has is found missing', {
    requires: { offerer: ['RTCFluxCapacitor'], answerer: [] },
  }),
  scenario('canary/agent/unknown-command', 'A command that the agent does not know is an error'),
];

interface Outcome {
  status: Status;
  phase: Phase | null;
  reason: Reason | null;
  checks: Check[];
  flaky?: boolean;
}

const passed: Outcome = {
  status: 'pass',
  phase: null,
  reason: null,
  checks: [
    { name: 'the answerer decoded frames', ok: true, expected: 'at least 30', actual: 48 },
    { name: 'the frame numbers rise', ok: true, expected: true, actual: true },
  ],
};

/**
 * What sides of the example said in their statistics: twice as many packets where Firefox offers without trickle, which is
 * known, and no frames decoded by Firefox where its picture is black.
 */
function claimsOf({ scenario: id, offerer }: CellKey, { status }: Outcome): Check[] {
  const claim = (
    peer: 'offerer' | 'answerer',
    name: string,
    verdict: Claim['verdict'],
    [expected, actual]: [unknown, unknown],
    unit = '1',
  ): Check => {
    const [dictionary = '', member = ''] = name.split('.');
    const check = { name: `${name} at the ${peer}`, ok: verdict === 'right', expected, actual };
    return { ...check, claim: { peer, dictionary, member, verdict, unit } };
  };
  const isBad = status === 'fail' || status === 'timeout';
  if (!isBad && status !== 'pass') return [];
  if (id === 'connection/trickle/off')
    return [
      claim('offerer', 'outbound-rtp.packetsSent', isBad ? 'wrong' : 'right', [46, isBad ? 92 : 46]),
      claim('answerer', 'inbound-rtp.jitter', 'right', [{ least: 0, most: 0.04 }, 0.012], 's'),
      claim('offerer', `codec.mimeType ${hostile}`, 'right', [`audio/opus ${hostile}`, offerer]),
    ];
  if (id !== 'codecs/video/vp8') return [];
  return [
    claim('answerer', 'inbound-rtp.framesDecoded', isBad ? 'absent' : 'right', [
      { least: 1 },
      isBad ? 'undefined' : 48,
    ]),
  ];
}

const failing = (
  status: Status,
  phase: Phase,
  code: string,
  message: string,
  peer: Reason['peer'] = null,
  checks: Check[] = [],
): Outcome => ({ status, phase, reason: { code, message, peer }, checks });

/** The outcome of a cell of the example; every status occurs. */
function outcomeOf({ scenario: id, offerer, answerer }: CellKey): Outcome {
  const pair = `${offerer}>${answerer ?? ''}`;
  if (id === 'canary/probe/nonsense-capability')
    return failing(
      'unsupported',
      'launch',
      'lacks-capability',
      'single chromium has no RTCFluxCapacitor, says its probe',
      'offerer',
    );
  if (id === 'canary/agent/unknown-command')
    return failing(
      'error',
      'assert',
      'unknown-command',
      'The agent knows no command "make-coffee".',
      'offerer',
    );
  if (answerer === null) return passed;
  if (offerer === 'webkitgtk' || answerer === 'webkitgtk') {
    const side = offerer === 'webkitgtk' ? 'offerer' : 'answerer';
    return failing(
      'unsupported',
      'launch',
      'lacks-capability',
      `${side} webkitgtk has no RTCPeerConnection, says its probe`,
      side,
    );
  }
  if (id === 'codecs/video/vp8' && pair === 'chromium>firefox')
    return failing(
      'fail',
      'assert',
      'assertion',
      `expected the picture to be right, but it was black ${hostile}`,
      'answerer',
      [
        { name: 'the answerer decoded frames', ok: true, expected: 'at least 30', actual: 48 },
        {
          name: `the picture is right ${hostile}`,
          ok: false,
          expected: { red: 200, green: 30, blue: 30 },
          actual: hostile,
        },
      ],
    );
  if (id === 'codecs/video/h264' && pair !== 'chromium>chromium')
    return failing(
      'unsupported',
      'launch',
      'lacks-capability',
      `${offerer === 'firefox' ? 'offerer' : 'answerer'} firefox has no codec:video/H264:send, says its probe`,
      offerer === 'firefox' ? 'offerer' : 'answerer',
    );
  if (id === 'connection/trickle/off' && offerer === 'firefox')
    return failing(
      'timeout',
      'ice',
      'wait-timeout',
      `Waited 15000 ms for connectionState connected at the answerer; it was checking, with 4 candidates. Raise --timeout, or look at the signaling log.`,
      'answerer',
    );
  if (id === 'dom-capture/canvas/2d-captured-and-received' && pair === 'firefox>firefox')
    return failing(
      'crash',
      'media',
      'browser-died',
      'Firefox ESR was ended by SIGKILL 2130 ms into the scenario.',
      'offerer',
    );
  if (id === 'data-channels/message/binary-echo' && pair === 'firefox>chromium')
    return failing(
      'error',
      'signaling',
      'call-refused',
      'The fixture refused the call: no peer with id 7f3a9c.',
      null,
    );
  if (id === 'data-channels/message/binary-echo' && pair === 'firefox>firefox')
    return failing('skipped', 'launch', 'left-out', 'The configuration leaves it out: skip firefox:firefox.');
  if (id === 'codecs/audio/opus' && pair === 'firefox>chromium') return { ...passed, flaky: true };
  return passed;
}

const sdp = (type: 'offer' | 'answer', browser: string): string =>
  [
    'v=0',
    `o=${browser === 'firefox' ? 'mozilla...THIS_IS_SDPARTA-99.0' : '-'} 4611731400430051336 2 IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    'a=group:BUNDLE 0 1 2',
    'a=extmap-allow-mixed',
    `a=x-note:${hostile}`,
    'a=msid-semantic: WMS stream',
    ...['audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8', 'video 9 UDP/TLS/RTP/SAVPF 96 97 98 99'].flatMap(
      (media, mid) => [
        `m=${media}`,
        'c=IN IP4 0.0.0.0',
        'a=rtcp:9 IN IP4 0.0.0.0',
        'a=candidate:3885250869 1 udp 2122260223 192.0.2.17 51723 typ host generation 0 ufrag 6pKq network-id 1 network-cost 50',
        'a=ice-ufrag:6pKq',
        'a=ice-pwd:JLNGn3cIzTSd7bCE9yV1yYcK',
        'a=fingerprint:sha-256 49:66:12:17:0D:1C:91:AE:57:4C:C6:36:DD:D5:97:D2:7D:62:C9:9A:7F:B9:A3:F4:70:03:E7:43:91:73:23:5E',
        `a=setup:${type === 'offer' ? 'actpass' : 'active'}`,
        `a=mid:${mid}`,
        'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
        'a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
        `a=${type === 'offer' ? 'sendrecv' : 'recvonly'}`,
        'a=rtcp-mux',
        ...(mid === 0
          ? ['a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10;useinbandfec=1', 'a=rtpmap:9 G722/8000']
          : ['a=rtpmap:96 VP8/90000', 'a=rtcp-fb:96 nack pli', 'a=rtpmap:97 rtx/90000', 'a=fmtp:97 apt=96']),
      ],
    ),
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    'a=mid:2',
    'a=sctp-port:5000',
    'a=max-message-size:262144',
    '',
  ].join('\r\n');

const stats = (peer: 'offerer' | 'answerer'): string =>
  JSON.stringify(
    {
      connections: [
        {
          signalingState: 'stable',
          connectionState: 'connected',
          dtlsState: 'connected',
          sctpState: null,
          stats: [
            {
              id: 'P',
              type: 'peer-connection',
              timestamp: 1763826401234.5,
              dataChannelsOpened: 1,
              dataChannelsClosed: 0,
            },
            {
              id: 'T01',
              type: 'transport',
              timestamp: 1763826401234.5,
              bytesSent: 120345,
              bytesReceived: 98321,
              dtlsState: 'connected',
              selectedCandidatePairId: 'CPx',
              iceState: 'connected',
              tlsVersion: 'FEFD',
              dtlsCipher: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
            },
            {
              id: 'CPx',
              type: 'candidate-pair',
              timestamp: 1763826401234.5,
              state: 'succeeded',
              nominated: true,
              currentRoundTripTime: 0.001,
              bytesSent: 120345,
            },
            {
              id: 'I1',
              type: 'local-candidate',
              timestamp: 1763826401234.5,
              address: '192.0.2.17',
              port: 51723,
              protocol: 'udp',
              candidateType: 'host',
            },
            {
              id: 'I2',
              type: 'remote-candidate',
              timestamp: 1763826401234.5,
              address: '192.0.2.17',
              port: 40112,
              protocol: 'udp',
              candidateType: 'host',
            },
            ...(peer === 'answerer'
              ? [
                  {
                    id: 'RTCInboundRTPVideoStream_1',
                    type: 'inbound-rtp',
                    kind: 'video',
                    timestamp: 1763826401234.5,
                    framesDecoded: 48,
                    framesReceived: 50,
                    frameWidth: 320,
                    frameHeight: 240,
                    decoderImplementation: `libvpx ${hostile}`,
                    jitter: 0.002,
                    packetsLost: 0,
                    trackIdentifier: 'c1',
                  },
                ]
              : [
                  {
                    id: 'RTCOutboundRTPVideoStream_1',
                    type: 'outbound-rtp',
                    kind: 'video',
                    timestamp: 1763826401234.5,
                    framesEncoded: 51,
                    framesSent: 50,
                    encoderImplementation: 'libvpx',
                  },
                ]),
            {
              id: 'COT1',
              type: 'codec',
              timestamp: 1763826401234.5,
              mimeType: 'video/VP8',
              payloadType: 96,
              clockRate: 90000,
            },
            {
              id: 'D1',
              type: 'data-channel',
              timestamp: 1763826401234.5,
              label: hostile,
              state: 'open',
              messagesSent: 12,
              messagesReceived: 12,
            },
          ],
        },
      ],
    },
    null,
    1,
  );

const jsonLines = (entries: readonly unknown[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

const signalingLog = (key: CellKey): string =>
  jsonLines([
    { at: 0.4, from: 'offerer', action: 'joined' },
    { at: 2.1, from: 'answerer', action: 'joined' },
    {
      at: 31.7,
      from: 'offerer',
      action: 'received',
      message: { type: 'description', description: { type: 'offer', sdp: sdp('offer', key.offerer) } },
    },
    {
      at: 31.9,
      from: 'offerer',
      action: 'relayed',
      message: { type: 'description', description: { type: 'offer', sdp: sdp('offer', key.offerer) } },
    },
    {
      at: 33.0,
      from: 'offerer',
      action: 'relayed',
      message: {
        type: 'candidate',
        candidate: {
          candidate: 'candidate:1 1 udp 2122260223 192.0.2.17 51723 typ host',
          sdpMid: '0',
          sdpMLineIndex: 0,
          usernameFragment: '6pKq',
        },
      },
    },
    {
      at: 40.5,
      from: 'answerer',
      action: 'relayed',
      message: {
        type: 'description',
        description: { type: 'answer', sdp: sdp('answer', key.answerer ?? '') },
      },
    },
    { at: 41.2, from: 'answerer', action: 'refused', error: 'malformed-message' },
    { at: 44.2, from: 'answerer', action: 'relayed', message: { type: 'candidate', candidate: null } },
    { at: 902.7, from: 'offerer', action: 'relayed', message: { type: 'bye', reason: hostile } },
  ]);

const consoleOf = (peer: string): string =>
  jsonLines([
    { at: 1763826400100, level: 'log', text: `${peer} is ready` },
    { at: 1763826401100, level: 'warn', text: hostile },
    {
      at: 1763826401200,
      level: 'uncaught',
      text: `TypeError: sender is undefined\n    at step (${hostile}:12:3)`,
    },
  ]);

/** A picture with stripes, so that a reader sees that it is one. */
function screenshot(): Buffer {
  const png = new PNG({ width: 160, height: 90 });
  for (let at = 0; at < png.data.length; at += 4) {
    const column = (at / 4) % png.width;
    png.data.set(
      [column < 53 ? 200 : 40, column >= 53 && column < 106 ? 160 : 60, column >= 106 ? 210 : 70, 255],
      at,
    );
  }
  return PNG.sync.write(png);
}
const picture = screenshot();

const inventoryOf = (browser: string): unknown => ({
  table: 'Contexts that can be captured',
  otherwise: 'not tried',
  rows: [
    {
      row: '2d',
      value: 'captured',
      said: `since 56 ${hostile}`,
      verdict: 'agreed',
      proof: `12 frames ${hostile}`,
      links: [{ text: `MDN ${hostile}`, url: 'https://developer.mozilla.org/2d' }],
      differs: false,
    },
    ...(browser === 'firefox'
      ? []
      : [{ row: 'webgl', value: `captured ${hostile}`, said: 'no', verdict: 'differs', differs: true }]),
  ],
});

async function evidenceOf(store: ResultStore, key: CellKey, outcome: Outcome): Promise<Evidence[]> {
  const sides = key.answerer === null ? (['single'] as const) : (['offerer', 'answerer'] as const);
  const neverRan = outcome.status === 'unsupported' || outcome.status === 'skipped';
  const evidence: NewEvidence[] = [];
  const keep = (
    kind: Evidence['kind'],
    peer: Evidence['peer'],
    name: string,
    content: string | Uint8Array,
  ): number => evidence.push({ kind, peer, name, content });
  if (!neverRan && key.answerer !== null) {
    keep('offer', null, 'offer.sdp', sdp('offer', key.offerer));
    keep('answer', null, 'answer.sdp', sdp('answer', key.answerer));
    keep('signaling-log', null, 'signaling.jsonl', signalingLog(key));
    keep('stats', 'offerer', 'stats.json', stats('offerer'));
    keep('stats', 'answerer', 'stats.json', stats('answerer'));
  }
  if (key.scenario === 'dom-capture/canvas/captures-locally') {
    keep('trace', null, 'inventory.json', JSON.stringify(inventoryOf(key.offerer)));
  }
  if (outcome.status !== 'pass' && !neverRan) {
    for (const side of sides) {
      keep('console', side, 'console.jsonl', consoleOf(side));
      keep('screenshot', side, 'screenshot.png', picture);
    }
  }
  return store.writeEvidence(evidence, key);
}

async function cellOf(store: ResultStore, key: CellKey, at: number): Promise<Cell> {
  const outcome = outcomeOf(key);
  const { status, phase, reason } = outcome;
  const checks = [...outcome.checks, ...claimsOf(key, outcome)];
  const evidence = await evidenceOf(store, key, outcome);
  const measurements: Cell['measurements'] =
    status === 'pass'
      ? { 'connected after': { value: 71.4, unit: 'ms' }, 'frame rate': { value: 29.7, unit: 'fps' } }
      : {};
  const startedAt = new Date(Date.UTC(2026, 10, 22, 15, 0, 0) + at * 900).toISOString();
  const attempt = { status, phase, reason, startedAt, durationMs: 871.3, checks, measurements, evidence };
  const earlier = {
    ...attempt,
    status: 'timeout' as const,
    phase: 'media' as const,
    reason: {
      code: 'wait-timeout',
      message: 'Waited 5000 ms for a tone of 440 Hz; heard silence.',
      peer: 'answerer' as const,
    },
    checks: [],
    measurements: {},
  };
  const pair = key.answerer === null ? `--browsers ${key.offerer}` : `--pairs ${key.offerer}:${key.answerer}`;
  return {
    ...key,
    ...attempt,
    signature: signatureOf(outcome),
    flaky: outcome.flaky ?? false,
    attempts: outcome.flaky === true ? [earlier, attempt] : [attempt],
    repro: `npx webrtc-interop run ${pair} --scenarios '${key.scenario}'`,
  };
}

/** The run that the example claims to be. */
export function exampleHeader(scenarios: ScenarioResult[] = fixedScenarios): {
  run: Run;
  browsers: BrowserResult[];
  scenarios: ScenarioResult[];
} {
  const pairs = browsers.length ** 2;
  const run: Run = {
    id: '2026-11-22T15-00-00-example',
    startedAt: '2026-11-22T15:00:00.000Z',
    finishedAt: '2026-11-22T15:01:34.000Z',
    complete: true,
    interrupted: false,
    argv: ['run', '--browsers', 'chromium,firefox,webkitgtk'],
    harness: { version: '0.1.0', commit: '0123456789abcdef0123456789abcdef01234567' },
    environment: { os: 'Debian GNU/Linux', osVersion: '12', arch: 'x64', cpus: 2, node: '20.20.2' },
    shard: null,
    plannedCells: scenarios.reduce((sum, { roles }) => sum + (roles === 'pair' ? pairs : browsers.length), 0),
  };
  return { run, browsers, scenarios };
}

/**
 * Writes a run that never took place into a folder, through the store, evidence included: three browsers, five areas
 * and the canaries, every status, hostile text everywhere. For tests of what reads results, and for looking
 * at reports without running a browser.
 */
export async function writeExample(dir: string, options: ExampleOptions = {}): Promise<Results> {
  const extra = Array.from({ length: options.extraScenarios ?? 0 }, (_, index) =>
    scenario(`codecs/extra/number-${index + 1}`, `Extra question number ${index + 1} is answered`),
  );
  const header = exampleHeader([...fixedScenarios, ...extra]);
  const interrupted = options.interrupted ?? false;
  const run: Run = { ...header.run, interrupted, complete: !interrupted };
  const store = await openStore(dir);
  try {
    await store.writeHeader({ ...run, complete: false, finishedAt: null }, browsers, header.scenarios);
    let at = 0;
    for (const { id, roles } of header.scenarios) {
      for (const { id: offerer } of browsers) {
        for (const answerer of roles === 'single' ? [null] : browsers.map((browser) => browser.id)) {
          const key: CellKey = { scenario: id, offerer, answerer };
          await store.appendCell(
            interrupted && id === 'connection/trickle/on'
              ? notRun(await cellOf(store, key, at))
              : await cellOf(store, key, at),
          );
          at += 1;
        }
      }
    }
    return await wholeOf(await store.finish(run, browsers, header.scenarios));
  } finally {
    await store.close();
  }
}

function notRun(cell: Cell): Cell {
  const outcome = {
    status: 'notrun',
    phase: 'launch',
    reason: { code: 'interrupted', message: 'The run was interrupted before this cell.', peer: null },
  } as const;
  return {
    ...cell,
    ...outcome,
    signature: signatureOf(outcome),
    flaky: false,
    attempts: [],
    checks: [],
    measurements: {},
    evidence: [],
    durationMs: 0,
  };
}

/**
 * Turns the run in a folder into one of `schemaVersion` 1.0.0: each file of evidence by itself, every attempt of a cell
 * among its attempts, `results.json` with line breaks.
 */
export async function makeOld(dir: string): Promise<Results> {
  const { cells, ...header } = await readRun(dir);
  const reader = new EvidenceReader(dir);
  const contents = new Map<string, Buffer>();
  const moved = (cell: CellKey, { kind, peer, sha256, bytes, path }: Evidence, at: number): Evidence => ({
    kind,
    peer,
    sha256,
    bytes,
    path: `evidence/${folderOf(cell)}/${at === 0 ? '' : `${String(at)}-`}${path}`,
  });
  const old: Cell[] = [];
  for (const cell of cells) {
    const attempts = cell.attempts.map((attempt, at) => ({
      ...attempt,
      evidence: attempt.evidence.map((evidence) => moved(cell, evidence, cell.attempts.length - 1 - at)),
    }));
    for (const [at, attempt] of cell.attempts.entries()) {
      for (const [index, evidence] of attempt.evidence.entries()) {
        const found = await reader.find(evidence);
        const path = attempts[at]?.evidence[index]?.path;
        if ('content' in found && path !== undefined) contents.set(path, found.content);
      }
    }
    old.push({ ...cell, attempts, evidence: attempts.at(-1)?.evidence ?? [] });
  }
  await rm(join(dir, 'evidence'), { recursive: true });
  for (const [path, content] of contents) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), content);
  }
  const about = { ...header, schemaVersion: '1.0.0' as const };
  await writeFile(join(dir, 'run.json'), JSON.stringify(about, null, 1));
  await writeFile(join(dir, 'results.json'), `${JSON.stringify({ ...about, cells: old }, null, 1)}\n`);
  await writeFile(join(dir, 'results.jsonl'), old.map((cell) => `${JSON.stringify(cell)}\n`).join(''));
  return { ...about, cells: old };
}

/** Replaces the content of a packed piece of evidence, which still claims the earlier hash. */
export async function changeEvidence(
  dir: string,
  { sha256, pack = 0 }: Evidence,
  content: string,
): Promise<void> {
  const all = await new EvidenceReader(dir).pack(pack);
  const lines: string[] = [];
  for (const line of all.lines) {
    const files = (await filesOf(all, line)) ?? [];
    const changed = line.files.map((file, at) => {
      const bytes = file.sha256 === sha256 ? Buffer.from(content) : (files[at] ?? Buffer.alloc(0));
      return { sha256: file.sha256, bytes: bytes.length, content: bytes };
    });
    // each compressed by itself: what others were compressed with may be what changed
    lines.push(await packLineOf(line.encoding === 'identity' ? 'identity' : 'deflate-raw', changed));
  }
  await writeFile(join(dir, 'evidence', packName(pack)), lines.map((line) => `${line}\n`).join(''));
}

const chunkCall =
  /^webrtcInterop\("(?<name>[a-z]+(?:\/\d+)?)","(?<encoding>json|deflate-raw)",(?<text>"[^\n]*")\);\n$/;

/** A chunk of the page's data, as the page reads it. */
export async function readChunk<T>(dir: string, name: ChunkName): Promise<T> {
  const call = chunkCall.exec(await readFile(join(dir, fileOfChunk(name)), 'utf8'))?.groups;
  if (call?.['name'] !== name) throw new Error(`${name} is no chunk`);
  const text: unknown = JSON.parse(call['text'] ?? '""');
  if (typeof text !== 'string') throw new Error(`${name} is no chunk`);
  const json =
    call['encoding'] === 'json' ? text : inflateRawSync(Buffer.from(text, 'base64')).toString('utf8');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a test says what it expects in its own chunk
  return JSON.parse(json) as T;
}
