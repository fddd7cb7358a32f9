import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { payloadTypes, section } from '../codecs/sdp.ts';
import { overWire, type Wire } from '../codecs/wire.ts';
import { scenario } from '../scenario.ts';
import { key } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import {
  callOver,
  canInsertDtmf,
  dial,
  expectKeys,
  heardKeys,
  insertDtmf,
  median,
  telephony,
} from './steps.ts';

const rfc4733 = (section: string) => `https://www.rfc-editor.org/rfc/rfc4733#section-${section}`;
const overPath = { ...telephony, signaling: { trickle: false } } as const;

/** How long each key has to last, in milliseconds. */
const lengthMs = 250;

/** What the offerer was answered. */
const answerOf = ({ offerer }: Pick<PairContext<Agent>, 'offerer'>): Promise<string> =>
  offerer.run(({ connection }) => connection.heard.descriptions.at(-1)?.sdp ?? '');

/**
 * The events of telephones that the offerer has sent, in order: the packets of one have one timestamp, and what is in them
 * nobody on the way can read.
 */
function eventsOnWire(wire: Wire, answer: string): number[] {
  const types = payloadTypes(section(answer, 'audio'), 'telephone-event');
  const packets = wire.rtp('offerer').filter(({ payloadType }) => types.includes(payloadType));
  return [...new Set(packets.map(({ timestamp }) => timestamp))];
}

for (const { id, codec, without = [] } of [
  { id: 'pcmu', codec: 'audio/PCMU' },
  { id: 'g722', codec: 'audio/G722' },
  { id: 'opus', codec: 'audio/opus' },
]) {
  scenario(
    {
      ...overPath,
      needs: {
        offerer: [...telephony.needs.offerer, `codec:${codec}:send`],
        answerer: [...telephony.needs.answerer, `codec:${codec}:receive`],
      },
      id: `telephony/codec/${id}`,
      title: `Keys beside ${codec.slice('audio/'.length)}`,
      asks: `Are keys sent as telephone events in a call by ${codec.slice('audio/'.length)}, one for each, and are they heard for as long as they are to last?`,
      specs: [insertDtmf, rfc4733('2.1'), 'https://www.rfc-editor.org/rfc/rfc7874#section-3'],
    },
    (pair) =>
      overWire(pair, { withoutCodecs: without }, async (wire) => {
        await callOver(pair, codec);
        await dial(pair.offerer, { tones: '159', duration: lengthMs });
        const heard = await heardKeys(pair);
        expectKeys(heard, '159');
        const events = eventsOnWire(wire, await answerOf(pair));
        expect(events.length, 'telephone events on the way, by their timestamps').to.equal(3);
        hold(pair, 'length of a key', median(heard.map((one) => one.lengthMs)), 'ms', {
          least: lengthMs - key.shorterMs,
          most: lengthMs + key.longerMs,
          paced: true,
        });
      }),
  );
}

scenario(
  {
    ...overPath,
    id: 'telephony/codec/stripped',
    title: 'A call without telephone-event',
    asks: 'Is canInsertDTMF false and does insertDTMF throw where telephone-event was not agreed on?',
    specs: [canInsertDtmf, insertDtmf],
  },
  (pair) =>
    overWire(pair, { withoutCodecs: ['telephone-event'] }, async (wire) => {
      await callOver(pair, 'audio/PCMU');
      const told = await pair.offerer.run(async ({ connection }) => {
        await connection.connected();
        const dtmf = connection.pc.getSenders()[0]?.dtmf;
        const able = dtmf?.canInsertDTMF;
        try {
          dtmf?.insertDTMF('1');
          return { able, thrown: 'nothing' };
        } catch (error) {
          return { able, thrown: error instanceof DOMException ? error.name : String(error) };
        }
      });
      expectKeys(await heardKeys(pair), '');
      expect(told, 'canInsertDTMF and what insertDTMF threw').to.deep.equal({
        able: false,
        thrown: 'InvalidStateError',
      });
      const sound = payloadTypes(section(await answerOf(pair), 'audio'), 'pcmu');
      const others = wire.rtp('offerer').filter(({ payloadType }) => !sound.includes(payloadType));
      expect(others.length, 'packets on the way that are none of PCMU').to.equal(0);
    }),
);

scenario(
  {
    ...telephony,
    id: 'telephony/codec/offered-clocks',
    title: 'Telephone events by the clocks of the codecs',
    asks: 'Is telephone-event offered, and answered, with the clock rate of every codec that is?',
    level: 'should',
    specs: [rfc4733('2.1'), rfc4733('2.6')],
  },
  async (pair) => {
    await pair.answerer.run((agent) => void agent.connect());
    const said = await pair.offerer.run(async (agent) => {
      const connection = agent.connect();
      connection.pc.addTransceiver('audio');
      await connection.negotiate();
      const { said, heard } = connection;
      return { offer: said.descriptions.at(-1)?.sdp ?? '', answer: heard.descriptions.at(-1)?.sdp ?? '' };
    });
    for (const [what, sdp] of Object.entries(said)) {
      const { rtp } = section(sdp, 'audio');
      const isEvent = ({ codec }: { codec: string }) => codec.toLowerCase() === 'telephone-event';
      const isSound = ({ codec }: { codec: string }) => !/^(?:telephone-event|cn|red)$/i.test(codec);
      const clocks = (of: typeof rtp) =>
        [...new Set(of.map(({ rate = 0 }) => rate))].toSorted((a, b) => a - b);
      expect(clocks(rtp.filter(isEvent)), `clock rates of telephone-event in the ${what}`).to.deep.equal(
        clocks(rtp.filter(isSound)),
      );
    }
  },
);
