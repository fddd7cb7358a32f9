import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';
import { expectNothingElse } from '../steps/channels.ts';
import { otherSide, sides } from '../steps/sides.ts';
import { add, expectAdded, expectHeard, expectMedia, needsOf, type Kind } from './added.ts';
import { answerByHand, connectByHand, negotiateByHand, offerAndGather } from './by-hand.ts';
import { connectRewritten, offerProof, proveData } from './steps.ts';

const jsep = (section: string) => `https://www.rfc-editor.org/rfc/rfc8829#section-${section}`;
const webrtc = (anchor: string) => `https://www.w3.org/TR/webrtc/#${anchor}`;
const rounds = Array.from({ length: 15 }, (_, round) => ({
  round: round + 1,
  kind: (['video', 'audio', 'data'] as const)[round % 3] ?? 'data',
}));

/**
 * Creates both connections, which offer each other no RTX. Chromium pads by it to probe the path, and with it Firefox may take no
 * more packets of a picture after a rollback, by chance.
 */
async function connectWithoutRtx(pair: PairContext<Agent>): Promise<void> {
  for (const side of sides)
    await pair[side].run((agent) => {
      agent.connect({
        byHand: true,
        outgoing: ({ type, sdp = '' }) => ({
          type,
          sdp: / rtx\//.test(sdp) ? agent.sdp.withoutCodec(sdp, 'rtx') : sdp,
        }),
      });
    });
}

for (const polite of sides) {
  const impolite = otherSide[polite];
  for (const [name, words, connects] of [
    ['glare', 'without RTX', connectWithoutRtx],
    ['glare-with-rtx', 'with RTX', connectByHand],
  ] as const) {
    scenario(
      {
        id: `connection/negotiation/${name}-${polite}-yields`,
        title: `Fifteen rounds of glare ${words}, in which the ${polite} yields`,
        asks: `When both sides add something and offer at once ${words}, fifteen times over, and the ${polite} rolls back and offers again, does what both added arrive each time, and do all pictures and tones of before go on?`,
        level: 'must',
        version: name === 'glare' ? 2 : 1,
        specs: [webrtc('perfect-negotiation-example'), jsep('4.1.10.2')],
        needs: [...needsOf.video, ...needsOf.audio],
        timeoutMs: 60_000,
        // five pictures and five tones each way
        load: 'heavy',
      },
      async (pair) => {
        await connects(pair);
        await pair.offerer.run(({ connection }) => void connection.createChannel('proof'));
        await negotiateByHand(pair, 'offerer');
        for (const { round, kind } of rounds) {
          for (const side of sides) await pair[side].run(addSmall, { kind, round });
          await Promise.all(sides.map((side) => pair[side].run(({ connection }) => connection.offer())));
          await pair[impolite].run(({ connection }) => connection.passOver());
          await answerByHand(pair, impolite);
          await negotiateByHand(pair, polite);
          await proveData(pair, ` in round ${String(round)}`);
          const arrived = await Promise.all(
            sides.map((side) => pair[side].run(untilArrived, { kind, round })),
          );
          for (const [at, side] of sides.entries())
            expect(arrived[at], `what the ${side} has of the other side's ${kind}`).to.be.above(0);
          await Promise.all(sides.map((side) => pair[side].run(untilAllGoOn)));
        }
        await expectMedia(pair, sides);
        await expectNothingElse(pair);
      },
    );
  }

  scenario(
    {
      id: `connection/negotiation/twenty-offers-of-${polite}`,
      title: `The ${polite} offers twenty times`,
      asks: `Do picture, sound and data go on when the ${polite} offers twenty more times, with nothing new?`,
      level: 'must',
      specs: [jsep('5.2.2'), jsep('5.3.2')],
      needs: [...needsOf.video, ...needsOf.audio],
      timeoutMs: 30_000,
    },
    async (pair) => {
      await pair.answerer.run((agent) => void agent.connect());
      await pair.offerer.run((agent) => void agent.connect());
      for (const kind of ['video', 'audio'] as const) await pair.offerer.run(add, kind);
      await pair.offerer.run(offerProof);
      await proveData(pair);
      const shapes = await pair[polite].run(async ({ connection }) => {
        for (let turn = 0; turn < 20; turn += 1) await connection.negotiate();
        return connection.said.descriptions.slice(-20).map(({ sdp = '' }) => ({
          session: /^o=\S+ (\d+)/m.exec(sdp)?.[1],
          lines: [...sdp.matchAll(/^(?:m=\w+|a=mid:.*)/gm)].map(([line]) => line),
        }));
      });
      const [first] = shapes;
      expect(shapes, 'session ids and m-lines of the twenty offers').to.deep.equal(
        Array.from({ length: 20 }, () => first),
      );
      await proveData(pair, ' after twenty offers');
      await expectMedia(pair, ['offerer']);
      await expectNothingElse(pair);
    },
  );
}

