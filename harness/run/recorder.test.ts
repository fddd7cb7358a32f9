import { expect } from 'chai';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ClaimMade } from '../matrix/scenario.ts';
import { Recorder, recordInto, toJson } from './recorder.ts';

/** What a body leaves, whether it holds or not. */
async function recorded(body: () => void | Promise<void>): Promise<Recorder> {
  const recorder = new Recorder();
  await recordInto(recorder, async () => body()).catch(() => undefined);
  return recorder;
}

describe('the recorder', () => {
  it('keeps assertions that hold and the one that does not, with expected and actual', async () => {
    const { checks } = await recorded(() => {
      expect('a', 'first').to.equal('a');
      expect(7, 'second').to.be.above(9);
      expect(1, 'never reached').to.equal(1);
    });
    expect(checks).to.deep.equal([
      { name: 'first', ok: true, expected: 'a', actual: 'a' },
      { name: 'second', ok: false, expected: 'be above 9', actual: 7 },
    ]);
  });

  it('shows in the message what was measured, and not only its beginning', async () => {
    const error: unknown = await recordInto(new Recorder(), async () => {
      expect([{ name: 'OperationError', message: 'the channel was closed by the other side' }]).to.deep.equal(
        [],
      );
    }).catch((thrown: unknown) => thrown);
    expect(String(error)).to.contain('the channel was closed by the other side');
  });

  it('names a check by what it asks where it has no name', async () => {
    const { checks } = await recorded(() => void expect([]).to.be.empty);
    expect(checks.map(({ name, ok }) => [name, ok])).to.deep.equal([['be empty', true]]);
  });

  it('keeps what is negated', async () => {
    const { checks } = await recorded(() => void expect(1, 'one').to.not.equal(2));
    expect(checks[0]).to.include({ ok: true, actual: 1 });
    expect(String(checks[0]?.expected)).to.match(/not equal 2/);
  });

  it('keeps cells that run side by side apart', async () => {
    const [one, two] = await Promise.all(
      [1, 2].map((number) =>
        recorded(async () => {
          await nextTurn();
          expect(number, `number ${String(number)}`).to.equal(number);
        }),
      ),
    );
    expect(one?.checks.map(({ name }) => name)).to.deep.equal(['number 1']);
    expect(two?.checks.map(({ name }) => name)).to.deep.equal(['number 2']);
  });

  for (const [what, body] of [
    ['a promise', () => expect(Promise.resolve(42), 'a promise').to.be.an('object')],
    ['promises in a list', () => expect([Promise.resolve(42)], 'promises').to.have.length(1)],
  ] as const) {
    it(`takes ${what} for a mistake of the scenario, not for a value`, async () => {
      const error: unknown = await recordInto(new Recorder(), async () => void body()).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).to.have.property('code', 'promise-asserted');
    });
  }

  it('keeps nothing after the end, and tells of a check that does not hold then', async () => {
    const recorder = new Recorder();
    const broken: string[] = [];
    recorder.seal(({ name }) => void broken.push(name));
    await recordInto(recorder, async () => {
      expect(1, 'holds').to.equal(1);
      expect(1, 'does not hold').to.equal(2);
    }).catch(() => undefined);
    expect(recorder.checks).to.deep.equal([]);
    expect(broken).to.deep.equal(['does not hold']);
  });

  it('keeps a claim as a check that says what is right, wrong or absent, and goes on', () => {
    const recorder = new Recorder();
    const claim = (member: string, actual: unknown, expected: ClaimMade['expected'], more = {}) =>
      recorder.claim({ peer: 'offerer', dictionary: 'outbound-rtp', member, actual, expected, ...more });
    claim('packetsSent', 92, 46, { of: 'those on the wire' });
    claim('jitter', 0.01, { least: 0, most: 0.04 }, { unit: 's', paced: true });
    claim('jitter', Number.NaN, { most: 0.04 });
    claim('codecId', 'x', 'the id of a codec', { holds: false });
    claim('rid', undefined, 'a string');
    claim('rid', undefined, 'a string', { optional: true });
    claim('nackCount', null, 0);
    expect(recorder.checks.map(({ ok, claim }) => [ok, claim?.verdict])).to.deep.equal([
      [false, 'wrong'],
      [true, 'right'],
      [false, 'wrong'],
      [false, 'wrong'],
      [false, 'absent'],
      [true, 'absent'],
      [false, 'wrong'],
    ]);
    expect(recorder.checks.slice(0, 2)).to.deep.equal([
      {
        name: 'outbound-rtp.packetsSent at the offerer, of those on the wire',
        ok: false,
        expected: 46,
        actual: 92,
        claim: {
          peer: 'offerer',
          dictionary: 'outbound-rtp',
          member: 'packetsSent',
          verdict: 'wrong',
          unit: '1',
        },
      },
      {
        name: 'outbound-rtp.jitter at the offerer',
        ok: true,
        expected: { least: 0, most: 0.04 },
        actual: 0.01,
        paced: true,
        claim: { peer: 'offerer', dictionary: 'outbound-rtp', member: 'jitter', verdict: 'right', unit: 's' },
      },
    ]);
  });

  it('refuses a measurement that is no number', () => {
    expect(() => new Recorder().measure('delay', Number.NaN, 'ms')).to.throw(/not a number/);
  });
});

describe('a value in a result', () => {
  it('keeps what JSON would lose', () => {
    expect(toJson({ a: Number.NaN, b: 10n, c: /x/, d: new Set([1]) })).to.deep.equal({
      a: 'NaN',
      b: '10',
      c: '/x/',
      d: [1],
    });
    expect(toJson(undefined)).to.equal('undefined');
  });

  it('is cut where it is long', () => {
    expect(String(toJson('x'.repeat(5000)))).to.match(/^"x{1999}… \(5002 characters\)$/);
  });
});
