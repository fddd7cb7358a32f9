import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { VideoReport } from '../../fixtures/peer-page/media/video-report.ts';
import type { PairContext, PeerHandle } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';
import { decodedOfSent, large, sent, shownOfDecoded, silenced, steady } from '../steps/bounds.ts';
import { expectPace, hold } from '../steps/hold.ts';
import { expectInStep, sendFlashes } from '../steps/lip-sync.ts';
import { expectPicture as expectShown } from '../steps/picture.ts';
import { sides } from '../steps/sides.ts';
import { expectTone } from '../steps/sound.ts';
import { audioReceiver, audioSender, expectTones, hearTones, offerTone, setGain } from './audio-steps.ts';
import {
  bothNegotiate,
  expectPicture,
  offerVideo,
  receiveVideo,
  videoReceiver,
  videoSender,
} from './steps.ts';

const needs = { offerer: [...videoSender], answerer: [...videoReceiver] };
const specs = [
  'https://www.rfc-editor.org/rfc/rfc7742#section-3.2',
  'https://www.rfc-editor.org/rfc/rfc8829#section-3.6',
];

/** From here on the answerer reads every frame. */
const watch = (receiver: PeerHandle<Agent>): Promise<void> =>
  receiver.run(async ({ connection, media }) => {
    media.watch((await connection.track('video')).track);
  });

/** Waits until the watched picture has this size and a readable code. */
const untilSize = (receiver: PeerHandle<Agent>, width: number, height: number): Promise<VideoReport> =>
  receiver.run(
    ({ media }, [wide, high]) =>
      media.watcher.until(
        `a readable picture of ${wide}×${high}`,
        ({ last }) => last?.code !== null && last?.width === wide && last.height === high,
      ),
    [width, height] as const,
  );

/** Makes the sent track go on in another size. */
const resize = (sender: PeerHandle<Agent>, width: number, height: number): Promise<void> =>
  sender.run(({ media }, [wide, high]) => media.videoSource.resize(wide, high), [width, height] as const);

/** Waits until a frame has left the sender: where none does, the receiver is not to blame. */
const untilSent = (sender: PeerHandle<Agent>, what: string): Promise<void> =>
  sender.run(async ({ connection: { pc }, waitFor }, frame) => {
    let sent = 0;
    let given = 0;
    await waitFor({
      name: `the sender to send ${frame}`,
      phase: 'media',
      probe: async () => {
        const stats = await pc.getStats();
        for (const entry of stats.values() as Iterable<RTCOutboundRtpStreamStats & { frames?: number }>) {
          if (entry.type === 'outbound-rtp') sent = entry.framesSent ?? 0;
          if (entry.type === 'media-source') given = entry.frames ?? 0;
        }
        return sent > 0;
      },
      triggers: [{ everyMs: 100 }],
      seen: () => `${String(sent)} frames sent of ${String(given)} that its source gave`,
    });
  }, what);

for (const [name, width, height] of [
  ['size-1280x720', 1280, 720],
  ['size-odd', 321, 241],
  ['size-64x48', 64, 48],
] as const) {
  scenario(
    {
      id: `codecs/motion/${name}`,
      version: 2,
      title: `A picture of ${width}×${height}`,
      asks: `Does a picture that becomes ${width}×${height} mid-call arrive intact, at its new size?`,
      level: name === 'size-odd' ? 'should' : 'must',
      specs,
      needs,
      // reading back every pixel of a large picture takes its time on a small machine
      timeoutMs: 40_000,
      ...(width === 1280 ? { load: 'heavy' } : {}),
    },
    async (pair) => {
      await offerVideo(pair, {});
      await receiveVideo(pair.answerer, { stretchMs: 0 });
      await pair.offerer.run(
        async ({ connection, media }, size) => {
          const [sender] = connection.pc.getSenders();
          const before = media.videoSource;
          await sender?.replaceTrack(media.video(size).track);
          before.stop();
        },
        { width, height },
      );
      await watch(pair.answerer);
      await untilSize(pair.answerer, width, height);
      expectPicture(pair, await receiveVideo(pair.answerer), [width, height], width > 1000 ? large : sent);
    },
  );
}

