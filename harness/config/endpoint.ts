import { UsageError } from '../errors.ts';

/** A WebDriver server and its credentials. */
export interface Endpoint {
  /** Without credentials. */
  url: URL;
  /** Headers for every request to it, the WebSocket's included. */
  headers: Readonly<Record<string, string>>;
}

const variable = /\$\{(\w+)\}/g;

/** Replaces credentials that were written into an address, wherever the address is shown or stored. */
const inTheirPlace = '${WEBRTC_INTEROP_USER}:${WEBRTC_INTEROP_KEY}@';

/**
 * Where a WebDriver server is. Each `${NAME}` in its address is replaced by that environment variable; a user name and
 * a password in it are sent as HTTP Basic authentication (RFC 7617).
 * @throws {UsageError} `unset-variable`, `bad-endpoint`
 */
export function endpointOf(
  address: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Endpoint {
  const shown = withoutCredentials(address);
  const full = address.replaceAll(variable, (_, name: string) => {
    const value = env[name];
    if (value === undefined || value === '') {
      throw new UsageError(
        'unset-variable',
        `${shown} needs the environment variable ${name}, which is not set. Set it, or write the address without it.`,
      );
    }
    return encodeURIComponent(value);
  });
  if (!URL.canParse(full)) {
    throw new UsageError('bad-endpoint', `"${shown}" is no WebDriver endpoint. Use http://host:port.`);
  }
  const url = new URL(full);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  if (username === '') return { url, headers: {} };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

/** A text in which the credentials in addresses are replaced by names of variables; variables in it stay. */
export const withoutCredentials = (text: string): string =>
  text.replaceAll(/(https?:\/\/)([^/\s?#,]+)@/g, (all, scheme: string, credentials: string) =>
    /^[:]*$/.test(credentials.replaceAll(variable, '')) ? all : scheme + inTheirPlace,
  );
