import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { browserKinds } from '../config/browser-spec.ts';
import { findOnPath, isExecutable, isPlaywrightBuild, lookedFor } from './executables.ts';

describe('looking for executables', () => {
  const path = process.env['PATH'] ?? '';
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wi-path-'));
  });
  afterEach(async () => {
    process.env['PATH'] = path;
    await rm(folder, { recursive: true });
  });

  const program = async (...names: string[]): Promise<string> => {
    const file = join(folder, ...names);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, '#!/bin/sh\n');
    await chmod(file, 0o755);
    return file;
  };

  it('takes the first name that is there, wherever on PATH it is', async () => {
    const second = await program('two', 'browser');
    const other = await program('one', 'other-browser');
    process.env['PATH'] = [join(folder, 'one'), join(folder, 'two')].join(delimiter);
    expect(await findOnPath(['browser', 'other-browser'])).to.equal(second);
    expect(await findOnPath(['missing', 'other-browser'])).to.equal(other);
    expect(await findOnPath(['missing'])).to.equal(undefined);
  });

  it('passes over node_modules/.bin, where npm packages put downloaders of the same name', async () => {
    await program('node_modules', '.bin', 'geckodriver');
    process.env['PATH'] = join(folder, 'node_modules', '.bin');
    expect(await findOnPath(['geckodriver'])).to.equal(undefined);
  });

  it('passes over a file that nobody may run', async () => {
    const file = await program('browser');
    await chmod(file, 0o644);
    expect(await isExecutable(file)).to.equal(false);
  });

  it('can say for every kind what it looked for', () => {
    for (const kind of browserKinds) expect(lookedFor(kind)).to.be.an('array');
    expect(lookedFor('chromium').join()).to.include('chromium on PATH').and.include('Playwright');
  });

  it('does not take a browser of the system for one of Playwright', () => {
    expect(isPlaywrightBuild('/usr/bin/firefox')).to.equal(false);
  });
});
