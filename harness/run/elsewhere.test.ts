import { expect } from 'chai';
import type { BrowserSpec } from '../config/browser-spec.ts';
import { elsewhere } from './elsewhere.ts';

const here: BrowserSpec = { id: 'firefox', kind: 'firefox' };
const near: BrowserSpec = { id: 'near', kind: 'chromium', endpoint: 'http://127.0.0.1:4444' };
const far: BrowserSpec = { id: 'far', kind: 'chromium', endpoint: 'http://grid.test:4444' };
const grid: BrowserSpec = { ...near, id: 'grid', slots: 3 };
const all = [here, near, far, grid];

describe('a cell elsewhere', () => {
  it('has all its browsers on other hosts, or in slots of a server', () => {
    const { placeOf } = elsewhere(all, 'auto');
    expect(placeOf({ offerer: 'far', answerer: 'grid' })).to.equal('elsewhere');
    expect(placeOf({ offerer: 'grid', answerer: null })).to.equal('elsewhere');
    expect(placeOf({ offerer: 'far', answerer: 'firefox' })).to.equal('here');
    expect(placeOf({ offerer: 'near', answerer: 'near' })).to.equal('here');
  });

  it('runs beside as many as there are slots, or as --jobs says', () => {
    expect(elsewhere(all, 'auto').cells).to.equal(4);
    expect(elsewhere(all, 6).cells).to.equal(6);
  });
});
