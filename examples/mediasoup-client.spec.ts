import { expect, expectPicture, pageModule, scenario } from 'webrtc-interop';

/**
 * mediasoup-client talks to a server. Here a plain connection of the other page plays it: it is the offerer, and its
 * offer is put into the words that a server would use.
 */
const modules = {
  mediasoup: pageModule<typeof import('mediasoup-client')>('mediasoup-client'),
  server: pageModule<typeof import('./page/server-words.ts')>('./page/server-words.ts'),
};
const specs = ['https://mediasoup.org/documentation/v3/mediasoup-client/api/'];
const texts = ['one', 'Grüße 🌍', 'three'];

scenario(
  {
    id: 'codecs/mediasoup-client/picture',
    title: 'mediasoup-client: a picture from its server',
    asks: 'Does a picture that mediasoup-client consumes arrive as it was drawn?',
    level: 'must',
    specs,
    needs: ['HTMLCanvasElement.prototype.captureStream'],
    modules,
  },
  async (pair) => {
    const offer = await pair.offerer.run(async ({ modules, media }) => {
      const pc = new RTCPeerConnection();
      const { stream } = media.video();
      for (const track of stream.getTracks()) pc.addTrack(track, stream);
      await pc.setLocalDescription();
      return modules.server.gathered(pc);
    });
    const answer = await pair.answerer.run(async ({ modules, adopt }, offer) => {
      const { transport: words, capabilities, picture } = modules.server.serverWords(offer);
      const device = await modules.mediasoup.Device.factory();
      await device.load({ routerRtpCapabilities: capabilities });
      const transport = device.createRecvTransport(words);
      transport.on('connect', (_, done) => done());
      await transport.consume({ id: 'a', producerId: 'a', kind: 'video', rtpParameters: picture });
      return modules.server.gathered(adopt().pc);
    }, offer);
    await pair.offerer.run(
      ({ modules, adopt }, sdp) => adopt().pc.setRemoteDescription(modules.server.answerIn(sdp)),
      answer,
    );
    const shown = await pair.answerer.run(async ({ media, adopt }) =>
      media.watch((await adopt().track('video')).track).shown(),
    );
    expectPicture(pair, shown);
  },
);

scenario(
  {
    id: 'data-channels/mediasoup-client/text',
    title: 'mediasoup-client: text to its server and back',
    asks: 'Does text that mediasoup-client produces come back unchanged to what it consumes?',
    level: 'must',
    specs,
    modules,
  },
  async ({ offerer, answerer }) => {
    // a transport each way, as its servers have them; what comes by one goes back by the other
    const server = offerer.run(async ({ modules, signaling }) => {
      const offered = async (): Promise<[pc: RTCPeerConnection, channel: RTCDataChannel, sdp: string]> => {
        const pc = new RTCPeerConnection();
        const channel = pc.createDataChannel('text', { negotiated: true, id: 0 });
        await pc.setLocalDescription();
        return [pc, channel, await modules.server.gathered(pc)];
      };
      const [up, from, upOffer] = await offered();
      const [down, to, downOffer] = await offered();
      from.addEventListener('message', ({ data }) => to.send(data));
      for (const offer of [upOffer, downOffer]) signaling.message(offer);
      for (const pc of [up, down])
        await pc.setRemoteDescription(modules.server.answerIn(String(await signaling.nextMessage())));
    });
    const client = answerer.run(async ({ modules, signaling, events, adopt }, texts) => {
      const up = modules.server.serverWords(String(await signaling.nextMessage()));
      const down = modules.server.serverWords(String(await signaling.nextMessage()));
      const device = await modules.mediasoup.Device.factory();
      await device.load({ routerRtpCapabilities: up.capabilities });
      const sending = device.createSendTransport(up.transport);
      sending.on('connect', (_, done) => done());
      sending.on('producedata', (_, done) => done({ id: 'text' }));
      const producer = await sending.produceData();
      events.watch('producer', producer, ['open', 'error', 'close']);
      signaling.message(await modules.server.gathered(adopt().pc));
      const receiving = device.createRecvTransport(down.transport);
      receiving.on('connect', (_, done) => done());
      const consumer = await receiving.consumeData({
        id: 'text',
        dataProducerId: 'text',
        sctpStreamParameters: { streamId: 0, ordered: true },
      });
      events.watch('consumer', consumer, ['open', 'message', 'error', 'close']);
      signaling.message(await modules.server.gathered(adopt().pc));
      await events.next('producer', 'open', { othersTurn: true });
      await events.next('consumer', 'open', { othersTurn: true });
      for (const text of texts) producer.send(text);
      const heard: unknown[] = [];
      for (const _ of texts) heard.push(await events.next('consumer', 'message', { othersTurn: true }));
      return heard;
    }, texts);
    const [heard] = await Promise.all([client, server]);
    expect(heard, 'the texts that came back').to.deep.equal(texts);
  },
);
