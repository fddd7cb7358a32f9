import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';
import { sides, type Side } from '../steps/sides.ts';
import { add, expectAdded, expectHeard, needsOf } from './added.ts';
import { negotiateByHand, tryToTake, offerAndGather } from './by-hand.ts';
import { offerProof, proveData } from './steps.ts';

const jsep = (section: string) => `https://www.rfc-editor.org/rfc/rfc8829#section-${section}`;
const webrtc = (anchor: string) => `https://www.w3.org/TR/webrtc/#${anchor}`;

const withoutMux = {
  level: 'must',
  specs: [jsep('4.1.1'), jsep('5.8.3'), webrtc('dom-rtcrtcpmuxpolicy-require')],
  needs: needsOf.audio,
  // no candidates may trickle in after a description that is refused
  signaling: { trickle: false },
} as const;

/** Creates both sides' connections, by hand; one side's descriptions lack `a=rtcp-mux` for as long as `kept` says so. */
async function connectWithoutMux(pair: PairContext<Agent>, from: Side): Promise<void> {
  for (const side of sides)
    await pair[side].run((agent, strips) => {
      agent.kept.set('strips', strips);
      agent.connect({
        byHand: true,
        editsMayChangeNothing: true,
        outgoing: ({ type, sdp = '' }) => ({
          type,
          sdp: agent.kept.get('strips') === true ? sdp.replaceAll(/^a=rtcp-mux(?:-only)?\r\n/gm, '') : sdp,
        }),
      });
    }, side === from);
  await pair.offerer.run(add, 'audio');
}

scenario(
  {
    ...withoutMux,
    id: 'connection/bundle/rtcp-mux-absent',
    title: 'No rtcp-mux in the offer',
    asks: 'Is an offer without rtcp-mux refused, because the answerer requires it, and does sound arrive after an offer that has it?',
  },
  async (pair) => {
    await connectWithoutMux(pair, 'offerer');
    await pair.offerer.run(({ connection }) => connection.offer());
    const { thrown, state } = await pair.answerer.run(tryToTake);
    expect(thrown, 'what setRemoteDescription throws').to.match(/setRemoteDescription\(offer\): \w+Error: /);
    expect(state, 'signalingState of the answerer').to.equal('stable');
    await pair.offerer.run(async ({ connection, kept }) => {
      kept.set('strips', false);
      await connection.rollback();
    });
    await negotiateByHand(pair, 'offerer');
    await expectHeard(pair);
  },
);

scenario(
  {
    ...withoutMux,
    id: 'connection/bundle/rtcp-mux-refused',
    title: 'rtcp-mux refused in the answer',
    asks: 'Is an answer without rtcp-mux refused, because the offerer requires it, and does sound arrive after an answer that has it?',
  },
  async (pair) => {
    await connectWithoutMux(pair, 'answerer');
    await pair.offerer.run(({ connection }) => connection.offer());
    await pair.answerer.run(async ({ connection }) => {
      await connection.take();
      await connection.answer();
    });
    const { thrown, state } = await pair.offerer.run(tryToTake);
    expect(thrown, 'what setRemoteDescription throws').to.match(/setRemoteDescription\(answer\): \w+Error: /);
    expect(state, 'signalingState of the offerer').to.equal('have-local-offer');
    await pair.answerer.run(({ connection, signaling }) => {
      const { type, sdp } = connection.pc.localDescription ?? { type: 'answer', sdp: '' };
      signaling.send({ type: 'description', description: { type, sdp } });
    });
    await pair.offerer.run(({ connection }) => connection.take());
    await expectHeard(pair);
  },
);

/** Is to offer sound with a codec that nobody knows. */
const connectWithUnknownSound = (agent: Agent, byHand: boolean): void => {
  agent.connect({
    byHand,
    outgoing: ({ type, sdp = '' }) => ({
      type,
      sdp: sdp
        .replace(/^(m=audio \d+ \S+) .*$/m, '$1 96')
        .replace(/^a=rtpmap:.*$/m, 'a=rtpmap:96 X-NOBODY/48000')
        .replaceAll(/^a=(?:rtpmap:(?!96 X-)|fmtp:|rtcp-fb:).*\r\n/gm, ''),
    }),
  });
};

