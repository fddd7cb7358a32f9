import { factsOf, type Engine } from '../config/browsers.ts';
import type { DrivenSpec } from '../config/browser-spec.ts';
import { withoutSecrets } from '../config/secrets.ts';
import type { LaunchOptions } from './driver.ts';
import { driverDoesNotKnow } from './launch-errors.ts';
import { chromiumQuirks, runHeadless as chromiumHeadless } from './quirks/chromium.ts';
import { firefoxQuirks, runHeadless as firefoxHeadless } from './quirks/firefox.ts';
import { settingsOf, userSettings, type Quirk, type Settings } from './quirks/quirk.ts';
import { safariQuirks, webkitgtkQuirks } from './quirks/webkit.ts';

/** What a WebDriver server is asked for. */
export interface SessionRequest extends Settings {
  engine: Engine;
  /** The product's name, if the executable does not tell it. */
  product: string;
}

/**
 * The capabilities for a browser, with the reasons for each setting.
 * Safari and WebKitGTK are asked for classic WebDriver: their servers refuse a session that mentions BiDi.
 */
export function requestFor(spec: DrivenSpec, options: LaunchOptions): SessionRequest {
  const { kind, executable } = spec;
  const { program, browserName, browserOptions = '' } = factsOf(kind);
  const binary = executable === undefined ? {} : { binary: executable };
  const settingsWith = (quirks: readonly Quirk[], headless?: Quirk): Settings => {
    const ofMode = headless === undefined || options.headed ? [] : [headless];
    return settingsOf([...quirks, ...ofMode, ...userSettings(spec)], options.launch);
  };
  switch (program) {
    case 'chromedriver':
    case 'msedgedriver': {
      const settings = settingsWith(chromiumQuirks(), chromiumHeadless());
      return request(settings, spec, {
        acceptInsecureCerts: true,
        browserName,
        [browserOptions]: { ...binary, args: settings.args },
      });
    }
    case 'geckodriver': {
      const settings = settingsWith(firefoxQuirks(), firefoxHeadless());
      return request(settings, spec, {
        acceptInsecureCerts: true,
        browserName,
        [browserOptions]: { ...binary, args: settings.args, prefs: settings.prefs },
      });
    }
    case 'safaridriver':
      return request(settingsWith(safariQuirks()), spec, {
        // the Preview's driver program knows its own browser by this name alone
        browserName: executable?.includes('Technology Preview') ? 'Safari Technology Preview' : browserName,
        'wdio:enforceWebDriverClassic': true,
      });
    case 'WebKitWebDriver': {
      const settings = settingsWith(webkitgtkQuirks());
      return request(settings, spec, {
        acceptInsecureCerts: true,
        browserName,
        'wdio:enforceWebDriverClassic': true,
        // A remote server knows where its own MiniBrowser is.
        ...(executable === undefined ? {} : { [browserOptions]: { ...binary, args: settings.args } }),
      });
    }
    default:
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

/** The user's capabilities over ours: objects are merged, lists appended, all else is replaced. */
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
