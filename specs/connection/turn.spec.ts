import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import type { Misbehaviour } from '../../fixtures/network/turn-server.ts';
import type { Transport, TurnService } from '../../fixtures/network/turn-service.ts';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import { isIPv6 } from '../../fixtures/peer-page/ipv6.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { scenario, single } from '../scenario.ts';
import { expectNothingElse } from '../steps/channels.ts';
import { sides, type Side } from '../steps/sides.ts';
import { relayOnly, withTurn } from '../turn.ts';
import { add, expectAdded, needsOf } from './added.ts';
import { addressIn, gathered } from './gathered.ts';
import { connect, offerProof, pairInUse, proveData } from './steps.ts';

const specs = [
  'https://www.rfc-editor.org/rfc/rfc8656',
  'https://www.rfc-editor.org/rfc/rfc8829#section-4.1.1',
];
const words = {
  udp: 'a relay over UDP',
  tcp: 'a relay over TCP',
  tls: 'a relay over TLS',
  none: 'no relay',
} as const;
/** How a side reaches its relay. */
type Way = keyof typeof words;
/** What a side needs for that: nobody trusts a server over TLS without being told to. */
const needsFor = (way: Way) => (way === 'tls' ? ['launch:trusts-own-key', ...needsOf.video] : needsOf.video);

/** Each type once: a machine with several networks has a relay for each. */
const typesOf = (candidates: readonly { type: string | null }[]): (string | null)[] => [
  ...new Set(candidates.map(({ type }) => type)),
];

/** Runs a body with a server for each side that is to have a relay. */
async function withRelays(
  pair: PairContext<Agent>,
  by: Readonly<Record<Side, Way>>,
  body: (services: Partial<Record<Side, TurnService>>) => Promise<void>,
): Promise<void> {
  const started = async (
    left: readonly Side[],
    services: Partial<Record<Side, TurnService>>,
  ): Promise<void> => {
    const [side, ...rest] = left;
    if (side === undefined) return body(services);
    if (by[side] === 'none') return started(rest, services);
    return withTurn(
      pair,
      { peer: pair[side], name: `server of the ${side}`, isTrusted: by[side] === 'tls' },
      (service) => started(rest, { ...services, [side]: service }),
    );
  };
  await started(sides, {});
}

/** Every pair of ways that has a relay; TLS, which differs from TCP in how a connection begins, at one side and at both. */
const ways: readonly (readonly [offers: Way, answers: Way])[] = [
  ['udp', 'udp'],
  ['udp', 'tcp'],
  ['udp', 'none'],
  ['tcp', 'udp'],
  ['tcp', 'tcp'],
  ['tcp', 'none'],
  ['none', 'udp'],
  ['none', 'tcp'],
  ['tls', 'tls'],
  ['tls', 'none'],
  ['none', 'tls'],
];

for (const [offers, answers] of ways) {
  const by = { offerer: offers, answerer: answers };
  scenario(
    {
      id: `connection/turn/${offers}-with-${answers}`,
      title: `Offerer with ${words[offers]}, answerer with ${words[answers]}`,
      asks: `With ${words[offers]} at the offerer and ${words[answers]} at the answerer, do picture and data arrive, and is all of it relayed?`,
      level: 'must',
      specs,
      needs: { offerer: needsFor(offers), answerer: needsFor(answers) },
    },
    (pair) =>
      withRelays(pair, by, async (services) => {
        for (const side of sides) {
          const service = services[side];
          const transport = by[side];
          const configuration = service && transport !== 'none' ? relayOnly(service, transport) : undefined;
          await pair[side].run(
            (agent, given) => void agent.connect(given && { configuration: given }),
            configuration,
          );
        }
        await pair.offerer.run(add, 'video');
        await pair.offerer.run(offerProof);
        await proveData(pair);
        await expectAdded(pair, 'video');
        for (const side of sides) {
          const service = services[side];
          if (!service) continue;
          const used = await pair[side].run(pairInUse);
          expect(used?.local.type, `the type of the candidate that the ${side} uses`).to.equal('relay');
          const { events, relayedBytes } = service.report();
          expect(
            new Set(events.map(({ protocol }) => protocol)),
            `ways to the server of the ${side}`,
          ).to.deep.equal(new Set([by[side]]));
          expect(relayedBytes, `bytes that went by the server of the ${side}`).to.be.above(5000);
        }
      }),
  );
}

