import { expect } from 'chai';
import { single } from '../scenario.ts';
import { channelScenario, needs, open, webrtc } from './steps.ts';

const create = webrtc('dom-peerconnection-createdatachannel');
const specs = [create, 'https://www.rfc-editor.org/rfc/rfc8832#section-5.1'];

/** The longest label or protocol, in UTF-8 bytes: https://www.rfc-editor.org/rfc/rfc8832#section-5.1 */
const longest = 65_535;

/** Each channel as its creator asks for it; what is not asked for has the default. */
const channels = [
  { name: 'defaults', title: 'Defaults', label: 'plain', init: {} },
  { name: 'unordered', title: 'Unordered', label: 'plain', init: { ordered: false } },
  { name: 'max-retransmits-0', title: 'maxRetransmits 0', label: 'plain', init: { maxRetransmits: 0 } },
  {
    name: 'max-retransmits-unordered',
    title: 'maxRetransmits 65535, unordered',
    label: 'plain',
    init: { maxRetransmits: 65_535, ordered: false },
  },
  {
    name: 'max-packet-life-time',
    title: 'maxPacketLifeTime 500',
    label: 'plain',
    init: { maxPacketLifeTime: 500 },
  },
  {
    name: 'max-packet-life-time-unordered',
    title: 'maxPacketLifeTime 500, unordered',
    label: 'plain',
    init: { maxPacketLifeTime: 500, ordered: false },
  },
  {
    name: 'protocol',
    title: 'Protocol',
    label: 'plain',
    init: { protocol: '\ufeffchat.v1, 日本語 🌍 e\u0301\u0000 ' },
  },
  {
    name: 'protocol-longest',
    title: 'Longest protocol',
    label: 'l',
    init: { protocol: 'p'.repeat(longest) },
  },
  { name: 'label-empty', title: 'Empty label', label: '', init: {} },
  {
    name: 'label-unicode',
    title: 'Unicode label',
    label: '\ufeffканал\u0000é e\u0301\u{1F30D}\ufeff ',
    init: {},
  },
  { name: 'label-longest', title: 'Longest label', label: `${'é'.repeat(32_767)}l`, init: {} },
] as const satisfies readonly { name: string; title: string; label: string; init: RTCDataChannelInit }[];

const defaults = { ordered: true, maxPacketLifeTime: null, maxRetransmits: null, protocol: '' };

for (const { name, title, label, init } of channels) {
  channelScenario(
    {
      id: `data-channels/setup/${name}`,
      version: 2,
      title: `Announced: ${title}`,
      asks: 'Does the other side see the channel as it was created, and does it carry messages both ways?',
      level: 'must',
      specs,
      needs,
    },
    async ({ offerer, answerer }) => {
      await answerer.run((agent) => {
        agent
          .connect()
          .pc.addEventListener('datachannel', ({ channel }) =>
            channel.addEventListener('message', ({ data }) => channel.send(data)),
          );
      });
      const made = await offerer.run(
        async (agent, { label, init }) => {
          const connection = agent.connect();
          const channel = connection.createChannel(label, init);
          channel.addEventListener('open', () => channel.send('there and back'));
          await connection.negotiate();
          const back = await connection.message(label);
          const { ordered, maxPacketLifeTime, maxRetransmits, protocol, negotiated, id } = channel;
          return { back, id, negotiated, seen: { ordered, maxPacketLifeTime, maxRetransmits, protocol } };
        },
        { label, init },
      );
      // by the label that it has there: which label that is, is asked below
      const received = await answerer.run(({ connection }) =>
        connection.message(connection.announced[0]?.label ?? ''),
      );
      const announced = await answerer.run(({ connection }) =>
        connection.announced.map(
          ({ label, id, negotiated, ordered, maxPacketLifeTime, maxRetransmits, protocol }) => ({
            label,
            id,
            negotiated,
            seen: { ordered, maxPacketLifeTime, maxRetransmits, protocol },
          }),
        ),
      );
      const due = { ...defaults, ...init };
      expect(announced.length, 'channels that were announced').to.equal(1);
      expect(announced[0]?.label, 'the label that the answerer sees').to.equal(label);
      expect(announced[0]?.seen, 'the channel that the answerer sees').to.deep.equal(due);
      expect(made.seen, 'the channel that the offerer sees').to.deep.equal(due);
      expect([made.negotiated, announced[0]?.negotiated], 'negotiated on both sides').to.deep.equal([
        false,
        false,
      ]);
      expect(announced[0]?.id, 'the id that the answerer sees').to.equal(made.id);
      expect(received, 'the message that the answerer received').to.equal('there and back');
      expect(made.back, 'the message that came back').to.equal('there and back');
    },
  );
}

