import type { SignalData } from 'simple-peer';
import { expect, expectPicture, pageModule, scenario } from 'webrtc-interop';

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
          const peer = new modules.SimplePeer({ initiator, config: { iceServers: [] } });
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

scenario(
  {
    id: 'codecs/simple-peer/picture',
    title: 'simple-peer: a picture both ways',
    asks: 'Does the picture that simple-peer is given arrive as it was drawn, both ways?',
    level: 'must',
    specs: ['https://github.com/feross/simple-peer#videovoice'],
    needs: ['HTMLCanvasElement.prototype.captureStream'],
    modules,
  },
  async (pair) => {
    const show = (side: 'offerer' | 'answerer') =>
      pair[side].run(
        async ({ modules, signaling, events, media, adopt }, { initiator, told }) => {
          const { stream } = media.video();
          const peer = new modules.SimplePeer({ initiator, stream, config: { iceServers: [] } });
          events.watch('peer', peer, told);
          peer.on('signal', (data) => signaling.message(data));
          signaling.onMessage((data: SignalData) => peer.signal(data));
          await events.next('peer', 'stream', { othersTurn: true });
          const shown = await media.watch((await adopt().track('video')).track).shown();
          return { shown, errors: events.all('peer').filter(({ event }) => event === 'error') };
        },
        { initiator: side === 'offerer', told },
      );
    const sides = await Promise.all([show('offerer'), show('answerer')]);
    for (const { shown, errors } of sides) {
      expectPicture(pair, shown);
      expect(errors, 'errors of simple-peer').to.deep.equal([]);
    }
  },
);
