import { expect } from 'chai';
import { hasNoSlotFor } from './endpoint-status.ts';

const status = (...stereotypes: object[]) => ({
  value: {
    ready: true,
    message: 'Selenium Grid ready.',
    nodes: [{ slots: stereotypes.map((stereotype) => ({ session: null, stereotype })) }],
  },
});
const chrome = { browserName: 'chrome', browserVersion: '150.0', platformName: 'linux' };

describe('a Grid', () => {
  const lacks = (capabilities: Record<string, unknown>, ...stereotypes: object[]): boolean =>
    hasNoSlotFor(status(...stereotypes), capabilities);

  it('has no slot for another browser, another version, another kind of system', () => {
    expect(lacks({ browserName: 'safari' }, chrome)).to.equal(true);
    expect(lacks({ browserName: 'chrome', browserVersion: '151' }, chrome)).to.equal(true);
    expect(lacks({ browserName: 'chrome', browserVersion: '15' }, chrome)).to.equal(true);
    expect(lacks({ browserName: 'chrome', platformName: 'Windows 11' }, chrome)).to.equal(true);
  });

  it('has one for what it may serve, however that is written', () => {
    expect(lacks({ browserName: 'chrome' }, chrome)).to.equal(false);
    expect(lacks({ browserName: 'chrome', browserVersion: '150', platformName: 'LINUX' }, chrome)).to.equal(
      false,
    );
    expect(lacks({ browserName: 'chrome', browserVersion: 'stable' }, chrome)).to.equal(false);
    expect(lacks({ browserName: 'chrome', platformName: 'Sonoma' }, chrome), 'a name unknown here').to.equal(
      false,
    );
    expect(lacks({ browserName: 'firefox' }, chrome, { browserName: 'firefox' })).to.equal(false);
  });

  it('is not judged where it tells no slots, or is no Grid', () => {
    expect(lacks({ browserName: 'safari' })).to.equal(false);
    expect(hasNoSlotFor({ value: { ready: true, message: '' } }, { browserName: 'safari' })).to.equal(false);
    expect(hasNoSlotFor(undefined, { browserName: 'safari' })).to.equal(false);
  });
});
