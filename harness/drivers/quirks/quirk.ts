import type { Launch } from '../../config/launch.ts';
import type { BrowserDetails } from '../driver.ts';

export type Preference = string | number | boolean;

/** One setting that a browser needs for the harness, and why. */
export interface Quirk {
  args?: readonly string[];
  /** Chromium features to switch off. One flag must carry them all: the last `--disable-features` wins. */
  disableFeatures?: readonly string[];
  /** Firefox preferences. */
  prefs?: Readonly<Record<string, Preference>>;
  /** WebDriver capabilities, by name. */
  capabilities?: Readonly<Record<string, unknown>>;
  /** Without it the browser does not start here, or cannot be driven: `as-shipped` has it too. */
  indispensable?: true;
  reason: string;
  url?: string;
}

/** All settings of a list of quirks. */
export interface Settings {
  args: string[];
  prefs: Record<string, Preference>;
  capabilities: Record<string, unknown>;
  reasons: BrowserDetails['reasons'];
}

/** The configuration's settings for a browser, as a quirk after the harness's own; none if it has none. */
export function userSettings(own: {
  args?: readonly string[] | undefined;
  prefs?: Readonly<Record<string, Preference>> | undefined;
}): Quirk[] {
  const { args = [], prefs = {} } = own;
  if (args.length + Object.keys(prefs).length === 0) return [];
  // Chromium takes the last of several such flags; the harness's features have to stay off.
  const features = args.flatMap((arg) => /^--disable-features=(.*)$/.exec(arg)?.[1]?.split(',') ?? []);
  return [
    {
      args: args.filter((arg) => !arg.startsWith('--disable-features=')),
      disableFeatures: features,
      prefs,
      reason: 'The configuration says so.',
    },
  ];
}

/** Puts quirks together: the flags and preferences to start a browser with, and the reason for each. */
export function settingsOf(all: readonly Quirk[], launch: Launch = 'usual'): Settings {
  const quirks = launch === 'usual' ? all : all.filter(({ indispensable }) => indispensable);
  const features = quirks.flatMap((quirk) => quirk.disableFeatures ?? []);
  return {
    args: [
      ...quirks.flatMap((quirk) => quirk.args ?? []),
      ...(features.length > 0 ? [`--disable-features=${features.join(',')}`] : []),
    ],
    prefs: Object.assign({}, ...quirks.map((quirk) => quirk.prefs ?? {})),
    capabilities: Object.assign({}, ...quirks.map((quirk) => quirk.capabilities ?? {})),
    reasons: quirks.map(
      ({ args = [], disableFeatures = [], prefs = {}, capabilities = {}, reason, url }) => ({
        setting: [
          ...args,
          ...(disableFeatures.length > 0 ? [`--disable-features=${disableFeatures.join(',')}`] : []),
          ...Object.entries(prefs).map(([name, value]) => `${name}=${value}`),
          ...Object.entries(capabilities).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
        ].join(' '),
        reason,
        ...(url === undefined ? {} : { url }),
      }),
    ),
  };
}
