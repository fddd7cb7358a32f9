import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { SelectedPair } from '../../fixtures/peer-page/selected-pair.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { withNetwork } from '../network.ts';
import { scenario } from '../scenario.ts';
import { expectNothingElse } from '../steps/channels.ts';
import { hold } from '../steps/hold.ts';
import { otherSide, sides } from '../steps/sides.ts';
import { add, expectAdded, needsOf } from './added.ts';
import { answerByHand, connectByHand, negotiateByHand } from './by-hand.ts';
import { overHandshake } from './handshake.ts';
import { connect, offerProof, pairInUse, proveData, setupOf } from './steps.ts';

const specs = [
  'https://www.rfc-editor.org/rfc/rfc8445#section-9',
  'https://www.w3.org/TR/webrtc/#dom-rtcpeerconnection-restartice',
];

/**
 * Runs a body whose calls go through a network that loses checks which are out of order. Otherwise Chromium may stay with an
 * old pair, by chance: `slow-signaling` and `rolled-back-late` ask about that.
 */
const inOrder = (pair: PairContext<Agent>, body: () => Promise<void>): Promise<void> =>
  withNetwork(pair, { orderlyChecks: true }, body);

/** How long something takes that is late: long enough for checks of new candidates. */
const lateMs = 1000;

/** Waits until a candidate pair of a restart is in use in place of the one before. */
const usedAfter = async ({ connection }: Agent, before?: SelectedPair): Promise<SelectedPair | undefined> =>
  before && connection.restarted(before);

/** Restarts ICE and waits until a candidate pair of the restart is in use; returns the pair before and that one. */
const restart = async ({ connection }: Agent) => {
  const before = await connection.selectedPair();
  await connection.negotiate({ iceRestart: true });
  const after = before && (await connection.restarted(before));
  return { before, after };
};

for (const [name, trickle] of [
  ['trickle', true],
  ['without-trickle', false],
] as const) {
  scenario(
    {
      id: `connection/restart/${name}`,
      title: `ICE restart${trickle ? '' : ' with the candidates in the descriptions'}`,
      asks: 'After an ICE restart, does the offerer use a candidate pair from the restart, does its data go over it, and does a reply come back?',
      level: 'must',
      version: 2,
      specs,
      signaling: { trickle },
    },
    (pair) =>
      inOrder(pair, async () => {
        const { offerer, answerer } = pair;
        await answerer.run((agent) => void agent.connect());
        const before = await offerer.run(async (agent) => {
          const connection = agent.connect();
          connection.createChannel('data');
          await connection.negotiate();
          await connection.channel('data');
          return connection.selectedPair();
        });
        const after = await offerer.run(async ({ connection }, first) => {
          await connection.negotiate({ iceRestart: true });
          return first && connection.restarted(first);
        }, before);
        expect(after?.local.port, 'the port of the offerer after the restart').to.not.equal(
          before?.local.port,
        );
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
      }),
  );
}

scenario(
  {
    id: 'connection/restart/by-answerer',
    title: 'The answerer restarts ICE',
    asks: 'When the answerer of a call restarts ICE, is a candidate pair from the restart in use, and does data go both ways over it?',
    level: 'must',
    version: 2,
    specs: [...specs, 'https://www.rfc-editor.org/rfc/rfc8842#section-5.5'],
  },
  (pair) =>
    inOrder(pair, async () => {
      await connect(pair);
      await proveData(pair);
      const { before, after } = await pair.answerer.run(restart);
      expect(after?.local.port, 'the port of the answerer after the restart').to.not.equal(
        before?.local.port,
      );
      await proveData(pair, ' after the restart');
    }),
);

