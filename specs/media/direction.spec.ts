import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext, PeerHandle } from '../../harness/matrix/scenario.ts';
import { needsOf } from '../connection/added.ts';
import { scenario } from '../scenario.ts';
import { flowing } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import { sides, type Side } from '../steps/sides.ts';
import { addContent, connect, expectBegun, expectContent, jsep, mLines, negotiate, webrtc } from './steps.ts';

type Pair = PairContext<Agent>;
type Direction = (typeof directions)[number];

const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;

/** What each direction lets a side do. */
const sends = (direction: Direction): boolean => ['sendrecv', 'sendonly'].includes(direction);
const receives = (direction: Direction): boolean => ['sendrecv', 'recvonly'].includes(direction);

/** What is agreed on, as a side calls it, of its own direction and that of the other side. https://www.rfc-editor.org/rfc/rfc8829#section-5.3.1 */
function agreed(own: Direction, other: Direction): Direction {
  const isSent = sends(own) && receives(other);
  const isReceived = receives(own) && sends(other);
  if (isSent) return isReceived ? 'sendrecv' : 'sendonly';
  return isReceived ? 'recvonly' : 'inactive';
}

/** How many new frames come in 600 ms, once what was under way has arrived. */
const newFrames = (peer: PeerHandle<Agent>): Promise<number> =>
  peer.run(async ({ connection, media }) => {
    const watcher = media.watch((await connection.track('video')).track);
    const numbers = () => watcher.seen.flatMap(({ code }) => code?.number ?? []);
    await watcher.stretch(300);
    const before = Math.max(0, ...numbers());
    await watcher.stretch(600);
    watcher.stop();
    return new Set(numbers().filter((number) => number > before)).size;
  });

for (const offered of directions) {
  scenario(
    {
      id: `media/direction/offered-${offered}`,
      title: `An m-line that is offered as ${offered}`,
      asks: `When an m-line with a picture each way is offered as ${offered} mid-call, and the answerer wants each of the four directions in turn, does each side say what was agreed on, and does exactly that flow?`,
      level: 'must',
      specs: [
        jsep('5.3.1'),
        webrtc('dom-rtcrtptransceiver-direction'),
        webrtc('dom-rtcrtptransceiver-currentdirection'),
      ],
      needs: needsOf.video,
      timeoutMs: 20_000,
    },
    async (pair) => {
      await pair.answerer.run((agent) => {
        const source = agent.media.video({ width: 160, height: 120 });
        agent.connect({
          async beforeAnswer(pc) {
            const all: RTCRtpTransceiverDirection[] = ['sendonly', 'recvonly', 'inactive'];
            const wanted = all.find((direction) => direction === agent.kept.get('direction'));
            for (const transceiver of pc.getTransceivers()) {
              if (!transceiver.sender.track) await transceiver.sender.replaceTrack(source.track);
              transceiver.direction = wanted ?? 'sendrecv';
            }
          },
        });
      });
      await pair.offerer.run((agent) => void agent.connect());
      await addContent(pair.offerer, 'video', 'first');
      await negotiate(pair);
      const first = await Promise.all(sides.map((side) => newFrames(pair[side])));
      for (const [at, side] of sides.entries())
        hold(pair, `frames to the ${side} at first`, first[at], 'frames', flowing);
      for (const answered of directions) {
        const when = `, answered as ${answered}`;
        await pair.answerer.run(({ kept }, wanted) => void kept.set('direction', wanted), answered);
        await pair.offerer.run(({ connection }, wanted) => {
          for (const transceiver of connection.pc.getTransceivers()) transceiver.direction = wanted;
        }, offered);
        await negotiate(pair);
        const due = { offerer: agreed(offered, answered), answerer: agreed(answered, offered) };
        await expectDirections(pair, due, when);
        const risen = await Promise.all(sides.map((side) => newFrames(pair[side])));
        for (const [at, side] of sides.entries()) {
          const name = `frames to the ${side}${when}`;
          if (receives(due[side])) hold(pair, name, risen[at], 'frames', flowing);
          else expect(risen[at], name).to.equal(0);
        }
      }
    },
  );
}

