import { expect } from 'chai';
import type { Collected, ConnectionSnapshot, PageError, PagePhase } from '../protocol/agent.ts';
import { layerOf, phaseOfError } from './layers.ts';
import { connectedSnapshot } from './snapshot.example.ts';

const side = (...connections: Partial<ConnectionSnapshot>[]): Collected => ({
  connections: connections.map((more) => ({ ...connectedSnapshot, ...more })),
  waits: [],
});
const lastPacket = (agoMs: number): string =>
  JSON.stringify([
    { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
    { id: 'P', type: 'candidate-pair', timestamp: 10_000, lastPacketReceivedTimestamp: 10_000 - agoMs },
  ]);

describe('the layer at which a call is stuck', () => {
  it('is ICE where it failed at one side and the other waits for its handshake', () => {
    const other = side({ dtlsState: 'connecting', connectionState: 'connecting' });
    expect(layerOf([side({ iceConnectionState: 'failed' }), other])).to.equal('ice');
    expect(layerOf([other, side({ iceConnectionState: 'failed' })])).to.equal('ice');
  });

  it('is ICE where a side says that it is disconnected and nothing comes in', () => {
    expect(layerOf([side({ iceConnectionState: 'disconnected' }), side({})])).to.equal('ice');
    const quiet = side({ iceConnectionState: 'disconnected', stats: lastPacket(6000) });
    expect(layerOf([quiet, side({})])).to.equal('ice');
  });

  it('is none where a side says that it is disconnected while packets come in by the pair in use', () => {
    const lying = side({ iceConnectionState: 'disconnected', stats: lastPacket(100) });
    expect(layerOf([lying, side({})])).to.equal('assert');
  });

  it('is DTLS where a handshake failed, whatever became of the path then', () => {
    const failed = side({ dtlsState: 'failed' });
    expect(layerOf([failed, side({ iceConnectionState: 'disconnected' })])).to.equal('dtls');
  });

  it('is DTLS where neither side has finished its handshake, and not where anything was decrypted', () => {
    const connecting = { dtlsState: 'connecting', connectionState: 'connecting' };
    const having = (...statistics: object[]) => ({ ...connecting, stats: JSON.stringify(statistics) });
    const nothing = having(
      { type: 'inbound-rtp', packetsReceived: 0 },
      { type: 'outbound-rtp', packetsSent: 9 },
      { type: 'data-channel', state: 'connecting', messagesReceived: 0 },
      { type: 'transport', packetsReceived: 9 },
    );
    expect(layerOf([side(nothing), side(connecting)])).to.equal('dtls');
    for (const proof of [
      { type: 'inbound-rtp', packetsReceived: 1 },
      { type: 'data-channel', messagesReceived: 1 },
    ]) {
      expect(layerOf([side(having(proof)), side(connecting)]), 'received here').to.equal('assert');
      expect(layerOf([side(connecting), side(having(proof))]), 'received there').to.equal('assert');
      const failed = { ...having(proof), dtlsState: 'failed' };
      expect(layerOf([side(failed), side({})]), 'failed since').to.equal('dtls');
      const gaveUp = { ...having(proof), signalingState: 'closed', ofPage: { closedFrom: 'dtls' as const } };
      expect(layerOf([side(gaveUp), side({})]), 'closed since').to.equal('assert');
    }
  });

  it('is SCTP where no channel is open, and not where one is', () => {
    expect(layerOf([side({ sctpState: 'connecting' })])).to.equal('sctp');
    const open = JSON.stringify([{ type: 'data-channel', state: 'open' }]);
    expect(layerOf([side({ sctpState: 'connecting', stats: open })])).to.equal('assert');
  });

  it('is none where a side has closed: what goes down at the other then is no cause', () => {
    const closed = side({ signalingState: 'closed', iceConnectionState: 'closed' });
    expect(layerOf([closed, side({ iceConnectionState: 'disconnected' })])).to.equal('assert');
  });

  it('is that at which a library gave up and closed, which no state says any more', () => {
    const gaveUp = side({ signalingState: 'closed', ofPage: { closedFrom: 'dtls' } });
    expect(layerOf([gaveUp, side({})])).to.equal('dtls');
    expect(layerOf([side({ iceConnectionState: 'checking' }), gaveUp])).to.equal('ice');
  });

  it('is none where a library closed what was up, whatever the other one closed then', () => {
    const closed = side({ signalingState: 'closed', ofPage: { closedFrom: 'assert' } });
    const followed = side({ signalingState: 'closed', ofPage: { closedFrom: 'ice' } });
    expect(layerOf([followed, closed])).to.equal('assert');
    const lying = side({ signalingState: 'closed', ofPage: { closedFrom: 'ice' }, stats: lastPacket(100) });
    expect(layerOf([lying, side({})])).to.equal('assert');
  });

  it('is none where the answer refused everything', () => {
    const refused = {
      at: 0,
      madeBy: 'this side' as const,
      type: 'answer',
      sdp: 'v=0\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\n',
      set: 'as above',
      sent: 'as above',
      outcome: 'taken',
    };
    const neverBegun = { iceConnectionState: 'new', descriptions: [refused] };
    expect(layerOf([side(neverBegun), side({ iceConnectionState: 'new' })])).to.equal('assert');
  });

  it('leaves out connections that were started over from', () => {
    expect(layerOf([side({ iceConnectionState: 'failed' }, {}), side({})])).to.equal('assert');
  });
});

describe('the phase of a wait that ran out', () => {
  const ranOut = (phase: PagePhase, whenUp: PagePhase | null): PageError => ({
    name: 'WaitTimeout',
    message: '',
    stack: '',
    code: 'wait-timeout',
    phase,
    wait: { message: '', ms: 5000, phase, whenUp, othersTurn: false },
  });
  const failedIce = side({ iceConnectionState: 'failed' });

  it('is that of the layer that failed at the other side, for what stands on the connection', () => {
    expect(phaseOfError(ranOut('dtls', 'media'), [side({}), failedIce])).to.equal('ice');
    expect(phaseOfError(ranOut('media', null), [side({}), failedIce])).to.equal('ice');
  });

  it('is its own where the connection proves to be up', () => {
    const lying = side({ iceConnectionState: 'disconnected', stats: lastPacket(100) });
    expect(phaseOfError(ranOut('ice', 'media'), [lying, side({})])).to.equal('media');
  });

  it('is media where media has flowed, though a side does not say that its handshake is done', () => {
    const stats = JSON.stringify([{ type: 'inbound-rtp', packetsReceived: 105 }]);
    const unsaid = side({ dtlsState: 'connecting', connectionState: 'connecting' });
    expect(phaseOfError(ranOut('media', null), [unsaid, side({ stats })])).to.equal('media');
  });

  it('is its own where nothing was negotiated yet, and where it belongs to one layer', () => {
    expect(phaseOfError(ranOut('media', null), [side({ phase: 'sdp' })])).to.equal('media');
    expect(phaseOfError(ranOut('ice', null), [side({ phase: 'sdp' })])).to.equal('ice');
  });
});
