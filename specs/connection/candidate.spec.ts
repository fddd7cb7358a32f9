import { expect } from 'chai';
import { signalWithCandidates } from '../../fixtures/network/candidates.ts';
import { nats } from '../../fixtures/network/nat.ts';
import { Network } from '../../fixtures/network/network.ts';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import { isIPv6 } from '../../fixtures/peer-page/ipv6.ts';
import type { PeerHandle } from '../../harness/matrix/scenario.ts';
import { scenario, single } from '../scenario.ts';
import { expectNothingElse } from '../steps/channels.ts';
import { otherSide, sides } from '../steps/sides.ts';
import { openTcpPath } from '../tcp-path.ts';
import { relayOnly, withTurn } from '../turn.ts';
import { addressOf, reachedBy, reachedFrom } from '../udp-path.ts';
import { add, expectAdded, needsOf } from './added.ts';
import { addressIn, gathered, type ReadCandidate } from './gathered.ts';
import { connect, offerProof, pairInUse, proveData } from './steps.ts';

const specs = [
  'https://www.w3.org/TR/webrtc/#rtcicecandidate-interface',
  'https://www.rfc-editor.org/rfc/rfc8839#section-5.1',
];

/** What each line says, and how the members of RTCIceCandidate have to say it. */
const lines = {
  host: {
    title: 'a host candidate',
    line: 'candidate:842163049 1 udp 2130706431 192.0.2.1 50000 typ host generation 0 ufrag abcd network-cost 10',
    members: {
      foundation: '842163049',
      priority: 2130706431,
      address: '192.0.2.1',
      port: 50000,
      type: 'host',
    },
  },
  ipv6: {
    title: 'an IPv6 host candidate',
    line: 'candidate:1 1 UDP 2130706431 2001:db8::8 50001 typ host',
    members: { foundation: '1', priority: 2130706431, address: '2001:db8::8', port: 50001, type: 'host' },
  },
  mdns: {
    title: 'a host candidate with a hidden address',
    line: 'candidate:1 1 udp 2130706431 1f4712db-ea17-4bcf-a596-105139dfd8bf.local 50002 typ host',
    members: {
      foundation: '1',
      priority: 2130706431,
      address: '1f4712db-ea17-4bcf-a596-105139dfd8bf.local',
      port: 50002,
      type: 'host',
    },
  },
  srflx: {
    title: 'a server reflexive candidate',
    line: 'candidate:2 1 udp 1694498815 203.0.113.1 40000 typ srflx raddr 192.0.2.1 rport 50000 generation 0',
    members: {
      foundation: '2',
      priority: 1694498815,
      address: '203.0.113.1',
      port: 40000,
      type: 'srflx',
      relatedAddress: '192.0.2.1',
      relatedPort: 50000,
    },
  },
  prflx: {
    title: 'a peer reflexive candidate',
    line: 'candidate:3 1 udp 1862270975 203.0.113.2 40002 typ prflx raddr 192.0.2.1 rport 50000',
    members: {
      foundation: '3',
      priority: 1862270975,
      address: '203.0.113.2',
      port: 40002,
      type: 'prflx',
      relatedAddress: '192.0.2.1',
      relatedPort: 50000,
    },
  },
  relay: {
    title: 'a relay candidate',
    line: 'candidate:4 2 udp 16777215 198.51.100.2 50004 typ relay raddr 203.0.113.1 rport 40000',
    members: {
      foundation: '4',
      component: 'rtcp',
      priority: 16777215,
      address: '198.51.100.2',
      port: 50004,
      type: 'relay',
      relatedAddress: '203.0.113.1',
      relatedPort: 40000,
    },
  },
  'tcp-active': {
    title: 'an active TCP candidate',
    line: 'candidate:5 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active generation 0',
    members: {
      foundation: '5',
      protocol: 'tcp',
      priority: 1518280447,
      address: '192.0.2.1',
      port: 9,
      type: 'host',
      tcpType: 'active',
    },
  },
  'tcp-passive': {
    title: 'a passive TCP candidate',
    line: 'candidate:6 1 TCP 1518214911 192.0.2.1 3478 typ host tcptype passive',
    members: {
      foundation: '6',
      protocol: 'tcp',
      priority: 1518214911,
      address: '192.0.2.1',
      port: 3478,
      type: 'host',
      tcpType: 'passive',
    },
  },
} as const;

