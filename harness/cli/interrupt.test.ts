import { expect } from 'chai';
import { onInterrupt, type Interrupt } from './interrupt.ts';

describe('an interrupt', () => {
  const exits: number[] = [];
  let interrupt: Interrupt;
  beforeEach(() => {
    exits.length = 0;
    interrupt = onInterrupt((code) => exits.push(code));
  });
  afterEach(() => interrupt.stop());
  // a worker of mocha lives by this channel
  after(() => process.channel?.ref());

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`by ${signal} ends the run in order`, () => {
      process.emit(signal);
      expect(interrupt.signal.aborted).to.equal(true);
      expect(exits).to.deep.equal([]);
    });
  }

  it('by a second Ctrl+C ends the process at once', () => {
    process.emit('SIGINT');
    process.emit('SIGINT');
    expect(exits).to.deep.equal([130]);
  });

  it('that is passed on by the process above counts once', () => {
    process.emit('SIGINT');
    process.emit('SIGTERM');
    process.emit('SIGHUP');
    process.emit('SIGTERM');
    expect(exits).to.deep.equal([]);
  });

  it('that nobody listens for any more leaves the process as it was', () => {
    const before = process.listenerCount('SIGHUP');
    interrupt.stop();
    expect(process.listenerCount('SIGHUP')).to.equal(before - 1);
  });
});
