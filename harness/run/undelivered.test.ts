import { expect } from 'chai';
import { PageFailure } from '../peers/peer.ts';
import type { ConnectionSnapshot, DescriptionRecord } from '../protocol/agent.ts';
import type { SignalingLogEntry } from '../protocol/signaling.ts';
import type { SideState } from './classify.ts';
import { notDelivered } from './undelivered.ts';
import { newSnapshot } from './snapshot.example.ts';

const sdp = (ufrag: string): string => `v=0\r\na=ice-ufrag:${ufrag}\r\n`;
const record = (madeBy: DescriptionRecord['madeBy'], type: string, ufrag: string): DescriptionRecord => ({
  at: 0,
  madeBy,
  type,
  sdp: sdp(ufrag),
  set: 'as above',
  sent: null,
  outcome: 'taken',
});
const side = (
  role: 'offerer' | 'answerer',
  descriptions: DescriptionRecord[],
  ofPage: ConnectionSnapshot['ofPage'] = { closedFrom: null },
): SideState => ({
  role,
  browser: 'chromium',
  exit: undefined,
  gone: undefined,
  unreadable: undefined,
  collected: {
    connections: [
      {
        ...newSnapshot('sdp'),
        descriptions,
        ...(ofPage ? { ofPage } : {}),
      },
    ],
    waits: [],
  },
});
const message = 'waited 5000 ms for "connect" of peer';
const wait = { message, ms: 5000, phase: 'sdp', whenUp: 'assert', othersTurn: true } as const;
const ranOut = new PageFailure(
  { name: 'WaitTimeout', message, stack: '', code: 'wait-timeout', phase: 'sdp', wait },
  'offerer',
  'chromium',
);
const offer = record('this side', 'offer', 'OFF');
const offered = record('the other side', 'offer', 'OFF');
const answer = record('this side', 'answer', 'ANS');
const words = (failure: PageFailure | undefined): string =>
  failure ? `${failure.role}: ${failure.message}` : 'none';

describe('a description of a library that did not arrive', () => {
  it('is the fault of the side that made it and did not send it', () => {
    const sides = [side('offerer', [offer]), side('answerer', [offered, answer])];
    expect(words(notDelivered(ranOut, sides, []))).to.equal(
      'answerer: its answer was set here and never reached the offerer; the offerer ' + message,
    );
    expect(words(notDelivered(ranOut, [side('offerer', [offer]), side('answerer', [])], []))).to.match(
      /^offerer: its offer was set here and never reached the answerer/,
    );
  });

  it('is the fault of the side that it came to and that did not set it', () => {
    const sides = [side('offerer', [offer]), side('answerer', [offered, answer])];
    const log: SignalingLogEntry[] = [
      {
        at: 1,
        from: 'answerer',
        action: 'relayed',
        message: { type: 'message', message: { type: 'answer', sdp: sdp('ANS') } },
      },
    ];
    expect(words(notDelivered(ranOut, sides, log))).to.equal(
      'offerer: the answer of the answerer came and was never set here; the offerer ' + message,
    );
  });

  it('is none where each arrived, where the scenario signals, and where no wait ran out', () => {
    const both = [
      side('offerer', [offer, record('the other side', 'answer', 'ANS')]),
      side('answerer', [offered, answer]),
    ];
    expect(words(notDelivered(ranOut, both, []))).to.equal('none');
    const ours = [side('offerer', [offer]), side('answerer', [offered, answer])].map((state) => {
      const [connection] = state.collected?.connections ?? [];
      delete connection?.ofPage;
      return state;
    });
    expect(words(notDelivered(ranOut, ours, []))).to.equal('none');
    expect(words(notDelivered(new Error('a check'), both, []))).to.equal('none');
  });
});