for (const [kind, { title, line, members }] of Object.entries(lines)) {
  single(
    {
      id: `connection/candidate/read-${kind}`,
      title: `What RTCIceCandidate reads from the line of ${title}`,
      asks: 'Does each member say what the candidate line says, and is it null where the line says nothing?',
      level: 'must',
      specs,
      needs: ['RTCIceCandidate.prototype.foundation'],
    },
    async ({ peer }) => {
      const read = await peer.run((_, candidate) => {
        const made = new RTCIceCandidate({
          candidate,
          sdpMid: 'a',
          sdpMLineIndex: 3,
          usernameFragment: 'abcd',
        });
        const { foundation, component, priority, address, protocol, port, type, tcpType } = made;
        const { relatedAddress, relatedPort, sdpMid, sdpMLineIndex, usernameFragment } = made;
        const told = { foundation, component, priority, address, protocol, port, type, tcpType };
        const more = { relatedAddress, relatedPort, sdpMid, sdpMLineIndex, usernameFragment };
        return { line: made.candidate, ...told, ...more };
      }, line);
      expect(read, 'the members').to.deep.equal({
        line,
        component: 'rtp',
        protocol: 'udp',
        tcpType: null,
        relatedAddress: null,
        relatedPort: null,
        sdpMid: 'a',
        sdpMLineIndex: 3,
        usernameFragment: 'abcd',
        ...members,
      });
    },
  );
}

const pattern =
  /^candidate:(?<foundation>\S+) (?<component>\d) (?<protocol>\S+) (?<priority>\d+) (?<address>\S+) (?<port>\d+) typ (?<type>\S+)(?: raddr (?<relatedAddress>\S+) rport (?<relatedPort>\d+))?(?:.* tcptype (?<tcpType>\S+))?/;

const isIPv4 = ({ candidate }: ReadCandidate): boolean => / \d+\.\d+\.\d+\.\d+ \d+ typ /.test(candidate);

/** The members of a candidate that a browser has found say what its line says. IPv6 candidates are left to `read-ipv6`. */
function expectMembers(found: ReadCandidate, ufrag: string): void {
  const { groups = {} } = pattern.exec(found.candidate) ?? {};
  const numberOr = (text: string | undefined): number | null => (text === undefined ? null : Number(text));
  const { candidate, relayProtocol: _, url: __, ...members } = found;
  expect(members, `the members of ${candidate}`).to.deep.equal({
    foundation: groups['foundation'],
    component: groups['component'] === '1' ? 'rtp' : 'rtcp',
    protocol: groups['protocol']?.toLowerCase(),
    priority: numberOr(groups['priority']),
    address: groups['address'],
    port: numberOr(groups['port']),
    type: groups['type'],
    relatedAddress: groups['relatedAddress'] ?? null,
    relatedPort: numberOr(groups['relatedPort']),
    tcpType: groups['tcpType'] ?? null,
    sdpMid: '0',
    sdpMLineIndex: 0,
    usernameFragment: ufrag,
  });
}

single(
  {
    id: 'connection/candidate/found-host',
    title: 'Host candidates',
    asks: 'Do the members of each candidate that the browser finds say what its line says, and are there UDP and active TCP candidates among them?',
    level: 'must',
    specs,
    needs: ['RTCIceCandidate.prototype.foundation'],
  },
  async ({ peer, trace }) => {
    const { candidates, ufrag } = await peer.run(gathered, {});
    trace('candidates', candidates);
    for (const candidate of candidates.filter(isIPv4)) expectMembers(candidate, ufrag);
    expect(new Set(candidates.map(({ type }) => type)), 'types').to.deep.equal(new Set(['host']));
    const kinds = candidates.map(({ protocol, tcpType }) => `${protocol ?? ''} ${tcpType ?? ''}`.trim());
    expect(kinds, 'protocols').to.include.members(['udp', 'tcp active']);
  },
);

