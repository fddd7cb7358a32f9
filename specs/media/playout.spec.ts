import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { overWire } from '../codecs/wire.ts';
import { needsOf } from '../connection/added.ts';
import { scenario } from '../scenario.ts';
import { delayOfTarget, soundLevel, sourceClock, sourceTime } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import { expectInStep, sendFlashes } from '../steps/lip-sync.ts';
import { addContent, expectBegun, negotiate, webrtc } from './steps.ts';

type Pair = PairContext<Agent>;
type Kind = 'audio' | 'video';

async function call(pair: Pair, kind: Kind): Promise<void> {
  for (const side of ['answerer', 'offerer'] as const) await pair[side].run((agent) => void agent.connect());
  await addContent(pair.offerer, kind, 'first');
  await negotiate(pair);
  await expectBegun(pair, kind, 'first');
}

/**
 * Sets `jitterBufferTarget`, waits until the picture is as late or as early as asked, and returns its delay over a second,
 * in milliseconds.
 */
const delayWith = (
  { answerer }: Pair,
  target: number | null,
  until: { least?: number; most?: number },
): Promise<number | null> =>
  answerer.run(
    async ({ connection, media }, { wanted, least = -Infinity, most = Infinity }) => {
      const [receiver] = connection.pc.getReceivers();
      if (receiver) receiver.jitterBufferTarget = wanted;
      const watcher = media.watch((await connection.track('video')).track);
      await watcher.until(
        Number.isFinite(least)
          ? `a picture that is ${String(least)} ms late`
          : `a picture that is at most ${String(most)} ms late`,
        () => {
          const delay = watcher.seen.at(-1)?.delayMs ?? null;
          return delay !== null && delay >= least && delay <= most;
        },
      );
      const { delayMs } = await watcher.stretch(1000);
      watcher.stop();
      return delayMs;
    },
    { wanted: target, ...until },
  );

scenario(
  {
    id: 'media/playout/jitter-buffer-target',
    title: 'A picture that the receiver holds back for 800 ms',
    asks: 'Does a jitterBufferTarget of 800 ms make the picture that much later, and is it as early as before once the target is removed?',
    level: 'should',
    specs: [webrtc('dom-rtcrtpreceiver-jitterbuffertarget')],
    needs: {
      offerer: needsOf.video,
      answerer: [...needsOf.video, 'RTCRtpReceiver.prototype.jitterBufferTarget'],
    },
    timeoutMs: 30_000,
  },
  async (pair) => {
    await call(pair, 'video');
    const { target, early } = delayOfTarget;
    hold(pair, 'delay with a target', await delayWith(pair, target, { least: target * 0.8 }), 'ms', {
      least: target * 0.9,
      most: target + early,
      paced: true,
    });
    hold(pair, 'delay without', await delayWith(pair, null, { most: early }), 'ms', {
      most: early,
      paced: true,
    });
  },
);

scenario(
  {
    id: 'media/playout/jitter-buffer-target-range',
    title: 'Invalid jitter buffer targets',
    asks: 'Is a jitterBufferTarget below 0 or above 4000 ms refused with a RangeError, and is the target that was set kept?',
    level: 'must',
    specs: [webrtc('dom-rtcrtpreceiver-jitterbuffertarget')],
    needs: {
      offerer: needsOf.video,
      answerer: [...needsOf.video, 'RTCRtpReceiver.prototype.jitterBufferTarget'],
    },
  },
  async (pair) => {
    await call(pair, 'video');
    const outcomes = await pair.answerer.run(({ connection }) => {
      const [receiver] = connection.pc.getReceivers();
      if (!receiver) throw new Error('there is no receiver');
      const outcomes: Record<string, string> = { before: String(receiver.jitterBufferTarget) };
      receiver.jitterBufferTarget = 250;
      for (const target of [-1, 4001, 4000, 0]) {
        let thrown = 'nothing thrown';
        try {
          receiver.jitterBufferTarget = target;
        } catch (error) {
          thrown = error instanceof Error ? error.name : String(error);
        }
        outcomes[String(target)] = `${thrown}, ${String(receiver.jitterBufferTarget)}`;
      }
      return outcomes;
    });
    expect(outcomes, 'what came of targets, and what was set then').to.deep.equal({
      before: 'null',
      '-1': 'RangeError, 250',
      '4001': 'RangeError, 250',
      '4000': 'nothing thrown, 4000',
      '0': 'nothing thrown, 0',
    });
  },
);

/** A source of RTP packets as a receiver reports it, and the page's clock when the receiver was asked, in milliseconds. */
interface Source {
  source: number;
  timestamp: number;
  rtpTimestamp: number;
  audioLevel: number | null;
  askedAt: number;
}

