import { expect } from 'chai';
import { ConsoleLines } from './console-lines.ts';

describe('the console of a page', () => {
  it('keeps the first lines and says how many it left out', () => {
    const log = new ConsoleLines('warn', { most: 1 });
    for (const text of ['cause', 'consequence']) log.add({ at: 1, level: 'warn', text });
    expect(log.entries().map(({ text }) => text)).to.deep.equal([
      'cause',
      '1 more lines were left out: 1 are kept.',
    ]);
  });

  it('holds a few megabytes at most of 20,000 lines of 100 kB', () => {
    const log = new ConsoleLines('warn');
    const before = process.memoryUsage().heapUsed;
    for (let said = 0; said < 20_000; said += 1)
      log.add({ at: 1, level: 'warn', text: `${String(said)} ${'x'.repeat(100_000)}`.replaceAll('y', 'z') });
    const lines = log.entries();
    expect(lines).to.have.length(1001);
    expect(lines.reduce((sum, { text }) => sum + text.length, 0)).to.be.below(4_200_000);
    expect(process.memoryUsage().heapUsed - before).to.be.below(64 * 1024 * 1024);
  });
});
