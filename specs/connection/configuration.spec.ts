import { expect } from 'chai';
import { withNetwork } from '../network.ts';
import { scenario, single } from '../scenario.ts';
import { expectNothingElse } from '../steps/channels.ts';
import { expectPace } from '../steps/hold.ts';
import { withTurn } from '../turn.ts';
import { gathered } from './gathered.ts';
import { connect, pairInUse, proveData } from './steps.ts';

const webrtc = (anchor: string) => `https://www.w3.org/TR/webrtc/#${anchor}`;

/** Checks come in order, or Chromium may stay with an old pair, as `connection/restart/slow-signaling` shows. */
const common = { orderlyChecks: true } as const;

for (const [policy, first, type] of [
  ['relay', 'all', 'relay'],
  ['all', 'relay', 'host'],
] as const) {
  scenario(
    {
      id: `connection/path/policy-${policy}`,
      title: `iceTransportPolicy becomes ${policy} mid-call`,
      asks:
        policy === 'relay'
          ? 'When the offerer allows only relays from now on and restarts ICE, does it tell no other candidates, is a pair by its relay in use, and does data go on over it?'
          : 'When the offerer allows more than relays from now on and restarts ICE, does a pair without a relay take over, and does data go on over it?',
      level: policy === 'relay' ? 'must' : 'should',
      version: 2,
      specs: [
        webrtc('dom-rtcpeerconnection-setconfiguration'),
        webrtc('dom-rtcicetransportpolicy'),
        'https://www.rfc-editor.org/rfc/rfc8445#section-9',
      ],
      load: 'idle',
      timeoutMs: 15_000,
    },
    (pair) =>
      withNetwork(pair, common, async (network) => {
        const [server] = network.servers;
        const iceServers = [await network.iceServer('offerer', 'turn')];
        const allowing = (iceTransportPolicy: 'relay' | 'all') => ({ iceServers, iceTransportPolicy });
        await connect(pair, { offerer: { configuration: allowing(first) } });
        await proveData(pair);
        const before = await pair.offerer.run(pairInUse);
        expect(
          before?.local.type === 'relay',
          `whether a relay is in use where ${first} is allowed`,
        ).to.equal(first === 'relay');
        const { told, inUse } = await pair.offerer.run(
          async ({ connection, waitFor }, { configuration, due, old, withinMs }) => {
            const toldBefore = connection.said.candidates.length;
            connection.pc.setConfiguration(configuration);
            await connection.negotiate({ iceRestart: true });
            const began = performance.now();
            // the first pair of the restart may be replaced by a better one
            const inUse = await waitFor({
              name: 'a candidate pair to be in use',
              phase: 'ice',
              probe: async () => {
                const used = await connection.selectedPair();
                const isDue = used?.local.type === due && used.local.ufrag !== old?.local.ufrag;
                return (isDue || performance.now() - began > withinMs) && used;
              },
              triggers: [{ everyMs: 50 }],
            });
            const told = connection.said.candidates
              .slice(toldBefore)
              .map(({ candidate = '' }) => / typ (\S+)/.exec(candidate)?.[1])
              .filter((kind) => kind !== undefined);
            return { told, inUse };
          },
          { configuration: allowing(policy), due: type, old: before, withinMs: 6000 },
        );
        pair.trace('after the restart', { told, inUse });
        if (policy === 'relay')
          expect([...new Set(told)], 'types of the candidates').to.deep.equal(['relay']);
        expectPace(inUse.local.type, 'the type of the candidate that the offerer uses').to.equal(type);
        expectPace(inUse.local.ufrag, 'the username fragment of that candidate').to.not.equal(
          before?.local.ufrag,
        );
        const relayed = server.relayedBytes;
        const bytes = 10_000;
        await pair.offerer.run(
          async ({ connection }, length) => (await connection.channel('proof')).send('x'.repeat(length)),
          bytes,
        );
        const received = await pair.answerer.run(({ connection }) => connection.message('proof'));
        expect(String(received).length, 'length of what the answerer received').to.equal(bytes);
        await proveData(pair, ' after the restart');
        const after = server.relayedBytes - relayed;
        if (policy === 'relay') expect(after, 'bytes that were relayed').to.be.at.least(bytes);
        else expect(after, 'bytes that were relayed').to.be.below(bytes / 2);
        await expectNothingElse(pair);
      }),
  );
}