/** Adds what a round is about, small enough for many of them to fit on one machine; the first is like that of `add`. */
const addSmall = async (
  { connection, media, kept }: Agent,
  { kind, round }: { kind: Kind; round: number },
): Promise<void> => {
  if (kind === 'data') {
    connection.createChannel(`round ${String(round)}`, { negotiated: true, id: 100 + round });
    return;
  }
  kept.set(kind, Number(kept.get(kind) ?? 0) + 1);
  const { track, stream } =
    kind === 'video'
      ? media.video({ width: 160, height: 120, frameRate: kept.get(kind) === 1 ? 20 : 5 })
      : await media.tone({ frequencies: [440] });
  connection.pc.addTrack(track, stream);
};

/** Waits for what the other side added in a round; returns how much of it is there: packets, or characters of a message. */
const untilArrived = async (
  { connection, kept, waitFor }: Agent,
  { kind, round }: { kind: Kind; round: number },
): Promise<number> => {
  if (kind === 'data') {
    const label = `round ${String(round)}`;
    (await connection.channel(label)).send('by it');
    return String(await connection.message(label)).length;
  }
  const { receiver } = await connection.track(kind, Number(kept.get(kind)) - 1);
  let seen = 'none';
  return waitFor({
    name: `packets of the ${kind} of round ${String(round)}`,
    phase: 'media',
    probe: async () => {
      const stats: Iterable<RTCInboundRtpStreamStats> = (await receiver.getStats()).values();
      const received = [...stats].find(({ type }) => type === 'inbound-rtp')?.packetsReceived ?? 0;
      seen = `${String(received)}, track ${receiver.track.readyState}`;
      return received > 0 && received;
    },
    triggers: [{ everyMs: 50 }],
    seen: () => seen,
  });
};

/** Waits until more packets have come of each picture and tone that a side receives. */
const untilAllGoOn = async ({ connection: { pc }, waitFor }: Agent): Promise<void> => {
  /** How many packets had come by the look before, by mid, of those of which no more have come yet. */
  const still = new Map<string | null, number>();
  for (const { mid, currentDirection } of pc.getTransceivers())
    if (currentDirection === 'sendrecv' || currentDirection === 'recvonly') still.set(mid, Infinity);
  await waitFor(
    {
      name: 'more packets of each picture and tone',
      phase: 'media',
      probe: async () => {
        const now = new Map<string | null, number>();
        const all: Iterable<RTCInboundRtpStreamStats> = (await pc.getStats()).values();
        for (const { type, mid, packetsReceived = 0 } of all)
          if (type === 'inbound-rtp' && mid !== undefined) now.set(mid, packetsReceived);
        for (const [mid, before] of still) {
          const received = now.get(mid) ?? 0;
          if (received > before) still.delete(mid);
          // Firefox counts from 0 again after each negotiation
          else still.set(mid, received);
        }
        return still.size === 0;
      },
      triggers: [{ everyMs: 100 }],
      seen: () => `none by mid ${[...still.keys()].join(', ')}`,
    },
    10_000,
  );
};