scenario(
  {
    id: 'connection/restart/slow-signaling',
    title: 'ICE restart over slow signaling',
    asks: 'When offer, answer and candidates of an ICE restart are on their way for a second, is a candidate pair from the restart in use afterwards, and does data go both ways over it?',
    level: 'must',
    specs,
    timeoutMs: 12_000,
  },
  (pair) =>
    withNetwork(pair, {}, async () => {
      await connectByHand(pair);
      await pair.offerer.run(({ connection }) => void connection.createChannel('proof'));
      await negotiateByHand(pair, 'offerer');
      await proveData(pair);
      const before = await pair.offerer.run(pairInUse);
      await pair.offerer.run(({ connection }) => connection.offer({ iceRestart: true }));
      await delay(lateMs);
      await pair.answerer.run(async ({ connection }) => {
        await connection.take();
        await connection.answer();
      });
      await delay(lateMs);
      await pair.offerer.run(({ connection }) => connection.take());
      const after = await pair.offerer.run(usedAfter, before);
      expect(after?.local.port, 'the port of the offerer after the restart').to.not.equal(before?.local.port);
      await proveData(pair, ' after the restart');
      await expectNothingElse(pair);
    }),
);

scenario(
  {
    id: 'connection/restart/with-video',
    title: 'ICE restart in the offer that adds a picture',
    asks: 'When one offer restarts ICE and adds an m-line, is a candidate pair from the restart in use, does the picture arrive, and does data go on?',
    level: 'must',
    version: 2,
    specs: [...specs, 'https://www.rfc-editor.org/rfc/rfc8829#section-5.2.3.1'],
    needs: needsOf.video,
  },
  (pair) =>
    inOrder(pair, async () => {
      await connect(pair);
      await proveData(pair);
      await pair.offerer.run(add, 'video');
      const { before, after } = await pair.offerer.run(restart);
      expect(after?.local.port, 'the port of the offerer after the restart').to.not.equal(before?.local.port);
      await expectAdded(pair, 'video');
      await proveData(pair, ' after the restart');
    }),
);

scenario(
  {
    id: 'connection/restart/three-times',
    title: 'Three ICE restarts in a row',
    asks: 'When the offerer of a call restarts ICE three times in a row, is a candidate pair with credentials of its own in use after each restart, and does data go both ways?',
    level: 'must',
    version: 2,
    specs,
  },
  (pair) =>
    inOrder(pair, async () => {
      await connect(pair);
      await proveData(pair);
      const first = await pair.offerer.run(pairInUse);
      const used = [`${String(first?.local.ufrag)} to ${String(first?.remote.ufrag)}`];
      for (const turn of ['first', 'second', 'third']) {
        const { before, after } = await pair.offerer.run(restart);
        expect(after?.local.port, `the port of the offerer after the ${turn} restart`).to.not.equal(
          before?.local.port,
        );
        const credentials = `${String(after?.local.ufrag)} to ${String(after?.remote.ufrag)}`;
        expect(used, `credentials that were in use before the ${turn} restart`).to.not.include(credentials);
        used.push(credentials);
        await proveData(pair, ` after the ${turn} restart`);
      }
      await expectNothingElse(pair);
    }),
);