/** Each side calls the direction of its only transceiver so. */
async function expectDirections(pair: Pair, due: Record<Side, Direction>, when: string): Promise<void> {
  for (const side of sides) {
    const told = await pair[side].run(({ connection }) =>
      connection.pc.getTransceivers().map(({ currentDirection }) => currentDirection),
    );
    expect(told, `currentDirection at the ${side}${when}`).to.deep.equal([due[side]]);
  }
}

scenario(
  {
    id: 'media/direction/ten-holds',
    title: 'A tone on hold ten times',
    asks: 'When the sender becomes inactive and sends again ten times, does the tone come back each time, is the received track muted and unmuted once each time, and does the call still have its one m-line?',
    level: 'must',
    specs: [jsep('5.2.2'), webrtc('process-remote-track-removal')],
    needs: needsOf.audio,
    timeoutMs: 30_000,
  },
  async (pair) => {
    await connect(pair);
    await addContent(pair.offerer, 'audio', 'first');
    await negotiate(pair);
    await expectBegun(pair, 'audio', 'first');
    const direct = async (direction: RTCRtpTransceiverDirection) => {
      await pair.offerer.run(({ connection }, wanted) => {
        for (const transceiver of connection.pc.getTransceivers()) transceiver.direction = wanted;
      }, direction);
      await negotiate(pair);
    };
    await pair.answerer.run(async ({ connection, events }) =>
      events.watch('track', (await connection.track('audio')).track, ['mute', 'unmute', 'ended']),
    );
    for (let round = 1; round <= 10; round += 1) {
      await direct('inactive');
      await pair.answerer.run(async ({ events }) => void (await events.next('track', 'mute')));
      await expectDirections(pair, { offerer: 'inactive', answerer: 'inactive' }, ` in hold ${round}`);
      await direct('sendonly');
      await pair.answerer.run(async ({ events }) => void (await events.next('track', 'unmute')));
    }
    await expectContent(pair, 'audio', 'first');
    const told = await pair.answerer.run(({ events }) => events.all('track').map(({ event }) => event));
    expect(told, 'the events of the received track').to.deep.equal(
      Array.from({ length: 10 }, () => ['mute', 'unmute']).flat(),
    );
    const { offer } = await mLines(pair);
    expect(offer.length, 'the m-lines after ten holds').to.equal(1);
  },
);

const twenty = Array.from({ length: 20 }, (_, at) => 400 + 60 * at);

scenario(
  {
    id: 'media/direction/twenty-tones',
    title: 'Twenty tones at once',
    asks: 'Do twenty tones of different pitch arrive at twenty transceivers, each at the one whose mid it was sent with?',
    level: 'must',
    specs: [jsep('5.2.1'), 'https://www.rfc-editor.org/rfc/rfc9143#section-9.2'],
    needs: needsOf.audio,
    // twenty decoders that begin at once
    load: 'heavy',
    timeoutMs: 30_000,
  },
  async (pair) => {
    await connect(pair);
    await pair.offerer.run(async ({ connection, media }, pitches) => {
      for (const hertz of pitches) {
        const { track, stream } = await media.tone({ frequencies: [hertz] });
        connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
      }
    }, twenty);
    await negotiate(pair);
    const mids = (side: Side) =>
      pair[side].run(({ connection }) => connection.pc.getTransceivers().map(({ mid }) => mid));
    const offered = await mids('offerer');
    expect(new Set(offered).size, 'mids of the offerer').to.equal(twenty.length);
    expect(await mids('answerer'), 'mids of the answerer').to.deep.equal(offered);
    const pitchOf = (at: number) =>
      pair.answerer.run(
        async ({ connection, media }, { mid, wanted }) => {
          const transceiver = connection.pc.getTransceivers().find((each) => each.mid === mid);
          if (!transceiver) return undefined;
          const listener = await media.listen(transceiver.receiver.track);
          await listener.untilTone(wanted);
          const [mono] = await listener.stretch(300);
          listener.stop();
          return mono?.frequency;
        },
        { mid: offered[at] ?? null, wanted: twenty[at] ?? 0 },
      );
    const fiveAtOnce = 5;
    for (let from = 0; from < twenty.length; from += fiveAtOnce) {
      const pitches = twenty.slice(from, from + fiveAtOnce);
      const heard = await Promise.all(pitches.map((_, at) => pitchOf(from + at)));
      // Firefox plays a tone up to 0.5 % off while it catches up with the clock; the next pitch is 4 % away or more
      for (const [at, hertz] of pitches.entries())
        hold(pair, `pitch of the tone of ${hertz} Hz`, heard[at], 'Hz', {
          least: hertz * 0.985,
          most: hertz * 1.015,
          paced: true,
        });
    }
  },
);