scenario(
  {
    id: 'connection/path/other-servers',
    title: 'Other servers from the next gathering on',
    asks: 'When setConfiguration gives another TURN server mid-call, is it asked for a relay once ICE is restarted, not earlier, the old one no more, and does data go by it?',
    level: 'must',
    version: 2,
    specs: [webrtc('dom-rtcpeerconnection-setconfiguration'), webrtc('set-the-configuration')],
  },
  (pair) =>
    withNetwork(pair, common, async (network) => {
      const [, second] = network.servers;
      const allocations = () =>
        network.servers.map(({ events }) => events.filter(({ asked }) => asked === 'allocate').length);
      const relayBy = async (at: 0 | 1) => ({
        iceServers: [await network.iceServer('offerer', 'turn', at)],
        iceTransportPolicy: 'relay' as const,
      });
      await connect(pair, { offerer: { configuration: await relayBy(0) } });
      await proveData(pair);
      const before = await pair.offerer.run(pairInUse);
      await pair.offerer.run(
        ({ connection }, configuration) => connection.pc.setConfiguration(configuration),
        await relayBy(1),
      );
      await proveData(pair, ' with another configuration');
      const [once = 0, early] = allocations();
      expect(early, 'how often the second server was asked before the restart').to.equal(0);
      await pair.offerer.run(async ({ connection }, old) => {
        await connection.negotiate({ iceRestart: true });
        if (old) await connection.restarted(old);
      }, before);
      const [again, late] = allocations();
      expect(late, 'how often the second server was asked after the restart').to.be.above(0);
      expect(again, 'how often the first server was asked in all').to.equal(once);
      const relayed = second.relayedBytes;
      await proveData(pair, ' after the restart');
      expect(second.relayedBytes - relayed, 'bytes by the second server').to.be.above(0);
      await expectNothingElse(pair);
    }),
);

single(
  {
    id: 'connection/path/refused-configurations',
    title: 'Configurations that setConfiguration must refuse',
    asks: 'Does setConfiguration refuse another bundlePolicy or certificate, a bad URL, a TURN server without a login, and anything once closed, each with the error that is due, and does it leave everything as it was?',
    level: 'must',
    specs: [webrtc('set-the-configuration'), webrtc('dom-rtcpeerconnection-setconfiguration')],
    needs: ['RTCPeerConnection.prototype.setConfiguration'],
  },
  async ({ peer }) => {
    const { refused, before, after } = await peer.run(async (agent) => {
      const keys: EcKeyGenParams = { name: 'ECDSA', namedCurve: 'P-256' };
      const own = await RTCPeerConnection.generateCertificate(keys);
      const another = await RTCPeerConnection.generateCertificate(keys);
      const stun = { urls: 'stun:192.0.2.1' };
      const given: RTCConfiguration = {
        iceServers: [stun],
        bundlePolicy: 'balanced',
        rtcpMuxPolicy: 'require',
        certificates: [own],
      };
      const pc = agent.unobserved(() => new RTCPeerConnection(given));
      const thrownBy = (configuration: RTCConfiguration): string => {
        try {
          pc.setConfiguration(configuration);
          return 'nothing';
        } catch (error) {
          return error instanceof DOMException ? error.name : String(error);
        }
      };
      const told = () => {
        const { iceServers = [], bundlePolicy, iceTransportPolicy } = pc.getConfiguration();
        return { urls: iceServers.map(({ urls }) => urls).flat(), bundlePolicy, iceTransportPolicy };
      };
      const before = told();
      const refused = {
        'another bundlePolicy': thrownBy({ ...given, bundlePolicy: 'max-bundle' }),
        'another certificate': thrownBy({ ...given, certificates: [another] }),
        'another certificate besides': thrownBy({ ...given, certificates: [own, another] }),
        'a URL of another scheme': thrownBy({ ...given, iceServers: [{ urls: 'https://192.0.2.1' }] }),
        'a URL without a host': thrownBy({ ...given, iceServers: [{ urls: 'stun:' }] }),
        'a STUN URL with a query': thrownBy({
          ...given,
          iceServers: [{ urls: 'stun:192.0.2.1?transport=udp' }],
        }),
        'a TURN server without a login': thrownBy({ ...given, iceServers: [{ urls: 'turn:192.0.2.1' }] }),
        'a relay, and a bad URL': thrownBy({
          ...given,
          iceServers: [stun, { urls: 'stun:' }],
          iceTransportPolicy: 'relay',
        }),
        'the same again': thrownBy(given),
      };
      const after = told();
      pc.close();
      return { refused: { ...refused, 'the same, when closed': thrownBy(given) }, before, after };
    });
    expect(refused, 'what setConfiguration threw').to.deep.equal({
      'another bundlePolicy': 'InvalidModificationError',
      'another certificate': 'InvalidModificationError',
      'another certificate besides': 'InvalidModificationError',
      'a URL of another scheme': 'SyntaxError',
      'a URL without a host': 'SyntaxError',
      'a STUN URL with a query': 'SyntaxError',
      'a TURN server without a login': 'InvalidAccessError',
      'a relay, and a bad URL': 'SyntaxError',
      'the same again': 'nothing',
      'the same, when closed': 'InvalidStateError',
    });
    expect(after, 'the configuration, as it was before').to.deep.equal(before);
  },
);