for (const [name, waitMs] of [
  ['rolled-back', 0],
  ['rolled-back-late', lateMs],
] as const) {
  const later = waitMs === 0 ? '' : ' a second later';
  scenario(
    {
      id: `connection/restart/${name}`,
      title: `An ICE restart that is rolled back${later}`,
      asks: `When the offerer offers an ICE restart and rolls it back${later} before it is answered, does data go both ways over a pair with the credentials from before, and does a later restart work?`,
      level: 'must',
      version: waitMs === 0 ? 2 : 1,
      specs: [
        ...specs,
        'https://www.rfc-editor.org/rfc/rfc8829#section-4.1.10.2',
        'https://www.rfc-editor.org/rfc/rfc8829#section-5.7',
      ],
      timeoutMs: 10_000,
    },
    (pair) =>
      // late, for checks to come through before the rollback
      withNetwork(pair, { orderlyChecks: waitMs === 0 }, async () => {
        await connectByHand(pair);
        await pair.offerer.run(({ connection }) => {
          connection.createChannel('proof');
          connection.createChannel('more');
        });
        await negotiateByHand(pair, 'offerer');
        await proveData(pair);
        const before = await pair.offerer.run(pairInUse);
        const offered = await pair.offerer.run(async ({ connection }) => {
          await connection.offer({ iceRestart: true });
          return /^a=ice-ufrag:(\S+)/m.exec(connection.said.descriptions.at(-1)?.sdp ?? '')?.[1];
        });
        expect(offered, 'the ufrag that is offered').to.not.equal(before?.local.ufrag);
        await pair.answerer.run(({ connection }) => connection.passOver());
        await delay(waitMs);
        const stands = await pair.offerer.run(async ({ connection }) => {
          await connection.rollback();
          const { signalingState, localDescription } = connection.pc;
          return [signalingState, /^a=ice-ufrag:(\S+)/m.exec(localDescription?.sdp ?? '')?.[1]];
        });
        expect(stands, 'the signaling state and the ufrag after the rollback').to.deep.equal([
          'stable',
          before?.local.ufrag,
        ]);
        await proveData(pair, ' after the rollback');
        const still = await pair.offerer.run(
          async ({ connection, waitFor }, { first, length }) => {
            const channel = await connection.channel('more');
            const agrees = (one?: SelectedPair, two?: SelectedPair): boolean =>
              one?.local.ufrag === two?.local.ufrag && one?.remote.ufrag === two?.remote.ufrag;
            let [earlier, last] = [first, first];
            return waitFor({
              name: 'a pair from before the restart to be in use to send messages',
              phase: 'ice',
              // another message each time, for Chromium's statistics are 50 ms old
              probe: async () => {
                channel.send('y'.repeat(length));
                [earlier, last] = [last, await connection.selectedPair()];
                const isInUse =
                  last?.id === earlier?.id && (last?.bytesSent ?? 0) - (earlier?.bytesSent ?? 0) >= length;
                return isInUse && agrees(last, first) && last;
              },
              triggers: [{ everyMs: 100 }],
              seen: () => {
                const own = last?.local.ufrag === first?.local.ufrag ? 'old' : 'other';
                const other = last?.remote.ufrag === first?.remote.ufrag ? 'old' : 'other';
                return `${own} credentials here, ${other} ones there`;
              },
            });
          },
          { first: before, length: 1000 },
        );
        await negotiateByHand(pair, 'offerer', { iceRestart: true });
        const after = await pair.offerer.run(({ connection }, first) => connection.restarted(first), still);
        expect(after.local.ufrag, 'the ufrag of the pair after the later restart').to.not.equal(offered);
        await proveData(pair, ' after the later restart');
        await expectNothingElse(pair, /^a message on "more": "y+"$/);
      }),
  );
}

const credentialsOfDtls = (said: readonly { sdp?: string | undefined }[]): string[][] =>
  said.map(({ sdp = '' }) => [...new Set(sdp.match(/^a=fingerprint:.*$/gm) ?? [])]);

scenario(
  {
    id: 'connection/restart/keeps-dtls',
    title: 'An ICE restart keeps DTLS',
    asks: 'After an ICE restart, does data go on over the DTLS association from before: with the same certificates and roles, and no new handshake?',
    level: 'must',
    specs: [
      ...specs,
      'https://www.rfc-editor.org/rfc/rfc8842#section-5.5',
      'https://www.rfc-editor.org/rfc/rfc8829#section-5.2.2',
    ],
    needs: ['RTCDtlsTransport.prototype.getRemoteCertificates'],
    signaling: { trickle: false },
  },
  (pair) =>
    overHandshake(pair, { generations: 2 }, async (seen) => {
      await pair.offerer.run(offerProof);
      await proveData(pair);
      const certificates = () =>
        Promise.all(
          sides.map((side) =>
            pair[side].run(({ connection: { pc } }) => {
              const [der] = pc.sctp?.transport.getRemoteCertificates() ?? [];
              return [...new Uint8Array(der ?? [])].join();
            }),
          ),
        );
      const [before, hellos] = [await certificates(), seen.clientHellos];
      await pair.offerer.run(restart);
      await proveData(pair, ' after the restart');
      for (const side of sides)
        expect(seen.delivered(1, side), `packets that came to the ${side} by the new path`).to.be.above(0);
      expect(seen.clientHellos - hellos, 'ClientHellos since the restart').to.equal(0);
      expect([...seen.clients], 'who began a handshake').to.deep.equal(['answerer']);
      expect(await certificates(), 'the certificates that were received').to.deep.equal(before);
      for (const side of sides) {
        const { said, told } = await pair[side].run(async ({ connection }) => ({
          said: connection.said.descriptions,
          told: (await connection.snapshot()).events,
        }));
        const [first, ...later] = credentialsOfDtls(said);
        expect(later, `fingerprints of the ${side} in the restart`).to.deep.equal([first]);
        expect(
          told.filter(({ event }) => event.startsWith('dtls ')).map(({ detail }) => detail),
          `states of the RTCDtlsTransport at the ${side}`,
        ).to.deep.equal(['new', 'connecting', 'connected']);
        if (side === 'answerer')
          expect(setupOf(said, 'answer'), 'what the answerer says of setup').to.deep.equal([
            'active',
            'active',
          ]);
      }
      await expectNothingElse(pair);
    }),
);

