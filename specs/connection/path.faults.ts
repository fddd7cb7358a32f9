import { repeat, rewriteText } from '../breakages/data.ts';
import { frozen, swappedChannels } from '../breakages/pictures.ts';
import { after } from '../breakages/sound.ts';
import { fault } from '../fault.ts';

/** Links over which data is asked for, and after which picture and sound are. */
const both = ['loss-1', 'loss-5', 'loss-20', 'delay-200', 'jitter-50', 'reordered', 'narrow-300'];

for (const name of [...both, 'duplicated']) {
  fault({
    scenario: `connection/network/${name}`,
    name: 'a message comes twice',
    on: 'offerer',
    page: repeat,
    arg: { nth: 10 },
    expect: { status: 'fail', phase: 'assert', reason: /the numbers of the messages/ },
    timeoutMs: 30_000,
  });
}

fault({
  scenario: 'connection/network/narrow-300',
  name: 'what is sent when the path is clear again comes changed',
  on: 'offerer',
  page: rewriteText,
  arg: { from: '^.*is clear again$', to: 'from nowhere' },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /received when the path is clear again: .*from nowhere/,
  },
  timeoutMs: 20_000,
});

for (const name of [...both, 'silence'])
  fault({
    scenario: `connection/network/after-${name}`,
    name: 'the picture is another one',
    on: 'offerer',
    page: swappedChannels,
    arg: { place: 'sent' },
    expect: { status: 'fail', phase: 'assert', reason: /colour error/ },
    timeoutMs: 20_000,
  });

// These take all of their time: the same body asks about each path, so one is enough.
fault({
  scenario: 'connection/network/after-silence',
  name: 'the sound does not come back',
  on: 'answerer',
  page: after,
  arg: { place: 'heard', ms: 2500, to: 'silence' },
  expect: { status: 'timeout', phase: 'media', reason: /a tone of 700 Hz/ },
  timeoutMs: 15_000,
});

fault({
  scenario: 'connection/network/after-silence',
  name: 'the picture does not come back',
  on: 'answerer',
  page: frozen,
  arg: { place: 'shown', afterMs: 2500 },
  expect: { status: 'timeout', phase: 'media', reason: /10 frames that are drawn since the path is clear/ },
  timeoutMs: 15_000,
});

fault({
  scenario: 'connection/path/silent-3s',
  name: 'what is sent into the silence comes changed',
  on: 'offerer',
  page: (kit) => kit.changeSent((data) => (data === 'into the silence' ? 'into the void' : data)),
  expect: { status: 'fail', phase: 'assert', reason: /what the answerer received: .*into the void/ },
  timeoutMs: 15_000,
});

for (const side of ['offerer', 'answerer']) {
  for (const [name, move] of [
    ['moves', 'the move'],
    ['moves-twice', 'the first move'],
    ['moves-twice', 'the second move'],
  ] as const) {
    fault({
      scenario: `connection/path/${side}-${name}`,
      name: `what is sent after ${move} comes changed`,
      on: 'offerer',
      page: (kit, { when }: { when: string }) =>
        kit.changeSent((data) => (typeof data === 'string' && data.endsWith(when) ? `${data}?` : data)),
      arg: { when: `after ${move}` },
      expect: {
        status: 'fail',
        phase: 'assert',
        reason: new RegExp(`what the answerer received after ${move}`),
      },
      timeoutMs: name === 'moves' ? 15_000 : 25_000,
    });
  }
}
