import { products, unknownProduct, type Product } from '../config/browsers.ts';
import type { BrowserDetails } from '../drivers/driver.ts';
import type { DeviceSaid } from '../protocol/device.ts';

type Named = Pick<BrowserDetails, 'engine' | 'product' | 'version'>;

const systems: readonly [RegExp, string][] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Macintosh/, 'macOS'],
  [/Linux|X11/, 'Linux'],
];

/** A library says its own name and version, and nothing else. */
function ownProduct(userAgent: string): Product | undefined {
  const [, product] = /^([\w@/.-]+)\/\d[\w.-]*$/.exec(userAgent) ?? [];
  return product === undefined ? undefined : { word: /\/(\d[\w.-]*)$/, product, engine: 'library' };
}

/**
 * Which browser a device has, by its user agent string and client hints. Only Chromium gives hints, which have the full
 * version; its user agent string has only the first number.
 */
export function browserOf({
  userAgent,
  brands,
  model,
}: Pick<DeviceSaid, 'userAgent' | 'brands' | 'model'>): Named {
  const known = products.find(({ word }) => word.test(userAgent)) ?? ownProduct(userAgent) ?? unknownProduct;
  const hinted = brands.find(({ brand }) => /^(?!Chromium$).*(Chrome|Edge|Opera|Samsung)/.test(brand));
  const chromium = brands.find(({ brand }) => brand === 'Chromium');
  const version = (hinted ?? chromium)?.version ?? known.word.exec(userAgent)?.[1] ?? 'unknown';
  const product = hinted?.brand ?? (chromium && known.product === 'Chrome' ? 'Chromium' : known.product);
  const where = model !== '' ? model : systems.find(([word]) => word.test(userAgent))?.[1];
  return {
    engine: known.engine,
    product: where === undefined ? product : `${product} (${where})`,
    version,
  };
}
