import { type Agent, defineConfig, expect, fault, scenario, single } from './index.ts';
import { EvidenceReader, openStoredRun, readRun, type Results, type Status } from './results.ts';

/**
 * A test of the public types that the compiler runs: what is written here has to compile, and a line below
 * `@ts-expect-error` must not. The package's end-to-end test compiles it against the installed package, too.
 */
const about = { title: 't', asks: 'a', level: 'must', specs: [] } as const;

scenario({ ...about, id: 'a/b/c' }, async ({ offerer, answerer, measure, claim }) => {
  const text: string = await offerer.run(async (agent) => String(await agent.connection.message('chat')));
  const length: number = await answerer.run((_: Agent, arg: { text: string }) => arg.text.length, { text });
  expect(length, 'its length').to.equal(text.length);
  measure('length', length, 'characters');
  const said = { peer: 'offerer', dictionary: 'outbound-rtp', member: 'packetsSent', actual: 46 } as const;
  claim({ ...said, expected: { least: 46 }, of: 'those on the wire' });
  // @ts-expect-error -- a claim is held against something
  claim(said);
  // @ts-expect-error -- a pair has no peer
  await offerer.peer.run(() => undefined);
  // @ts-expect-error -- the argument is not what the function takes
  await answerer.run((_: Agent, arg: { text: string }) => arg.text, { text: 1 });
});

single({ ...about, id: 'a/b/d' }, async ({ peer }) => {
  expect(await peer.run(() => typeof RTCPeerConnection), 'a type').to.equal('function');
});

// @ts-expect-error -- there is no such level
scenario({ ...about, level: 'maybe', id: 'a/b/e' }, async () => undefined);
// @ts-expect-error -- a body returns a promise
single({ ...about, id: 'a/b/f' }, () => 1);

fault({
  scenario: 'a/b/c',
  name: 'another text',
  on: 'offerer',
  page: ({ changeSent }, to: string) => changeSent(() => to),
  arg: 'x',
  expect: { status: 'fail', phase: 'assert', reason: /its length/ },
});
fault({
  scenario: 'a/b/c',
  name: 'a side that is none',
  // @ts-expect-error -- there is no such side
  on: 'middle',
  page: () => undefined,
  expect: { status: 'fail', phase: 'assert', reason: /x/ },
});

defineConfig({ browsers: ['chrome', { name: 'beta', kind: 'chrome', channel: 'beta' }], jobs: 'auto' });
// @ts-expect-error -- a key that is misspelt
defineConfig({ browser: ['chrome'] });
// @ts-expect-error -- there is no such kind
defineConfig({ browsers: [{ name: 'x', kind: 'opera' }] });

const results: Results = await readRun('reports/latest');
const statuses: Status[] = results.cells.map(({ status }) => status);
// @ts-expect-error -- a status is one of a few
const wrong: 'green'[] = statuses;
void wrong;

// A run of any size, cell by cell, with what each left.
const stored = await openStoredRun('reports/latest');
const reader = new EvidenceReader('reports/latest');
for await (const { evidence } of stored.cells()) {
  for (const piece of evidence) {
    const found = await reader.find(piece);
    if ('content' in found) found.content satisfies Uint8Array;
  }
}
