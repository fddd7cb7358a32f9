import { expect } from 'chai';
import { HangCheck } from './hang-check.ts';

describe('the look at whether a browser hangs', () => {
  it('tells all seats of the cell that asked first, and other cells that they were only there', async () => {
    let looks = 0;
    const check = new HangCheck(() => Promise.resolve((looks += 1) > 0));
    const [cell, other] = [{}, {}];
    const found = await Promise.all([check.ask(cell), check.ask(cell), check.ask(other)]);
    expect(found).to.deep.equal(['hung', 'hung', 'was-ended']);
    expect(await check.ask(cell)).to.equal('hung');
    expect(looks).to.equal(1);
  });

  it('leaves a hang that was seen by nobody for a cell to answer for', async () => {
    const check = new HangCheck(() => Promise.resolve(true));
    expect(await check.ask()).to.equal('was-ended');
    expect(await check.ask({})).to.equal('hung');
  });

  it('is taken anew when the browser lived', async () => {
    let hangs = false;
    const check = new HangCheck(() => Promise.resolve(hangs));
    expect(await check.ask({})).to.equal('lives');
    hangs = true;
    expect(await check.ask({})).to.equal('hung');
  });
});