/**
 * Makes an offer that the answerer passes over, and rolls it back. That is after gathering: `connection/alone/rollback-at-once`
 * asks what becomes of it otherwise, and in Chromium that is up to chance.
 */
const offerAndRollBack = async (pair: PairContext<Agent>): Promise<void> => {
  await pair.offerer.run(offerAndGather);
  await pair.answerer.run(({ connection }) => connection.passOver());
  const state = await pair.offerer.run(async ({ connection }) => {
    await connection.rollback();
    return connection.pc.signalingState;
  });
  expect(state, 'signalingState when the offer is rolled back').to.equal('stable');
};

for (const kind of ['audio', 'video', 'data'] as const) {
  const needs = needsOf[kind];
  const specs = [jsep('4.1.10.2'), webrtc('dom-rtcsdptype-rollback')];
  scenario(
    {
      id: `connection/negotiation/rollback-${kind}`,
      title: `The first offer, of ${kind}, is rolled back and made again`,
      asks: `Does ${kind} arrive after its first offer was rolled back and made again?`,
      level: 'must',
      specs,
      needs,
      timeoutMs: 10_000,
    },
    async (pair) => {
      await connectByHand(pair);
      await pair.offerer.run(add, kind);
      await offerAndRollBack(pair);
      await negotiateByHand(pair, 'offerer');
      await expectAdded(pair, kind);
    },
  );
  if (kind === 'data') continue;
  scenario(
    {
      id: `connection/negotiation/rollback-${kind}-in-a-call`,
      title: `An offer of ${kind} in a call is rolled back and made again`,
      asks: `When an offer that adds ${kind} to a call is rolled back and made again, does the ${kind} arrive, and does data go on?`,
      level: 'must',
      specs,
      needs,
    },
    async (pair) => {
      await connectByHand(pair);
      await pair.offerer.run(({ connection }) => void connection.createChannel('proof'));
      await negotiateByHand(pair, 'offerer');
      await proveData(pair);
      await pair.offerer.run(add, kind);
      await offerAndRollBack(pair);
      await proveData(pair, ' after the rollback');
      await negotiateByHand(pair, 'offerer');
      await expectAdded(pair, kind);
      await proveData(pair, ' after the offer');
    },
  );
  scenario(
    {
      id: `connection/negotiation/rollback-for-${kind}-of-answerer`,
      title: `An offer of ${kind} is rolled back, and the answerer offers its own`,
      asks: `After rolling back an offer of ${kind}, does a side accept one from the other side, and does what that one offers arrive?`,
      level: 'must',
      specs: [jsep('4.1.10.2'), webrtc('perfect-negotiation-example')],
      needs,
    },
    async (pair) => {
      await connectByHand(pair);
      await pair.offerer.run(({ connection }) => void connection.createChannel('proof'));
      await negotiateByHand(pair, 'offerer');
      await proveData(pair);
      for (const side of sides) await pair[side].run(add, kind);
      await offerAndRollBack(pair);
      await negotiateByHand(pair, 'answerer');
      await expectAdded(pair, kind, 'answerer');
      await proveData(pair, ' after the offer');
    },
  );
}

scenario(
  {
    id: 'connection/negotiation/rollback-events',
    title: 'Events of a rollback',
    asks: 'When an offer is rolled back, does signalingState go to stable before negotiationneeded fires, and is each reported once?',
    level: 'must',
    specs: [webrtc('dfn-update-the-negotiation-needed-flag'), webrtc('dom-rtcsdptype-rollback')],
    needs: needsOf.audio,
  },
  async (pair) => {
    await connectByHand(pair);
    await pair.offerer.run(add, 'audio');
    await offerAndRollBack(pair);
    await pair.offerer.run(({ connection, waitFor }) =>
      waitFor({
        name: 'negotiationneeded to come again',
        phase: 'sdp',
        probe: async () => {
          const { events } = await connection.snapshot();
          return events.filter(({ event }) => event === 'negotiationneeded').length > 1;
        },
        triggers: [{ everyMs: 50 }],
      }),
    );
    await negotiateByHand(pair, 'offerer');
    await expectAdded(pair, 'audio');
    const { events } = await pair.offerer.run(({ connection }) => connection.snapshot());
    const told = events
      .filter(({ event }) => /^(?:rollback|signalingstatechange|negotiationneeded)$/.test(event))
      .map(({ event, detail }) => `${event} ${detail}`);
    expect(told, 'what the offerer told').to.deep.equal([
      'negotiationneeded stable',
      'signalingstatechange have-local-offer',
      'rollback ',
      'signalingstatechange stable',
      'negotiationneeded stable',
      'signalingstatechange have-local-offer',
      'signalingstatechange stable',
    ]);
  },
);

