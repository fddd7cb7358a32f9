import { expect } from 'chai';
import { diagnose, renderDiagnosis } from './doctor.ts';
import { install } from './install.ts';

describe('the doctor', () => {
  it('says of every browser whether it is here, what drives it and how to get it', async () => {
    const diagnosis = await diagnose();
    expect(diagnosis.browsers.map(({ kind, driver }) => `${kind} ${driver}`)).to.include.members([
      'chromium playwright',
      'chromium webdriverio',
      'firefox playwright',
      'webkit playwright',
      'webkitgtk webdriverio',
    ]);
    for (const { usable, executable, install: command, notes, verifiedHere } of diagnosis.browsers) {
      if (usable) expect(executable).to.be.a('string');
      else expect(command).to.match(/^npx webrtc-interop install /);
      if (!verifiedHere) expect(notes).to.include('not verified on the machines of this project');
    }
    expect(renderDiagnosis(diagnosis)).to.match(/firefox +│ playwright/);
  });
});

describe('the installation', () => {
  it('does nothing, and says nothing, where nothing is missing', async () => {
    const said: string[] = [];
    const here = (await diagnose()).browsers.filter(({ usable }) => usable).map(({ kind }) => kind);
    const { installed, failed } = await install([...new Set(here)], (line) => said.push(line));
    expect([installed, failed, said]).to.deep.equal([[], [], []]);
  });
});
