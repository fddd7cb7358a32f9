import { drop, lengthen, rewriteText } from '../breakages/data.ts';
import { fault } from '../fault.ts';

const scenario = (name: string) => `data-channels/message/${name}`;

fault({
  scenario: scenario('text-echo'),
  name: 'one character of each text is changed on its way',
  on: 'offerer',
  page: rewriteText,
  arg: { from: 'G', to: 'g' },
  expect: { status: 'fail', phase: 'assert', reason: /the text that the answerer received.*grüße/s },
});

fault({
  scenario: scenario('text-echo'),
  name: 'the answer never goes back',
  on: 'answerer',
  page: drop,
  arg: {},
  expect: { status: 'timeout', phase: 'sctp', reason: /a message on data channel "echo"/ },
});

for (const name of [
  'text-empty',
  'text-untouched',
  'text-ascii',
  'text-every-plane',
  'text-lone-surrogates',
  'text-64-kib',
]) {
  fault({
    scenario: scenario(name),
    name: 'a text gains a character at its end',
    on: 'offerer',
    page: lengthen,
    arg: { by: '\u0000' },
    expect: { status: 'fail', phase: 'assert', reason: /the text that the answerer received/ },
  });
}

fault({
  scenario: scenario('text-every-plane'),
  name: 'the answerer sees the planes beyond the first as question marks',
  on: 'answerer',
  page: () => {
    const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data');
    Object.defineProperty(MessageEvent.prototype, 'data', {
      get(this: MessageEvent) {
        const value: unknown = data?.get?.call(this);
        const ours = this.target instanceof RTCDataChannel && typeof value === 'string';
        return ours ? value.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '?') : value;
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /the text that the answerer received/ },
});

for (const name of ['array-buffer', 'data-view-offset', 'blob', 'binary-empty']) {
  fault({
    scenario: scenario(name),
    name: 'a byte is added to a binary message',
    on: 'offerer',
    page: lengthen,
    arg: { by: '!' },
    expect: { status: 'fail', phase: 'assert', reason: /what the answerer received/ },
  });
}

fault({
  scenario: scenario('typed-array-offset'),
  name: 'the offset of a typed array is ignored',
  on: 'answerer',
  page: () => {
    RTCDataChannel.prototype.send = new Proxy(RTCDataChannel.prototype.send, {
      apply: (send, channel, [data]: [Float64Array]) =>
        Reflect.apply(send, channel, [new Float64Array(data.buffer, 0, data.length)]),
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /what the offerer received/ },
});