single(
  {
    id: 'connection/path/pool',
    title: 'Candidates ahead of their description',
    asks: 'Where iceCandidatePoolSize is 1, is the STUN server asked before setLocalDescription, and where it is 0, only after it?',
    level: 'should',
    specs: [
      webrtc('dom-rtcconfiguration-icecandidatepoolsize'),
      'https://www.rfc-editor.org/rfc/rfc8829#section-3.5.4',
    ],
    needs: ['RTCPeerConnection'],
  },
  (context) =>
    withTurn(context, { peer: context.peer, name: 'server with a pool' }, (pooled) =>
      withTurn(context, { peer: context.peer, name: 'server without a pool' }, async (plain) => {
        const asked = () => [pooled, plain].map((service) => service.report().events.length > 0);
        await context.peer.run(
          async ({ kept, unobserved }, configurations) => {
            for (const [name, configuration] of Object.entries(configurations)) {
              const pc = unobserved(() => new RTCPeerConnection(configuration));
              pc.createDataChannel('data');
              await pc.createOffer();
              kept.set(name, pc);
            }
          },
          {
            pooled: { iceServers: [pooled.iceServer('udp')], iceCandidatePoolSize: 1 },
            plain: { iceServers: [plain.iceServer('udp')], iceCandidatePoolSize: 0 },
          },
        );
        // a later connection has gathered all: whatever was to be asked of itself has been asked by now
        await withTurn(
          context,
          { peer: context.peer, name: 'server of a later connection' },
          async (later) => {
            const { candidates } = await context.peer.run(gathered, { iceServers: [later.iceServer('udp')] });
            expect(
              candidates.map(({ type }) => type),
              'types of the candidates of a later connection',
            ).to.include('relay');
          },
        );
        const [withPool, withoutPool] = asked();
        expect(withoutPool, 'whether the server was asked without a pool').to.equal(false);
        expect(withPool, 'whether the server was asked for the pool').to.equal(true);
        const types = await context.peer.run(async ({ kept, waitFor }) => {
          const types: Record<string, (string | null)[]> = {};
          for (const name of ['pooled', 'plain']) {
            const pc = kept.get(name);
            if (!(pc instanceof RTCPeerConnection)) throw new TypeError(`there is no connection ${name}`);
            const own: (string | null)[] = (types[name] = []);
            pc.addEventListener('icecandidate', ({ candidate }) => {
              if (candidate?.candidate) own.push(candidate.type);
            });
            await pc.setLocalDescription();
            await waitFor({
              name: `the connection ${name} to have gathered`,
              phase: 'ice',
              probe: () => pc.iceGatheringState === 'complete',
              triggers: [{ on: pc, events: ['icegatheringstatechange'] }],
            });
            pc.close();
          }
          return types;
        });
        expect(types['pooled'], 'types of the candidates of the pool').to.include('relay');
        expect(types['plain'], 'types of the candidates without a pool').to.include('relay');
      }),
    ),
);

single(
  {
    id: 'connection/path/pool-size',
    title: 'What the configuration says of the pool',
    asks: 'Does getConfiguration tell the size of the pool, as constructed and as changed, and is another size refused once a local description is set?',
    level: 'must',
    specs: [webrtc('dom-rtcconfiguration-icecandidatepoolsize'), webrtc('set-the-configuration')],
    needs: ['RTCPeerConnection.prototype.setConfiguration'],
  },
  async ({ peer }) => {
    const told = await peer.run(async (agent) => {
      const pc = agent.unobserved(() => new RTCPeerConnection({ iceCandidatePoolSize: 1 }));
      const constructed = pc.getConfiguration().iceCandidatePoolSize;
      pc.setConfiguration({ iceCandidatePoolSize: 2 });
      const changed = pc.getConfiguration().iceCandidatePoolSize;
      pc.createDataChannel('data');
      await pc.setLocalDescription();
      const thrownBy = (iceCandidatePoolSize: number): string => {
        try {
          pc.setConfiguration({ iceCandidatePoolSize });
          return 'nothing';
        } catch (error) {
          return error instanceof DOMException ? error.name : String(error);
        }
      };
      const late = { 'the same size': thrownBy(2), 'another size': thrownBy(1) };
      const kept = pc.getConfiguration().iceCandidatePoolSize;
      pc.close();
      return { constructed, changed, ...late, kept };
    });
    expect(told, 'sizes that getConfiguration told, and what setConfiguration threw').to.deep.equal({
      constructed: 1,
      changed: 2,
      'the same size': 'nothing',
      'another size': 'InvalidModificationError',
      kept: 2,
    });
  },
);
