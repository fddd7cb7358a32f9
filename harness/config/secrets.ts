import { withoutCredentials } from './endpoint.ts';

const isSecret = /key|token|secret|passw|auth|credential/i;

/**
 * A value without the secrets that can be recognised by their names, or by their position in an address: results are
 * published. A WebDriver service's access key is among the capabilities.
 */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return withoutCredentials(value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => [
      name,
      isSecret.test(name) && typeof inner === 'string' ? '(not shown)' : withoutSecrets(inner),
    ]),
  );
}