for (const [kind, clockRate] of [
  ['audio', 48_000],
  ['video', 90_000],
] as const) {
  scenario(
    {
      id: `media/playout/sources-${kind}`,
      title: kind === 'audio' ? 'Where sound comes from' : 'Where a picture comes from',
      asks: `Does getSynchronizationSources name the stream that the sender sends, with its time by the clock of the page and by the clock of its packets${kind === 'audio' ? ', and the level of the tone' : ''}, and does getContributingSources name none?`,
      level: 'must',
      specs: [webrtc('dom-rtcrtpreceiver-getsynchronizationsources'), webrtc('dom-rtcrtpcontributingsource')],
      needs: {
        offerer: needsOf[kind],
        answerer: [...needsOf[kind], 'RTCRtpReceiver.prototype.getSynchronizationSources'],
      },
    },
    async (pair) => {
      await call(pair, kind);
      const { looks, contributing } = await pair.answerer.run(async ({ connection, waitFor }, of) => {
        const receiver = connection.pc.getReceivers().find(({ track }) => track.kind === of);
        if (!receiver) throw new Error(`there is no receiver of ${of}`);
        const looks: Source[] = [];
        await waitFor({
          name: 'a second of a synchronization source',
          phase: 'media',
          probe: () => {
            const askedAt = performance.timeOrigin + performance.now();
            const sources = receiver.getSynchronizationSources();
            for (const { source, timestamp, rtpTimestamp, audioLevel = null } of sources)
              looks.push({ source, timestamp, rtpTimestamp, audioLevel, askedAt });
            return looks.length > 0 && Number(looks.at(-1)?.timestamp) - Number(looks[0]?.timestamp) >= 1000;
          },
          triggers: [{ everyMs: 50 }],
        });
        return { looks, contributing: receiver.getContributingSources().length };
      }, kind);
      const ssrc = await pair.offerer.run(async ({ connection }, of) => {
        const { ssrc } = await connection.stats<RTCOutboundRtpStreamStats>(
          'outbound-rtp',
          (entry) => entry.kind === of,
          'outbound-rtp',
        );
        return ssrc;
      }, kind);
      expect([...new Set(looks.map(({ source }) => source))], 'synchronization sources').to.deep.equal([
        ssrc,
      ]);
      expect(contributing, 'contributing sources').to.equal(0);
      const [first, last] = [looks[0], looks.at(-1)];
      if (!first || !last) throw new Error('a wait for two looks came to none');
      const ages = looks.map(({ askedAt, timestamp }) => askedAt - timestamp);
      hold(pair, 'youngest of the sources when asked', Math.min(...ages), 'ms', sourceTime);
      // rtpTimestamp has 32 bits
      const ticks = (last.rtpTimestamp - first.rtpTimestamp) >>> 0;
      const ratio = ticks / clockRate / ((last.timestamp - first.timestamp) / 1000);
      hold(pair, 'clock of the packets against the clock of the page', ratio, '1', sourceClock);
      if (kind !== 'audio') return;
      const levels = looks
        .map(({ audioLevel }) => audioLevel ?? Number.NaN)
        .toSorted((one, other) => one - other);
      hold(pair, 'level of the tone', levels[Math.floor(levels.length / 2)], '1', soundLevel(0.5));
    },
  );
}

scenario(
  {
    id: 'media/playout/frame-metadata',
    title: 'What a frame callback says about a received frame',
    asks: 'Do rtpTimestamp, width, height and presentedFrames of requestVideoFrameCallback match the frames that are seen?',
    level: 'should',
    specs: ['https://wicg.github.io/video-rvfc/#dictdef-videoframecallbackmetadata'],
    needs: needsOf.video,
  },
  async (pair) => {
    await call(pair, 'video');
    const frames = await pair.answerer.run(async ({ connection, media, waitFor }) => {
      const watcher = media.watch((await connection.track('video')).track);
      const seen: { number: number | null; clock: number | null; said: VideoFrameCallbackMetadata }[] = [];
      const { video } = watcher;
      const look = (_: number, said: VideoFrameCallbackMetadata) => {
        const last = watcher.seen.at(-1);
        seen.push({
          number: last?.code?.number ?? null,
          clock: last?.code?.clock ?? null,
          said: { ...said },
        });
        video.requestVideoFrameCallback(look);
      };
      video.requestVideoFrameCallback(look);
      await waitFor({
        name: 'forty frames',
        phase: 'media',
        probe: () => seen.length >= 40,
        triggers: [{ everyMs: 50 }],
      });
      return seen;
    });
    const told = frames.map(({ said }) => said);
    expect(
      [...new Set(told.map(({ width, height }) => `${String(width)}×${String(height)}`))],
      'sizes',
    ).to.deep.equal(['160×120']);
    const presented = told.map(({ presentedFrames }) => presentedFrames);
    expect(
      presented.every((count, at) => at === 0 || count > (presented[at - 1] ?? count)),
      'whether presentedFrames rises with each frame',
    ).to.equal(true);
    const timed = told.flatMap(({ rtpTimestamp }) => (rtpTimestamp === undefined ? [] : [rtpTimestamp]));
    expect(timed.length, 'frames with an rtpTimestamp').to.equal(told.length);
    const drawn = frames.map(({ clock }) => clock ?? Number.NaN);
    const ticks = (Number(timed.at(-1)) - Number(timed[0])) >>> 0;
    const ratio = ticks / 90_000 / ((Number(drawn.at(-1)) - Number(drawn[0])) / 1000);
    hold(pair, 'rtpTimestamp against the clock that the frames were drawn by', ratio, '1', sourceClock);
  },
);

scenario(
  {
    id: 'media/playout/lip-sync-under-jitter',
    title: 'Sound and picture in step over a path of varying delay',
    asks: 'Are flashes and their beeps seen and heard at the same time when every packet is delayed by 20 to 80 ms?',
    level: 'should',
    // lateness is what is judged, and a full machine causes it too
    load: 'heavy',
    specs: ['https://www.rfc-editor.org/rfc/rfc3550#section-6.4.1', 'https://www.itu.int/rec/R-REC-BT.1359'],
    needs: {
      offerer: [...needsOf.video, ...needsOf.audio, 'AudioBufferSourceNode'],
      answerer: [...needsOf.video, ...needsOf.audio],
    },
    signaling: { trickle: false },
    timeoutMs: 25_000,
  },
  (pair) =>
    overWire(pair, {}, async (wire) => {
      wire.change({ delayMs: 20, jitterMs: 60 }, 'offerer');
      await sendFlashes(pair);
      await expectInStep(pair);
      expect(wire.rtp('offerer').length, 'packets of media on the path').to.be.at.least(50);
      expect(wire.slowest('offerer'), 'the slowest of them, in ms').to.be.at.least(60);
    }),
);
