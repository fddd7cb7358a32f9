import { expect } from 'chai';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import {
  expectationFile,
  Expectations,
  ownExpectations,
  readExpectations,
  type Expectation,
} from './expectations.ts';
import type { Cell } from './schema.ts';
import { signatureOf } from './signature.ts';
import { exitCodeOf, isUnexpected } from './totals.ts';

const browsers = [
  { id: 'edge', kind: 'edge' },
  { id: 'nightly', kind: 'firefox' },
];

const known: Expectation = {
  scenarios: 'data-channels/limit/*',
  offerer: 'gecko',
  answerer: '*',
  status: 'fail',
  says: 'maxMessageSize on the sending side',
  why: 'Firefox does not read it.',
};

const cell = (changes: Partial<Cell> = {}): Cell => ({
  scenario: 'data-channels/limit/huge',
  offerer: 'nightly',
  answerer: 'edge',
  status: 'fail',
  phase: 'assert',
  reason: { code: 'assertion', message: 'maxMessageSize on the sending side: expected 1', peer: null },
  signature: 'fail@assert assertion: maxMessageSize on the sending side: expected <n>',
  startedAt: '2026-11-24T00:00:00.000Z',
  durationMs: 1,
  flaky: false,
  attempts: [],
  checks: [],
  measurements: {},
  evidence: [],
  repro: '',
  ...changes,
});