scenario(
  {
    id: 'connection/negotiation/pranswer',
    title: 'A provisional answer, then the final one',
    asks: 'Does the call work after a provisional answer, and does it go on after the final one?',
    level: 'must',
    specs: [jsep('4.1.10.1'), webrtc('dom-rtcsdptype-pranswer')],
  },
  async (pair) => {
    await connectByHand(pair);
    await pair.offerer.run(async ({ connection }) => {
      connection.createChannel('proof');
      await connection.offer();
    });
    const answering = await pair.answerer.run(async ({ connection }) => {
      await connection.take();
      await connection.answer('pranswer');
      return connection.pc.signalingState;
    });
    expect(answering, 'signalingState of the answerer').to.equal('have-local-pranswer');
    const offering = await pair.offerer.run(async ({ connection }) => {
      await connection.take();
      return connection.pc.signalingState;
    });
    expect(offering, 'signalingState of the offerer').to.equal('have-remote-pranswer');
    await proveData(pair, ' after the provisional answer');
    await pair.answerer.run(({ connection }) => connection.answer());
    await pair.offerer.run(({ connection }) => connection.take());
    for (const side of sides) {
      const state = await pair[side].run(({ connection }) => connection.pc.signalingState);
      expect(state, `signalingState of the ${side} at the end`).to.equal('stable');
    }
    await proveData(pair, ' after the final answer');
  },
);

for (const [name, title, level, text, becomes, specs] of [
  [
    'unknown-attributes',
    'Unknown attributes',
    'must',
    /^a=mid:.*$/gm,
    '$&\r\na=x-unknown\r\na=x-unknown-too:with a value\r\nb=X-YZ:128',
    [
      'https://www.rfc-editor.org/rfc/rfc8866#section-5.13',
      'https://www.rfc-editor.org/rfc/rfc8866#section-5.8',
    ],
  ],
  [
    'line-feeds',
    'Lines that end with LF alone',
    'should',
    /\r\n/g,
    '\n',
    ['https://www.rfc-editor.org/rfc/rfc8866#section-5'],
  ],
  [
    'no-ice-options',
    'No a=ice-options',
    'must',
    /^a=ice-options:.*\r\n/gm,
    '',
    [
      'https://www.rfc-editor.org/rfc/rfc8839#section-5.6',
      'https://www.rfc-editor.org/rfc/rfc8840#section-4.1.1',
    ],
  ],
] as const) {
  scenario(
    {
      id: `connection/negotiation/${name}`,
      title: `${title} in both descriptions`,
      asks: 'Does the call connect all the same?',
      level,
      specs,
    },
    async (pair) => {
      for (const side of sides) await pair[side].run(connectRewritten, { outgoing: [text, becomes] });
      await pair.offerer.run(offerProof);
      await proveData(pair);
    },
  );
}

