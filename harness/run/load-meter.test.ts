import { expect } from 'chai';
import { LoadMeter } from './load-meter.ts';
import { addedUp, busyShare, parseStat, processorTime } from './processor.ts';

const core = (user: number, idle: number) => ({ times: { user, nice: 0, sys: 0, idle, irq: 0 } });

describe('processor time', () => {
  it('is added up over all processors', () => {
    expect(addedUp([core(30, 70), core(10, 90)])).to.deep.equal({ busy: 40, all: 200 });
  });

  it('is read from the first line of /proc/stat, time that a host took away included', () => {
    const text = 'cpu  10 1 20 300 40 2 3 4 0 0\ncpu0 5 0 10 150 20 1 1 2 0 0\n';
    expect(parseStat(text)).to.deep.equal({ busy: 400, all: 3800 });
  });

  it('of this machine goes on', () => {
    const { busy, all } = processorTime();
    expect(busy).to.be.within(1, all);
  });

  it('is busy by its share between two moments', () => {
    expect(busyShare({ busy: 40, all: 200 }, { busy: 115, all: 300 })).to.equal(0.75);
  });

  it('says nothing where no time has passed, or no processor is told of', () => {
    const none = addedUp([]);
    expect(busyShare(none, none)).to.equal(null);
  });
});

describe('the load of a cell', () => {
  it('is the most cells that ran at one time with it, and how busy the processors were meanwhile', () => {
    const now = { busy: 0, all: 0 };
    const meter = new LoadMeter(() => ({ ...now }));
    const first = meter.begin();
    const second = meter.begin();
    now.busy += 90;
    now.all += 100;
    expect(second()).to.deep.equal({ cellsAtOnce: 2, processorBusy: 0.9 });
    const third = meter.begin();
    now.all += 100;
    expect(third()).to.deep.equal({ cellsAtOnce: 2, processorBusy: 0 });
    expect(first()).to.deep.equal({ cellsAtOnce: 2, processorBusy: 0.45 });
    const alone = meter.begin();
    expect(alone()).to.deep.equal({ cellsAtOnce: 1, processorBusy: null });
  });
});
