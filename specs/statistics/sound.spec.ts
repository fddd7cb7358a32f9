import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PeerHandle } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';
import { soundLevel, timeShare } from '../steps/bounds.ts';
import { expectPace } from '../steps/hold.ts';
import {
  amplitude,
  claimsOf,
  connect,
  dictionary,
  find,
  hertz,
  report,
  send,
  sound,
  type Entry,
} from './steps.ts';

/** The statistics of the sound of a side before two seconds in which it is heard, and behind them. */
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
  // A receiver whose sound device begins takes samples of nothing at all until then, and all at once behind it.
  await hear(500);
  const before = await look();
  await hear(2000);
  return [before, await look()];
}

for (const [name, type, of] of [
  ['sent', 'media-source', 'offerer'],
  ['received', 'inbound-rtp', 'answerer'],
] as const) {
  scenario(
    {
      ...sound,
      id: `statistics/sound/${name}`,
      title: `Level, energy and length of sound that is ${name}`,
      asks: `Does ${type} have the level and the energy of a tone whose amplitude is ${String(amplitude)}, and do its samples last as long as it is heard?`,
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
      expectPace(seconds, 'seconds that its timestamps have risen').to.be.within(1.8, 10);
      claimsOf(pair, of, type, behind)('audioLevel', soundLevel(amplitude), { of: 'the tone' });
      const risen = (member: string) => {
        const [from, to] = [before[member], behind[member]];
        return typeof from === 'number' && typeof to === 'number' ? to - from : to;
      };
      const claimRise = claimsOf(pair, of, type, {
        totalAudioEnergy: risen('totalAudioEnergy'),
        totalSamplesDuration: risen('totalSamplesDuration'),
      });
      const { least, most } = soundLevel(amplitude);
      claimRise(
        'totalAudioEnergy',
        { least: least ** 2 * seconds * timeShare.least, most: most ** 2 * seconds * timeShare.most },
        { of: 'the tone', paced: true },
      );
      claimRise(
        'totalSamplesDuration',
        { least: seconds * timeShare.least, most: seconds * timeShare.most },
        { unit: 's', of: 'the time in which it was heard', paced: true },
      );
    },
  );
}
