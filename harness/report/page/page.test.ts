import { expect } from 'chai';
import { h } from 'preact';
import { render } from 'preact-render-to-string';
import type { ReportIndex } from '../data.ts';
import { cellAddress, placeOf, viewAddress } from './address.ts';
import { capabilityInWords, lacksOf } from './capability.ts';
import { difference } from './descriptions.tsx';
import type { SideEvent, Signal } from './evidence.ts';
import { sectionsOf } from './groups.ts';
import { matrixOf, modelOf } from './model.ts';
import { MatrixTable } from './overview.tsx';
import { find, problemsOf } from './query.ts';
import { epochOfRelay, rowsOf } from './sequence.tsx';
import { amount, browserName, namesOf, sentenceOf, shortVersion } from './words.ts';

const cause = (
  signature: string,
  more: Partial<ReportIndex['causes'][number]> = {},
): ReportIndex['causes'][number] => ({
  signature,
  status: 'fail',
  phase: 'assert',
  code: 'assertion',
  message: signature,
  known: null,
  repro: 'npx webrtc-interop run',
  ...more,
});

const browser = (id: string, connects: boolean): ReportIndex['browsers'][number] => ({
  id,
  kind: id,
  engine: id === 'firefox' ? 'gecko' : 'chromium',
  product: id,
  version: '1.2.3.4',
  driver: { name: 'playwright', version: '1' },
  connects,
  settings: [],
});

/** Three scenarios; firefox and chromium connect, webkitgtk does not. */
const index: ReportIndex = {
  run: {
    id: 'run',
    startedAt: '2026-11-25T12:56:00.000Z',
    finishedAt: null,
    complete: true,
    interrupted: false,
    harness: { version: '0.1.0', commit: null },
    environment: { os: 'linux', osVersion: '6', arch: 'x64', cpus: 2, node: '20' },
    shard: null,
    plannedCells: 8,
  },
  verdict: { kind: 'bad', sentence: '1 unexpected outcome in 8 cells.' },
  baseline: { id: 'before', startedAt: '2026-11-24T03:00:00.000Z', browsers: [] },
  browsers: [browser('firefox', true), browser('chromium', true), browser('webkitgtk', false)],
  pairs: [
    { offerer: 'firefox', answerer: 'chromium' },
    { offerer: 'chromium', answerer: 'firefox' },
    { offerer: 'chromium', answerer: 'webkitgtk' },
    { offerer: 'firefox', answerer: null },
  ],
  scenarios: [
    {
      id: 'codecs/encodings/simulcast',
      title: 'Simulcast',
      question: 'Do layers arrive?',
      level: 'must',
      roles: 'pair',
    },
    {
      id: 'data-channels/life/echo',
      title: 'Echo',
      question: 'Is it heard?',
      level: 'should',
      roles: 'pair',
    },
    { id: 'canary/probe/nonsense-capability', title: 'No', question: 'No?', level: 'info', roles: 'single' },
  ],
  causes: [
    cause('fail@assert x', { known: { why: 'Firefox scales it.', bug: null, since: null } }),
    cause('timeout@ice y', { status: 'timeout' }),
    cause('u', {
      status: 'unsupported',
      message: 'answerer webkitgtk has no RTCPeerConnection, says its probe',
    }),
    cause('v', {
      status: 'unsupported',
      message:
        'offerer firefox has no codec:video/H264;packetization-mode=1;profile-level-id=42e01f:send, says its probe',
    }),
  ],
  cells: {
    scenario: [0, 0, 0, 1, 1, 1, 1, 2],
    pair: [0, 1, 2, 0, 1, 1, 0, 3],
    outcome: 'fputpkud',
    news: 'K..N..L.',
    before: 'fpup.pp.',
    cause: [0, -1, 2, 1, -1, -1, 3, -1],
    ms: [1, 1, 1, 1, 1, 1, 1, 1],
    chunks: [0],
  },
  measured: [],
  inventories: [],
  claims: 0,
};
const model = modelOf(index);