channelScenario(
  {
    id: 'data-channels/setup/priority',
    title: 'Announced: priority',
    asks: 'Where channels have a priority, do both sides see the one that was asked for?',
    level: 'info',
    specs: ['https://www.w3.org/TR/webrtc-priority/#rtc-data-channel'],
    needs: [...needs, 'RTCDataChannel.prototype.priority'],
  },
  async (pair) => {
    // not in TypeScript's types
    const init: RTCDataChannelInit & { priority: 'high' } = { priority: 'high' };
    await open(pair, 'urgent', { init });
    for (const role of ['offerer', 'answerer'] as const) {
      const priority = await pair[role].run(async ({ connection }): Promise<unknown> =>
        Reflect.get(await connection.channel('urgent'), 'priority'),
      );
      expect(priority, `the priority that the ${role} sees`).to.equal('high');
    }
  },
);

/** Calls of createDataChannel on a fresh connection, the last of which must throw. */
const refused = [
  {
    name: 'both-limits',
    title: 'maxRetransmits with maxPacketLifeTime',
    calls: [{ label: '', init: { maxRetransmits: 1, maxPacketLifeTime: 1 } }],
    error: 'TypeError',
  },
  {
    name: 'negotiated-without-id',
    title: 'negotiated without an id',
    calls: [{ label: '', init: { negotiated: true } }],
    error: 'TypeError',
  },
  {
    name: 'id-65535',
    title: 'id 65535',
    calls: [{ label: '', init: { negotiated: true, id: 65_535 } }],
    error: 'TypeError',
  },
  {
    name: 'id-65536',
    title: 'id 65536',
    calls: [{ label: '', init: { negotiated: true, id: 65_536 } }],
    error: 'TypeError',
  },
  {
    name: 'id-in-use',
    title: 'an id that is in use',
    calls: [
      { label: 'a', init: { negotiated: true, id: 5 } },
      { label: 'b', init: { negotiated: true, id: 5 } },
    ],
    error: 'OperationError',
  },
  {
    name: 'max-retransmits-negative',
    title: 'maxRetransmits -1',
    calls: [{ label: '', init: { maxRetransmits: -1 } }],
    error: 'TypeError',
  },
  {
    name: 'label-too-long',
    title: 'a label of 65,536 bytes',
    calls: [{ label: 'é'.repeat(32_768), init: {} }],
    error: 'TypeError',
  },
  {
    name: 'protocol-too-long',
    title: 'a protocol of 65,536 bytes',
    calls: [{ label: '', init: { protocol: 'é'.repeat(32_768) } }],
    error: 'TypeError',
  },
] as const satisfies readonly {
  name: string;
  title: string;
  calls: readonly { label: string; init: RTCDataChannelInit }[];
  error: string;
}[];

for (const { name, title, calls, error } of refused) {
  single(
    {
      id: `data-channels/refused/${name}`,
      title: `Refused: ${title}`,
      asks: `Does createDataChannel throw ${error} for ${title}?`,
      level: 'must',
      specs: [create],
      needs: ['RTCPeerConnection', ...needs],
    },
    async ({ peer }) => {
      const thrown = await peer.run((agent, calls) => {
        const { pc } = agent.connect();
        return calls.map(({ label, init }) => {
          try {
            pc.createDataChannel(label, init);
            return 'nothing';
          } catch (error) {
            return error instanceof Error || error instanceof DOMException ? error.name : typeof error;
          }
        });
      }, calls);
      expect(thrown, 'what the calls threw').to.deep.equal([...calls.slice(1).map(() => 'nothing'), error]);
    },
  );
}
