import { expect } from 'chai';
import { LoadMeter } from './load-meter.ts';
import { busyShare, processorTime } from './processor.ts';

const core = (user: number, idle: number) => ({ times: { user, nice: 0, sys: 0, idle, irq: 0 } });

describe('processor time', () => {
  it('is added up over all processors', () => {
    expect(processorTime(() => [core(30, 70), core(10, 90)])).to.deep.equal({ busy: 40, all: 200 });
  });

  it('is busy by its share between two moments', () => {
    expect(busyShare({ busy: 40, all: 200 }, { busy: 115, all: 300 })).to.equal(0.75);
  });

  it('says nothing where no time has passed, or no processor is told of', () => {
    const none = processorTime(() => []);
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
