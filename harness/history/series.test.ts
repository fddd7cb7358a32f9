import { expect } from 'chai';
import { cell } from '../compare/example.ts';
import type { Cell } from '../results/schema.ts';
import { historyDay, type ExampleRun } from './example.ts';
import { flakeRateOf, momentsOf, sinceOf } from './series.ts';

const pair = { offerer: 'chromium', answerer: 'firefox' };
const outcomes: Readonly<Record<string, Cell>> = {
  P: cell(),
  F: cell({ status: 'fail' }),
  G: cell({ status: 'fail' }, 'another failure'),
  T: cell({ status: 'timeout' }),
  K: cell({ flaky: true }),
  U: cell({ status: 'unsupported' }),
  N: cell({ status: 'notrun' }),
};

/** Runs on successive days, one letter each. @param about what is special about a day, by its place */
function days(letters: string, about: (at: number) => Partial<ExampleRun> = () => ({})) {
  return letters.split('').map((letter, at) => {
    const one = outcomes[letter];
    return historyDay(one === undefined ? [] : [one], { day: at + 1, ...about(at) });
  });
}
const momentsIn = (...of: Parameters<typeof days>) => momentsOf(days(...of), 'a/b/c', pair);
const rate = (...of: Parameters<typeof days>): string => {
  const { flaked, of: all } = flakeRateOf(momentsIn(...of));
  return `${String(flaked)}/${String(all)}`;
};

describe('the outcomes of a cell over time', () => {
  it('leave out runs that did not reach it or do not have it', () => {
    expect(momentsIn('PNF-P').map(({ letter }) => letter)).to.deep.equal(['p', 'f', 'p']);
  });
});

describe('a flake rate', () => {
  it('is nothing where a cell always came out the same', () => {
    expect(rate('PPPP')).to.equal('0/4');
    expect(rate('FFFF')).to.equal('0/4');
  });

  it('is nothing where a change stayed', () => {
    expect(rate('PPFF')).to.equal('0/4');
    expect(rate('FPPP')).to.equal('0/4');
  });

  it('counts the rarer outcome where it changed back', () => {
    expect(rate('PPFPP')).to.equal('1/5');
    expect(rate('PFPFPP')).to.equal('2/6');
    expect(rate('FFPF')).to.equal('1/4');
  });

  it('counts every pass that needed a retry', () => {
    expect(rate('PKPK')).to.equal('2/4');
  });

  it('takes no change for a flake that came with another version of a browser or of the scenario', () => {
    const versions = ['153.0', '154.0', '155.0'];
    expect(rate('PFP', (at) => ({ firefox: versions[at] ?? '' }))).to.equal('0/3');
    expect(rate('PFP', (at) => ({ scenarioVersions: { 'a/b/c': at + 1 } }))).to.equal('0/3');
  });

  it('is of runs alone that judged a browser', () => {
    expect(rate('PUUP')).to.equal('0/2');
  });
});

describe('since when a cell is as it is', () => {
  const since = (...of: Parameters<typeof days>): string => {
    const found = sinceOf(momentsIn(...of), 'a/b/c', pair);
    return found === null
      ? 'never'
      : `${found.first.run.entry.id}, ${String(found.runs)}${found.always ? ', at least' : ''}`;
  };

  it('is the first run that came to the same without a break', () => {
    expect(since('PPFFF')).to.equal('day-3, 3');
    expect(since('FFPFP')).to.equal('day-5, 1');
    expect(since('PPNP')).to.equal('day-1, 3, at least');
  });

  it('begins anew where it fails for another reason', () => {
    expect(since('PFGG')).to.equal('day-3, 2');
    expect(since('PFTT')).to.equal('day-3, 2');
  });

  it('is unknown where no run has it', () => {
    expect(since('--')).to.equal('never');
  });
});
