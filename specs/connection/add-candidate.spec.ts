import { expect } from 'chai';
import { single } from '../scenario.ts';

const webrtc = (anchor: string) => `https://www.w3.org/TR/webrtc/#${anchor}`;

const common = {
  level: 'must',
  specs: [webrtc('dom-peerconnection-addicecandidate')],
  needs: ['RTCPeerConnection.prototype.addTransceiver'],
} as const;

/** Marks what must not get into a description. */
const wrong = 'candidate:wrong 1 udp 2113937151 127.0.0.1 50007 typ host';

/**
 * What addIceCandidate must refuse, in a connection of two m-lines: each of the arguments, and the error's name.
 * https://www.rfc-editor.org/rfc/rfc8829#section-4.1.19 has what cannot be read refused.
 */
const refusals = {
  'without-m-line': {
    title: 'A candidate for no m-line',
    name: 'TypeError',
    given: [{ candidate: wrong }, { candidate: wrong, sdpMid: null, sdpMLineIndex: null }],
  },
  'unknown-mid': {
    title: 'A candidate for an unknown mid',
    name: 'OperationError',
    given: [
      { candidate: wrong, sdpMid: 'unknown' },
      { candidate: wrong, sdpMid: 'unknown', sdpMLineIndex: 0 },
    ],
  },
  'unknown-index': {
    title: 'A candidate for an m-line that is not there',
    name: 'OperationError',
    given: [
      { candidate: wrong, sdpMLineIndex: 2 },
      { candidate: wrong, sdpMLineIndex: 65_535 },
    ],
  },
  'unknown-ufrag': {
    title: 'A candidate of an unknown generation',
    name: 'OperationError',
    given: [{ candidate: wrong, sdpMLineIndex: 0, usernameFragment: 'unknown' }],
  },
  'end-for-unknown-mid': {
    title: 'The end of candidates for an unknown mid',
    name: 'OperationError',
    given: [{ candidate: '', sdpMid: 'unknown' }],
  },
  'end-for-unknown-index': {
    title: 'The end of candidates for an m-line that is not there',
    name: 'OperationError',
    given: [{ candidate: '', sdpMLineIndex: 2 }],
  },
  'end-of-unknown-ufrag': {
    title: 'The end of candidates of an unknown generation',
    name: 'OperationError',
    given: [{ candidate: '', sdpMLineIndex: 0, usernameFragment: 'unknown' }],
  },
  text: {
    title: 'Text that is no candidate',
    name: 'OperationError',
    given: [{ candidate: 'this is wrong', sdpMLineIndex: 0 }],
  },
  'cut-off': {
    title: 'A candidate that is cut off',
    name: 'OperationError',
    given: [
      { candidate: 'candidate:wrong', sdpMLineIndex: 0 },
      { candidate: 'candidate:wrong 1 udp 2113937151 127.0.0.1', sdpMLineIndex: 0 },
    ],
  },
  'no-number': {
    title: 'A candidate with words for numbers',
    name: 'OperationError',
    given: [
      { candidate: wrong.replace('50007', 'port'), sdpMLineIndex: 0 },
      { candidate: wrong.replace('2113937151', 'priority'), sdpMLineIndex: 0 },
    ],
  },
  'port-out-of-range': {
    title: 'A candidate whose port does not exist',
    name: 'OperationError',
    given: [{ candidate: wrong.replace('50007', '70000'), sdpMLineIndex: 0 }],
  },
  'no-dictionary': {
    title: 'What is no dictionary',
    name: 'TypeError',
    given: [wrong, 50_007, true],
  },
} as const;

for (const [name, { title, name: error, given }] of Object.entries(refusals)) {
  single(
    {
      ...common,
      id: `connection/add-candidate/${name}`,
      title,
      asks: `Is it refused with ${error}, before the connection is there and after, and do the two connect by what is right, and data go both ways?`,
      specs: [...common.specs, 'https://www.rfc-editor.org/rfc/rfc8829#section-4.1.19'],
    },
    async ({ peer }) => {
      const came = await peer.run(async (agent, all: readonly unknown[]) => {
        const { a, b, until } = agent.unobserved(() => agent.localPair(window));
        const tried = async () => {
          const names: string[] = [];
          for (const each of all) {
            try {
              // no type allows what is wrong
              const added: unknown = Reflect.apply(b.addIceCandidate, b, [each]);
              if (!(added instanceof Promise)) names.push('no promise');
              await added;
              names.push('nothing');
            } catch (error) {
              names.push(
                error instanceof DOMException || error instanceof TypeError ? error.name : String(error),
              );
            }
          }
          return names;
        };
        a.addTransceiver('audio');
        const received: unknown[] = [];
        const near = a.createDataChannel('data');
        near.addEventListener('message', ({ data }) => received.push(data));
        let far: RTCDataChannel | undefined;
        b.addEventListener('datachannel', ({ channel }) => {
          far = channel;
          channel.addEventListener('message', ({ data }) => received.push(data));
        });
        await a.setLocalDescription();
        if (a.localDescription) await b.setRemoteDescription(a.localDescription);
        const ahead = await tried();
        await b.setLocalDescription();
        if (b.localDescription) await a.setRemoteDescription(b.localDescription);
        await until(
          'the two to be connected',
          () => b.connectionState === 'connected' && far?.readyState === 'open',
        );
        const states = () => [b.signalingState, b.connectionState, near.readyState];
        const before = states();
        const behind = await tried();
        near.send('there');
        await until('data to come', () => received.length === 1);
        far?.send('and back');
        await until('data to come back', () => received.length === 2);
        const after = states();
        const kept = b.remoteDescription?.sdp.match(/^.*wrong.*$/gm) ?? [];
        a.close();
        b.close();
        return { ahead, behind, before, after, received, kept };
      }, given);
      const due = given.map(() => error);
      expect(came.ahead, 'what is thrown before the connection is there').to.deep.equal(due);
      expect(came.behind, 'what is thrown when it is there').to.deep.equal(due);
      expect(came.kept, 'what remoteDescription has of it').to.deep.equal([]);
      expect(came.after, 'the states').to.deep.equal(came.before);
      expect(came.received, 'what was received').to.deep.equal(['there', 'and back']);
    },
  );
}
