import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import { expectNothingElse } from '../steps/channels.ts';
import { connect, pairInUse, proveData } from './steps.ts';

for (const [name, trickle] of [
  ['trickle', true],
  ['without-trickle', false],
] as const) {
  scenario(
    {
      id: `connection/restart/${name}`,
      title: `ICE restart${trickle ? '' : ' with the candidates in the descriptions'}`,
      asks: 'After an ICE restart, does the offerer use a candidate pair of the restart, does its data go by it, and does an answer come?',
      level: 'must',
      specs: [
        'https://www.rfc-editor.org/rfc/rfc8445#section-9',
        'https://www.w3.org/TR/webrtc/#dom-rtcpeerconnection-restartice',
      ],
      signaling: { trickle },
    },
    async (pair) => {
      const { offerer, answerer } = pair;
      await answerer.run((agent) => void agent.connect());
      const before = await offerer.run(async (agent, candidatesAfterAnswer) => {
        // Else Chromium may check an old pair ahead of the answer and keep to it, which is not asked here.
        const connection = agent.connect({ candidatesAfterAnswer });
        connection.createChannel('data');
        await connection.negotiate();
        await connection.channel('data');
        return connection.selectedPair();
      }, trickle);
      const after = await offerer.run(async ({ connection }, first) => {
        await connection.negotiate({ iceRestart: true });
        return first && connection.restarted(first);
      }, before);
      expect(after?.local.port, 'the port of the offerer after the restart').to.not.equal(before?.local.port);
      const bytes = 1000;
      await offerer.run(async ({ connection }, length) => {
        (await connection.channel('data')).send('x'.repeat(length));
      }, bytes);
      const received = await answerer.run(async ({ connection }) => {
        const message = await connection.message('data');
        (await connection.channel('data')).send('back');
        return message;
      });
      expect(received, 'what the answerer received').to.equal('x'.repeat(bytes));
      const reply = await offerer.run(({ connection }) => connection.message('data'));
      expect(reply, 'what the offerer received').to.equal('back');
      const carried = await offerer.run(
        async ({ connection, waitFor }, { length, ufrag }) => {
          const channel = await connection.channel('data');
          let sent = 0;
          return waitFor({
            name: 'the pair of the restart that is in use to send messages',
            phase: 'ice',
            // another message each time: the pair in use may change once more, and Chromium's statistics are 50 ms old
            probe: async () => {
              channel.send('y'.repeat(length));
              const pair = await connection.selectedPair();
              sent = pair?.local.ufrag === ufrag ? (pair?.bytesSent ?? 0) : 0;
              return sent >= length && sent;
            },
            triggers: [{ everyMs: 100 }],
            seen: () => `${sent} bytes sent by it`,
          });
        },
        { length: bytes, ufrag: after?.local.ufrag },
      );
      expect(carried, 'bytes sent by the pair of the restart').to.be.at.least(bytes);
      await expectNothingElse(pair, /^a message on "data": "y+"$/);
    },
  );
}

scenario(
  {
    id: 'connection/restart/by-answerer',
    title: 'The answerer restarts ICE',
    asks: 'Where the answerer of a call restarts ICE, is a candidate pair of the restart in use, and does data go both ways by it?',
    level: 'must',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc8445#section-9',
      'https://www.rfc-editor.org/rfc/rfc8842#section-5.5',
      'https://www.w3.org/TR/webrtc/#dom-rtcpeerconnection-restartice',
    ],
  },
  async (pair) => {
    // as above
    await connect(pair, { answerer: { candidatesAfterAnswer: true } });
    await proveData(pair);
    const before = await pair.answerer.run(pairInUse);
    const after = await pair.answerer.run(async ({ connection }, first) => {
      await connection.negotiate({ iceRestart: true });
      return first && connection.restarted(first);
    }, before);
    expect(after?.local.port, 'the port of the answerer after the restart').to.not.equal(before?.local.port);
    await proveData(pair, ' after the restart');
  },
);
