import { expect } from 'chai';
import type { SignalData } from 'simple-peer';
import { pageModule } from '../harness/matrix/page-module.ts';
import { scenario } from '../specs/scenario.ts';

const modules = { SimplePeer: pageModule<typeof import('simple-peer')>('simple-peer/simplepeer.min.js') };
const told = ['connect', 'data', 'stream', 'error', 'close'];
const texts = ['one', 'Grüße 🌍', 'three', 'four'];

scenario(
  {
    id: 'data-channels/simple-peer/text',
    title: 'simple-peer: text both ways',
    asks: 'Does all the text that simple-peer is given arrive, in order, with no error on the way?',
    level: 'must',
    specs: ['https://github.com/feross/simple-peer#api'],
    modules,
  },
  async (pair) => {
    const talk = (side: 'offerer' | 'answerer') =>
      pair[side].run(
        async ({ modules, signaling, events, adopt }, { initiator, told, texts }) => {
          const peer = new modules.SimplePeer({ initiator });
          events.watch('peer', peer, told);
          peer.on('signal', (data) => signaling.message(data));
          signaling.onMessage((data: SignalData) => peer.signal(data));
          await events.next('peer', 'connect');
          for (const text of texts) peer.send(text);
          await adopt().sentMessages(texts.length);
          const heard: string[] = [];
          for (const _ of texts) heard.push(String(await events.next('peer', 'data', { othersTurn: true })));
          return { heard, errors: events.all('peer').filter(({ event }) => event === 'error') };
        },
        { initiator: side === 'offerer', told, texts },
      );
    const [offerer, answerer] = await Promise.all([talk('offerer'), talk('answerer')]);
    expect(offerer.heard, 'what the offerer heard').to.deep.equal(texts);
    expect(answerer.heard, 'what the answerer heard').to.deep.equal(texts);
    expect([...offerer.errors, ...answerer.errors], 'errors of simple-peer').to.deep.equal([]);
  },
);
