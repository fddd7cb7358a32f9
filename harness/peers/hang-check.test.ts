import { expect } from 'chai';
import { HangCheck, type HangLook } from './hang-check.ts';

const lives: HangLook = () => Promise.resolve(undefined);
const hangs: HangLook = () => Promise.resolve('it hangs');

describe('the look at whether a browser hangs', () => {
  it('tells all seats of the cell that asked first, and other cells that they were only there', async () => {
    let looks = 0;
    const check = new HangCheck(lives, () => {
      looks += 1;
      return hangs();
    });
    const [cell, other] = [{}, {}];
    const found = await Promise.all([
      check.ask(false, cell),
      check.ask(false, cell),
      check.ask(false, other),
    ]);
    expect(found.map((each) => each.as)).to.deep.equal(['hung', 'hung', 'was-ended']);
    expect(await check.ask(true, cell)).to.deep.equal({ as: 'hung', how: 'it hangs' });
    expect(looks).to.equal(1);
  });

  it('leaves a hang that was seen by nobody for a cell to answer for', async () => {
    const check = new HangCheck(hangs, lives);
    expect((await check.ask(true)).as).to.equal('was-ended');
    expect((await check.ask(true, {})).as).to.equal('hung');
  });

  it('is taken anew when the browser lived', async () => {
    let quick = lives;
    const check = new HangCheck(() => quick(), lives);
    expect((await check.ask(false, {})).as).to.equal('lives');
    quick = hangs;
    expect((await check.ask(false, {})).as).to.equal('hung');
  });

  it('is thorough for whoever had no answer, and for nobody else', async () => {
    const check = new HangCheck(lives, hangs);
    expect((await check.ask(true, {})).as).to.equal('lives');
    expect((await check.ask(false, {})).as).to.equal('hung');
  });
});
