import { z } from 'zod';
import type { DrivenSpec } from '../config/browser-spec.ts';
import type { Endpoint } from '../config/endpoint.ts';
import { HarnessError, LaunchError, messageOf } from '../errors.ts';
import { DeadlineError } from '../within.ts';
import type { Deadline } from './deadline.ts';

const statusMs = 5000;

const slot = z.object({
  session: z.unknown().nullish(),
  stereotype: z.record(z.string(), z.unknown()).catch({}),
});

/** https://www.w3.org/TR/webdriver2/#status, and what Selenium Grid 4 adds to it. */
const statusSchema = z.object({
  value: z.object({
    ready: z.boolean(),
    message: z.string().catch(''),
    nodes: z.array(z.object({ slots: z.array(slot).catch([]) })).catch([]),
  }),
});

/** What a server says of itself, in words. */
export function wordsOfStatus(answer: unknown): string | undefined {
  const parsed = statusSchema.safeParse(answer);
  if (!parsed.success) return undefined;
  const { ready, message, nodes } = parsed.data.value;
  const slots = new Map<string, { all: number; taken: number }>();
  for (const { session, stereotype } of nodes.flatMap((node) => node.slots)) {
    const { browserName, browserVersion, platformName } = stereotype;
    const name = [browserName, browserVersion, platformName]
      .filter((word) => typeof word === 'string')
      .join(' ');
    const { all, taken } = slots.get(name) ?? { all: 0, taken: 0 };
    slots.set(name, { all: all + 1, taken: taken + (session === null || session === undefined ? 0 : 1) });
  }
  const list = [...slots].map(
    ([name, { all, taken }]) => `${name}: ${String(taken)} of ${String(all)} taken`,
  );
  return [
    `It says that it is ${ready ? 'ready' : 'not ready'}${message === '' ? '' : `: "${message}"`}.`,
    ...(list.length === 0 ? [] : [`Its slots: ${list.join('; ')}.`]),
  ].join(' ');
}

/** What kept a server from answering, e.g. `ECONNREFUSED`: fetch says no more itself than that it failed. */
const causeOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error
    ? 'code' in error.cause && typeof error.cause.code === 'string'
      ? error.cause.code
      : error.cause.message
    : messageOf(error);

const isCertificate = (code: string): boolean => /CERT|SIGNATURE|ALTNAME|SELF_SIGNED/.test(code);

/**
 * What to report for a session that a server did not give: the server is asked how it is.
 * @param cause why there is no session
 */
export async function endpointError(
  { id }: DrivenSpec,
  { url, headers }: Endpoint,
  deadline: Deadline,
  cause: unknown,
): Promise<HarnessError> {
  if (cause instanceof HarnessError && !(cause instanceof DeadlineError)) return cause;
  const failed = (code: string, message: string): LaunchError =>
    new LaunchError(code, `${id}: ${message}`, { cause });
  let response: Response;
  let text: string;
  try {
    const base = url.href.replace(/\/?$/, '/');
    response = await fetch(new URL('status', base), { headers, signal: AbortSignal.timeout(statusMs) });
    text = await response.text();
  } catch (error) {
    const code = causeOf(error);
    return failed(
      'endpoint-unreachable',
      `no WebDriver server answers at ${url.href} (${code}). ` +
        (isCertificate(code)
          ? 'Its certificate is not trusted: name that of its authority in NODE_EXTRA_CA_CERTS.'
          : 'Start it, or correct the address.'),
    );
  }
  if (response.status === 401 || response.status === 403) {
    const sent = headers['authorization'] === undefined ? 'none were sent' : 'those that were sent are wrong';
    return failed(
      'endpoint-refused',
      `${url.href} asks for credentials (HTTP ${String(response.status)}), and ${sent}. ` +
        'Write them into its address, e.g. https://${GRID_USER}:${GRID_KEY}@host, with environment variables of your own.',
    );
  }
  const words = wordsOfStatus(jsonIn(text));
  if (cause instanceof DeadlineError) {
    return failed(
      'launch-timeout',
      `${url.href} gave no session within ${String(deadline.totalMs)} ms. ${words ?? notOne(response)} ` +
        'Is there a slot that fits the capabilities, and is it free? Raise --timeout where the queue is long.',
    );
  }
  return failed(
    'launch-failed',
    `${url.href} gave no session: ${messageOf(cause)}. ${words ?? notOne(response)}`,
  );
}

const notOne = ({ status }: Response): string =>
  `It answers HTTP ${String(status)} to /status, not as a WebDriver server does: is the address right, its path included?`;

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // No JSON is an answer, too: it is no WebDriver server.
  }
}
