import { expect } from 'chai';
import { stringify } from 'devalue';
import type { Member } from '../../fixtures/signaling/server.ts';
import { PeerGoneError } from '../errors.ts';
import { connectedSnapshot } from '../run/snapshot.example.ts';
import { Peer } from './peer.ts';

/** A page that says whatever a test wants. */
class FakeMember implements Member {
  readonly token = 'token';
  onRpc: ((data: string) => void) | undefined;
  isOpen = true;
  closedWith: number | undefined;
  readonly asked: string[] = [];
  readonly closed: Promise<Error>;
  #resolve: (cause: Error) => void = () => undefined;

  constructor() {
    this.closed = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  send(message: Parameters<Member['send']>[0]): void {
    if (message.type === 'rpc') this.asked.push(message.data);
  }

  close(code: number, reason: string): void {
    this.isOpen = false;
    this.closedWith = code;
    this.#resolve(new PeerGoneError('closed-by-harness', reason));
  }

  /** The id of the call that the harness made last. */
  async id(): Promise<unknown> {
    await new Promise(setImmediate);
    const call: unknown = JSON.parse(this.asked.at(-1) ?? '[]');
    return Array.isArray(call) ? call.findLast((part) => typeof part === 'string') : undefined;
  }
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it was taken',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );

const snapshot = { ...connectedSnapshot, stats: '[]' };

describe('a peer', () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  before(() => process.on('unhandledRejection', note));
  after(() => {
    process.off('unhandledRejection', note);
    expect(unhandled).to.deep.equal([]);
  });

  const hostile: Record<string, string> = {
    'no JSON': '{"t":',
    'an empty text': '',
    null: stringify(null),
    'a number': '7',
    'a list': stringify([1, 2]),
    'a reference to nothing': '[{"t":99}]',
    'a loop': '[[0]]',
    'a type that devalue does not know': '[["Window",1],1]',
    'a frame without a type': stringify({ m: 'log', a: [] }),
    'a call without arguments': stringify({ t: 'q', m: 'log' }),
    'a call with arguments that are none': stringify({ t: 'q', m: 'log', a: 'x' }),
    'a call with four thousand million arguments': '[{"t":1,"m":2,"a":3},"q","log",[-7,4294967295]]',
    'a call of something that is no name': stringify({ t: 'q', m: 7, a: [] }),
    'an answer to nothing': stringify({ t: 's', r: 1 }),
    'an error that is none': stringify({ t: 's', i: 'x', e: { message: 'x' } }),
    'deep nesting': `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
    'a console line that is none': stringify({ t: 'q', m: 'log', a: [{ at: 'now', level: 'loud' }] }),
    'a failure that is none': stringify({ t: 'q', m: 'failed', a: [null] }),
  };
  for (const [what, frame] of Object.entries(hostile)) {
    it(`is closed, with its calls rejected, when its page says ${what}`, async () => {
      const member = new FakeMember();
      const peer = new Peer(member, [], 'chromium');
      const asked = codeOf(peer.collect());
      await member.id();
      expect(() => member.onRpc?.(frame)).not.to.throw();
      const { code, message } = await peer.gone;
      expect(code).to.match(/^malformed-(frame|answer)$/);
      expect(message).to.match(/^The page of chromium said what /);
      expect(await asked).to.equal(code);
      expect(await codeOf(peer.ready)).to.equal(code);
      expect(member.closedWith).to.equal(4002);
    });
  }

  it('calls no function that it does not have, whatever its name', async () => {
    const member = new FakeMember();
    const peer = new Peer(member, [], 'chromium');
    for (const m of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
      member.onRpc?.(stringify({ t: 'q', m, a: [], i: 'x' }));
    await member.id();
    expect(member.asked, 'answers').to.deep.equal([]);
    expect(peer.member.isOpen).to.equal(true);
  });

  const answers: Record<string, unknown> = {
    nothing: undefined,
    'a text': 'fine',
    'no connections': { waits: [] },
    'connections that are one': { connections: snapshot, waits: [] },
    'a state that is a number': { connections: [{ ...snapshot, signalingState: 1 }], waits: [] },
    'statistics that are no JSON': { connections: [{ ...snapshot, stats: '[' }], waits: [] },
    'a phase that there is not': { connections: [{ ...snapshot, phase: 'tcp' }], waits: [] },
  };
  for (const [what, r] of Object.entries(answers)) {
    it(`rejects ${what} for an answer to collect, with a code, and goes on`, async () => {
      const member = new FakeMember();
      const peer = new Peer(member, [], 'chromium');
      const collected = codeOf(peer.collect());
      member.onRpc?.(stringify({ t: 's', i: await member.id(), r }));
      expect(await collected).to.equal('malformed-answer');
      const again = peer.collect();
      member.onRpc?.(stringify({ t: 's', i: await member.id(), r: { connections: [snapshot], waits: [] } }));
      expect(await again).to.deep.equal({ connections: [snapshot], waits: [] });
    });
  }

  it('rejects an outcome of run, and a probe, that have another form', async () => {
    const member = new FakeMember();
    const peer = new Peer(member, [], 'chromium');
    const ran = codeOf(peer.run('() => 1', undefined, 1000, 'single', 'chromium'));
    member.onRpc?.(stringify({ t: 's', i: await member.id(), r: { ok: 'yes' } }));
    expect(await ran).to.equal('malformed-answer');
    const probed = codeOf(peer.probe([]));
    member.onRpc?.(stringify({ t: 's', i: await member.id(), r: { userAgent: 'x', has: [true] } }));
    expect(await probed).to.equal('malformed-answer');
  });

  it('keeps the first thousand lines of a console, 4000 characters of each, and says what it left out', () => {
    const member = new FakeMember();
    const peer = new Peer(member, [], 'chromium');
    const line = { at: 1, level: 'log', text: 'x'.repeat(100_000) };
    const frame = stringify({ t: 'q', m: 'log', a: [line] });
    for (let said = 0; said < 2000; said += 1) member.onRpc?.(frame);
    return new Promise(setImmediate).then(() => {
      expect(peer.console).to.have.length(1001);
      expect(peer.console[0]?.text).to.match(/^x{4000} … 96000 more characters were left out\.$/);
      expect(peer.console[1000]?.text).to.equal('1000 more lines were left out: 1000 are kept.');
    });
  });

  it('is closed when its page says more than any cell needs', async () => {
    const member = new FakeMember();
    const peer = new Peer(member, [], 'chromium');
    const frame = stringify({ t: 'q', m: 'ready', a: [{ userAgent: 'x'.repeat(8_000_000), scripts: 0 }] });
    for (let said = 0; said < 40; said += 1) member.onRpc?.(frame);
    expect(await peer.gone).to.have.property('code', 'too-much-said');
  }).timeout(20_000);
});
