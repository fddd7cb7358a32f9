import { expect } from 'chai';
import { bothNegotiate } from '../codecs/steps.ts';
import { scenario } from '../scenario.ts';
import { sides, type Side } from '../steps/sides.ts';
import { isDtls, openPath } from '../udp-path.ts';
import { claimsOf, connect, find, report, send, soundAndPicture, type Entry } from './steps.ts';

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
      title: `The ${stream} of a closed connection`,
      asks: `Does getStats() after close() still report the ${stream} of sound and picture, with no fewer packets than before, and with the same packets when it is called again?`,
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

for (const side of sides) {
  scenario(
    {
      id: `statistics/lifetime/asked-early-by-${side}`,
      version: 2,
      title: `Statistics that the ${side} asks for during the DTLS handshake`,
      asks: `When the ${side} calls getStats() while the DTLS handshake is held up, does transport name the certificates of both sides within two seconds of connecting?`,
      level: 'must',
      specs: [
        'https://www.w3.org/TR/webrtc-stats/#dom-rtctransportstats-remotecertificateid',
        'https://www.w3.org/TR/webrtc/#mandatory-to-implement-stats',
      ],
      // they know each other by the path alone
      signaling: { trickle: false },
    },
    async (pair) => {
      const held: [packet: Buffer, from: Side][] = [];
      let isHeldUp = true;
      let begin = (): void => undefined;
      const hasBegun = new Promise<void>((resolve) => (begin = resolve));
      const path = await openPath(pair, (packet, from) => {
        if (!isHeldUp || !isDtls(packet)) return true;
        held.push([packet, from]);
        begin();
        return false;
      });
      for (const role of sides)
        await pair[role].run(
          (agent, candidate) =>
            void agent.connect({
              incoming: ({ type, sdp = '' }) => ({ type, sdp: agent.sdp.withOnlyCandidate(sdp, candidate) }),
            }),
          path.candidates[role],
        );
      const connected = pair.offerer.run(async ({ connection }) => {
        connection.pc.createDataChannel('steps');
        await connection.negotiate();
        await connection.connected();
      });
      // if there is no handshake, this rejects
      await Promise.race([hasBegun, connected]);
      const state = await pair[side].run(async ({ connection: { pc } }) => {
        await pc.getStats();
        return pc.connectionState;
      });
      expect(state, 'connectionState when it was asked').to.equal('connecting');
      isHeldUp = false;
      for (const [packet, from] of held) path.send(packet, from);
      await bothNegotiate(pair.answerer, connected);
      const transport = await pair[side].run(async ({ connection, waitFor }): Promise<Entry> => {
        await connection.connected();
        const began = performance.now();
        return waitFor({
          name: 'a transport in the statistics',
          phase: 'dtls',
          probe: async () => {
            const entries: Iterable<RTCTransportStats> = (await connection.pc.getStats()).values();
            const told = [...entries].find(({ type }) => type === 'transport');
            const isDue = told?.remoteCertificateId !== undefined || performance.now() - began > 2000;
            return told && isDue ? { ...told } : undefined;
          },
          triggers: [{ everyMs: 60 }],
        });
      });
      for (const member of ['localCertificateId', 'remoteCertificateId']) {
        const { [member]: told } = transport;
        const actual = told === undefined ? undefined : typeof told;
        pair.claim({
          peer: side,
          dictionary: 'transport',
          member,
          actual,
          expected: 'string',
          of: 'what it is',
        });
      }
    },
  );
}