describe('expectations', () => {
  const expectations = new Expectations({ expectations: [known] }, browsers);

  it('are about a device once it has said which engine it has', () => {
    const of = new Expectations({ expectations: [known] }, [{ id: 'phone', kind: 'url' }]);
    expect(of.of(cell({ offerer: 'phone' }))).to.equal(undefined);
    of.learn({ id: 'phone', version: '1', engine: 'gecko' });
    expect(of.of(cell({ offerer: 'phone' }))).to.equal(known);
    const told = new Expectations({ expectations: [known] }, [{ id: 'phone', kind: 'url', engine: 'gecko' }]);
    expect(told.of(cell({ offerer: 'phone' }))).to.equal(known);
  });

  it('tell two versions of one browser in a run apart, by name and by range', () => {
    const two = [
      { id: 'firefox@esr', kind: 'firefox', version: '153.7.0' },
      { id: 'firefox@nightly', kind: 'firefox', version: '160.0a1' },
      { id: 'old', kind: 'firefox' },
    ];
    const byRange = new Expectations({ expectations: [{ ...known, offerer: 'gecko <158' }] }, two);
    const byName = new Expectations({ expectations: [{ ...known, offerer: 'firefox@esr' }] }, two);
    const lack = { browser: 'firefox >=158', names: ['X'], why: 'It was taken out.' };
    const lacks = new Expectations({ expectations: [], lacks: [lack] }, two);
    const reason = (offerer: string): Partial<Cell> => ({
      offerer,
      status: 'unsupported',
      reason: { code: 'lacks-capability', message: `offerer ${offerer} has no X`, peer: 'offerer' },
    });
    for (const of of [byRange, byName]) {
      expect(of.of(cell({ offerer: 'firefox@esr' }))).not.to.equal(undefined);
      expect(of.of(cell({ offerer: 'firefox@nightly' }))).to.equal(undefined);
      expect(of.of(cell({ offerer: 'old' }))).to.equal(undefined);
    }
    byRange.learn({ id: 'old', version: '140.12.0', engine: 'gecko' });
    expect(byRange.of(cell({ offerer: 'old' }))).not.to.equal(undefined);
    expect(byRange.of(cell({ offerer: 'firefox@nightly' }))).to.equal(undefined);
    expect(lacks.lost(cell(reason('firefox@nightly')))).to.equal(undefined);
    expect(lacks.lost(cell(reason('firefox@esr')))).to.equal(undefined);
  });

  it('tell which cells are known to take all of their time', () => {
    const late = new Expectations({ expectations: [{ ...known, status: 'timeout' }] }, browsers);
    expect(late.isToTimeOut(cell())).to.equal(true);
    expect(late.isToTimeOut(cell({ offerer: 'edge' }))).to.equal(false);
    expect(late.isToTimeOut(cell({ scenario: 'data-channels/flow/huge' }))).to.equal(false);
    expect(expectations.isToTimeOut(cell())).to.equal(false);
  });

  it('know a failure by scenario, browsers, status and words', () => {
    expect(expectations.of(cell())).to.equal(known);
    expect(isUnexpected(cell(), expectations)).to.equal(false);
    expect(isUnexpected(cell())).to.equal(true);
  });

  for (const [what, changes] of Object.entries({
    'another scenario': { scenario: 'data-channels/size/1-byte' },
    'another browser': { offerer: 'edge' },
    'another status': { status: 'timeout' },
    'another cause': { signature: 'fail@assert assertion: what arrived' },
  } satisfies Record<string, Partial<Cell>>)) {
    it(`do not excuse ${what}`, () => {
      expect(isUnexpected(cell(changes), expectations)).to.equal(true);
    });
  }

  it('never excuse a canary', () => {
    const everything = new Expectations(
      { expectations: [{ ...known, scenarios: '**', offerer: '*' }] },
      browsers,
    );
    expect(isUnexpected(cell({ scenario: 'canary/agent/unknown-command' }), everything)).to.equal(true);
  });

  it('are unmet where the cell passes, and not where it was not run', () => {
    const passed = cell({ status: 'pass', phase: null, reason: null, signature: null });
    expect(expectations.unmet([passed])).to.deep.equal([known]);
    expect(expectations.unmet([passed, cell()])).to.deep.equal([]);
    expect(expectations.unmet([cell({ status: 'unsupported' })])).to.deep.equal([]);
  });

  it('that are met now and then only are never unmet', () => {
    const passed = cell({ status: 'pass', phase: null, reason: null, signature: null });
    const rare = new Expectations({ expectations: [{ ...known, sometimes: true }] }, browsers);
    expect(rare.unmet([passed])).to.deep.equal([]);
    expect(isUnexpected(cell(), rare)).to.equal(false);
  });

  it('are as bad as a failure where they hold no longer, if strict', () => {
    const run = { interrupted: false, complete: true } as Parameters<typeof exitCodeOf>[0]['run'];
    const cells = [cell({ status: 'pass', phase: null, reason: null, signature: null })];
    expect(exitCodeOf({ run, cells }, expectations)).to.equal(0);
    expect(
      exitCodeOf({ run, cells }, new Expectations({ expectations: [known] }, browsers, { strict: true })),
    ).to.equal(1);
  });

  it('decide the exit code', () => {
    const run = { interrupted: false, complete: true } as Parameters<typeof exitCodeOf>[0]['run'];
    expect(exitCodeOf({ run, cells: [cell()] }, expectations)).to.equal(0);
    expect(exitCodeOf({ run, cells: [cell()] })).to.equal(1);
  });

  describe('in a file', () => {
    let dir = '';
    before(async () => {
      dir = await mkdtemp(join(tmpdir(), 'webrtc-interop-expectations-'));
    });
    after(() => rm(dir, { recursive: true }));

    it('are those of this package unless another is named', async () => {
      await readExpectations(ownExpectations, browsers);
    });

    it('say what signatures say, in which numbers, addresses and ids have gone', async () => {
      const { expectations } = expectationFile.parse(JSON.parse(await readFile(ownExpectations, 'utf8')));
      for (const { scenarios, status, says } of expectations) {
        const text = says.replace(/… [0-9a-f]{8}$/, '');
        const reason = { code: 'assertion', message: text, peer: null };
        expect(signatureOf({ status, phase: 'assert', reason }), scenarios).to.include(text);
      }
    });

    it('are none where none are wanted', async () => {
      expect((await readExpectations('none', browsers)).of(cell())).to.equal(undefined);
    });

    for (const [what, text, says] of [
      ['is not JSON', '{', 'is not JSON'],
      ['has a field that there is not', '{"expectations":[{"scenario":"a/b/c"}]}', 'expectations'],
    ] as const) {
      it(`name a file that ${what}`, async () => {
        const file = join(dir, 'expectations.json');
        await writeFile(file, text);
        const error: unknown = await readExpectations(file, browsers).catch((thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(UsageError);
        expect(String(error)).to.contain(file).and.to.contain(says);
      });
    }

    it('name a file that is not there', async () => {
      const error: unknown = await readExpectations(join(dir, 'no.json'), browsers).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(UsageError).with.property('code', 'no-expectations');
    });
  });
});
