import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext, PeerHandle } from '../../harness/matrix/scenario.ts';
import { expectPicture } from '../steps/picture.ts';
import { expectTone } from '../steps/sound.ts';

export const webrtc = (anchor: string): string => `https://www.w3.org/TR/webrtc/#${anchor}`;
export const jsep = (section: string): string => `https://www.rfc-editor.org/rfc/rfc8829#section-${section}`;

/** Pictures and tones that are told apart by their content: each has a size or a pitch of its own. */
export const contents = {
  first: { size: [160, 120], hertz: 440 },
  second: { size: [240, 180], hertz: 700 },
} as const;

export type Content = keyof typeof contents;

/** A side adds the picture or the tone of a name, in a stream of its own. */
export const addContent = (
  peer: PeerHandle<Agent>,
  kind: 'audio' | 'video',
  content: Content,
): Promise<void> =>
  peer.run(
    async ({ connection, media }, { wanted, size: [width, height], hertz }) => {
      const { track, stream } =
        wanted === 'video' ? media.video({ width, height }) : await media.tone({ frequencies: [hertz] });
      connection.pc.addTrack(track, stream);
    },
    { wanted: kind, ...contents[content] },
  );

/** The answerer is sent that picture or tone, by the so manieth track of its kind. */
export async function expectContent(
  pair: PairContext<Agent>,
  kind: 'audio' | 'video',
  content: Content,
  nth = 0,
): Promise<void> {
  const { size, hertz } = contents[content];
  if (kind === 'video') {
    const shown = await pair.answerer.run(
      async ({ connection, media }, at) => media.watch((await connection.track('video', at)).track).shown(),
      nth,
    );
    expectPicture(pair, shown, { size });
    return;
  }
  const heard = await pair.answerer.run(
    async ({ connection, media }, { at, wanted }) => {
      const listener = await media.listen((await connection.track('audio', at)).track);
      await listener.untilTone(wanted);
      return listener.stretch(1000);
    },
    { at: nth, wanted: hertz },
  );
  expectTone(pair, heard[0], { hertz });
}

/** An m-line of a description. */
export interface MLine {
  kind: string;
  mid: string;
  /** Whether it is refused or has been stopped: its port is 0, and it is not `bundle-only`. */
  isRefused: boolean;
}

export function mLinesOf(sdp: string): MLine[] {
  return sdp
    .split(/^(?=m=)/m)
    .slice(1)
    .map((section) => ({
      kind: /^m=(\w+)/.exec(section)?.[1] ?? '',
      mid: /^a=mid:(.*)$/m.exec(section)?.[1]?.trim() ?? '',
      isRefused: /^m=\w+ 0 /.test(section) && !/^a=bundle-only/m.test(section),
    }));
}

/** The m-lines that a side has offered last, and those of the answer. */
export async function mLines({ offerer }: Pick<PairContext<Agent>, 'offerer'>) {
  const { offer, answer } = await offerer.run(({ connection: { said, heard } }) => ({
    offer: said.descriptions.at(-1)?.sdp ?? '',
    answer: heard.descriptions.at(-1)?.sdp ?? '',
  }));
  return { offer: mLinesOf(offer), answer: mLinesOf(answer) };
}

/** The offerer offers, and the answer is set. */
export const negotiate = ({ offerer }: Pick<PairContext<Agent>, 'offerer'>): Promise<void> =>
  offerer.run(({ connection }) => connection.negotiate());
