import { expect } from 'chai';
import { scenario } from '../scenario.ts';

const hertz = 440;

scenario(
  {
    id: 'codecs/audio/opus',
    title: 'Opus',
    asks: 'Is Opus agreed on, and does the answerer hear the tone that the offerer plays?',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc7874#section-3', 'https://www.rfc-editor.org/rfc/rfc7587'],
    needs: {
      offerer: ['codec:audio/opus:send', 'MediaStreamAudioDestinationNode'],
      answerer: ['codec:audio/opus:receive', 'AnalyserNode'],
    },
  },
  async ({ offerer, answerer, measure }) => {
    await answerer.run((agent) => void agent.connect());
    await offerer.run(async (agent, frequency) => {
      const connection = agent.connect();
      const { track, stream } = await agent.media.tone({ frequencies: [frequency] });
      connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
      await connection.negotiate();
    }, hertz);
    const { heard, firstToneMs, codec } = await answerer.run(async ({ connection, media }, frequency) => {
      const { track } = await connection.track('audio');
      const listener = await media.listen(track);
      const channels = await listener.until(
        `a tone of ${String(frequency)} Hz`,
        ([mono]) => mono !== undefined && mono.frequency !== null && Math.abs(mono.frequency - frequency) < 5,
      );
      const inbound = await connection.stats<RTCInboundRtpStreamStats>(
        'inbound-rtp',
        ({ kind, packetsReceived = 0 }) => kind === 'audio' && packetsReceived >= 20,
        'inbound-rtp to count 20 packets',
      );
      const stats = await connection.pc.getStats();
      const used: unknown = inbound.codecId === undefined ? undefined : stats.get(inbound.codecId);
      return { heard: channels[0], firstToneMs: listener.firstToneMs, codec: used };
    }, hertz);
    expect(codec, 'the codec that inbound-rtp names').to.include({ mimeType: 'audio/opus' });
    expect(heard?.frequency, 'the frequency that is heard').to.be.closeTo(hertz, 5);
    expect(heard?.prominence, 'how far the tone stands above the rest, in dB').to.be.at.least(20);
    measure('heard frequency', heard?.frequency ?? 0, 'Hz');
    measure('heard level', heard?.level ?? 0, 'dBFS');
    measure('time to first tone', firstToneMs ?? 0, 'ms');
  },
);