single(
  {
    id: 'connection/candidate/found-srflx',
    title: 'Server reflexive candidates',
    asks: 'Behind a NAT, does the browser find the address that a STUN server sees, with its own as the related address?',
    level: 'must',
    specs: [...specs, 'https://www.rfc-editor.org/rfc/rfc8445#section-5.1.1.2'],
    needs: ['RTCIceCandidate.prototype.foundation'],
  },
  async ({ peer, trace, after }) => {
    const address = await addressOf(peer);
    const here = await reachedFrom(address);
    const network = new Network({
      addresses: { offerer: address, answerer: address },
      reachedAt: { offerer: here, answerer: here },
      nat: { offerer: nats['full-cone'] },
    });
    after(async () => {
      trace('network', network.report());
      await network.close();
    });
    const { candidates, ufrag } = await peer.run(gathered, {
      iceServers: [await network.iceServer('offerer', 'stun')],
    });
    trace('candidates', candidates);
    for (const candidate of candidates.filter(isIPv4)) expectMembers(candidate, ufrag);
    // a machine with several networks has one for each
    const all = candidates.filter(({ type }) => type === 'srflx');
    const bases = all.map(({ relatedAddress }) => relatedAddress);
    expect(bases, 'their bases').to.deep.equal([...new Set(bases)]);
    const reflexive = all.find(({ relatedAddress }) => relatedAddress === address);
    expect(reflexive, 'the server reflexive one').to.include({
      protocol: 'udp',
      address: '203.0.113.1',
      relatedAddress: address,
    });
    const hosts = candidates.filter(({ type, protocol }) => type === 'host' && protocol === 'udp');
    expect(
      hosts.map(({ port }) => port),
      'ports of the host',
    ).to.include(reflexive?.relatedPort);
  },
);

for (const transport of ['udp', 'tcp'] as const) {
  single(
    {
      id: `connection/candidate/found-relay-${transport}`,
      title: `A relay candidate over ${transport.toUpperCase()}`,
      asks: 'Do the members of a relay candidate say what its line says?',
      level: 'must',
      specs,
      needs: ['RTCIceCandidate.prototype.foundation'],
    },
    (context) =>
      withTurn(context, { peer: context.peer }, async (service) => {
        const { candidates, ufrag } = await context.peer.run(gathered, relayOnly(service, transport));
        context.trace('candidates', candidates);
        const address = await reachedBy(context.peer);
        expect(candidates.length, 'relay candidates').to.be.above(0);
        for (const candidate of candidates) {
          expectMembers(candidate, ufrag);
          expect(candidate, 'the relay').to.include({ type: 'relay', protocol: 'udp', address });
        }
        // a machine with several networks has one for each
        const ports = candidates.map(({ port }) => port);
        expect(ports, 'ports of the relays').to.deep.equal([...new Set(ports)]);
      }),
  );

  single(
    {
      id: `connection/candidate/relay-protocol-${transport}`,
      title: `How a relay is reached: ${transport.toUpperCase()}`,
      asks: 'Does a relay candidate say by which protocol and by which URL its server is reached?',
      level: 'must',
      specs: [
        'https://www.w3.org/TR/webrtc/#dom-rtcicecandidate-relayprotocol',
        'https://www.w3.org/TR/webrtc/#dom-rtcicecandidate-url',
      ],
      needs: ['RTCIceCandidate.prototype.relayProtocol', 'RTCIceCandidate.prototype.url'],
    },
    (context) =>
      withTurn(context, { peer: context.peer }, async (service) => {
        const { candidates } = await context.peer.run(gathered, relayOnly(service, transport));
        expect(candidates.length, 'relay candidates').to.be.above(0);
        for (const { relayProtocol, url } of candidates)
          expect({ relayProtocol, url }, 'relayProtocol and url').to.deep.equal({
            relayProtocol: transport,
            url: service.url(transport),
          });
      }),
  );
}

scenario(
  {
    id: 'connection/candidate/tcp-only',
    title: 'TCP only',
    asks: 'When only a TCP candidate leads anywhere, do picture and data arrive?',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc6544', 'https://www.rfc-editor.org/rfc/rfc8829#section-1.2'],
    needs: needsOf.video,
  },
  async (pair) => {
    const path = await openTcpPath(pair);
    pair.after(() => pair.trace('bytes', path.bytes));
    for (const side of sides) {
      await pair[side].run(
        (agent, candidate) =>
          void agent.connect({
            sendsCandidates: false,
            incoming: ({ type, sdp = '' }) => ({ type, sdp: agent.sdp.withOnlyCandidate(sdp, candidate) }),
          }),
        path.candidates[side],
      );
    }
    await pair.offerer.run(add, 'video');
    await pair.offerer.run(offerProof);
    await proveData(pair);
    await expectAdded(pair, 'video');
    expect(path.bytes.offerer, 'bytes of the offerer').to.be.above(5000);
    expect(path.bytes.answerer, 'bytes of the answerer').to.be.above(0);
  },
);

