import type { DrivenSpec } from '../config/browser-spec.ts';
import type { Endpoint } from '../config/endpoint.ts';
import { HarnessError, LaunchError, messageOf } from '../errors.ts';
import { DeadlineError } from '../within.ts';
import type { Deadline } from './deadline.ts';
import { browserBusy } from './launch-errors.ts';
import { askStatus, guardsSessions, wordsOf, wordsOfStatus, type StatusAnswer } from './endpoint-status.ts';

/** What kept a server from answering, e.g. `ECONNREFUSED`: fetch itself only says that it failed. */
const causeOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error
    ? 'code' in error.cause && typeof error.cause.code === 'string'
      ? error.cause.code
      : error.cause.message
    : messageOf(error);

const isCertificate = (code: string): boolean => /CERT|SIGNATURE|ALTNAME|SELF_SIGNED/.test(code);

/** A busy server tells its status within this time. Bad input has to be reported within 30 s. */
const silentMs = 12_000;

/**
 * Asks a server for its status before a session, so that a wrong address is reported at once.
 * @throws {LaunchError} `endpoint-unreachable`, `endpoint-silent`, `endpoint-untrusted`, `endpoint-refused`
 */
export async function expectServer(spec: DrivenSpec, server: Endpoint): Promise<void> {
  await statusOf(spec, server, silentMs);
}

/**
 * What a server says about itself, in words.
 * @throws {LaunchError} as `expectServer`
 */
export const serverWords = async (spec: DrivenSpec, server: Endpoint): Promise<string> =>
  wordsOfAnswer(await statusOf(spec, server, silentMs));

const wordsOfAnswer = ({ code, body }: StatusAnswer): string =>
  wordsOfStatus(body) ??
  `It answers HTTP ${String(code)} to /status, not as a WebDriver server does: is the address right, its path included?`;

const isTimeout = (error: unknown): boolean => error instanceof DOMException && error.name === 'TimeoutError';

/** @throws {LaunchError} as `expectServer` */
async function statusOf({ id }: DrivenSpec, server: Endpoint, ms?: number): Promise<StatusAnswer> {
  let answer: StatusAnswer;
  try {
    answer = await askStatus(server, ms);
  } catch (error) {
    throw unreachable(id, server, error);
  }
  if (answer.code === 401 || answer.code === 403) throw refused(id, server, `HTTP ${String(answer.code)}`);
  return answer;
}

function unreachable(id: string, { url: { href } }: Endpoint, cause: unknown): LaunchError {
  const code = causeOf(cause);
  if (isTimeout(cause)) {
    return new LaunchError(
      'endpoint-silent',
      `${id}: ${href} takes connections and answers nothing. Is a WebDriver server there, at this port and with this scheme ` +
        '(http or https)? One that hangs has to be started again.',
      { cause },
    );
  }
  return isCertificate(code)
    ? new LaunchError(
        'endpoint-untrusted',
        `${id}: the certificate of ${href} is not trusted (${code}). Name that of its authority in NODE_EXTRA_CA_CERTS.`,
        { cause },
      )
    : new LaunchError(
        'endpoint-unreachable',
        `${id}: no WebDriver server answers at ${href} (${code}). Start it, or correct the address.`,
        { cause },
      );
}

function refused(id: string, { url, headers }: Endpoint, said: string): LaunchError {
  const sent = headers['authorization'] === undefined ? 'none were sent' : 'those that were sent are wrong';
  return new LaunchError(
    'endpoint-refused',
    `${id}: ${url.href} asks for credentials (${said}), and ${sent}. ` +
      'Write them into its address, e.g. https://${GRID_USER}:${GRID_KEY}@host, with environment variables of your own.',
  );
}

/** The error when no slot of a server fits the request. */
export const noSlot = (
  { id }: DrivenSpec,
  { url }: Endpoint,
  capabilities: Readonly<Record<string, unknown>>,
  status: unknown,
): LaunchError =>
  new LaunchError(
    'endpoint-lacks-slot',
    `${id}: ${url.href} has no slot for "${wordsOf(capabilities)}". ${wordsOfStatus(status) ?? ''} ` +
      'Correct `capabilities` of this browser in the configuration, or start a node that has it.',
  );

/**
 * The error for a session that a server did not provide, according to the server's status.
 * @param cause why there is no session
 */
export async function endpointError(
  spec: DrivenSpec,
  server: Endpoint,
  deadline: Deadline,
  cause: unknown,
): Promise<HarnessError> {
  if (cause instanceof HarnessError && !(cause instanceof DeadlineError)) return cause;
  const busy = browserBusy(spec, cause);
  if (busy) return busy;
  const { href } = server.url;
  let answer: StatusAnswer;
  try {
    answer = await statusOf(spec, server);
    if (await guardsSessions(server)) return refused(spec.id, server, 'HTTP 401');
  } catch (error) {
    return error instanceof HarnessError ? error : unreachable(spec.id, server, error);
  }
  const failed = (code: string, message: string): LaunchError =>
    new LaunchError(code, `${spec.id}: ${message}`, { cause });
  const words = wordsOfAnswer(answer);
  if (cause instanceof DeadlineError) {
    return failed(
      'launch-timeout',
      `${href} gave no session within ${String(deadline.totalMs)} ms. ${words} ` +
        'Is there a slot that fits the capabilities, and is it free? Raise --timeout where the queue is long.',
    );
  }
  return failed('launch-failed', `${href} gave no session: ${messageOf(cause)}. ${words}`);
}
