import { factsOf, type BrowserKind } from '../config/browsers.ts';
import type { BrowserSpec } from '../config/browser-spec.ts';
import type { BrowserDetails, LaunchOptions } from './driver.ts';
import { driverDoesNotKnow } from './launch-errors.ts';
import { chromiumQuirks, runHeadless as chromiumHeadless } from './quirks/chromium.ts';
import { firefoxQuirks, runHeadless as firefoxHeadless } from './quirks/firefox.ts';
import { settingsOf, type Settings } from './quirks/quirk.ts';
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
export function requestFor(spec: BrowserSpec, options: LaunchOptions): SessionRequest {
  const { kind, executable } = spec;
  const { launch } = options;
  const binary = executable === undefined ? {} : { binary: executable };
  switch (kind) {
    case 'chrome':
    case 'chromium':
    case 'edge': {
      const settings = settingsOf(
        [...chromiumQuirks(), ...(options.headed ? [] : [chromiumHeadless()])],
        launch,
      );
      const chromeOptions = { ...binary, args: settings.args };
      return request(settings, kind, {
        acceptInsecureCerts: true,
        ...(kind === 'edge'
          ? { browserName: 'MicrosoftEdge', 'ms:edgeOptions': chromeOptions }
          : { browserName: 'chrome', 'goog:chromeOptions': chromeOptions }),
      });
    }
    case 'firefox': {
      const settings = settingsOf(
        [...firefoxQuirks(), ...(options.headed ? [] : [firefoxHeadless()])],
        launch,
      );
      return request(settings, kind, {
        acceptInsecureCerts: true,
        browserName: 'firefox',
        'moz:firefoxOptions': { ...binary, args: settings.args, prefs: settings.prefs },
      });
    }
    case 'safari':
      return request(settingsOf(safariQuirks(), launch), kind, {
        browserName: 'safari',
        'wdio:enforceWebDriverClassic': true,
      });
    case 'webkitgtk': {
      const settings = settingsOf(webkitgtkQuirks(), launch);
      return request(settings, kind, {
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
  kind: BrowserKind,
  capabilities: Record<string, unknown>,
): SessionRequest => ({
  ...settings,
  engine: factsOf(kind).engine,
  product: factsOf(kind).product,
  capabilities: { ...settings.capabilities, ...capabilities },
});
