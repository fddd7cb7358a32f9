import type { BrowserDetails } from '../drivers/driver.ts';
import type { DeviceSaid } from '../protocol/device.ts';

type Named = Pick<BrowserDetails, 'engine' | 'product' | 'version'>;

/** Products by their word in a user agent string, the more particular first: each also has the words of those behind it. */
const products: readonly { word: RegExp; product: string; engine: Named['engine'] }[] = [
  { word: /CriOS\/([\d.]+)/, product: 'Chrome on iOS', engine: 'webkit' },
  { word: /FxiOS\/([\d.]+)/, product: 'Firefox on iOS', engine: 'webkit' },
  { word: /EdgiOS\/([\d.]+)/, product: 'Edge on iOS', engine: 'webkit' },
  { word: /EdgA?\/([\d.]+)/, product: 'Microsoft Edge', engine: 'chromium' },
  { word: /SamsungBrowser\/([\d.]+)/, product: 'Samsung Internet', engine: 'chromium' },
  { word: /OPR\/([\d.]+)/, product: 'Opera', engine: 'chromium' },
  { word: /QtWebEngine\/([\d.]+)/, product: 'Qt WebEngine', engine: 'chromium' },
  { word: /HeadlessChrome\/([\d.]+)/, product: 'Chrome', engine: 'chromium' },
  { word: /Chrome\/([\d.]+)/, product: 'Chrome', engine: 'chromium' },
  { word: /Firefox\/([\d.]+)/, product: 'Firefox', engine: 'gecko' },
  { word: /Version\/([\d.]+).* Safari\//, product: 'Safari', engine: 'webkit' },
  { word: /AppleWebKit\/([\d.]+)/, product: 'WebKit', engine: 'webkit' },
];

const systems: readonly [RegExp, string][] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Macintosh/, 'macOS'],
  [/Linux|X11/, 'Linux'],
];

/** What is no browser says its own name and version, and nothing else. */
const ownName = /^([\w@/.-]+)\/(\d[\w.-]*)$/;

/**
 * Which browser it is, by what it says. Client hints have the full version, of which Chromium's user agent string keeps
 * the first number alone.
 */
export function browserOf({
  userAgent,
  brands,
  model,
}: Pick<DeviceSaid, 'userAgent' | 'brands' | 'model'>): Named {
  const known = products.find(({ word }) => word.test(userAgent));
  const [, name, own] = (known === undefined && ownName.exec(userAgent)) || [];
  // results know three engines; the name says that it is none
  if (name !== undefined && own !== undefined) return { engine: 'webkit', product: name, version: own };
  const hinted =
    known?.engine === 'chromium'
      ? brands.find(({ brand }) => /^(?!Chromium$).*(Chrome|Edge|Opera|Samsung)/.test(brand))
      : undefined;
  const chromium =
    known?.engine === 'chromium' ? brands.find(({ brand }) => brand === 'Chromium') : undefined;
  const version = (hinted ?? chromium)?.version ?? known?.word.exec(userAgent)?.[1] ?? 'unknown';
  const product =
    hinted?.brand ?? (chromium && known?.product === 'Chrome' ? 'Chromium' : known?.product) ?? 'a browser';
  const where = model !== '' ? model : systems.find(([word]) => word.test(userAgent))?.[1];
  return {
    engine: known?.engine ?? 'webkit',
    product: where === undefined ? product : `${product} (${where})`,
    version,
  };
}
