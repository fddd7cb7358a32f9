import { rewriteText } from '../breakages/data.ts';
import { refuse } from '../breakages/sdp.ts';
import { fault } from '../fault.ts';

const scenario = (name: string) => `connection/negotiation/${name}`;

for (const [polite, impolite] of [
  ['offerer', 'answerer'],
  ['answerer', 'offerer'],
] as const) {
  fault({
    scenario: scenario(`glare-${polite}-yields`),
    name: `the ${polite} does not roll back`,
    on: polite,
    page: (kit) =>
      kit.wrap(
        RTCPeerConnection.prototype,
        'setRemoteDescription',
        (pc, args: [RTCSessionDescriptionInit], set) => {
          if (args[0].type !== 'offer' || pc.signalingState !== 'have-local-offer') return set(...args);
          kit.bit();
          return Promise.reject(new DOMException('no rollback', 'InvalidStateError'));
        },
      ),
    expect: {
      status: 'fail',
      phase: 'sdp',
      reason: new RegExp(`seen at the ${polite} .*setRemoteDescription\\(offer\\).*no rollback`),
    },
    timeoutMs: 20_000,
  });

  fault({
    scenario: scenario(`glare-${polite}-yields`),
    name: 'the data of the second round comes changed',
    on: impolite,
    page: rewriteText,
    arg: { from: '^.* in round 2$', to: 'from nowhere' },
    expect: { status: 'fail', phase: 'assert', reason: /received in round 2: .*from nowhere/ },
    timeoutMs: 20_000,
  });

  fault({
    scenario: scenario(`glare-${polite}-yields`),
    name: 'the first picture stops in the third round',
    on: impolite,
    page: (kit) => {
      let channels = 0;
      kit.wrap(RTCPeerConnection.prototype, 'createDataChannel', (pc, args: unknown[], create) => {
        channels += 1;
        const [sender] = pc.getSenders();
        if (channels < 2 || !sender?.track) return create(...args);
        kit.bit();
        void sender.replaceTrack(null);
        return create(...args);
      });
    },
    expect: {
      status: 'timeout',
      phase: 'media',
      reason: new RegExp(
        `seen at the ${polite} .*more packets of each picture and tone; last seen: none by mid \\d+$`,
      ),
    },
    timeoutMs: 20_000,
  });

  fault({
    scenario: scenario(`twenty-offers-of-${polite}`),
    name: 'one of the offers has another session',
    on: polite,
    page: (kit) => {
      let offers = 0;
      kit.rewriteSdp({ at: 'said', type: 'offer' }, (sdp) => {
        offers += 1;
        return offers > 15 ? sdp.replace(/^o=(\S+) (\d+)/m, 'o=$1 1$2') : sdp;
      });
    },
    expect: { status: 'fail', phase: 'assert', reason: /session ids and m-lines of the twenty offers/ },
    timeoutMs: 20_000,
  });
}

for (const kind of ['audio', 'video']) {
  for (const name of [`rollback-${kind}`, `rollback-${kind}-in-a-call`]) {
    fault({
      scenario: scenario(name),
      name: `the ${kind} is lost in the rollback`,
      on: 'offerer',
      page: (kit) =>
        kit.wrap(
          RTCPeerConnection.prototype,
          'setLocalDescription',
          async (pc, args: [RTCLocalSessionDescriptionInit?], set) => {
            await set(...args);
            if (args[0]?.type !== 'rollback') return;
            kit.bit();
            for (const sender of pc.getSenders()) pc.removeTrack(sender);
          },
        ),
      expect: {
        status: 'timeout',
        phase: 'media',
        reason: new RegExp(`a ${kind} track from the other side`),
      },
      timeoutMs: 5000,
    });
  }

  fault({
    scenario: scenario(`rollback-for-${kind}-of-answerer`),
    name: 'the offerer does not take the offer',
    on: 'offerer',
    page: (kit) =>
      kit.wrap(
        RTCPeerConnection.prototype,
        'setRemoteDescription',
        (_, args: [RTCSessionDescriptionInit], set) => {
          if (args[0].type !== 'offer') return set(...args);
          kit.bit();
          return Promise.reject(new DOMException('collision', 'InvalidAccessError'));
        },
      ),
    expect: {
      status: 'fail',
      phase: 'sdp',
      reason: /seen at the offerer .*setRemoteDescription\(offer\): InvalidAccessError: collision/,
    },
  });
}

fault({
  scenario: scenario('rollback-data'),
  name: 'what comes by the channel is another text',
  on: 'offerer',
  pair: ['firefox', 'firefox'],
  page: (kit) => kit.changeSent((data) => (data === 'by it' ? 'by chance' : data)),
  expect: { status: 'fail', phase: 'assert', reason: /what the answerer received: .*by chance/ },
});

