import { expect } from 'chai';
import { stripVTControlCharacters } from 'node:util';
import { diagnose, renderDiagnosis } from './doctor.ts';
import { install } from './install.ts';
import { installByHand } from './system-packages.ts';

describe('the doctor', function () {
  this.timeout(30_000); // It asks a dozen programs for their version.

  it('says of every browser whether it is here, what drives it and how to get it', async () => {
    const diagnosis = await diagnose();
    expect(diagnosis.browsers.map(({ kind, driver }) => `${kind} ${driver}`)).to.include.members([
      'chromium playwright',
      'chromium webdriverio',
      'firefox playwright',
      'webkit playwright',
      'webkitgtk webdriverio',
    ]);
    for (const {
      kind,
      usable,
      executable,
      install: command,
      notes,
      verifiedHere,
      program,
    } of diagnosis.browsers) {
      if (usable) expect(executable).to.be.a('string');
      else if (kind !== 'safari') expect(command).to.match(/install |https:/);
      if (!usable) expect(verifiedHere).to.equal(false);
      if (usable && program?.name === 'chromedriver')
        expect(notes.join(' ')).to.include('for every user of this machine');
      if (!verifiedHere) expect(notes).to.include('not verified on the machines of this project');
    }
    const shown = stripVTControlCharacters(renderDiagnosis(diagnosis, 80));
    expect(shown).to.match(/^[✓✗] firefox under playwright/m);
    // only a word that is longer than the terminal is wide, such as an address, goes beyond it
    const wide = shown.split('\n').filter((line) => line.length > 80 && line.trim().includes(' '));
    expect(wide).to.deep.equal([]);
  });
});

describe('the installation', function () {
  this.timeout(30_000);

  it('does nothing, and says nothing, where nothing is missing', async () => {
    const said: string[] = [];
    const here = (await diagnose()).browsers.filter(({ usable }) => usable).map(({ kind }) => kind);
    const wanted = [...new Set(here)].map((kind) => ({ id: kind, kind }));
    const { installed, failed } = await install(wanted, (line) => said.push(line));
    expect([installed, failed, said]).to.deep.equal([[], [], []]);
  });

  it('names the packages as each system calls them', () => {
    expect(installByHand('dnf', ['webkitgtk', 'xvfb'])).to.match(
      /dnf install webkit2gtk4.1 xorg-x11-server-Xvfb$/,
    );
    expect(installByHand('brew', ['chrome'])).to.equal('brew install --cask google-chrome');
    expect(installByHand('brew', ['webkitgtk'])).to.equal(undefined);
  });
});