describe('the page', () => {
  describe('finds', () => {
    const cases: Readonly<Record<string, number[]>> = {
      '': [0, 1, 2, 3, 4, 5, 6, 7],
      'firefox>chromium': [0, 3, 6],
      '*>firefox': [1, 4, 5],
      'firefox>chromium is:known simulcast': [0],
      'status:timeout level:should': [3],
      'status:timeout level:must': [],
      'is:new': [3],
      'is:lost': [6],
      'is:flaky': [5],
      'is:failing': [0, 3],
      'is:alone': [7],
      'was:pass': [1, 3, 5, 6],
      'area:codecs': [0, 1, 2],
      webkitgtk: [2],
      '-webkitgtk area:codecs': [0, 1],
      '"do layers"': [0, 1, 2],
      '-is:passing -is:unsupported area:data-channels': [3],
    };
    for (const [query, cells] of Object.entries(cases))
      it(query === '' ? 'everything for nothing' : query, () => {
        expect(find(query, model)).to.deep.equal(cells);
      });

    it('the cells of one cause by the address that a group gives', () => {
      for (const { groups } of sectionsOf(model, find('is:failing', model)))
        for (const { key, cells } of groups) expect(find(`why:${key}`, model)).to.deep.equal(cells);
    });

    it('nothing for a token of no meaning, and says so', () => {
      expect(find('is:odd', model)).to.deep.equal([]);
      expect(problemsOf('is:odd area:x safari>firefox', model)).to.have.length(3);
      expect(problemsOf('firefox>chromium is:known simulcast', model)).to.deep.equal([]);
    });
  });

  describe('addresses', () => {
    it('lead to every cell and back, repeats included, the query with them', () => {
      for (let cell = 0; cell < model.size; cell += 1) {
        const address = cellAddress(model, cell, 'firefox>chromium is:known "a b"&c');
        expect(placeOf(address, model)).to.deep.equal({
          view: 'cell',
          cell,
          query: 'firefox>chromium is:known "a b"&c',
        });
      }
    });

    it('are read as a browser encodes them', () => {
      expect(viewAddress('cells', 'firefox>chromium is:known')).to.equal(
        '#/cells?q=firefox>chromium+is:known',
      );
      expect(placeOf('#/cells?q=firefox%3Echromium+is:known', model)).to.deep.equal({
        view: 'cells',
        query: 'firefox>chromium is:known',
      });
    });

    it('that lead nowhere say so', () => {
      expect(placeOf('#/cell/codecs/no/such/firefox:chromium', model)).to.include({ view: 'nowhere' });
      expect(placeOf('#/cell/%E0%A4%A', model)).to.include({ view: 'nowhere' });
    });
  });

  it('counts in the matrix what could be judged, and leaves a pair that cannot connect out of the sum', () => {
    const matrix = matrixOf(model);
    expect([...model.outOfIt]).to.deep.equal([2]);
    expect(matrix.all).to.deep.equal({
      cells: 6,
      judged: 5,
      passed: 3,
      new: 1,
      known: 1,
      lost: 1,
      fixed: 0,
      flaky: 1,
      unsupported: 1,
    });
  });

  it('says first what is news', () => {
    expect(sentenceOf(index, matrixOf(model).all)).to.equal(
      '1 new failure, 1 known, 1 lost support, 1 flaky since 24 November',
    );
    const quiet = { ...matrixOf(model).all, new: 0, lost: 0, flaky: 0, known: 90 };
    expect(sentenceOf({ ...index, baseline: null }, quiet)).to.equal('Nothing new, 90 known');
  });

  it('puts news before the rest, and cells of one cause together', () => {
    const kinds = sectionsOf(model, find('', model)).map(({ kind }) => kind);
    expect(kinds).to.deep.equal(['new', 'lost', 'flaky', 'known', 'lacking', 'passed']);
  });

  describe('names what is missing', () => {
    it('in full', () => {
      expect(capabilityInWords('codec:video/VP9;profile-id=2:send')).to.equal('sending VP9 profile 2');
      expect(
        capabilityInWords('codec:video/H264;packetization-mode=1;profile-level-id=42e01f:receive'),
      ).to.equal('receiving H.264 constrained baseline (42e01f), packetization mode 1');
      expect(capabilityInWords('scalability:video/VP9;profile-id=0:L3T3_KEY')).to.equal(
        'VP9 profile 0 in scalability mode L3T3_KEY',
      );
    });

    it('and tells what the browser lacks from what this installation lacks', () => {
      const engineOf = (id: string): string => (id === 'firefox' ? 'gecko' : 'chromium');
      const [h264] = lacksOf(index.causes[3]?.message ?? '', engineOf);
      expect(h264).to.include({ browser: 'firefox', whose: 'installation' });
      const both = lacksOf(
        'offerer firefox has no codec:video/VP9;profile-id=2:send; answerer chromium has no codec:video/H264:receive, says its probe',
        engineOf,
      );
      expect(both.map(({ browser, whose }) => [browser, whose])).to.deep.equal([
        ['firefox', 'browser'],
        ['chromium', 'browser'],
      ]);
      const [version] = lacksOf('single chrome@150 has no CapturedMouseEvent, says its probe', engineOf);
      expect(version).to.include({ browser: 'chrome@150', name: 'CapturedMouseEvent' });
      expect(lacksOf('something else', engineOf)).to.deep.equal([]);
    });
  });

  describe('draws a call', () => {
    const candidate = 'candidate:1 1 udp 1 192.0.2.1 9 typ host';
    const said = (at: number, from: string, action: string, message: Partial<Signal['message']>): Signal => ({
      at,
      from,
      action,
      error: '',
      message: { type: 'description', description: null, candidate: null, reason: '', ...message },
    });
    const signals = [
      said(30, 'offerer', 'received', { description: { type: 'offer', sdp: '' } }),
      said(31, 'offerer', 'relayed', { description: { type: 'offer', sdp: '' } }),
      said(40, 'offerer', 'received', { type: 'candidate', candidate }),
      said(41, 'offerer', 'relayed', { type: 'candidate', candidate }),
      said(42, 'offerer', 'relayed', { type: 'candidate', candidate: 'candidate:2' }),
      said(50, 'answerer', 'refused', { type: 'candidate', candidate }),
    ];
    const saw = (side: string, at: number, event: string, detail: string): SideEvent => ({
      side,
      connection: 1,
      at,
      event,
      detail,
    });
    const events = [
      saw('offerer', 1_000_029, 'signalingstatechange', 'have-local-offer'),
      saw('offerer', 1_000_038, 'icecandidate', candidate),
      saw('answerer', 1_000_044, 'connectionstatechange', 'connected'),
    ];

    it('of both sides and the relay on one clock, which a candidate that all three saw ties together', () => {
      expect(epochOfRelay(signals, events)).to.equal(999_998);
      expect(rowsOf(signals, events).map(({ at, side, text }) => [at, side, text])).to.deep.equal([
        [0, 'offerer', 'signaling have-local-offer'],
        [0, 'offerer', 'offer'],
        [10, 'offerer', '2 candidates'],
        [15, 'answerer', 'connection connected'],
        [19, 'answerer', 'refused candidate'],
      ]);
    });
  });

  it('shows what an edit took and added, lines that stayed left out', () => {
    expect(difference('v=0\r\na=x\r\na=y\r\n', 'v=0\r\na=y\r\na=z\r\n')).to.deep.equal([
      { sign: '−', line: 'a=x' },
      { sign: '+', line: 'a=z' },
    ]);
  });

  it('writes numbers and versions as people do', () => {
    expect([
      amount(1234.5, 'ms'),
      amount(850_000, 'bit/s'),
      amount(65_536, 'bytes'),
      amount(0.98765, '1'),
    ]).to.deep.equal(['1.23 s', '850 kbit/s', '64 KiB', '0.988']);
    expect([shortVersion('156.0.8078.108'), shortVersion('153.7.0')]).to.deep.equal(['156.0.8078', '153.7']);
  });

  it('names what is no browser a library, in the matrix too', () => {
    const one = { id: 'node', engine: 'library', product: 'werift', version: '0.24.4' } as const;
    const other = { id: 'firefox', engine: 'gecko', product: 'Firefox', version: '153.7.0' } as const;
    expect([one, other].map(browserName)).to.deep.equal(['werift 0.24.4 (library)', 'Firefox 153.7']);
    expect(['node', 'firefox'].map(namesOf([one, other]))).to.deep.equal(['werift (library)', 'Firefox']);
    expect(namesOf([one, { ...one, id: 'old' }])('old')).to.equal('werift (old) (library)');
  });
});

describe('a tile of the matrix in which no cell was judged', () => {
  const tiles = (complete: boolean, outcome: string): string => {
    const cells = { ...index.cells, outcome, news: '........' };
    const partial = modelOf({ ...index, run: { ...index.run, complete }, cells });
    return render(h(MatrixTable, { model: partial, matrix: matrixOf(partial) }));
  };

  it('says that nothing is supported only where every cell was reached and said so', () => {
    const none = '<b>not supported</b>';
    expect(tiles(true, 'uuuuuuuu')).to.contain(none).and.not.contain('nothing judged');
    expect(tiles(false, 'uuuuuuuu')).to.contain('nothing judged').and.not.contain(none);
  });
});
