import { fault } from '../fault.ts';

for (const count of ['1', '10', '50']) {
  fault({
    scenario: `connection/many/${count}`,
    name: 'one of them carries what another should',
    on: 'offerer',
    page: (kit) => kit.changeSent((data) => (data === 'text 0' ? 'text 6' : data)),
    expect: { status: 'fail', phase: 'assert', reason: /what came back by each/ },
    timeoutMs: 25_000,
  });

  fault({
    scenario: `connection/many/${count}`,
    name: 'one of them does not take its answer',
    on: 'offerer',
    page: (kit) => {
      let answers = 0;
      kit.wrap(
        RTCPeerConnection.prototype,
        'setRemoteDescription',
        (_, args: [RTCSessionDescriptionInit], set) => {
          if (args[0].type === 'answer') answers += 1;
          // the first is the call's own
          if (answers !== 2) return set(...args);
          answers += 1;
          kit.bit();
          return Promise.resolve();
        },
      );
    },
    expect: {
      status: 'timeout',
      phase: 'sctp',
      reason: /a text by each of \d+ channels; last seen: (?:0|9|49) came/,
    },
    timeoutMs: 15_000,
  });
}