for (const transport of ['udp', 'tcp'] as const)
  scenario(
    {
      id: `connection/turn/${transport}-over-ipv6`,
      title: `A relay that is reached over IPv6 and ${transport.toUpperCase()}`,
      asks: 'When the TURN server of the offerer is reached over IPv6 and relays by IPv4, which is what is asked for by default, does data go by it?',
      level: 'must',
      specs: [...specs, 'https://www.rfc-editor.org/rfc/rfc8656#section-7.2'],
      needs: { offerer: ['candidate:ipv6'], answerer: [] },
    },
    async (pair) => {
      const { candidates } = await pair.offerer.run(gathered, {});
      const from = candidates.map(({ candidate }) => addressIn(candidate)).find(isIPv6) ?? '';
      await withTurn(pair, { peer: pair.offerer, from }, async (service) => {
        await connect(pair, { offerer: { configuration: relayOnly(service, transport) } });
        await proveData(pair);
        const used = await pair.offerer.run(pairInUse);
        expect(used?.local.type, 'the type of the candidate that the offerer uses').to.equal('relay');
        const { events, relayedBytes } = service.report();
        const clients = events.map(({ client, protocol }) => `${protocol} ${client}`);
        expect(
          clients.filter((client) => !client.startsWith(`${transport} [`)),
          `clients that reached the server in another way than by IPv6 and ${transport}`,
        ).to.deep.equal([]);
        expect(relayedBytes, 'bytes that went by the server').to.be.above(0);
        await expectNothingElse(pair);
      });
    },
  );

for (const transport of ['udp', 'tcp'] as const) {
  scenario(
    {
      id: `connection/turn/${transport}-dies`,
      title: `The offerer's relay over ${transport.toUpperCase()} dies`,
      asks: 'When the TURN server of the offerer dies mid-call, does an ICE restart with another server half a second later bring the call back, with what was sent in between?',
      level: 'must',
      version: 2,
      specs: [...specs, 'https://www.w3.org/TR/webrtc/#dom-rtcpeerconnection-setconfiguration'],
      timeoutMs: 20_000,
    },
    (pair) =>
      withTurn(pair, { peer: pair.offerer, name: 'first server' }, (first) =>
        withTurn(pair, { peer: pair.offerer, name: 'second server' }, async (second) => {
          await pair.answerer.run((agent) => void agent.connect());
          await pair.offerer.run(
            (agent, configuration) => {
              // Otherwise Chromium may check an old pair before the answer and stick to it; that is not asked about here.
              agent.connect({ configuration, candidatesAfterAnswer: true });
            },
            relayOnly(first, transport),
          );
          await pair.offerer.run(offerProof);
          await proveData(pair);
          await first.close();
          const before = first.report().relayedBytes;
          // Firefox gives up DTLS within 50 ms of a reset connection, unless the restart comes first.
          await delay(500);
          await pair.offerer.run(async ({ connection }) =>
            (await connection.channel('proof')).send('into the void'),
          );
          await pair.offerer.run(
            async ({ connection }, configuration) => {
              connection.pc.setConfiguration(configuration);
              await connection.negotiate({ iceRestart: true });
            },
            relayOnly(second, transport),
          );
          // if the channel has closed meanwhile, that is the cause, and is named at once
          await pair.offerer.run(async ({ connection }) => void (await connection.channel('proof')));
          const received = await pair.answerer.run(({ connection }) => connection.message('proof'));
          expect(received, 'what the answerer received').to.equal('into the void');
          await proveData(pair, ' by the second server');
          expect(first.report().relayedBytes - before, 'bytes by the server that has died').to.equal(0);
          expect(second.report().relayedBytes, 'bytes by the second server').to.be.above(0);
          const used = await pair.offerer.run(pairInUse);
          expect(used?.local.type, 'the type of the candidate that the offerer uses').to.equal('relay');
        }),
      ),
  );
}

