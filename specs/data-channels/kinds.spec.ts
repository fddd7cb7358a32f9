import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import { pattern } from '../../fixtures/peer-page/data/pattern.ts';
import { received } from '../../fixtures/peer-page/data/received.ts';
import type { PeerHandle } from '../../harness/matrix/scenario.ts';
import { channelScenario, needs, open, webrtc } from './steps.ts';

const label = 'kinds';
const specs = [webrtc('dom-rtcdatachannel-send'), 'https://www.rfc-editor.org/rfc/rfc8831#section-6.6'];

/** One code point of each of the 17 planes, and the ones that encoders get wrong. */
const planes = Array.from({ length: 17 }, (_, plane) => plane * 0x1_0000 + 0xabcd).concat([
  0x00, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfeff, 0xfffe, 0xffff, 0x1_0000, 0x10_ffff,
]);

/**
 * What a browser must leave as it is: a byte-order mark in front, which decoders strip; composed and decomposed letters,
 * a Hangul syllable in its parts, the Ångström sign and a ligature, which normalisation changes; line endings, a NUL and
 * spaces at the end.
 */
const untouched = '\ufeffé e\u0301 \u1112\u1161\u11ab \u212b \ufb01 a\r\nb\rc\nd\u2028e\u0085f\u0000 \t ';

/** Each text, and what the receiver must get: lone surrogates become U+FFFD, because `send` takes a USVString. */
const texts: readonly { name: string; title: string; text: string; asks?: string }[] = [
  { name: 'text-empty', title: 'Empty text', text: '' },
  { name: 'text-untouched', title: 'Text that decoders tend to change', text: untouched },
  { name: 'text-ascii', title: 'ASCII text', text: 'The quick brown fox jumps over the lazy dog.\r\n\t' },
  { name: 'text-every-plane', title: 'Text of every plane', text: String.fromCodePoint(...planes) },
  {
    name: 'text-lone-surrogates',
    title: 'Lone surrogates',
    text: 'a\ud800b\udfffc\udc00\ud800',
    asks: 'Does each side receive U+FFFD in place of each lone surrogate that the other sends?',
  },
  { name: 'text-64-kib', title: '64 KiB of text', text: `${'aé世🌍'.repeat(6553)}abcdef` },
];

for (const { name, title, text, asks } of texts) {
  channelScenario(
    {
      id: `data-channels/message/${name}`,
      title,
      asks: asks ?? `Does each side receive ${title.toLowerCase()} as sent by the other?`,
      level: 'must',
      specs,
      needs,
    },
    async (pair) => {
      await open(pair, label);
      const due = await received(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
      const send = async (peer: PeerHandle<Agent>) =>
        peer.run(
          // JSON escapes what the harness's own socket could not carry
          async ({ connection }, json) => (await connection.channel('kinds')).send(String(JSON.parse(json))),
          JSON.stringify(text),
        );
      await send(pair.offerer);
      expect(await next(pair.answerer), 'the text that the answerer received').to.deep.equal(due);
      await send(pair.answerer);
      expect(await next(pair.offerer), 'the text that the offerer received').to.deep.equal(due);
    },
  );
}

/** What is given to `send`, made of 1,000 bytes of pattern, and which of those bytes it stands for. */
const binaries = [
  {
    name: 'array-buffer',
    title: 'ArrayBuffer',
    slice: [0, 1000],
    send: async ({ connection, data }: Agent) =>
      (await connection.channel('kinds')).send(data.pattern(1000).buffer),
  },
  {
    name: 'typed-array-offset',
    title: 'Typed array with an offset',
    slice: [8, 808],
    send: async ({ connection, data }: Agent) =>
      (await connection.channel('kinds')).send(new Float64Array(data.pattern(1000).buffer, 8, 100)),
  },
  {
    name: 'data-view-offset',
    title: 'DataView with an offset',
    slice: [3, 80],
    send: async ({ connection, data }: Agent) =>
      (await connection.channel('kinds')).send(new DataView(data.pattern(1000).buffer, 3, 77)),
  },
  {
    name: 'blob',
    title: 'Blob',
    slice: [0, 1000],
    send: async ({ connection, data }: Agent) =>
      (await connection.channel('kinds')).send(new Blob([data.pattern(1000)])),
  },
  {
    name: 'binary-empty',
    title: 'Empty binary message',
    slice: [0, 0],
    send: async ({ connection }: Agent) => (await connection.channel('kinds')).send(new ArrayBuffer(0)),
  },
] as const satisfies readonly {
  name: string;
  title: string;
  slice: readonly [number, number];
  send: (agent: Agent) => Promise<void>;
}[];

for (const { name, title, slice, send } of binaries) {
  channelScenario(
    {
      id: `data-channels/message/${name}`,
      title,
      asks: `Do exactly the bytes passed to send arrive, both ways: ${title}?`,
      level: 'must',
      specs,
      needs,
    },
    async (pair) => {
      await open(pair, label);
      for (const peer of [pair.offerer, pair.answerer]) await peer.run(takeBuffers);
      const due = await received(pattern(1000).slice(...slice).buffer);
      await pair.offerer.run(send);
      expect(await next(pair.answerer), 'what the answerer received').to.deep.equal(due);
      await pair.answerer.run(send);
      expect(await next(pair.offerer), 'what the offerer received').to.deep.equal(due);
    },
  );
}

/** The default may be `blob`; the scenarios about bytes are not about that. */
const takeBuffers = async ({ connection }: Agent) => {
  (await connection.channel('kinds')).binaryType = 'arraybuffer';
};

const next = (peer: PeerHandle<Agent>) =>
  peer.run(async ({ connection, data }) => data.received(await connection.message('kinds')));