for (const [by, when] of [
  ['offerer', 'before-answer'],
  ['answerer', 'before-answer'],
  ['answerer', 'after-answer'],
] as const) {
  const isBefore = when === 'before-answer';
  scenario(
    {
      id: `media/direction/stopped-by-${by}-${when}`,
      title: `A picture that the ${by} stops ${isBefore ? 'before the first answer' : 'mid-call'}`,
      asks: `When the ${by} stops the transceiver of a picture ${isBefore ? 'before the first answer' : 'mid-call'} and then offers, is its m-line refused, is the transceiver stopped at both sides, and does the tone beside it go on?`,
      level: 'must',
      specs: [webrtc('dom-rtcrtptransceiver-stop'), webrtc('dfn-stop-the-rtcrtptransceiver'), jsep('5.3.1')],
      needs: [...needsOf.audio, ...needsOf.video, 'RTCRtpTransceiver.prototype.stop'],
    },
    async (pair) => {
      await pair.answerer.run(
        (agent, stops) => {
          agent.connect({
            beforeAnswer(pc) {
              const [, picture] = pc.getTransceivers();
              if (!agent.kept.has('picture')) agent.kept.set('picture', picture);
              if (stops) picture?.stop();
            },
          });
        },
        isBefore && by === 'answerer',
      );
      await pair.offerer.run(
        (agent, stops) => {
          agent.connect({
            editsMayChangeNothing: true,
            // the answer is there, and is not set yet
            incoming(description) {
              const [, picture] = agent.connection.pc.getTransceivers();
              if (stops && picture?.direction !== 'stopped') picture?.stop();
              return description;
            },
          });
        },
        isBefore && by === 'offerer',
      );
      await addContent(pair.offerer, 'audio', 'first');
      await addContent(pair.offerer, 'video', 'first');
      await pair.offerer.run(
        ({ connection, kept }) => void kept.set('picture', connection.pc.getTransceivers()[1]),
      );
      await negotiate(pair);
      if (!isBefore) {
        await expectBegun(pair, 'video', 'first');
        await pair.answerer.run(async ({ connection, kept }) => {
          const picture = kept.get('picture');
          if (picture instanceof RTCRtpTransceiver) picture.stop();
          await connection.negotiate();
        });
      } else if (by === 'answerer') {
        const { answer } = await mLines(pair);
        // a transceiver that is stopping does not affect createAnswer: refusing a line there could stop a whole bundle
        expect(answer[1]?.isRefused, 'whether the first answer refuses the picture').to.equal(false);
        await pair.answerer.run(({ connection }) => connection.negotiate());
      } else await negotiate(pair);
      await expectContent(pair, 'audio', 'first');
      for (const side of sides) {
        const told = await pair[side].run(({ connection: { pc }, kept }) => {
          const picture = kept.get('picture');
          if (!(picture instanceof RTCRtpTransceiver)) throw new TypeError('no transceiver was kept');
          return {
            direction: picture.direction,
            currentDirection: picture.currentDirection,
            track: picture.receiver.track.readyState,
            transceivers: pc.getTransceivers().map(({ receiver }) => receiver.track.kind),
            refused: [pc.localDescription, pc.remoteDescription].map((description) =>
              /^m=video 0 /m.test(description?.sdp ?? ''),
            ),
          };
        });
        expect(told, `the stopped transceiver at the ${side}`).to.deep.equal({
          direction: 'stopped',
          currentDirection: 'stopped',
          track: 'ended',
          transceivers: ['audio'],
          refused: [true, true],
        });
      }
    },
  );
}
