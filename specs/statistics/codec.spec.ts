import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { overWire } from '../codecs/wire.ts';
import { scenario } from '../scenario.ts';
import { claimsOf, dictionary, find, report } from './steps.ts';
import { offerAgain, pictureOverPath, start, untilSentBy, type CodecOnWire } from './wire-steps.ts';

const vp9 = 'video/VP9;profile-id=0';

/** The streams of both sides lead to the codec of the packets on the wire. */
async function claimCodec(pair: PairContext<Agent>, { mimeType, payloadType }: CodecOnWire): Promise<void> {
  const held = { of: 'the packets on the wire' };
  for (const [side, stream] of [
    ['offerer', 'outbound-rtp'],
    ['answerer', 'inbound-rtp'],
  ] as const) {
    const entries = await report(pair[side]);
    const { codecId } = find(entries, stream, 'video');
    const codec = entries.find(({ type, id }) => type === 'codec' && id === codecId) ?? {};
    const ledTo =
      codecId === undefined ? undefined : `${String(codec['mimeType'])} ${String(codec['payloadType'])}`;
    const claimStream = claimsOf(pair, side, stream, { codecId: ledTo });
    claimStream('codecId', `${mimeType} ${String(payloadType)}`, held);
    const claimCodec = claimsOf(pair, side, 'codec', codec);
    claimCodec('mimeType', mimeType, held);
    claimCodec('payloadType', payloadType, held);
    // https://www.rfc-editor.org/rfc/rfc7741#section-6.1, https://www.rfc-editor.org/rfc/rfc9628#section-6.1
    claimCodec('clockRate', 90_000, { of: 'pictures' });
  }
}

/** The offerer sends by another of the codecs that were agreed on, without negotiating. */
const setCodec = ({ offerer }: PairContext<Agent>): Promise<void> =>
  offerer.run(async ({ connection, codecs }, selector) => {
    const [sender] = connection.pc.getSenders();
    const parameters = sender?.getParameters();
    const codec = parameters?.codecs.find((agreed) => codecs.is(agreed, selector));
    if (!parameters || !codec) throw new Error(`${selector} is not among the negotiated codecs`);
    for (const encoding of parameters.encodings) Reflect.set(encoding, 'codec', codec);
    await sender?.setParameters(parameters);
  }, vp9);

for (const { id, title, change, offererNeeds } of [
  {
    id: 'renegotiated',
    title: 'by a new offer',
    change: (pair: PairContext<Agent>) => offerAgain(pair, vp9),
    offererNeeds: [],
  },
  { id: 'set', title: 'by setParameters', change: setCodec, offererNeeds: ['encoding:codec'] },
] as const) {
  const { offerer, answerer } = pictureOverPath.needs;
  scenario(
    {
      ...pictureOverPath,
      id: `statistics/codec/${id}`,
      title: `The codec of a stream that changes ${title}`,
      asks: `When a sender changes from VP8 to VP9 ${title}, does codecId of both sides lead to the codec of the packets on the wire, before and afterwards?`,
      specs: [
        dictionary('streamstats'),
        dictionary('codec'),
        'https://www.w3.org/TR/webrtc/#mandatory-to-implement-stats',
      ],
      needs: {
        offerer: [...offerer, `codec:${vp9}:send`, ...offererNeeds],
        answerer: [...answerer, `codec:${vp9}:receive`],
      },
      timeoutMs: 20_000,
    },
    (pair) =>
      overWire(pair, { withoutCodecs: ['rtx', 'red', 'ulpfec'] }, async (wire) => {
        await start(pair, 'video');
        await claimCodec(pair, await untilSentBy(pair, wire, 'video/VP8'));
        await change(pair);
        const changed = await untilSentBy(pair, wire, vp9);
        const sentBefore = wire.rtp('offerer').length;
        await claimCodec(pair, changed);
        // it lasts
        await untilSentBy(pair, wire, vp9);
        const since = wire.rtp('offerer').slice(sentBefore);
        expect(
          since.filter(({ padding, payloadType }) => !padding && payloadType !== changed.payloadType).length,
          'packets of another codec since then',
        ).to.equal(0);
      }),
  );
}