scenario(
  {
    id: 'codecs/motion/size-change',
    version: 2,
    title: 'A track that changes its size',
    asks: 'When one track grows and shrinks again mid-call, does each size arrive intact, with no gap longer than a second?',
    level: 'must',
    specs,
    needs,
  },
  async (pair) => {
    await offerVideo(pair, {});
    await receiveVideo(pair.answerer, { stretchMs: 0 });
    await watch(pair.answerer);
    // Load decides whether larger pictures come scaled down for their first seconds; none is scaled to below 320×180.
    await resize(pair.offerer, 384, 240);
    const large = await untilSize(pair.answerer, 384, 240);
    expect(large.colourError, 'largest colour error at 384×240, of 255').to.be.at.most(sent.colourError);
    expect(large.greyError, 'largest grey error at 384×240, of 255').to.be.at.most(sent.greyError);
    await resize(pair.offerer, 160, 120);
    const { fell, longestGapMs } = await untilSize(pair.answerer, 160, 120);
    expect(fell, 'frame numbers that fell around the changes').to.deep.equal([]);
    expectPace(longestGapMs, 'the longest gap between new frames, in ms').to.be.at.most(1000);
    expectPicture(pair, await receiveVideo(pair.answerer), [160, 120]);
    pair.measure('gap', longestGapMs, 'ms');
  },
);

/** Waits until the mean colour of the received picture is the one that is drawn, as far as coding keeps it. */
const untilColour = (receiver: PeerHandle<Agent>, colour: readonly [number, number, number]) =>
  receiver.run(async ({ connection, media }, wanted) => {
    const watcher = media.watch((await connection.track('video')).track);
    const errorOf = (mean: readonly number[]) =>
      Math.max(...wanted.map((value, channel) => Math.abs(value - (mean[channel] ?? 0))));
    const { last } = await watcher.until(
      `a picture whose mean is ${wanted.join(' ')}`,
      (report) => report.last !== null && errorOf(report.last.mean) <= 48,
    );
    const picture = watcher.picture();
    watcher.stop();
    return { size: [last?.width, last?.height], error: errorOf(last?.mean ?? []), picture };
  }, colour);

/** The picture is judged by its mean colour: a code needs 64×48 pixels. */
for (const [side, level] of [
  [16, 'should'],
  [8, 'info'],
  [4, 'info'],
  [2, 'info'],
  [1, 'info'],
] as const) {
  scenario(
    {
      id: `codecs/motion/size-${side}x${side}`,
      title: `A picture of ${side}×${side}`,
      asks: `Does a picture of ${side}×${side} arrive at that size, and does its colour follow what is drawn?`,
      level,
      specs,
      needs,
      timeoutMs: 6000,
    },
    async (pair) => {
      await pair.answerer.run((agent) => void agent.connect());
      const offered = pair.offerer.run(async (agent, size) => {
        const connection = agent.connect();
        const { track, stream } = agent.media.video({ width: size, height: size });
        agent.media.videoSource.show('rgb(220 30 30)');
        connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
        await connection.negotiate();
      }, side);
      await bothNegotiate(pair.answerer, offered);
      await untilSent(pair.offerer, `a frame of ${side}×${side}`);
      for (const colour of [
        [220, 30, 30],
        [30, 180, 30],
        [30, 30, 220],
      ] as const) {
        const [red, green, blue] = colour;
        await pair.offerer.run(
          ({ media }, rgb) => media.videoSource.show(rgb),
          `rgb(${red} ${green} ${blue})` as const,
        );
        const { size, error, picture } = await untilColour(pair.answerer, colour);
        expect(size, 'the size of the picture').to.deep.equal([side, side]);
        expect(error, `the largest error of rgb(${red} ${green} ${blue}), of 255`).to.be.at.most(48);
        pair.frame(`${red}-${green}-${blue}`, picture);
      }
    },
  );
}

const upright = [320, 240] as const;
for (const rotation of [90, 180, 270] as const) {
  scenario(
    {
      id: `codecs/motion/rotation-${rotation}`,
      version: 2,
      title: `A picture that is to be rotated by ${rotation}°`,
      asks: `Does a picture whose frames say that they are to be rotated by ${rotation}° arrive upright?`,
      level: 'should',
      specs: [
        'https://www.rfc-editor.org/rfc/rfc7742#section-4',
        'https://www.w3.org/TR/webcodecs/#dom-videoframe-rotation',
      ],
      needs: {
        offerer: ['MediaStreamTrackGenerator', 'VideoFrame.prototype.rotation'],
        answerer: [...videoReceiver],
      },
      timeoutMs: 6000,
    },
    async (pair) => {
      await pair.answerer.run((agent) => void agent.connect());
      const offered = pair.offerer.run(async (agent, degrees) => {
        const connection = agent.connect();
        const { track, stream } = agent.media.rotated(degrees);
        connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
        await connection.negotiate();
      }, rotation);
      await bothNegotiate(pair.answerer, offered);
      const answer = await pair.answerer.run(({ connection }) => connection.said.descriptions[0]?.sdp ?? '');
      const isAgreed = answer.includes('urn:3gpp:video-orientation');
      await untilSent(
        pair.offerer,
        `a frame turned by ${rotation}°, ${isAgreed ? 'with' : 'without'} urn:3gpp:video-orientation in the answer`,
      );
      // Without the extension the sender turns the frames itself.
      const decoded = isAgreed && rotation !== 180 ? ([240, 320] as const) : upright;
      expectPicture(pair, await receiveVideo(pair.answerer), upright, sent, decoded);
    },
  );
}

