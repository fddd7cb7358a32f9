import { factsOf } from '../config/browsers.ts';
import type { DrivenSpec } from '../config/browser-spec.ts';
import { withoutSecrets } from '../config/secrets.ts';
import type { BrowserDetails, LaunchOptions } from './driver.ts';
import { driverDoesNotKnow } from './launch-errors.ts';
import { chromiumQuirks, runHeadless as chromiumHeadless } from './quirks/chromium.ts';
import { firefoxQuirks, runHeadless as firefoxHeadless } from './quirks/firefox.ts';
import { settingsOf, userSettings, type Settings } from './quirks/quirk.ts';
import { safariQuirks, webkitgtkQuirks } from './quirks/webkit.ts';

/** What a WebDriver server is asked for. */
export interface SessionRequest extends Settings {
  engine: BrowserDetails['engine'];
  /** The product's name when the executable does not tell it. */
  product: string;
}

/**
 * The capabilities for a browser, with the reasons for each setting.
 * Safari and WebKitGTK are asked for classic WebDriver: their servers refuse a session that mentions BiDi.
 */
export function requestFor(spec: DrivenSpec, options: LaunchOptions): SessionRequest {
  const { kind, executable } = spec;
  const { launch } = options;
  const own = userSettings(spec);
  const binary = executable === undefined ? {} : { binary: executable };
  switch (kind) {
    case 'chrome':
    case 'chromium':
    case 'edge': {
      const settings = settingsOf(
        [...chromiumQuirks(), ...(options.headed ? [] : [chromiumHeadless()]), ...own],
        launch,
      );
      const chromeOptions = { ...binary, args: settings.args };
      return request(settings, spec, {
        acceptInsecureCerts: true,
        ...(kind === 'edge'
          ? { browserName: 'MicrosoftEdge', 'ms:edgeOptions': chromeOptions }
          : { browserName: 'chrome', 'goog:chromeOptions': chromeOptions }),
      });
    }
    case 'firefox': {
      const settings = settingsOf(
        [...firefoxQuirks(), ...(options.headed ? [] : [firefoxHeadless()]), ...own],
        launch,
      );
      return request(settings, spec, {
        acceptInsecureCerts: true,
        browserName: 'firefox',
        'moz:firefoxOptions': { ...binary, args: settings.args, prefs: settings.prefs },
      });
    }
    case 'safari':
      return request(settingsOf([...safariQuirks(), ...own], launch), spec, {
        // the Preview's driver program knows its own browser by this name alone
        browserName: executable?.includes('Technology Preview') ? 'Safari Technology Preview' : 'safari',
        'wdio:enforceWebDriverClassic': true,
      });
    case 'webkitgtk': {
      const settings = settingsOf([...webkitgtkQuirks(), ...own], launch);
      return request(settings, spec, {
        acceptInsecureCerts: true,
        browserName: 'MiniBrowser',
        'wdio:enforceWebDriverClassic': true,
        // A remote server knows where its own MiniBrowser is.
        ...(executable === undefined
          ? {}
          : { 'webkitgtk:browserOptions': { ...binary, args: settings.args } }),
      });
    }
    case 'webkit':
      throw driverDoesNotKnow(spec, 'webdriverio', 'playwright');
  }
}

const request = (
  settings: Settings,
  { kind, bidi, capabilities: raw = {} }: DrivenSpec,
  capabilities: Record<string, unknown>,
): SessionRequest => ({
  ...settings,
  engine: factsOf(kind).engine,
  product: factsOf(kind).product,
  capabilities: merged(
    {
      ...settings.capabilities,
      ...capabilities,
      ...(bidi === false ? { 'wdio:enforceWebDriverClassic': true } : {}),
    },
    raw,
  ),
  reasons: [
    ...settings.reasons,
    ...Object.entries(raw).map(([name, value]) => ({
      setting: `${name}=${JSON.stringify(withoutSecrets(value))}`,
      reason: 'The configuration says so.',
    })),
  ],
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Capabilities of the user's over ours: objects are merged, lists continued, all else is replaced. */
const merged = (
  ours: Record<string, unknown>,
  theirs: Readonly<Record<string, unknown>>,
): Record<string, unknown> => {
  const both = { ...ours };
  for (const [name, value] of Object.entries(theirs)) {
    const own = both[name];
    if (isRecord(own) && isRecord(value)) both[name] = merged(own, value);
    else
      both[name] =
        Array.isArray(own) && Array.isArray(value) ? [...(own as unknown[]), ...(value as unknown[])] : value;
  }
  return both;
};
