import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PeerHandle } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';
import { soundLevel, timeShare } from '../steps/bounds.ts';
import {
  amplitude,
  claimsOf,
  connect,
  dictionary,
  find,
  hertz,
  report,
  risen,
  send,
  sound,
  type Entry,
} from './steps.ts';

/** Milliseconds of sound that are heard between two looks at statistics. */
const heardMs = 2000;

/** A side's statistics of the sound before and after two seconds of it are heard, by the clock of the sound. */
async function secondsOf(
  peer: PeerHandle<Agent>,
  type: string,
  receiver: PeerHandle<Agent>,
): Promise<readonly [Entry, Entry]> {
  const look = async () => find(await report(peer), type, 'audio');
  const hear = async (ms: number) =>
    receiver.run(
      async ({ connection, media }, { wanted, stretchMs }) => {
        const listener = await media.listen((await connection.track('audio')).track);
        await listener.untilTone(wanted);
        await listener.stretch(stretchMs);
        listener.stop();
      },
      { wanted: hertz, stretchMs: ms },
    );
  // a receiver takes no samples until its sound device has started
  await hear(500);
  const before = await look();
  await hear(heardMs);
  return [before, await look()];
}

/** The median of nine consecutive levels: what is made up where nothing came has a lower one. Undefined where there is none. */
const levelOf = (peer: PeerHandle<Agent>, type: string): Promise<number | undefined> =>
  peer.run(async ({ connection, waitFor }, wanted) => {
    const levels: (number | undefined)[] = [];
    await waitFor({
      name: 'nine levels of sound',
      phase: 'media',
      probe: async () => {
        const entries = (await connection.pc.getStats()).values() as Iterable<
          RTCStats & { kind?: string; audioLevel?: number }
        >;
        for (const entry of entries)
          if (entry.type === wanted && entry.kind === 'audio') levels.push(entry.audioLevel);
        return levels.length >= 9;
      },
      triggers: [{ everyMs: 60 }],
    });
    return levels.toSorted((one = 0, other = 0) => one - other)[4];
  }, type);

// a receiver that gets no time to play conceals what it misses, which is quieter
const ofPlayed = { load: 'alone', held: { paced: true } } as const;

for (const [name, type, of, { load, held }] of [
  ['sent', 'media-source', 'offerer', { load: undefined, held: {} }],
  ['received', 'inbound-rtp', 'answerer', ofPlayed],
] as const) {
  scenario(
    {
      ...sound,
      ...(load ? { load } : {}),
      id: `statistics/sound/${name}`,
      title: `Level, energy and duration of ${name} sound`,
      asks: `Does ${type} report the level and the energy of a tone of amplitude ${String(amplitude)}, and do its samples last as long as the tone is heard?`,
      specs: [dictionary(name === 'sent' ? 'audiosourcestats' : 'inboundrtpstats')],
    },
    async (pair) => {
      await connect(pair);
      await send(pair, 'sound');
      // Chromium counts no energy of what nobody can hear
      await pair.answerer.run(async ({ connection, kept }) => {
        const element = new Audio();
        element.srcObject = new MediaStream([(await connection.track('audio')).track]);
        kept.set('element', element);
        await element.play();
      });
      const [before, behind] = await secondsOf(pair[of], type, pair.answerer);
      const seconds = (Number(behind['timestamp']) - Number(before['timestamp'])) / 1000;
      expect(seconds, 'seconds that its timestamps have risen').to.be.within(1.8, 10);
      claimsOf(pair, of, type, { audioLevel: await levelOf(pair[of], type) })(
        'audioLevel',
        soundLevel(amplitude),
        { of: 'the tone', ...held },
      );
      const claimRise = claimsOf(
        pair,
        of,
        type,
        risen(before, behind, ['totalAudioEnergy', 'totalSamplesDuration']),
      );
      const { least, most } = soundLevel(amplitude);
      const length = { least: (heardMs / 1000) * timeShare.least, most: seconds * timeShare.most };
      claimRise(
        'totalAudioEnergy',
        { least: least ** 2 * length.least, most: most ** 2 * length.most },
        { of: 'the tone', ...held },
      );
      claimRise('totalSamplesDuration', length, {
        unit: 's',
        of: 'what was heard, and the time that it took',
        ...held,
      });
    },
  );
}