scenario(
  {
    id: 'codecs/motion/frame-rate',
    version: 2,
    title: '30 frames a second',
    asks: 'Where 30 frames a second are drawn, are most of them shown as they come, and are no more decoded than sent?',
    level: 'should',
    load: 'heavy',
    specs,
    needs,
  },
  async (pair) => {
    await offerVideo(pair, { source: { frameRate: 30 } });
    await receiveVideo(pair.answerer, { stretchMs: 0 });
    const counted = async () => {
      const [inbound, outbound] = await Promise.all([
        pair.answerer.run(({ connection }) => connection.inbound('video')),
        pair.offerer.run(({ connection }) =>
          connection.stats<RTCOutboundRtpStreamStats>(
            'outbound-rtp',
            ({ kind }) => kind === 'video',
            'outbound-rtp to count frames',
          ),
        ),
      ]);
      return { decoded: inbound?.framesDecoded ?? 0, sent: outbound.framesSent ?? 0 };
    };
    const before = await counted();
    const received = await receiveVideo(pair.answerer, { stretchMs: 2000 });
    const after = await counted();
    expectPicture(pair, received, [320, 240], steady);
    // The two counts are not taken at the same moment, nor is the count of frames shown.
    const decoded = after.decoded - before.decoded;
    hold(pair, 'frames decoded of those sent', decoded / (after.sent - before.sent), '1', decodedOfSent);
    hold(pair, 'frames shown of those decoded', received.report.risen / decoded, '1', shownOfDecoded);
  },
);

scenario(
  {
    id: 'codecs/motion/lasting',
    title: 'Picture and sound that last',
    asks: 'Do picture and sound go on for five seconds as they began?',
    level: 'should',
    specs,
    needs: {
      offerer: [...videoSender, ...audioSender],
      answerer: [...videoReceiver, ...audioReceiver],
    },
  },
  async (pair) => {
    await pair.answerer.run((agent) => void agent.connect());
    const offered = pair.offerer.run(async (agent) => {
      const connection = agent.connect();
      const [{ track: picture }, { track: sound }] = [agent.media.video(), await agent.media.tone()];
      const streams = [new MediaStream([picture, sound])];
      for (const track of [picture, sound]) {
        connection.pc.addTransceiver(track, { direction: 'sendonly', streams });
      }
      await connection.negotiate();
    });
    await bothNegotiate(pair.answerer, offered);
    const { shown, heard } = await pair.answerer.run(async ({ connection, media }) => {
      const [video, audio] = await Promise.all([connection.track('video'), connection.track('audio')]);
      const watcher = media.watch(video.track);
      const listener = await media.listen(audio.track);
      await listener.untilTone(440);
      const [[mono], lasting] = await Promise.all([listener.stretch(5000), watcher.shown(5000)]);
      return { shown: lasting, heard: mono };
    });
    expectShown(pair, shown, { size: [320, 240], bounds: steady });
    expectTone(pair, heard, { hertz: 440 });
  },
);

/** Changes what the offerer draws, and waits until the answerer's picture looks as `looks` says. */
async function untilLooks(
  { offerer, answerer }: Pick<PairContext<Agent>, 'offerer' | 'answerer'>,
  content: 'numbers' | 'nothing' | 'rgb(0 0 0)',
  looks: VideoReport['looks'],
) {
  await offerer.run(({ media }, wanted) => media.videoSource.show(wanted), content);
  return answerer.run(
    ({ media }, wanted) =>
      media.watcher.until(`a picture that is ${wanted}`, (present) => present.looks === wanted),
    looks,
  );
}

/** Sends video and opens a data channel, whose messages tell a source that stands still from a connection that does. */
async function offerWatched({ offerer, answerer }: PairContext<Agent>): Promise<void> {
  await answerer.run((agent) => void agent.connect());
  const offered = offerer.run(async (agent) => {
    const connection = agent.connect();
    const { track, stream } = agent.media.video();
    connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
    connection.createChannel('beside');
    await connection.negotiate();
  });
  await bothNegotiate(answerer, offered);
  await watch(answerer);
  await untilLooks({ offerer, answerer }, 'numbers', 'moving');
}

