import { HarnessError } from '../errors.ts';
import type { DeviceSaid } from '../protocol/device.ts';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const wordOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 400) : '');

/** @throws {HarnessError} `malformed-answer` */
export function readInstance(answer: unknown): string {
  const instance = isRecord(answer) ? answer['instance'] : undefined;
  if (typeof instance === 'string' && /^[\w-]{1,64}$/.test(instance)) return instance;
  throw new HarnessError('malformed-answer', 'a page of a device has to say which it is: { instance }');
}

/** @throws {HarnessError} `malformed-answer` */
export function readDeviceSaid(answer: unknown): DeviceSaid {
  const instance = readInstance(answer);
  const { userAgent, brands, platform, model } = isRecord(answer) ? answer : {};
  const listed = Array.isArray(brands) ? brands.slice(0, 20).filter(isRecord) : [];
  return {
    instance,
    userAgent: wordOf(userAgent),
    brands: listed.map(({ brand, version }) => ({ brand: wordOf(brand), version: wordOf(version) })),
    platform: wordOf(platform),
    model: wordOf(model),
  };
}
