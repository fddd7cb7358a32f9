import { expect } from 'chai';
import { single } from '../scenario.ts';

const webrtc = (anchor: string) => `https://www.w3.org/TR/webrtc/#${anchor}`;

const unreadable = ['RTCError', 'OperationError', 'InvalidAccessError'];

/**
 * What must be refused: who is told what, and the names that the error may have.
 * https://www.w3.org/TR/webrtc/#set-description
 */
const refusals = {
  'answer-in-stable': {
    title: 'An answer that nobody asked for',
    step: 'answer in stable',
    names: ['InvalidStateError'],
  },
  'rollback-in-stable': {
    title: 'A rollback of nothing',
    step: 'rollback in stable',
    names: ['InvalidStateError'],
  },
  garbage: {
    title: 'A description that is not one',
    step: 'garbage',
    names: unreadable,
  },
  'no-credentials': {
    title: 'An offer without ICE credentials',
    step: 'no credentials',
    names: unreadable,
  },
  'no-fingerprint': {
    title: 'An offer without a fingerprint',
    step: 'no fingerprint',
    names: unreadable,
  },
  'no-setup': {
    title: 'An offer without a=setup',
    step: 'no setup',
    names: unreadable,
  },
  'answer-of-another-kind': {
    title: 'An answer whose m-line is of another kind',
    step: 'another kind',
    names: unreadable,
  },
  'answer-with-an-m-line-more': {
    title: 'An answer with one m-line too many',
    step: 'm-line too many',
    names: unreadable,
  },
  'answer-lacks-m-line': {
    title: 'An answer with one m-line too few',
    step: 'm-line too few',
    names: unreadable,
  },
} as const;

for (const [name, { title, step, names }] of Object.entries(refusals)) {
  single(
    {
      id: `connection/refused/${name}`,
      title,
      asks: 'Is it refused with an error that says so, does the connection stay as it was, and does it then connect with what is right?',
      level: 'must',
      specs: [webrtc('set-description'), 'https://www.rfc-editor.org/rfc/rfc8829#section-5.8'],
      needs: ['RTCPeerConnection.prototype.addTransceiver'],
    },
    async ({ peer }) => {
      const came = await peer.run(async (agent, wrong) => {
        const { a, b, negotiate, until } = agent.unobserved(() => agent.localPair(window));
        a.addTransceiver('audio');
        a.createDataChannel('data');
        const offer = (await a.createOffer()).sdp ?? '';
        const tried = async (pc: RTCPeerConnection, set: () => Promise<void>) => {
          const before = pc.signalingState;
          try {
            await set();
            return { thrown: 'nothing', stays: pc.signalingState === before };
          } catch (error) {
            const thrown = error instanceof DOMException ? error.name : String(error);
            return { thrown, stays: pc.signalingState === before };
          }
        };
        const heard = (sdp: string) => tried(b, () => b.setRemoteDescription({ type: 'offer', sdp }));
        /** Answers with an edited version of the right answer, and then with the right one, if the edited one was refused. */
        const answered = async (edit: (sdp: string) => string) => {
          await a.setLocalDescription();
          if (a.localDescription) await b.setRemoteDescription(a.localDescription);
          const { sdp = '' } = await b.createAnswer();
          const came = await tried(a, () => a.setRemoteDescription({ type: 'answer', sdp: edit(sdp) }));
          await b.setLocalDescription();
          if (b.localDescription && came.stays) await a.setRemoteDescription(b.localDescription);
          return came;
        };
        const outcome = await (async () => {
          switch (wrong) {
            case 'answer in stable':
              return tried(b, () => b.setRemoteDescription({ type: 'answer', sdp: offer }));
            case 'rollback in stable':
              return tried(b, () => b.setLocalDescription({ type: 'rollback' }));
            case 'garbage':
              return heard('v=0\r\nthis is no description\r\n');
            case 'no credentials':
              return heard(offer.replaceAll(/^a=ice-(?:ufrag|pwd):.*\r\n/gm, ''));
            case 'no fingerprint':
              return heard(offer.replaceAll(/^a=fingerprint:.*\r\n/gm, ''));
            case 'no setup':
              return heard(offer.replaceAll(/^a=setup:.*\r\n/gm, ''));
            case 'm-line too few':
              return answered((sdp) => sdp.slice(0, sdp.lastIndexOf('m=')));
            case 'm-line too many':
              return answered((sdp) => {
                const first = sdp.slice(sdp.indexOf('m='), sdp.lastIndexOf('m='));
                return `${sdp}${first.replace(/^m=audio \d+/, 'm=audio 0').replace(/^a=mid:.*/m, 'a=mid:more')}`;
              });
            case 'another kind':
              return answered((sdp) => sdp.replace('m=audio', 'm=video'));
          }
        })();
        if (a.signalingState === 'stable' && b.signalingState === 'stable' && a.remoteDescription === null)
          await negotiate();
        const connected =
          outcome.stays && (await until('the two to be connected', () => a.connectionState === 'connected'));
        a.close();
        b.close();
        return { ...outcome, connected };
      }, step);
      expect(names, 'what is thrown').to.include(came.thrown);
      expect(came.stays, 'whether signalingState stays').to.equal(true);
      expect(came.connected, 'whether the two connect by what is right').to.equal(true);
    },
  );
}