for (const [name, trickle] of [
  ['first-line-refused', false],
  ['first-line-refused-trickle', true],
] as const) {
  scenario(
    {
      id: `connection/bundle/${name}`,
      title: `The answerer refuses the first m-line of the bundle${trickle ? ', whose candidates arrive all the same' : ''}`,
      asks: `When the answerer refuses the first m-line of the bundle, whose codecs it does not know, ${trickle ? 'does it accept the candidates of that m-line silently, and ' : ''}does data go both ways over the other one?`,
      level: 'must',
      version: trickle ? 2 : 1,
      specs: [
        'https://www.rfc-editor.org/rfc/rfc9143#section-7.3.3',
        jsep('5.3.1'),
        ...(trickle ? [webrtc('dom-peerconnection-addicecandidate')] : []),
      ],
      needs: needsOf.audio,
      signaling: { trickle },
    },
    async (pair) => {
      await pair.answerer.run((agent) => void agent.connect());
      await pair.offerer.run(connectWithUnknownSound, trickle);
      await pair.offerer.run(add, 'audio');
      if (trickle) {
        // an answer that is taken before the offerer has gathered leaves no candidates of the refused m-line
        await pair.offerer.run(({ connection }) => void connection.createChannel('proof'));
        await pair.offerer.run(offerAndGather);
        await pair.offerer.run(({ connection }) => connection.take());
      } else await pair.offerer.run(offerProof);
      const answer = await pair.answerer.run(({ connection }) => connection.said.descriptions[0]?.sdp ?? '');
      const lines = [...answer.matchAll(/^m=(\w+) (\d+)/gm)].map(
        ([, kind, port]) => `${kind} ${port === '0' ? 'refused' : 'taken'}`,
      );
      expect(lines, 'the m-lines of the answer').to.deep.equal(['audio refused', 'application taken']);
      await proveData(pair);
    },
  );
}

type Replacement = readonly [from: RegExp, to: string];

/** Creates a connection with text replaced in its outgoing offers and in the answers that come in. */
const connectReplaced = (
  agent: Agent,
  { offers, answers }: Readonly<Record<'offers' | 'answers', readonly Replacement[]>>,
): void => {
  const replaced = (sdp: string, all: readonly Replacement[]) =>
    all.reduce((text, [from, to]) => text.replaceAll(from, to), sdp);
  agent.connect({
    // if the answer uses today's profile, the scenario itself is to say so
    editsMayChangeNothing: true,
    outgoing: ({ type, sdp = '' }) => ({ type, sdp: replaced(sdp, offers) }),
    incoming: ({ type, sdp = '' }) => ({ type, sdp: replaced(sdp, answers) }),
  });
};

/** What endpoints offer when they mean today's profiles, and how the answers are translated back. */
const profiles = [
  {
    name: 'old-profile-rtp-avp',
    profile: 'RTP/AVP',
    kind: 'audio',
    level: 'must',
    offers: [[/UDP\/TLS\/RTP\/SAVPF/g, 'RTP/AVP']],
    answers: [[/ RTP\/AVP(?= )/g, ' UDP/TLS/RTP/SAVPF']],
  },
  {
    name: 'old-profile-rtp-savpf',
    profile: 'RTP/SAVPF',
    kind: 'audio',
    level: 'must',
    offers: [[/UDP\/TLS\/RTP\/SAVPF/g, 'RTP/SAVPF']],
    answers: [[/ RTP\/SAVPF(?= )/g, ' UDP/TLS/RTP/SAVPF']],
  },
  {
    name: 'old-profile-dtls-sctp',
    profile: 'DTLS/SCTP',
    kind: 'data',
    level: 'must',
    offers: [[/UDP\/DTLS\/SCTP/g, 'DTLS/SCTP']],
    answers: [[/ DTLS\/SCTP(?= )/g, ' UDP/DTLS/SCTP']],
  },
  {
    name: 'old-sctpmap',
    profile: 'DTLS/SCTP',
    kind: 'data',
    // not in any RFC: endpoints older than RFC 8841 do it
    level: 'info',
    offers: [
      [/UDP\/DTLS\/SCTP webrtc-datachannel/g, 'DTLS/SCTP 5000'],
      [/^a=sctp-port:5000/gm, 'a=sctpmap:5000 webrtc-datachannel 1024'],
    ],
    answers: [
      [/ DTLS\/SCTP 5000/g, ' UDP/DTLS/SCTP webrtc-datachannel'],
      [/^a=sctpmap:5000 .*/gm, 'a=sctp-port:5000'],
    ],
  },
] as const satisfies {
  name: string;
  profile: string;
  kind: 'audio' | 'data';
  level: 'must' | 'info';
  offers: Replacement[];
  answers: Replacement[];
}[];

for (const { name, profile, kind, level, offers, answers } of profiles) {
  const what = name === 'old-sctpmap' ? 'DTLS/SCTP 5000 and a=sctpmap' : profile;
  scenario(
    {
      id: `connection/bundle/${name}`,
      title: `${what} is offered`,
      asks: `Is an offer with ${what}, as old endpoints write it, answered in kind, and does ${kind} arrive?`,
      level,
      specs:
        level === 'info'
          ? ['https://datatracker.ietf.org/doc/html/draft-ietf-mmusic-sctp-sdp-07']
          : [jsep('5.1.2')],
      needs: needsOf[kind],
    },
    async (pair) => {
      await pair.answerer.run((agent) => void agent.connect());
      await pair.offerer.run(connectReplaced, { offers, answers });
      await pair.offerer.run(add, kind);
      await pair.offerer.run(({ connection }) => connection.negotiate());
      const answer = await pair.answerer.run(({ connection }) => connection.said.descriptions[0]?.sdp ?? '');
      const [, answered] = /^m=\w+ \d+ (\S+)/m.exec(answer) ?? [];
      expect(answered, 'the profile of the answer').to.equal(profile);
      await (kind === 'audio' ? expectHeard(pair) : expectAdded(pair, kind));
    },
  );
}
