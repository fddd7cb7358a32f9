import { z } from 'zod';
import type { Endpoint } from '../config/endpoint.ts';

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
    nodes: z
      .array(z.object({ uri: z.url().optional().catch(undefined), slots: z.array(slot).catch([]) }))
      .catch([]),
  }),
});

const sessionSchema = z.object({ sessionId: z.string() });

/** What a server answers. */
export interface StatusAnswer {
  /** The status of the HTTP response. */
  code: number;
  /** The JSON of the answer; undefined if it is not JSON. */
  body: unknown;
}

/** Asks a server for its status. Rejects if nothing answers in time, by default within 5 s. */
export const askStatus = (server: Endpoint, ms = statusMs): Promise<StatusAnswer> =>
  answerTo(server, 'status', ms);

/** Whether a server refuses sessions with these credentials; it may tell its status to anyone. */
export const guardsSessions = async (server: Endpoint): Promise<boolean> =>
  (await answerTo(server, 'session/none/window/handles')).code === 401;

async function answerTo({ url, headers }: Endpoint, path: string, ms = statusMs): Promise<StatusAnswer> {
  const base = url.href.replace(/\/?$/, '/');
  const response = await fetch(new URL(path, base), { headers, signal: AbortSignal.timeout(ms) });
  return { code: response.status, body: jsonIn(await response.text()) };
}

/** What a server says about itself, in words. */
export function wordsOfStatus(answer: unknown): string | undefined {
  const parsed = statusSchema.safeParse(answer);
  if (!parsed.success) return undefined;
  const { ready, message, nodes } = parsed.data.value;
  const slots = new Map<string, { all: number; taken: number }>();
  for (const { session, stereotype } of nodes.flatMap((node) => node.slots)) {
    const name = wordsOf(stereotype);
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

/** The address, with a slash at its end, of the node of a Grid that has this session in a slot; undefined if none has. */
export function nodeOf(answer: unknown, sessionId: string): string | undefined {
  const parsed = statusSchema.safeParse(answer);
  const nodes = parsed.success ? parsed.data.value.nodes : [];
  const node = nodes.find(({ slots }) =>
    slots.some(({ session }) => sessionSchema.safeParse(session).data?.sessionId === sessionId),
  );
  return node?.uri?.replace(/\/?$/, '/');
}

/** What Selenium Grid chooses a slot by, e.g. `chrome 150 linux`. */
export const wordsOf = ({
  browserName,
  browserVersion,
  platformName,
}: Readonly<Record<string, unknown>>): string =>
  [browserName, browserVersion, platformName].filter((word) => typeof word === 'string').join(' ');

/**
 * Whether a server lists its slots, and none of them could ever serve these capabilities. One that lists none may start
 * nodes on demand. Only what certainly rules a slot out counts: the browser's name, its version, the kind of system.
 * https://www.selenium.dev/documentation/grid/configuration/cli_options/#specifying-custom-capabilities
 */
export function hasNoSlotFor(answer: unknown, capabilities: Readonly<Record<string, unknown>>): boolean {
  const parsed = statusSchema.safeParse(answer);
  const slots = parsed.success ? parsed.data.value.nodes.flatMap((node) => node.slots) : [];
  return slots.length > 0 && slots.every(({ stereotype }) => !mayServe(stereotype, capabilities));
}

function mayServe(
  stereotype: Readonly<Record<string, unknown>>,
  capabilities: Readonly<Record<string, unknown>>,
): boolean {
  const text = (of: Readonly<Record<string, unknown>>, name: string): string => {
    const value = of[name];
    return typeof value === 'string' ? value.toLowerCase() : '';
  };
  const asked = (name: string): string => text(capabilities, name);
  const offered = (name: string): string => text(stereotype, name);
  const isName = asked('browserName') === '' || offered('browserName') === asked('browserName');
  // `stable` matches any version; a Grid may take 150 for 150.0
  const version = asked('browserVersion');
  const isVersion =
    !/^\d/.test(version) ||
    isStartOf(version, offered('browserVersion')) ||
    isStartOf(offered('browserVersion'), version);
  const [system, own] = [familyOf(asked('platformName')), familyOf(offered('platformName'))];
  return isName && isVersion && (system === undefined || own === undefined || system === own);
}

/** Whether a version equals another one, or names fewer of its parts: 150 of 150.0.7. */
const isStartOf = (version: string, other: string): boolean =>
  version !== '' && `${other}.`.startsWith(`${version}.`);

/** The family of a system by its name in WebDriver; undefined for any, and for names that are not known here. */
const familyOf = (platform: string): string | undefined =>
  ['windows', 'linux', 'mac', 'android', 'ios'].find((family) => platform.startsWith(family));

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Anything other than JSON is an answer too: this is not a WebDriver server.
  }
}