scenario(
  {
    id: 'connection/restart/over-another-path',
    title: 'ICE restart of a call whose path is dead',
    asks: 'When nothing gets through any more over the path in use, does an ICE restart whose candidates lead over another path bring the call back, and does what was sent meanwhile arrive?',
    level: 'must',
    specs,
    signaling: { trickle: false },
    timeoutMs: 20_000,
  },
  (pair) =>
    overHandshake(pair, { generations: 2 }, async (seen) => {
      await pair.offerer.run(offerProof);
      await proveData(pair);
      seen.cut(0);
      const began = performance.now();
      const byOld = sides.map((side) => seen.delivered(0, side));
      for (const side of sides)
        await pair[side].run(
          async ({ connection }, text) => (await connection.channel('proof')).send(text),
          `by the ${side} meanwhile`,
        );
      await pair.offerer.run(restart);
      pair.measure('time until a pair of the restart is in use', performance.now() - began, 'ms');
      for (const side of sides) {
        const received = await pair[side].run(({ connection }) => connection.message('proof'));
        expect(received, `what the ${side} received of what was sent meanwhile`).to.equal(
          `by the ${otherSide[side]} meanwhile`,
        );
      }
      hold(pair, 'time until it has arrived', performance.now() - began, 'ms', { most: 10_000, paced: true });
      await proveData(pair, ' over the other path');
      for (const [at, side] of sides.entries()) {
        expect(seen.delivered(0, side), `packets that came to the ${side} by the dead path`).to.equal(
          byOld[at],
        );
        expect(seen.delivered(1, side), `packets that came to the ${side} by the other path`).to.be.above(0);
      }
      await expectNothingElse(pair);
    }),
);

for (const polite of sides) {
  const impolite = otherSide[polite];
  scenario(
    {
      id: `connection/restart/both-at-once-${polite}-yields`,
      title: `Both sides restart ICE at once, and the ${polite} yields`,
      asks: `When both sides offer an ICE restart at once and the ${polite} rolls its own back, are candidate pairs from the restart in use on both sides once nothing answers checks by the old ones, and does data go on?`,
      level: 'must',
      version: 2,
      specs: [
        ...specs,
        'https://www.w3.org/TR/webrtc/#perfect-negotiation-example',
        'https://www.rfc-editor.org/rfc/rfc8829#section-4.1.10.2',
      ],
    },
    (pair) =>
      // Otherwise it is up to chance whether Chromium stays with its old pair where the other side is Chromium, too.
      withNetwork(pair, { orderlyChecks: 'newest' }, async () => {
        await connectByHand(pair);
        await pair.offerer.run(({ connection }) => void connection.createChannel('proof'));
        await negotiateByHand(pair, 'offerer');
        await proveData(pair);
        const before = await Promise.all(sides.map((side) => pair[side].run(pairInUse)));
        await Promise.all(
          sides.map((side) =>
            pair[side].run(({ connection }) => {
              connection.pc.restartIce();
              return connection.offer();
            }),
          ),
        );
        await pair[impolite].run(({ connection }) => connection.passOver());
        await answerByHand(pair, impolite);
        for (const [at, side] of sides.entries()) {
          const after = await pair[side].run(usedAfter, before[at]);
          expect(after?.local.port, `the port of the ${side} after the restart`).to.not.equal(
            before[at]?.local.port,
          );
        }
        await proveData(pair, ' after the restart');
      }),
  );
}

