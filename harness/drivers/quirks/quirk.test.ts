import { expect } from 'chai';
import { chromiumQuirks } from './chromium.ts';
import { firefoxQuirks } from './firefox.ts';
import { settingsOf, userSettings } from './quirk.ts';
import { safariQuirks, webkitgtkQuirks } from './webkit.ts';

describe('the settings of a browser', () => {
  it('switch all features off with one flag, as only the last counts', () => {
    const { args } = settingsOf([
      { disableFeatures: ['A'], reason: 'a' },
      { args: ['--x'], disableFeatures: ['B', 'C'], reason: 'b' },
    ]);
    expect(args).to.deep.equal(['--x', '--disable-features=A,B,C']);
  });

  it('each have a reason, and each reason names its settings', () => {
    for (const quirks of [chromiumQuirks(), firefoxQuirks(), webkitgtkQuirks(), safariQuirks()]) {
      const { args, prefs, capabilities, reasons } = settingsOf(quirks);
      const named = reasons.map(({ setting }) => setting).join(' ');
      for (const arg of args.filter((flag) => !flag.startsWith('--disable-features=')))
        expect(named).to.include(arg);
      for (const name of [...Object.keys(prefs), ...Object.keys(capabilities)])
        expect(named).to.include(name);
      for (const { setting, reason } of reasons) {
        expect(setting).to.not.equal('');
        expect(reason).to.match(/\.$/);
      }
    }
  });

  it('are those alone as shipped without which it does not start or cannot be driven', () => {
    const { args, prefs, reasons } = settingsOf(
      [
        { args: ['--no-sandbox'], indispensable: true, reason: 'a' },
        { args: ['--x'], disableFeatures: ['A'], prefs: { b: true }, reason: 'b' },
      ],
      'as-shipped',
    );
    expect({ args, prefs }).to.deep.equal({ args: ['--no-sandbox'], prefs: {} });
    expect(reasons.map(({ reason }) => reason)).to.deep.equal(['a']);
    expect(settingsOf(firefoxQuirks(), 'as-shipped').prefs).to.deep.equal({});
    expect(settingsOf(webkitgtkQuirks(), 'as-shipped').args).to.deep.equal(['--automation']);
  });

  it('do not set the same thing twice', () => {
    for (const quirks of [chromiumQuirks(), firefoxQuirks(), webkitgtkQuirks()]) {
      const { args, reasons } = settingsOf(quirks);
      expect(new Set(args).size).to.equal(args.length);
      expect(new Set(reasons.map(({ setting }) => setting)).size).to.equal(reasons.length);
    }
  });

  it('of the configuration come behind, and switch off no feature less', () => {
    const { args, prefs, reasons } = settingsOf([
      { disableFeatures: ['A'], prefs: { p: 1 }, reason: 'a' },
      ...userSettings({ args: ['--mine', '--disable-features=B'], prefs: { p: 2 } }),
    ]);
    expect(args).to.deep.equal(['--mine', '--disable-features=A,B']);
    expect(prefs).to.deep.equal({ p: 2 });
    expect(reasons.at(-1)).to.include({ reason: 'The configuration says so.' });
    expect(userSettings({})).to.deep.equal([]);
  });
});
