import { expect } from 'chai';
import { ConsoleLog } from './console-log.ts';
import { LogTail } from './log-tail.ts';

describe('the last words of a process', () => {
  it('are its last lines, without colours and blank lines', () => {
    const log = new LogTail(2);
    log.add('one\n\n\u001B[31mtwo\u001B[0m\n');
    log.add('three\n');
    expect(log.text).to.equal('two\nthree');
  });
});

describe('the console of a page', () => {
  it('keeps the first lines and says how many it dropped', () => {
    const log = new ConsoleLog(1);
    for (const text of ['cause', 'consequence']) log.add({ at: 1, level: 'log', text });
    expect(log.entries().map(({ text }) => text)).to.deep.equal([
      'cause',
      '1 more lines were dropped: 1 are kept.',
    ]);
  });
});
