import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import { claimsOf, connect, find, report, send, soundAndPicture } from './steps.ts';

const model = 'https://www.w3.org/TR/webrtc/#statistics-model';
const lifetime = 'https://www.w3.org/TR/webrtc-stats/#lifetime-considerations-for-monitored-objects';

for (const [side, stream, counter] of [
  ['offerer', 'outbound-rtp', 'packetsSent'],
  ['answerer', 'inbound-rtp', 'packetsReceived'],
] as const) {
  scenario(
    {
      ...soundAndPicture,
      id: `statistics/lifetime/${stream}-closed`,
      title: `The ${stream} of a connection that is closed`,
      asks: `Does getStats after close() still tell of the ${stream} of sound and picture, with no packet fewer than before, and with the same packets when it is asked again?`,
      level: 'info',
      specs: [model, lifetime],
    },
    async (pair) => {
      await connect(pair);
      await send(pair, 'both');
      const before = await report(pair[side]);
      await pair[side].run(({ connection }) => {
        connection.pc.close();
      });
      const first = await report(pair[side]);
      const again = await report(pair[side]);
      expect(
        first.map(({ id }) => id),
        'what is told when it is asked again',
      ).to.have.members(again.map(({ id }) => id));
      for (const kind of ['audio', 'video']) {
        const claimFirst = claimsOf(pair, side, stream, find(first, stream, kind));
        const least = Number(find(before, stream, kind)[counter]);
        claimFirst(counter, { least }, { of: `those of ${kind} before close()` });
        const told = find(first, stream, kind)[counter];
        if (typeof told !== 'number') continue;
        claimsOf(
          pair,
          side,
          stream,
          find(again, stream, kind),
        )(counter, told, {
          of: `those of ${kind} when it was asked first`,
        });
      }
    },
  );
}