for (const side of sides) {
  scenario(
    {
      id: `connection/negotiation/fifty-lines-of-${side}`,
      title: `The ${side} adds and stops fifty transceivers`,
      asks: `When the ${side} adds a transceiver and stops it, fifty times over, is one m-line used for all of them, with fifty mids, do both sides forget them, and does the sound that is added afterwards arrive?`,
      level: 'must',
      specs: [jsep('5.2.2'), jsep('5.3.2'), webrtc('dom-rtcrtptransceiver-stop')],
      needs: [...needsOf.audio, 'RTCRtpTransceiver.prototype.stop'],
      timeoutMs: 40_000,
    },
    async (pair) => {
      for (const role of sides) await pair[role].run((agent) => void agent.connect());
      await pair.offerer.run(offerProof);
      await proveData(pair);
      const mids = await pair[side].run(async ({ connection }) => {
        const mids = new Set<string | null>();
        for (let turn = 0; turn < 50; turn += 1) {
          // a transceiver that sends would give the other side a track of its own
          const transceiver = connection.pc.addTransceiver('audio', { direction: 'recvonly' });
          await connection.negotiate();
          mids.add(transceiver.mid);
          transceiver.stop();
          await connection.negotiate();
        }
        return [...mids];
      });
      expect(mids.length, 'mids of the transceivers').to.equal(50);
      for (const role of sides) {
        const left = await pair[role].run(({ connection }) => connection.pc.getTransceivers().length);
        expect(left, `transceivers that the ${role} still has`).to.equal(0);
      }
      await proveData(pair, ' after fifty of them');
      await pair[side].run(add, 'audio');
      await pair[side].run(({ connection }) => connection.negotiate());
      const sdp = await pair[side].run(({ connection }) => connection.said.descriptions.at(-1)?.sdp ?? '');
      expect(sdp.match(/^m=\w+/gm), 'the m-lines of the last offer').to.deep.equal([
        'm=application',
        'm=audio',
      ]);
      await expectHeard(pair, 440, side);
      await proveData(pair, ' with the sound');
    },
  );
}

scenario(
  {
    id: 'connection/negotiation/calls-at-once',
    title: 'A track is added after an offer and an answer that nobody awaits',
    asks: 'When an answerer sets an offer and an answer, awaits neither and adds a track, does the track take the m-line that is offered, and is it heard?',
    level: 'must',
    specs: [webrtc('dfn-operations-chain'), webrtc('dom-rtcpeerconnection-addtrack'), jsep('5.10')],
    needs: needsOf.audio,
    signaling: { trickle: false },
  },
  async (pair) => {
    await pair.offerer.run((agent) => void agent.connect());
    await pair.offerer.run(add, 'audio');
    const offering = pair.offerer.run(({ connection }) => connection.negotiate());
    const settled = await pair.answerer.run(async ({ media, signaling, unobserved, kept, waitFor }) => {
      const { track, stream } = await media.tone({ frequencies: [660] });
      const { description } = await signaling.next('description');
      const pc = unobserved(() => new RTCPeerConnection());
      kept.set('pc', pc);
      const order: string[] = [];
      const noted = (name: string, step: Promise<unknown>) => step.then(() => order.push(name));
      const steps = [
        noted('the offer is heard', pc.setRemoteDescription({ type: 'offer', sdp: description.sdp ?? '' })),
        noted('an answer is set', pc.setLocalDescription()),
      ];
      pc.addTrack(track, stream);
      await Promise.all(steps);
      await waitFor({
        name: 'the answer to have gathered',
        phase: 'ice',
        probe: () => pc.iceGatheringState === 'complete',
        triggers: [{ on: pc, events: ['icegatheringstatechange'] }],
      });
      const sdp = pc.localDescription?.sdp ?? '';
      signaling.send({ type: 'description', description: { type: 'answer', sdp } });
      return {
        order,
        transceivers: pc.getTransceivers().length,
        direction: /^a=(?:send|recv).*$/m.exec(sdp)?.[0].trim(),
      };
    });
    await offering;
    expect(settled.order, 'the order in which the calls were done').to.deep.equal([
      'the offer is heard',
      'an answer is set',
    ]);
    expect(settled.transceivers, 'transceivers of the answerer').to.equal(1);
    expect(settled.direction, 'the direction of the m-line in the answer').to.equal('a=sendrecv');
    await expectHeard(pair, 660, 'answerer');
  },
);
