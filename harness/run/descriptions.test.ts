import { expect } from 'chai';
import type { SignalingLogEntry } from '../protocol/signaling.ts';
import { sentDescriptions } from './descriptions.ts';

const said = (
  from: 'offerer' | 'answerer',
  type: 'offer' | 'answer' | 'pranswer' | 'rollback',
  sdp: string,
): SignalingLogEntry => ({
  at: 0,
  from,
  action: 'received',
  message: { type: 'description', description: { type, sdp } },
});
const names = (...log: SignalingLogEntry[]): string[] =>
  sentDescriptions(log).map(
    ({ kind, peer, name, content }) => `${kind} ${String(peer)} ${name} ${String(content)}`,
  );

describe('the descriptions of a call', () => {
  it('are paired by the offer that is answered, with a rollback between them too', () => {
    const glare = names(
      said('offerer', 'offer', 'a'),
      said('answerer', 'offer', 'b'),
      said('answerer', 'answer', 'to a'),
      said('answerer', 'offer', 'c'),
      said('offerer', 'answer', 'to c'),
    );
    expect(glare).to.deep.equal([
      'offer offerer 1-offer.sdp a',
      'offer answerer 2-offer.sdp b',
      'answer answerer 1-answer.sdp to a',
      'offer answerer 3-offer.sdp c',
      'answer offerer 3-answer.sdp to c',
    ]);
  });

  it('do not take a provisional answer for the answer', () => {
    expect(
      names(
        said('offerer', 'offer', 'a'),
        said('answerer', 'pranswer', 'soon'),
        said('answerer', 'answer', 'now'),
      ),
    ).to.deep.equal([
      'offer offerer 1-offer.sdp a',
      'trace answerer 1-pranswer.sdp soon',
      'answer answerer 1-answer.sdp now',
    ]);
  });
});
