import { scenario } from '../scenario.ts';
import { withNetwork } from '../network.ts';
import { hold } from '../steps/hold.ts';
import { sides } from '../steps/sides.ts';
import { roundTrip } from '../steps/bounds.ts';
import { connect, dictionary, find, report, send, sound } from './steps.ts';

/** Of the path, there and back. */
const pathMs = 200;

scenario(
  {
    ...sound,
    id: 'statistics/time/round-trip',
    title: 'The round-trip time of a path of 200 ms',
    asks: 'Do the candidate pair in use and the reports of the other side have a round-trip time of 200 ms, in seconds, where a packet takes 100 ms there and 100 ms back?',
    specs: [dictionary('candidatepair'), dictionary('remoteinboundrtpstats')],
  },
  (pair) =>
    withNetwork(pair, {}, async (network) => {
      for (const side of sides) network.access[side].change({ delayMs: pathMs / 4 });
      await connect(pair);
      await send(pair, 'sound');
      await pair.offerer.run(({ connection }) =>
        connection.stats(
          'remote-inbound-rtp',
          (entry) => 'roundTripTime' in entry,
          'remote-inbound-rtp to have a round-trip time',
        ),
      );
      const all = await report(pair.offerer);
      const transport = find(all, 'transport');
      const pairInUse =
        all.find(({ id }) => id === transport['selectedCandidatePairId']) ??
        all.find((entry) => entry['type'] === 'candidate-pair' && entry['nominated'] === true);
      const checks = Number(pairInUse?.['responsesReceived'] ?? NaN);
      const times = {
        'currentRoundTripTime of the candidate pair': pairInUse?.['currentRoundTripTime'],
        'totalRoundTripTime of the candidate pair, a check':
          Number(pairInUse?.['totalRoundTripTime'] ?? NaN) / checks,
        'roundTripTime of remote-inbound-rtp': find(all, 'remote-inbound-rtp', 'audio')['roundTripTime'],
      };
      for (const [name, seconds] of Object.entries(times))
        hold(pair, name, typeof seconds === 'number' ? seconds : null, 's', roundTrip);
    }),
);