fault({
  scenario: scenario('rollback-events'),
  name: 'the offerer does not ask for another offer',
  on: 'offerer',
  pair: ['firefox', 'firefox'],
  page: (kit) => kit.dropEvent({ on: 'RTCPeerConnection', type: 'negotiationneeded' }, 2),
  expect: { status: 'timeout', phase: 'sdp', reason: /negotiationneeded to come again/ },
});

fault({
  scenario: scenario('rollback-events'),
  name: 'it asks for another offer twice',
  on: 'offerer',
  pair: ['firefox', 'firefox'],
  page: (kit) => kit.doubleEvent({ on: 'RTCPeerConnection', type: 'negotiationneeded' }),
  expect: { status: 'fail', phase: 'assert', reason: /what the offerer told/ },
});

fault({
  scenario: scenario('pranswer'),
  name: 'the provisional answer is taken for the final one',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(
      RTCPeerConnection.prototype,
      'setRemoteDescription',
      (_, [{ type, sdp }]: [RTCSessionDescriptionInit], set) => {
        if (type === 'pranswer') kit.bit();
        return set({ type: type === 'pranswer' ? 'answer' : type, sdp });
      },
    ),
  // `Connection` checks the state that each description leads to, before the scenario does
  expect: {
    status: 'fail',
    phase: 'sdp',
    reason:
      /seen at the offerer .*setRemoteDescription\(pranswer\): .*stable in place of have-remote-pranswer/,
  },
});

for (const [name, text] of [
  ['unknown-attributes', 'a=x-unknown'],
  ['line-feeds', 'v=0\n'],
] as const) {
  fault({
    scenario: scenario(name),
    name: 'it is refused',
    on: 'answerer',
    page: refuse,
    arg: { containing: text },
    expect: { status: 'fail', phase: 'sdp', reason: /seen at the answerer .*cannot be read/ },
  });
}

fault({
  scenario: scenario('no-ice-options'),
  name: 'it is refused',
  on: 'answerer',
  page: (kit) =>
    kit.wrap(
      RTCPeerConnection.prototype,
      'setRemoteDescription',
      (_, args: [RTCSessionDescriptionInit], set) => {
        if (args[0].sdp?.includes('a=ice-options') !== false) return set(...args);
        kit.bit();
        return Promise.reject(new DOMException('no trickle', 'OperationError'));
      },
    ),
  expect: { status: 'fail', phase: 'sdp', reason: /seen at the answerer .*no trickle/ },
});

for (const side of ['offerer', 'answerer'] as const) {
  fault({
    scenario: scenario(`fifty-lines-of-${side}`),
    name: 'the third of them is not stopped',
    on: side,
    page: (kit) => {
      let stops = 0;
      kit.wrap(RTCRtpTransceiver.prototype, 'stop', (transceiver, args: [], stop) => {
        stops += 1;
        if (stops !== 3) return stop(...args);
        kit.bit();
        transceiver.direction = 'inactive';
        return undefined;
      });
    },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: /transceivers that the offerer still has: expected 1/,
    },
    timeoutMs: 30_000,
  });

  fault({
    scenario: scenario(`fifty-lines-of-${side}`),
    name: 'mids come again',
    on: side,
    page: (kit) =>
      kit.property(RTCRtpTransceiver.prototype, 'mid', {
        get: (_, mid) => {
          if (mid !== '7') return mid;
          kit.bit();
          return '6';
        },
      }),
    expect: { status: 'fail', phase: 'assert', reason: /mids of the transceivers: expected 49/ },
    timeoutMs: 30_000,
  });
}

fault({
  scenario: scenario('calls-at-once'),
  name: 'the offer is said to be heard when all else is done',
  on: 'answerer',
  page: (kit) =>
    kit.wrap(RTCPeerConnection.prototype, 'setRemoteDescription', async (_, args: unknown[], set) => {
      await set(...args);
      kit.bit();
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }),
  expect: { status: 'fail', phase: 'assert', reason: /the order in which the calls were done/ },
  timeoutMs: 10_000,
});

fault({
  scenario: scenario('calls-at-once'),
  name: 'the track takes a transceiver of its own',
  on: 'answerer',
  page: (kit) =>
    kit.wrap(RTCPeerConnection.prototype, 'addTrack', (pc, [track, ...streams]: [MediaStreamTrack]) => {
      kit.bit();
      return pc.addTransceiver(track, { streams }).sender;
    }),
  expect: { status: 'fail', phase: 'assert', reason: /transceivers of the answerer: expected 2/ },
  timeoutMs: 10_000,
});