/** Sends a message from the offerer now; returns what the answerer hears of it. */
async function sayBeside({ offerer, answerer }: PairContext<Agent>, message: string): Promise<unknown> {
  await offerer.run(async ({ connection }, text) => (await connection.channel('beside')).send(text), message);
  return answerer.run(({ connection }) => connection.message('beside'));
}

scenario(
  {
    id: 'codecs/motion/black-source',
    version: 2,
    title: 'A source that is black',
    asks: 'Is a source that turns black seen as black while frames keep coming, and is the picture right again afterwards?',
    level: 'should',
    specs,
    needs,
  },
  async (pair) => {
    await offerWatched(pair);
    await untilLooks(pair, 'rgb(0 0 0)', 'black');
    const { decoded, looks } = await pair.answerer.run(async ({ connection, media }) => {
      const { framesDecoded: base = 0 } = (await connection.inbound('video')) ?? {};
      const { framesDecoded = 0 } = await connection.stats<RTCInboundRtpStreamStats>(
        'inbound-rtp',
        ({ kind, framesDecoded: now = 0 }) => kind === 'video' && now >= base + 5,
        'inbound-rtp to count 5 black frames',
      );
      return { decoded: framesDecoded - base, looks: media.watcher.report().looks };
    });
    expect(decoded, 'frames decoded while it was black').to.be.at.least(5);
    expect(looks, 'how the picture looks after them').to.equal('black');
    expect(await sayBeside(pair, 'black'), 'what came beside the black picture').to.equal('black');
    await untilLooks(pair, 'numbers', 'moving');
    expectPicture(pair, await receiveVideo(pair.answerer));
  },
);

scenario(
  {
    id: 'codecs/motion/frozen-source',
    version: 2,
    title: 'A source that stands still',
    asks: 'Is a source that draws nothing new seen as frozen while the connection works, and does the picture go on afterwards?',
    level: 'should',
    specs,
    needs,
  },
  async (pair) => {
    await offerWatched(pair);
    const frozen = await untilLooks(pair, 'nothing', 'frozen');
    expect(frozen.colourError, 'largest colour error of the frozen picture, of 255').to.be.at.most(
      sent.colourError,
    );
    expect(await sayBeside(pair, 'frozen'), 'what came beside the frozen picture').to.equal('frozen');
    await untilLooks(pair, 'numbers', 'moving');
    expectPicture(pair, await receiveVideo(pair.answerer));
  },
);

scenario(
  {
    id: 'codecs/motion/silent-source',
    version: 2,
    title: 'A source that is silent',
    asks: 'Is a source that falls silent heard as silence while packets keep coming, and is the tone heard again afterwards?',
    level: 'should',
    specs: ['https://www.rfc-editor.org/rfc/rfc7874#section-3'],
    needs: { offerer: [...audioSender], answerer: [...audioReceiver] },
  },
  async (pair) => {
    await offerTone(pair);
    await hearTones(pair.answerer);
    await setGain(pair.offerer, 0);
    const { silent, packets } = await pair.answerer.run(async ({ connection, media }) => {
      const before = await connection.inbound('audio');
      const listener = await media.listen((await connection.track('audio')).track);
      await listener.untilSilent();
      const [heard] = await listener.stretch(700);
      const { packetsReceived: count = 0 } = before ?? {};
      const after = await connection.stats<RTCInboundRtpStreamStats>(
        'inbound-rtp',
        ({ kind, packetsReceived = 0 }) => kind === 'audio' && packetsReceived >= count + 10,
        'inbound-rtp to count 10 packets of silence',
      );
      return { silent: heard?.silent, packets: (after.packetsReceived ?? 0) - count };
    });
    hold(pair, 'how much of it was silent', silent, '1', silenced);
    expect(packets, 'packets of silence').to.be.at.least(10);
    await setGain(pair.offerer, 0.5);
    expectTones(pair, await hearTones(pair.answerer));
  },
);

scenario(
  {
    id: 'codecs/motion/lip-sync',
    title: 'Sound and picture in step',
    asks: 'Are flashes and the beeps that go with them seen and heard at the same time at the other end?',
    level: 'should',
    // lateness is what is judged, and a full machine causes it too
    load: 'heavy',
    specs: [
      'https://www.w3.org/TR/mediacapture-streams/#mediastream',
      'https://www.rfc-editor.org/rfc/rfc3550#section-6.4.1',
      'https://www.itu.int/rec/R-REC-BT.1359',
    ],
    needs: {
      offerer: [videoSender[1], ...audioSender, 'AudioBufferSourceNode'],
      answerer: [...videoReceiver, ...audioReceiver],
    },
  },
  async (pair) => {
    for (const side of sides) await pair[side].run((agent) => void agent.connect());
    await sendFlashes(pair);
    await expectInStep(pair);
  },
);