/** Waits until a side says that the connection has failed. */
const untilFailed = ({ connection: { pc }, waitFor }: Agent) =>
  waitFor({
    name: 'connectionState to be failed',
    phase: 'ice',
    probe: () => pc.connectionState === 'failed',
    triggers: [{ on: pc, events: ['connectionstatechange', 'iceconnectionstatechange'] }],
    seen: () => `ICE ${pc.iceConnectionState}, connection ${pc.connectionState}`,
  });

/**
 * Lets nothing through until both sides have failed, and restarts ICE once the path is back. Consent expires after 30 s,
 * https://www.rfc-editor.org/rfc/rfc7675#section-5.1, so `failed` is due then.
 */
const restartFromFailed = (pair: PairContext<Agent>, body: () => Promise<void>): Promise<void> =>
  withNetwork(pair, { orderlyChecks: true }, async ({ access }) => {
    await connect(pair);
    await proveData(pair);
    const before = await pair.offerer.run(pairInUse);
    for (const side of sides) access[side].change({ up: false });
    const silent = performance.now();
    await Promise.all(
      sides.map(async (side) => {
        await pair[side].run(untilFailed);
        hold(pair, `time until the ${side} has failed`, performance.now() - silent, 'ms', {
          // worst seen 31,800
          most: 40_000,
          paced: true,
        });
      }),
    );
    for (const side of sides) access[side].change({ up: true });
    const back = performance.now();
    await pair.offerer.run(async ({ connection }, first) => {
      await connection.negotiate({ iceRestart: true });
      if (first) await connection.restarted(first);
    }, before);
    for (const side of sides) await pair[side].run(({ connection }) => connection.connected());
    pair.measure('time until both are connected again', performance.now() - back, 'ms');
    await body();
  });

const fromFailed = {
  level: 'must',
  version: 2,
  specs: [
    ...specs,
    'https://www.w3.org/TR/webrtc/#dom-rtcicetransportstate-failed',
    'https://www.rfc-editor.org/rfc/rfc7675#section-5.1',
  ],
  load: 'idle',
  timeoutMs: 75_000,
} as const;

scenario(
  {
    ...fromFailed,
    id: 'connection/restart/from-failed',
    title: 'ICE restart of a failed call',
    asks: 'When nothing got through until both sides had failed, does an ICE restart bring ICE and DTLS back, and does a picture that is added then arrive?',
    needs: needsOf.video,
  },
  (pair) =>
    restartFromFailed(pair, async () => {
      await pair.offerer.run(add, 'video');
      await pair.offerer.run(({ connection }) => connection.negotiate());
      await expectAdded(pair, 'video');
    }),
);

scenario(
  {
    ...fromFailed,
    id: 'connection/restart/from-failed-data',
    title: 'Data after an ICE restart of a failed call',
    asks: 'When nothing got through until both sides had failed, and an ICE restart has brought the call back, does data go both ways over the channel from before?',
  },
  (pair) =>
    restartFromFailed(pair, async () => {
      for (const side of sides) {
        const state = await pair[side].run(({ connection, waitFor }) =>
          waitFor({
            name: 'the channel to be open or closed',
            phase: 'sctp',
            probe: () =>
              connection.channels.map(({ channel }) => channel.readyState).find((is) => is !== 'closing'),
            triggers: [{ everyMs: 50 }],
          }),
        );
        expect(state, `readyState of the channel at the ${side} after the restart`).to.equal('open');
      }
      await proveData(pair, ' after the restart');
    }),
);
