import type { DrivenSpec } from '../config/browser-spec.ts';
import type { Endpoint } from '../config/endpoint.ts';
import { HarnessError, LaunchError, messageOf } from '../errors.ts';
import { DeadlineError } from '../within.ts';
import type { Deadline } from './deadline.ts';
import {
  askStatus,
  guardsSessions,
  takesConnections,
  wordsOf,
  wordsOfStatus,
  type StatusAnswer,
} from './endpoint-status.ts';

/** What kept a server from answering, e.g. `ECONNREFUSED`: fetch itself only says that it failed. */
const causeOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error
    ? 'code' in error.cause && typeof error.cause.code === 'string'
      ? error.cause.code
      : error.cause.message
    : messageOf(error);

const isCertificate = (code: string): boolean => /CERT|SIGNATURE|ALTNAME|SELF_SIGNED/.test(code);

/**
 * Asks a server for its status before a session, so that a wrong address is reported at once. A server that takes
 * connections but does not answer hangs; the request for the session waits for it.
 * @throws {LaunchError} `endpoint-unreachable`, `endpoint-untrusted`, `endpoint-refused`
 */
export async function expectServer(spec: DrivenSpec, server: Endpoint): Promise<void> {
  await statusOf(spec, server).catch(async (error: unknown) => {
    const isLate = error instanceof LaunchError && isTimeout(error.cause);
    if (!(isLate && (await takesConnections(server)))) throw error;
  });
}

const isTimeout = (error: unknown): boolean => error instanceof DOMException && error.name === 'TimeoutError';

/** @throws {LaunchError} as `expectServer` */
async function statusOf({ id }: DrivenSpec, server: Endpoint): Promise<StatusAnswer> {
  let answer: StatusAnswer;
  try {
    answer = await askStatus(server);
  } catch (error) {
    throw unreachable(id, server, error);
  }
  if (answer.code === 401 || answer.code === 403) throw refused(id, server, `HTTP ${String(answer.code)}`);
  return answer;
}

function unreachable(id: string, { url: { href } }: Endpoint, cause: unknown): LaunchError {
  const code = causeOf(cause);
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
 * The error for a session that a server did not give, by what its status says.
 * @param cause why there is no session
 */
export async function endpointError(
  spec: DrivenSpec,
  server: Endpoint,
  deadline: Deadline,
  cause: unknown,
): Promise<HarnessError> {
  if (cause instanceof HarnessError && !(cause instanceof DeadlineError)) return cause;
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
  const words =
    wordsOfStatus(answer.body) ??
    `It answers HTTP ${String(answer.code)} to /status, not as a WebDriver server does: is the address right, its path included?`;
  if (cause instanceof DeadlineError) {
    return failed(
      'launch-timeout',
      `${href} gave no session within ${String(deadline.totalMs)} ms. ${words} ` +
        'Is there a slot that fits the capabilities, and is it free? Raise --timeout where the queue is long.',
    );
  }
  return failed('launch-failed', `${href} gave no session: ${messageOf(cause)}. ${words}`);
}
