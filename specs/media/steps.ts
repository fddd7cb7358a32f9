import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext, PeerHandle } from '../../harness/matrix/scenario.ts';
import { sent, type PictureBounds } from '../steps/bounds.ts';
import { expectFrame, expectPicture, seeReceived } from '../steps/picture.ts';
import { expectTone } from '../steps/sound.ts';

export const webrtc = (anchor: string): string => `https://www.w3.org/TR/webrtc/#${anchor}`;
export const jsep = (section: string): string => `https://www.rfc-editor.org/rfc/rfc8829#section-${section}`;

/** Pictures and tones that are told apart by their content: each has a size or a pitch of its own. */
export const contents = {
  first: { size: [160, 120], hertz: 440 },
  second: { size: [240, 180], hertz: 700 },
  third: { size: [192, 144], hertz: 1000 },
} as const;

export type Content = keyof typeof contents;

/** A side adds the picture or the tone of that name, in a stream of its own; returns the id of that stream. */
export const addContent = (
  peer: PeerHandle<Agent>,
  kind: 'audio' | 'video',
  content: Content,
): Promise<string> =>
  peer.run(
    async ({ connection, media }, { wanted, size: [width, height], hertz }) => {
      const { track, stream } =
        wanted === 'video' ? media.video({ width, height }) : await media.tone({ frequencies: [hertz] });
      connection.pc.addTrack(track, stream);
      return stream.id;
    },
    { wanted: kind, ...contents[content] },
  );

/** The answerer receives that picture or tone, as its `nth` track of that kind. */
export async function expectContent(
  pair: PairContext<Agent>,
  kind: 'audio' | 'video',
  content: Content,
  nth = 0,
  bounds: PictureBounds = sent,
): Promise<void> {
  const { size, hertz } = contents[content];
  if (kind === 'video') {
    const shown = await pair.answerer.run(
      async ({ connection, media }, at) => media.watch((await connection.track('video', at)).track).shown(),
      nth,
    );
    expectPicture(pair, shown, { size, bounds });
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

/**
 * The answerer receives that picture or tone, as its first track of that kind: its content is known as soon as it can be told.
 * How well it goes on is for what looks at it afterwards.
 */
export async function expectBegun(
  pair: PairContext<Agent>,
  kind: 'audio' | 'video',
  content: Content,
): Promise<void> {
  const { size, hertz } = contents[content];
  if (kind === 'video') {
    const shown = await seeReceived(pair.answerer, 0);
    expect([shown.report.width, shown.report.height], 'the size of the picture').to.deep.equal([...size]);
    expectFrame(pair, shown);
    return;
  }
  // what is heard beside it cannot be told of a tone that has just begun
  await pair.answerer.run(async ({ connection, media }, wanted) => {
    await (await media.listen((await connection.track('audio')).track)).untilTone(wanted);
  }, hertz);
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

/** The m-lines of the offerer's last offer, and those of the answer. */
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

/** Both sides create their connection; the answerer answers by itself. */
export async function connect({ offerer, answerer }: Pick<PairContext<Agent>, 'offerer' | 'answerer'>) {
  await answerer.run((agent) => void agent.connect());
  await offerer.run((agent) => void agent.connect());
}

/** The index, among the answerer's tracks of a kind, of the one announced in the stream of that id; -1 if there is none. */
export const placeOf = (
  { answerer }: Pick<PairContext<Agent>, 'answerer'>,
  kind: 'audio' | 'video',
  stream: string,
): Promise<number> =>
  answerer.run(
    ({ connection }, { of, id }) =>
      connection.tracks
        .filter(({ track }) => track.kind === of)
        .findIndex(({ streams }) => streams.some((held) => held.id === id)),
    { of: kind, id: stream },
  );

/** What the answerer's picture is once it stands still, and what still arrives of it over the given milliseconds. */
export const standsStill = ({ answerer }: Pick<PairContext<Agent>, 'answerer'>, ms = 1000) =>
  answerer.run(async ({ connection, media: { watcher } }, lasting) => {
    await watcher.until('the picture to stand still', ({ looks }) => looks !== 'moving');
    const newest = () => Math.max(...watcher.seen.map(({ code }) => code?.number ?? -1));
    const number = newest();
    const before = await connection.inbound('video');
    await watcher.stretch(lasting);
    const after = await connection.inbound('video');
    watcher.stop();
    return {
      /** By how much the number of the newest frame rose. */
      rose: newest() - number,
      packets: (after?.packetsReceived ?? 0) - (before?.packetsReceived ?? 0),
      /** Of 255. */
      luma: watcher.report().last?.luma,
      readyState: (await connection.track('video')).track.readyState,
    };
  }, ms);
