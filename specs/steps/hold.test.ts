import { expect } from 'chai';
import { Recorder, recordInto } from '../../harness/run/recorder.ts';
import { hold } from './hold.ts';

const measured: Record<string, number> = {};
const tools = { measure: (name: string, value: number) => (measured[name] = value) };

describe('a measurement that is held', () => {
  it('is kept, whether it keeps to its bound or not', () => {
    hold(tools, 'delay', 20, 'ms', { most: 30 });
    expect(() => hold(tools, 'gap', 40, 'ms', { most: 30 })).to.throw(
      'gap, in ms: expected 40 to be at most 30',
    );
    expect(measured).to.deep.equal({ delay: 20, gap: 40 });
  });

  it('fails below its least, and at its bounds it does not', () => {
    expect(() => hold(tools, 'share', 0.4, '1', { least: 0.5 })).to.throw(
      'share: expected 0.4 to be at least 0.5',
    );
    hold(tools, 'share', 0.5, '1', { least: 0.5, most: 0.5 });
  });

  it('fails where there is none, and where it is no number', () => {
    expect(() => hold(tools, 'share', null, '1', { least: 0 })).to.throw(
      'share: expected null to be a number',
    );
    expect(() => hold(tools, 'share', Number.NaN, '1', { least: 0 })).to.throw('NaN');
  });

  it('is one check for each bound, and one where it is no number', async () => {
    const recorder = new Recorder();
    await recordInto(recorder, async () => {
      hold(tools, 'rate', 20, 'fps', { least: 10, most: 30 });
      expect(() => hold(tools, 'rate', undefined, 'fps', { least: 10, most: 30 })).to.throw('be a number');
    });
    const own = recorder.checks.filter(({ name }) => name === 'rate, in fps');
    expect(own.map(({ name, ok, expected }) => [name, ok, expected])).to.deep.equal([
      ['rate, in fps', true, 'be at least 10'],
      ['rate, in fps', true, 'be at most 30'],
      ['rate, in fps', false, 'be a number'],
    ]);
  });

  it('says in its check where the bound is one of pace, and only there', async () => {
    const recorder = new Recorder();
    await recordInto(recorder, async () => {
      hold(tools, 'gap', 20, 'ms', { most: 30, paced: true });
      hold(tools, 'colour error', 2, '1', { most: 3 });
    });
    const bounds = recorder.checks.filter(({ expected }) => String(expected).startsWith('be at most'));
    expect(bounds.map(({ name, paced }) => [name, paced])).to.deep.equal([
      ['gap, in ms', true],
      ['colour error', undefined],
    ]);
  });
});
