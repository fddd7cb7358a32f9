import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { payloadTypes, section } from '../codecs/sdp.ts';
import { overWire, type Wire } from '../codecs/wire.ts';
import { scenario } from '../scenario.ts';
import { heardKey } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import { callHeard, dial, expectHeard, heardKeys, insertDtmf, keypad, median, telephony } from './steps.ts';

/** How long each key has to last, in milliseconds. */
const lengthMs = 400;

/**
 * The telephone events that the offerer has sent, in order: the packets of one event share a timestamp, and nobody on the
 * way can read what is in them.
 */
async function eventsOnWire({ offerer }: Pick<PairContext<Agent>, 'offerer'>, wire: Wire): Promise<number[]> {
  const answer = await offerer.run(({ connection }) => connection.heard.descriptions.at(-1)?.sdp ?? '');
  const types = payloadTypes(section(answer, 'audio'), 'telephone-event');
  const packets = wire.rtp('offerer').filter(({ payloadType }) => types.includes(payloadType));
  return [...new Set(packets.map(({ timestamp }) => timestamp))];
}

for (const codec of ['PCMU', 'G722', 'opus']) {
  scenario(
    {
      ...telephony,
      id: `telephony/heard/${codec.toLowerCase()}`,
      title: `Keys heard in a call with ${codec}`,
      asks: `In a call with ${codec}, is each key sent as one telephone event, and is it heard as its two frequencies for as long as it should last?`,
      specs: [
        insertDtmf,
        keypad,
        'https://www.rfc-editor.org/rfc/rfc4733#section-2.1',
        'https://www.rfc-editor.org/rfc/rfc7874#section-3',
      ],
      needs: {
        offerer: [...telephony.needs.offerer, `codec:audio/${codec}:send`],
        answerer: [...telephony.needs.answerer, `codec:audio/${codec}:receive`],
      },
      signaling: { trickle: false },
      // a receiver that gets no time to play loses keys, cuts them short or plays one in two pieces
      load: 'alone',
    },
    (pair) =>
      overWire(pair, {}, async (wire) => {
        await callHeard(pair, `audio/${codec}`);
        await dial(pair.offerer, { tones: '159', duration: lengthMs });
        const heard = await heardKeys(pair);
        expectHeard(heard, '159');
        const events = await eventsOnWire(pair, wire);
        expect(events.length, 'telephone events on the way, by their timestamps').to.equal(3);
        hold(pair, 'length of a key', median(heard.map((one) => one.lengthMs)), 'ms', heardKey(lengthMs));
      }),
  );
}