/** What a server does, and what the browser has to say about it. */
interface Refused {
  title: string;
  misbehaviour?: Misbehaviour;
  /** In place of the right one. */
  credential?: string;
  transport?: Transport;
  /** `true`: the server is gone before the browser asks. */
  isGone?: boolean;
  code: number;
}

/** https://www.w3.org/TR/webrtc/#dom-rtcpeerconnectioniceerrorevent-errorcode */
const cannotBeReached = 701;

const refused: Record<string, Refused> = {
  'wrong-password': { title: 'A wrong password', credential: 'wrong', code: 401 },
  forbidden: {
    title: 'A relay that is forbidden',
    misbehaviour: { refuses: { allocate: { code: 403 } } },
    code: 403,
  },
  mismatch: {
    title: 'An allocation that already exists',
    misbehaviour: { refuses: { allocate: { code: 437 } } },
    code: 437,
  },
  stale: { title: 'Nonces that are always stale', misbehaviour: { staleAfter: 0 }, code: 438 },
  'no-such-transport': {
    title: 'A transport that the server does not relay',
    misbehaviour: { refuses: { allocate: { code: 442 } } },
    code: 442,
  },
  quota: {
    title: 'A quota that has been reached',
    misbehaviour: { refuses: { allocate: { code: 486 } } },
    code: 486,
  },
  full: { title: 'A server that is full', misbehaviour: { refuses: { allocate: { code: 508 } } }, code: 508 },
  gone: { title: 'A TCP port that nobody listens on', isGone: true, transport: 'tcp', code: cannotBeReached },
  untrusted: { title: 'A certificate that nobody trusts', transport: 'tls', code: cannotBeReached },
};

for (const [
  name,
  { title, misbehaviour = {}, credential, transport = 'udp', isGone, code },
] of Object.entries(refused)) {
  single(
    {
      id: `connection/turn/${name}`,
      title,
      asks: `Does gathering end without a relay, and does icecandidateerror give ${String(code)} and the server's URL?`,
      level: 'must',
      specs: [
        'https://www.w3.org/TR/webrtc/#rtcpeerconnectioniceerrorevent',
        'https://www.rfc-editor.org/rfc/rfc8656#section-7.4',
      ],
      needs: ['RTCPeerConnection'],
      timeoutMs: 15_000,
    },
    (context) =>
      withTurn(context, { peer: context.peer, misbehaviour }, async (service) => {
        if (isGone === true) await service.close();
        const { candidates, errors } = await context.peer.run(
          gathered,
          relayOnly(service, transport, credential),
        );
        context.trace('gathered', { candidates, errors });
        expect(candidates, 'candidates').to.deep.equal([]);
        expect(
          errors.map(({ code: told }) => told),
          'codes of icecandidateerror',
        ).to.include(code);
        // UDP is the default: https://www.rfc-editor.org/rfc/rfc7065#section-3.1
        const short = (url: string): string => url.replace('?transport=udp', '');
        expect(new Set(errors.map(({ url }) => short(url))), 'URLs of icecandidateerror').to.deep.equal(
          new Set([short(service.url(transport))]),
        );
        const { events, tlsErrors } = service.report();
        if (code !== cannotBeReached)
          expect(
            events.map(({ answer }) => answer),
            'what the server answered',
          ).to.include(code);
        if (transport === 'tls') expect(tlsErrors, 'handshakes that ended').to.not.deep.equal([]);
      }),
  );
}