/** The addresses of the candidates that a side has heard, in descriptions and by themselves. */
const addressesHeard = async (peer: PeerHandle<Agent>): Promise<string[]> => {
  const { descriptions, candidates } = await peer.run(({ connection }) => connection.heard);
  return [
    ...descriptions.flatMap(({ sdp = '' }) => sdp.split('\r\n')),
    ...candidates.map(({ candidate = '' }) => candidate),
  ]
    .map(addressIn)
    .filter((address) => address !== '');
};

scenario(
  {
    id: 'connection/candidate/ipv6-only',
    title: 'IPv6 only',
    asks: 'When only IPv6 candidates lead anywhere, do picture and data arrive, over IPv6 at both sides?',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc8445#section-5.1.1', 'https://www.rfc-editor.org/rfc/rfc8421'],
    needs: ['candidate:ipv6', ...needsOf.video],
  },
  async (pair) => {
    const leftOut: string[] = [];
    pair.through((message) =>
      signalWithCandidates(message, ({ address, port }) => {
        if (isIPv6(address)) return Promise.resolve({ address, port });
        leftOut.push(address);
        return Promise.resolve(undefined);
      }),
    );
    for (const side of sides) await pair[side].run((agent) => void agent.connect());
    await pair.offerer.run(add, 'video');
    await pair.offerer.run(offerProof);
    await proveData(pair);
    await expectAdded(pair, 'video');
    pair.trace('addresses that were left out', leftOut);
    for (const side of sides) {
      const heard = await addressesHeard(pair[side]);
      expect(heard.length, `candidates that the ${side} heard`).to.be.at.least(1);
      expect(
        heard.filter((address) => !isIPv6(address)),
        `addresses that the ${side} heard and that are not of IPv6`,
      ).to.deep.equal([]);
      const used = await pair[side].run(pairInUse);
      expect(
        [used?.local.address, used?.remote.address].filter((address) => !isIPv6(address ?? '')),
        `addresses of the pair that the ${side} uses and that are not of IPv6`,
      ).to.deep.equal([]);
    }
    await expectNothingElse(pair);
  },
);

/** What a description says of where its sender is, outside of candidates. https://www.rfc-editor.org/rfc/rfc8866#section-5.7 */
const placesIn = ({ connection: { heard } }: Agent): string[] =>
  heard.descriptions.flatMap(({ sdp = '' }) =>
    [...sdp.matchAll(/^(?:c=IN IP[46]|a=rtcp:\d+ IN IP[46]) (\S+)\r$/gm)].map(([, address = '']) => address),
  );

for (const side of sides) {
  const other = otherSide[side];
  scenario(
    {
      id: `connection/candidate/mdns-of-${side}`,
      title: `Addresses that are hidden, told by the ${side} alone`,
      asks: `When browsers hide their addresses behind names, and only the ${side} tells its candidates, does the ${other} find it by its name, and does nothing tell an address?`,
      level: 'should',
      specs: ['https://datatracker.ietf.org/doc/html/draft-ietf-mmusic-mdns-ice-candidates-03#section-3'],
      needs: ['RTCPeerConnection.prototype.addIceCandidate'],
      // the harness switches the hiding off
      launch: 'as-shipped',
    },
    async (pair) => {
      await connect(pair, { [other]: { sendsCandidates: false } });
      await proveData(pair);
      const told = await addressesHeard(pair[other]);
      pair.trace('addresses that were told', told);
      expect(told.length, `candidates that the ${side} told`).to.be.at.least(1);
      expect(
        told.filter((address) => !/^[0-9a-f-]{36}\.local$/i.test(address)),
        `addresses in candidates of the ${side} that are not hidden`,
      ).to.deep.equal([]);
      expect(await addressesHeard(pair[side]), `candidates that the ${other} told`).to.deep.equal([]);
      for (const role of sides)
        expect(
          (await pair[role].run(placesIn)).filter((address) => !['0.0.0.0', '::'].includes(address)),
          `addresses in descriptions of the ${otherSide[role]} that are not hidden`,
        ).to.deep.equal([]);
      const used = await pair[other].run(pairInUse);
      expect(used?.remote.type, `the type of the candidate that the ${other} uses`).to.equal('host');
      await expectNothingElse(pair);
    },
  );
}
