import { expect, expectPicture, pageModule, scenario, type Service } from 'webrtc-interop';

const modules = { PeerJs: pageModule<typeof import('peerjs')>('peerjs') };
/** The library's own server, for each cell one. */
const services = {
  server: { command: ['peerjs', '--port', '{port}', '--host', '127.0.0.1'] },
} satisfies Record<string, Service>;
const texts = ['one', 'Grüße 🌍', 'three'];

scenario(
  {
    id: 'data-channels/peerjs/text',
    title: 'PeerJS: text there and back',
    asks: 'Does text that PeerJS sends come back unchanged, over its own server, with no error on the way?',
    level: 'must',
    specs: ['https://peerjs.com/docs/'],
    modules,
    services,
  },
  async ({ offerer, answerer, services: { server } }) => {
    const { port } = server;
    await answerer.run(async ({ modules, events }, port) => {
      const peer = new modules.PeerJs.Peer('answerer', {
        host: '127.0.0.1',
        port,
        config: { iceServers: [] },
      });
      events.watch('peer', peer, ['open', 'error']);
      peer.on('connection', (connection) => connection.on('data', (data) => void connection.send(data)));
      await events.next('peer', 'open');
    }, port);
    const { heard, errors } = await offerer.run(
      async ({ modules, events, adopt }, { port, texts }) => {
        const peer = new modules.PeerJs.Peer('offerer', {
          host: '127.0.0.1',
          port,
          config: { iceServers: [] },
        });
        events.watch('peer', peer, ['open', 'error']);
        await events.next('peer', 'open');
        const connection = peer.connect('answerer', { reliable: true });
        events.watch('connection', connection, ['open', 'data', 'error', 'close']);
        await events.next('connection', 'open');
        for (const text of texts) await connection.send(text);
        await adopt(connection.peerConnection).sentMessages(texts.length);
        const heard: unknown[] = [];
        for (const _ of texts) heard.push(await events.next('connection', 'data', { othersTurn: true }));
        const all = [...events.all('peer'), ...events.all('connection')];
        return { heard, errors: all.filter(({ event }) => event === 'error') };
      },
      { port, texts },
    );
    expect(heard, 'the texts that came back').to.deep.equal(texts);
    expect(errors, 'errors of PeerJS').to.deep.equal([]);
  },
);

scenario(
  {
    id: 'codecs/peerjs/picture',
    title: 'PeerJS: a call with a picture',
    asks: 'Does the picture of a call that PeerJS makes arrive as it was drawn?',
    level: 'must',
    specs: ['https://peerjs.com/docs/'],
    needs: ['HTMLCanvasElement.prototype.captureStream'],
    modules,
    services,
  },
  async (pair) => {
    const { port } = pair.services.server;
    await pair.answerer.run(async ({ modules, events }, port) => {
      const peer = new modules.PeerJs.Peer('answerer', {
        host: '127.0.0.1',
        port,
        config: { iceServers: [] },
      });
      events.watch('peer', peer, ['open', 'call', 'error']);
      peer.on('call', (call) => call.answer());
      await events.next('peer', 'open');
    }, port);
    await pair.offerer.run(async ({ modules, events, media }, port) => {
      const peer = new modules.PeerJs.Peer('offerer', {
        host: '127.0.0.1',
        port,
        config: { iceServers: [] },
      });
      events.watch('peer', peer, ['open', 'error']);
      await events.next('peer', 'open');
      peer.call('answerer', media.video().stream);
    }, port);
    const shown = await pair.answerer.run(async ({ events, media, adopt }) => {
      await events.next('peer', 'call', { othersTurn: true });
      return media.watch((await adopt().track('video')).track).shown();
    });
    expectPicture(pair, shown);
    for (const side of [pair.offerer, pair.answerer]) {
      const told = await side.run(({ events }) =>
        events.all('peer').filter(({ event }) => event === 'error'),
      );
      expect(told, 'errors of PeerJS').to.deep.equal([]);
    }
  },
);