single(
  {
    id: 'connection/turn/stale-once',
    title: 'A stale nonce',
    asks: 'When a nonce is stale, is the server asked again with the new one, and does that bring a relay?',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc8489#section-9.2.5'],
    needs: ['RTCPeerConnection'],
  },
  (context) =>
    withTurn(
      context,
      { peer: context.peer, misbehaviour: { refuses: { allocate: { code: 438, times: 1 } } } },
      async (service) => {
        const { candidates, errors } = await context.peer.run(gathered, relayOnly(service, 'udp'));
        context.trace('gathered', { candidates, errors });
        const answers = service.report().events.map(({ answer }) => answer);
        expect(answers, 'what the server answered').to.include(438);
        expect(typesOf(candidates), 'types of the candidates').to.deep.equal(['relay']);
      },
    ),
);

single(
  {
    id: 'connection/turn/reason-text',
    title: 'The reason that a server gives for its refusal',
    asks: 'Does icecandidateerror carry the reason that the server sent?',
    level: 'must',
    specs: ['https://www.w3.org/TR/webrtc/#dom-rtcpeerconnectioniceerrorevent-errortext'],
    needs: ['RTCPeerConnection'],
  },
  (context) =>
    withTurn(
      context,
      { peer: context.peer, misbehaviour: { refuses: { allocate: { code: 486 } } } },
      async (service) => {
        const { errors } = await context.peer.run(gathered, relayOnly(service, 'udp'));
        expect(
          errors.map(({ text }) => text),
          'texts of icecandidateerror',
        ).to.deep.equal(['Allocation Quota Reached']);
      },
    ),
);

for (const { name, title, transport, afterLogin } of [
  { name: 'alternate-udp', title: 'Redirected over UDP', transport: 'udp', afterLogin: false },
  { name: 'alternate-tcp', title: 'Redirected over TCP', transport: 'tcp', afterLogin: false },
  {
    name: 'alternate-after-login',
    title: 'Redirected after a login',
    transport: 'udp',
    afterLogin: true,
  },
] as const) {
  single(
    {
      id: `connection/turn/${name}`,
      title,
      asks: 'When a server redirects the browser to another one, does the browser get its relay there?',
      level: 'should',
      specs: ['https://www.rfc-editor.org/rfc/rfc8489#section-10'],
      needs: ['RTCPeerConnection'],
    },
    (context) =>
      withTurn(context, { peer: context.peer, name: 'the other server' }, (other) =>
        withTurn(
          context,
          {
            peer: context.peer,
            credential: other.login.credential,
            misbehaviour: { alternate: { server: other.endpoint(transport), afterLogin } },
          },
          async (service) => {
            const { candidates, errors } = await context.peer.run(gathered, relayOnly(service, transport));
            context.trace('gathered', { candidates, errors });
            const answersOf = ({ server }: TurnService) => server.events.map(({ answer }) => answer);
            expect(answersOf(service), 'what the server answered').to.include(300);
            expect(answersOf(other), 'what the other server answered').to.include('success');
            expect(typesOf(candidates), 'types of the candidates').to.deep.equal(['relay']);
          },
        ),
      ),
  );
}

scenario(
  {
    id: 'connection/turn/stale-in-call',
    title: 'Nonces that go stale in a call',
    asks: 'When a nonce is stale after the browser has its relay, is the server asked again, and does data go through the relay?',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc8489#section-9.2.5'],
  },
  (pair) =>
    withTurn(
      pair,
      {
        peer: pair.offerer,
        misbehaviour: {
          refuses: { createPermission: { code: 438, times: 1 }, channelBind: { code: 438, times: 1 } },
        },
      },
      async (service) => {
        await connect(pair, { offerer: { configuration: relayOnly(service, 'udp') } });
        await proveData(pair);
        const { events, relayedBytes } = service.report();
        const permissions = events.filter(({ asked }) => asked === 'createPermission');
        expect(
          permissions.map(({ answer }) => answer),
          'what the server answered',
        ).to.include.members([438, 'success']);
        expect(relayedBytes, 'bytes that went by the server').to.be.above(0);
      },
    ),
);
