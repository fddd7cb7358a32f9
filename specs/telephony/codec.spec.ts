import { expect } from 'chai';
import { payloadTypes, section } from '../codecs/sdp.ts';
import { overWire } from '../codecs/wire.ts';
import { scenario } from '../scenario.ts';
import { ask, unable } from './ability.ts';
import { canInsertDtmf, insertDtmf, offerSound, telephony } from './steps.ts';

const rfc4733 = (section: string) => `https://www.rfc-editor.org/rfc/rfc4733#section-${section}`;

scenario(
  {
    ...telephony,
    id: 'telephony/codec/stripped',
    title: 'A call without telephone-event',
    asks: 'Is canInsertDTMF false and does insertDTMF throw where telephone-event was not negotiated, and does nothing but sound go over the wire?',
    specs: [canInsertDtmf, insertDtmf],
    signaling: { trickle: false },
  },
  (pair) =>
    overWire(pair, { withoutCodecs: ['telephone-event'] }, async (wire) => {
      await offerSound(pair, 'audio/PCMU');
      await pair.offerer.run(({ connection }) => connection.connected());
      const told = await ask(pair, 'in');
      expect(told, 'canInsertDTMF and what insertDTMF threw').to.deep.equal(unable);
      await pair.answerer.run(({ connection }) =>
        connection.stats<RTCInboundRtpStreamStats>(
          'inbound-rtp',
          ({ packetsReceived = 0 }) => packetsReceived >= 10,
          'inbound-rtp to count 10 packets',
        ),
      );
      const answer = await pair.offerer.run(
        ({ connection }) => connection.heard.descriptions.at(-1)?.sdp ?? '',
      );
      const sound = payloadTypes(section(answer, 'audio'), 'pcmu');
      const others = wire.rtp('offerer').filter(({ payloadType }) => !sound.includes(payloadType));
      expect(others.length, 'packets on the way that are none of PCMU').to.equal(0);
    }),
);

scenario(
  {
    ...telephony,
    id: 'telephony/codec/offered-clocks',
    title: 'telephone-event at the clock rates of the codecs',
    asks: 'Is telephone-event offered and answered at exactly the clock rates of the audio codecs?',
    level: 'should',
    specs: [rfc4733('2.1'), rfc4733('2.6')],
    needs: ['RTCPeerConnection.prototype.addTransceiver'],
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
