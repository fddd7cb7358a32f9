import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PeerHandle } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';
import { soundLevel, timeShare } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import {
  amplitude,
  connect,
  count,
  dictionary,
  find,
  hertz,
  report,
  send,
  sound,
  type Entry,
} from './steps.ts';

/** The statistics of the sound of a side before a second in which it is heard, and behind it. */
async function secondOf(
  peer: PeerHandle<Agent>,
  type: string,
  receiver: PeerHandle<Agent>,
): Promise<readonly [Entry, Entry]> {
  const look = async () => find(await report(peer), type, 'audio');
  const before = await look();
  await receiver.run(async ({ connection, media }, wanted) => {
    const listener = await media.listen((await connection.track('audio')).track);
    await listener.untilTone(wanted);
    await listener.stretch(1000);
    listener.stop();
  }, hertz);
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
      const [before, behind] = await secondOf(pair[of], type, pair.answerer);
      const risen = (member: string) => count(behind, member, of) - count(before, member, of);
      const seconds = risen('totalSamplesDuration');
      const clock = (Number(behind['timestamp']) - Number(before['timestamp'])) / 1000;
      expect(clock, 'seconds that its timestamps have risen').to.be.within(0.9, 10);
      hold(pair, `audioLevel of ${type}`, count(behind, 'audioLevel', of), '1', soundLevel(amplitude));
      hold(
        pair,
        `root of totalAudioEnergy of ${type} a second of its samples`,
        Math.sqrt(risen('totalAudioEnergy') / seconds),
        '1',
        soundLevel(amplitude),
      );
      hold(pair, `totalSamplesDuration of ${type}, of the time`, seconds / clock, '1', timeShare);
    },
  );
}
