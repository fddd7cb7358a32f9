import { expect } from 'chai';
import { summaryOf } from './report/summary.ts';
import { junitOf } from './report/junit.ts';
import { renderMatrix } from './report/terminal.ts';
import { exampleHeader } from './report/example.ts';
import { renderList } from './cli/commands/list.ts';
import { plain, plainJson, plainLines } from './plain.ts';
import type { Results } from './results/schema.ts';
import { renderDiagnosis, type Diagnosis } from './setup/doctor.ts';

/** Text that controls a terminal, or changes the direction of what stands beside it. */
const hostile = {
  'ESC, clearing the screen': '\u001B[2J',
  'OSC, setting the title': '\u001B]0;owned\u0007',
  'OSC 8, a link that is not what it says':
    '\u001B]8;;https://evil.example\u001B\\harmless\u001B]8;;\u001B\\',
  'CSI of C1': '\u009B31m',
  'OSC of C1': '\u009D0;owned\u009C',
  backspace: 'green\b\b\b\b\bred',
  NUL: 'a\0b',
  DEL: 'a\u007Fb',
  'a carriage return that overwrites the line': 'bad\rgood',
  'right-to-left override': 'a\u202Egnp.exe',
  'right-to-left mark': 'a\u200Fb',
  'an isolate': 'a\u2067b',
  'Arabic letter mark': 'a\u061Cb',
  'zero-width space': 'a\u200Bb',
  'a tag character': 'a\u{E0041}b',
  'line separator': 'a\u2028b',
  'half a surrogate pair': 'a\uD800b',
};
const controls =
  // oxlint-disable-next-line no-control-regex -- it is about these
  /[\0-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2066-\u2069\uD800\u{E0000}-\u{E007F}]/u;

const { run, browsers, scenarios } = exampleHeader();
const saying = (text: string): Results => ({
  schemaVersion: '1.0.0',
  run: { ...run, id: text, complete: true, plannedCells: 1 },
  browsers: browsers.map((browser) => ({ ...browser, product: text })),
  scenarios,
  cells: [
    {
      scenario: `codecs/${text}/x`,
      offerer: `a${text}`,
      answerer: `b${text}`,
      status: 'fail',
      phase: 'assert',
      reason: { code: `code${text}`, message: `before${text}after`, peer: null },
      signature: `fail ${text}`,
      startedAt: '2026-11-25T10:00:00.000Z',
      durationMs: 1,
      flaky: false,
      attempts: [],
      checks: [],
      measurements: {},
      evidence: [],
      repro: `npx ${text}`,
    },
  ],
});

const diagnosisSaying = (text: string): Diagnosis => ({
  platform: 'linux x64',
  node: 'v20',
  releases: [{ kind: 'chrome', version: text, executable: text, driverProgram: null }],
  helpers: [{ name: 'display', found: true, note: text }],
  browsers: [
    {
      kind: 'chromium',
      driver: 'playwright',
      usable: true,
      executable: text,
      version: text,
      program: null,
      can: { headless: true, screenshots: true, peerConnection: 'yes' },
      verifiedHere: true,
      notes: [text],
      install: text,
    },
  ],
});

describe('plain text', () => {
  for (const [name, text] of Object.entries(hostile)) {
    it(`is harmless in a line, in lines, on the terminal, in Markdown and in JUnit: ${name}`, () => {
      const results = saying(text);
      for (const said of [
        plain(text),
        plainLines(text),
        renderMatrix(results, { colour: false, width: 80 }),
        summaryOf(results),
        junitOf(results),
        renderList([{ id: text, level: 'must', title: text }]),
        renderDiagnosis(diagnosisSaying(text)),
        plainJson({ [text]: text }),
      ])
        expect(controls.exec(said)).to.equal(null);
      expect(JSON.parse(plainJson({ [text]: text }))).to.deep.equal({ [text]: text });
      expect(plain(`before${text}after`)).to.match(/^before.+after$/);
    });
  }

  it('keeps letters of every script, pictures, and in lines their breaks and tabs', () => {
    const text = 'ok – שלום 日本語 é 🎉\n\tsecond\r\nthird';
    expect(plainLines(text)).to.equal('ok – שלום 日本語 é 🎉\n\tsecond\nthird');
    expect(plain(text)).to.equal('ok – שלום 日本語 é 🎉 second third');
  });
});
