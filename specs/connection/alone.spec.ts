import { expect } from 'chai';
import { single } from '../scenario.ts';
import { timeToNegotiationNeeded } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';

const webrtc = (anchor: string) => `https://www.w3.org/TR/webrtc/#${anchor}`;

single(
  {
    id: 'connection/alone/operations-chain',
    title: 'Calls that nobody awaits',
    asks: 'Are calls that are made all at once carried out one after the other, each in the state that the one before has left?',
    level: 'must',
    specs: [webrtc('dfn-operations-chain'), webrtc('dom-rtcpeerconnection-setlocaldescription')],
    needs: ['RTCPeerConnection.prototype.addTransceiver'],
  },
  async ({ peer }) => {
    const { during, order, state, connected } = await peer.run(async (agent) => {
      const order: string[] = [];
      const noted = async (name: string, step: Promise<unknown>): Promise<void> => {
        await step;
        order.push(name);
      };
      const offering = agent.unobserved(() => new RTCPeerConnection());
      offering.addTransceiver('audio');
      const steps = [
        noted('an offer is made', offering.createOffer()),
        noted('an offer is set', offering.setLocalDescription()),
        noted('it is rolled back', offering.setLocalDescription({ type: 'rollback' })),
        noted('another is made', offering.createOffer()),
        noted('another is set', offering.setLocalDescription()),
      ];
      const during = offering.signalingState;
      await Promise.all(steps);
      const state = offering.signalingState;
      offering.close();
      const { a, b, until } = agent.unobserved(() => agent.localPair(window));
      a.addTransceiver('audio');
      await a.setLocalDescription();
      const offer = a.localDescription;
      if (!offer) throw new Error('there is no offer');
      const candidate = { candidate: '', sdpMid: a.getTransceivers()[0]?.mid ?? null };
      await Promise.all([
        noted('the offer is heard', b.setRemoteDescription(offer)),
        noted('a candidate is heard', b.addIceCandidate(candidate)),
        noted('an answer is set', b.setLocalDescription()),
      ]);
      if (b.localDescription) await a.setRemoteDescription(b.localDescription);
      const connected = await until('the two to be connected', () => a.connectionState === 'connected');
      a.close();
      b.close();
      return { during, order, state, connected };
    });
    expect(during, 'signalingState when the calls have returned').to.equal('stable');
    expect(state, 'signalingState when they are done').to.equal('have-local-offer');
    expect(order, 'the order in which they were done').to.deep.equal([
      'an offer is made',
      'an offer is set',
      'it is rolled back',
      'another is made',
      'another is set',
      'the offer is heard',
      'a candidate is heard',
      'an answer is set',
    ]);
    expect(connected, 'whether the two are connected').to.equal(true);
  },
);

single(
  {
    id: 'connection/alone/negotiation-needed',
    version: 2,
    title: 'How often negotiationneeded fires',
    asks: 'Does negotiationneeded fire once for everything that was added, not for what needs no negotiation, and only in the stable state?',
    level: 'must',
    specs: [webrtc('dfn-update-the-negotiation-needed-flag'), webrtc('dfn-check-if-negotiation-is-needed')],
    needs: ['RTCRtpTransceiver.prototype.stop'],
  },
  async ({ peer, measure }) => {
    const { told, firstMs } = await peer.run(async (agent) => {
      const { a, b, negotiate, until } = agent.unobserved(() => agent.localPair(window));
      const told: string[] = [];
      let step = 'a channel, another and a transceiver are added';
      a.addEventListener('negotiationneeded', () => told.push(`${step}: ${a.signalingState}`));
      const come = (count: number) => until(`negotiationneeded to come ${step}`, () => told.length >= count);
      a.createDataChannel('one');
      a.createDataChannel('two');
      const transceiver = a.addTransceiver('audio');
      const added = performance.now();
      await come(1);
      const firstMs = Math.round(performance.now() - added);
      await negotiate();
      step = 'a third channel is added';
      a.createDataChannel('three');
      await negotiate();
      step = 'a transceiver is added while an offer is out';
      const offer = await a.createOffer();
      await a.setLocalDescription(offer);
      a.addTransceiver('video');
      await b.setRemoteDescription(offer);
      await b.setLocalDescription();
      if (b.localDescription) await a.setRemoteDescription(b.localDescription);
      await come(2);
      await negotiate();
      step = 'a transceiver is stopped';
      transceiver.stop();
      await come(3);
      await negotiate();
      a.close();
      b.close();
      return { told, firstMs };
    });
    hold({ measure }, 'time to negotiationneeded', firstMs, 'ms', timeToNegotiationNeeded);
    expect(told, 'when negotiationneeded came').to.deep.equal([
      'a channel, another and a transceiver are added: stable',
      'a transceiver is added while an offer is out: stable',
      'a transceiver is stopped: stable',
    ]);
  },
);

