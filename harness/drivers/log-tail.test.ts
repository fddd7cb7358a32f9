import { expect } from 'chai';
import { LogTail } from './log-tail.ts';

describe('the last words of a process', () => {
  it('are its last lines, without colours and blank lines', () => {
    const log = new LogTail(2);
    log.add('one\n\n\u001B[31mtwo\u001B[0m\n');
    log.add('three\n');
    expect(log.text).to.equal('two\nthree');
  });
});
