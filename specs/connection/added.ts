import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { expectPicture, seeReceived } from '../steps/picture.ts';
import { otherSide, type Side } from '../steps/sides.ts';
import { tone } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import { expectTone, hearReceived } from '../steps/sound.ts';

export type Kind = 'audio' | 'video' | 'data';

/** What both sides need in order to send and judge each kind. */
export const needsOf = {
  video: [
    'HTMLCanvasElement.prototype.captureStream',
    'HTMLVideoElement.prototype.requestVideoFrameCallback',
  ],
  audio: ['MediaStreamAudioDestinationNode', 'AnalyserNode'],
  data: [],
} as const satisfies Record<Kind, readonly string[]>;

/** Adds a picture of 160×120, a tone of 440 Hz, or a channel. */
export const add = async ({ connection, media }: Agent, kind: Kind): Promise<void> => {
  if (kind === 'data') {
    connection.createChannel('added');
    return;
  }
  const { track, stream } =
    kind === 'video' ? media.video({ width: 160, height: 120 }) : await media.tone({ frequencies: [440] });
  connection.pc.addTrack(track, stream);
};

/** Looks at what one side added where it arrives, and resolves with its judgement: its picture, its tone, or a message. */
async function look(pair: PairContext<Agent>, kind: Kind, from: Side): Promise<() => void> {
  const receiver = pair[otherSide[from]];
  if (kind === 'video') {
    const shown = await seeReceived(receiver);
    return () => expectPicture(pair, shown, { size: [160, 120] });
  }
  if (kind === 'audio') {
    const [heard] = await hearReceived(receiver, 440);
    return () => expectTone(pair, heard, { hertz: 440 });
  }
  await pair[from].run(async ({ connection }) => (await connection.channel('added')).send('by it'));
  const received = await receiver.run(({ connection }) => connection.message('added'));
  return () => {
    expect(received, `what the ${otherSide[from]} received`).to.equal('by it');
  };
}

/** What one side added arrives at the other: its picture, its tone, or a message over its channel. */
export async function expectAdded(
  pair: PairContext<Agent>,
  kind: Kind,
  from: Side = 'offerer',
): Promise<void> {
  const judge = await look(pair, kind, from);
  judge();
}

/** The pictures and the tones that these sides added arrive at the other; all are looked at in the same second. */
export async function expectMedia(pair: PairContext<Agent>, from: readonly Side[]): Promise<void> {
  const looks = from.flatMap((side) => [look(pair, 'video', side), look(pair, 'audio', side)]);
  for (const judge of await Promise.all(looks)) judge();
}

/** One side's tone is heard at the other: what is asked is whether it arrives, not how well it sounds. */
export async function expectHeard(
  pair: PairContext<Agent>,
  hertz = 440,
  from: Side = 'offerer',
  when = '',
): Promise<void> {
  const [heard] = await hearReceived(pair[otherSide[from]], hertz);
  hold(pair, `frequency of the ${from}'s tone${when}`, heard?.frequency, 'Hz', {
    least: hertz * (1 - tone.pitch),
    most: hertz * (1 + tone.pitch),
    paced: true,
  });
}