single(
  {
    id: 'connection/alone/candidate-in-description',
    title: 'A candidate that was added',
    asks: 'Once addIceCandidate has resolved, does remoteDescription have the candidate, and is one for an unknown m-line refused?',
    level: 'must',
    specs: [webrtc('dom-peerconnection-addicecandidate')],
    needs: ['RTCPeerConnection.prototype.addTransceiver'],
  },
  async ({ peer }) => {
    const { before, after, refused } = await peer.run(async (agent) => {
      const [offering, answering] = agent.unobserved(() => [
        new RTCPeerConnection(),
        new RTCPeerConnection(),
      ]);
      if (!offering || !answering) throw new Error('there are no connections');
      offering.addTransceiver('audio');
      const { sdp = '' } = await offering.createOffer();
      await answering.setRemoteDescription({ type: 'offer', sdp });
      const ports = () =>
        [...(answering.remoteDescription?.sdp ?? '').matchAll(/^a=candidate:\S+ 1 \S+ \d+ \S+ (\d+) /gm)].map(
          ([, port]) => Number(port),
        );
      const before = ports();
      const sdpMid = /^a=mid:(\S+)/m.exec(sdp)?.[1] ?? '';
      const candidate = 'candidate:1 1 udp 2113937151 192.0.2.7 50007 typ host';
      await answering.addIceCandidate({ candidate, sdpMid });
      const after = ports();
      let refused = 'nothing was thrown';
      try {
        await answering.addIceCandidate({ candidate, sdpMid: 'no such mid' });
      } catch (error) {
        refused = error instanceof DOMException ? error.name : String(error);
      }
      offering.close();
      answering.close();
      return { before, after, refused };
    });
    expect(before, 'ports of candidates in remoteDescription ahead of addIceCandidate').to.deep.equal([]);
    expect(after, 'ports of candidates in remoteDescription behind addIceCandidate').to.deep.equal([50_007]);
    expect(refused, 'what addIceCandidate threw for another m-line').to.equal('OperationError');
  },
);

single(
  {
    id: 'connection/alone/rollback-at-once',
    version: 2,
    title: 'Offers that are rolled back at once',
    asks: 'When the first connection of each of ten windows rolls back an offer of sound and picture immediately and makes another, do all of them finish gathering?',
    level: 'must',
    specs: [webrtc('dom-rtcicegatheringstate'), 'https://www.rfc-editor.org/rfc/rfc8829#section-4.1.10.2'],
    needs: ['RTCPeerConnection.prototype.addTransceiver'],
    timeoutMs: 6000,
  },
  async ({ peer }) => {
    const states = await peer.run(async (agent) => {
      const all: RTCPeerConnection[] = [];
      for (let number = 0; number < 10; number += 1) {
        const { window } = await agent.freshWindow();
        const pc = new window.RTCPeerConnection();
        all.push(pc);
        pc.addTransceiver('audio');
        pc.addTransceiver('video');
        await Promise.all([pc.setLocalDescription(), pc.setLocalDescription({ type: 'rollback' })]);
        await pc.setLocalDescription();
      }
      const gathered = () => all.filter(({ iceGatheringState }) => iceGatheringState === 'complete').length;
      await agent.waitFor({
        name: 'ten connections to have gathered',
        phase: 'ice',
        probe: () => gathered() === all.length,
        triggers: [{ everyMs: 50 }],
        seen: () => `${String(gathered())} have`,
      });
      const states = all.map(({ iceGatheringState }) => iceGatheringState);
      for (const pc of all) pc.close();
      return states;
    });
    expect(new Set(states), 'iceGatheringState of all').to.deep.equal(new Set(['complete']));
  },
);
