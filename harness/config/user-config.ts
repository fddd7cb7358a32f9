import { closestMatch } from 'leven';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { browserName, signalingPlaces, undrivenKinds } from './browser-spec.ts';
import { browserKinds, channelNames, channelsOf, driverNames, factsOf, versionProblem } from './browsers.ts';

const names = z.array(z.string().min(1));
const wholeFrom = (least: number) => z.number().int().min(least);

const browser = z
  .strictObject({
    name: z.string().regex(browserName.pattern, browserName.says).describe('The name of its row and column.'),
    kind: z
      .enum([...browserKinds, ...undrivenKinds])
      .describe('Default: its name, where that is the name of a kind.')
      .exactOptional(),
    driver: z.enum(driverNames).exactOptional(),
    executable: z.string().min(1).describe('A path, relative to the configuration.').exactOptional(),
    channel: z.enum(channelNames).describe('A release channel that is installed here.').exactOptional(),
    version: z
      .string()
      .min(1)
      .describe('A version or release channel that `install` downloads: 150, beta, esr.')
      .exactOptional(),
    url: z
      .url({ protocol: /^https?$/ })
      .describe('A WebDriver server; ${NAME} stands for an environment variable.')
      .exactOptional(),
    driverProgram: z
      .string()
      .min(1)
      .describe('The program that drives it by WebDriver: a path, relative to the configuration.')
      .exactOptional(),
    maxPages: wholeFrom(2).describe('Most pages that it shows at once.').exactOptional(),
    slots: wholeFrom(1)
      .describe('Most sessions at once, on as many nodes as the server has. Default 1.')
      .exactOptional(),
    bidi: z.boolean().describe('false: classic WebDriver, without BiDi. Default true.').exactOptional(),
    signaling: z
      .enum(signalingPlaces)
      .describe('Where its pages find the fixture. Default: public for a url on another host.')
      .exactOptional(),
    capabilities: z
      .record(z.string(), z.unknown())
      .describe('W3C capabilities, as they are, over those of the harness. WebDriver only.')
      .exactOptional(),
    args: names.describe('Arguments, behind those of the harness.').exactOptional(),
    prefs: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .describe('Preferences of Firefox, over those of the harness.')
      .exactOptional(),
    env: z.record(z.string(), z.string()).describe('Environment of its process.').exactOptional(),
  })
  .superRefine((given, context) => {
    const { name, kind, executable, channel, version, url, driver, prefs, env } = given;
    const wrong = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    const is = kind ?? browserKinds.find((known) => known === name);
    if (is === undefined) wrong('kind', `say which: ${[...browserKinds, ...undrivenKinds].join(', ')}`);
    if (is === 'url' || is === 'command') {
      const taken = is === 'url' ? [] : ['executable', 'args', 'env'];
      for (const key of Object.keys(given)) {
        if (!['name', 'kind', 'maxPages', 'signaling', ...taken].includes(key))
          wrong(key, `nobody drives a browser of kind ${is}`);
      }
      if (is === 'command' && executable === undefined)
        wrong('executable', 'name the program that opens the address');
      return;
    }
    if ([executable, channel, version, url].filter((place) => place !== undefined).length > 1)
      wrong('executable', 'name one of executable, channel, version and url');
    if (is !== undefined && channel !== undefined && !channelsOf(is).includes(channel))
      wrong('channel', `${is} has ${channelsOf(is).join(', ') || 'none but the stable one'}`);
    const badVersion = is === undefined || version === undefined ? undefined : versionProblem(is, version);
    if (badVersion !== undefined) wrong('version', badVersion);
    if (url !== undefined && driver === 'playwright')
      wrong('driver', 'a url is a WebDriver server, which webdriverio drives');
    if (url === undefined && given.slots !== undefined)
      wrong('slots', 'one browser of this machine has no slots: they are those of the server at a url');
    if (url !== undefined && env !== undefined) wrong('env', 'the server at the url has its own environment');
    if (url !== undefined && given.driverProgram !== undefined)
      wrong('driverProgram', 'the server at the url drives it');
    const byWebDriver = url !== undefined || (driver ?? (is && factsOf(is).drivers[0])) === 'webdriverio';
    for (const key of ['capabilities', 'driverProgram', 'bidi'] as const) {
      if (given[key] !== undefined && !byWebDriver)
        wrong(key, `${key} is about WebDriver: add driver: 'webdriverio' or a url`);
    }
    if (prefs !== undefined && is !== undefined && factsOf(is).engine !== 'gecko')
      wrong('prefs', 'only Firefox has preferences');
  });

const impairments = z.strictObject({
  trickle: z.boolean().exactOptional(),
  delayCandidatesMs: z.number().nonnegative().exactOptional(),
  reorderCandidates: z.boolean().exactOptional(),
  duplicateCandidates: wholeFrom(1).exactOptional(),
  dropCandidates: z.array(z.string()).exactOptional(),
  candidatesBeforeDescription: z.boolean().exactOptional(),
  delayMessagesMs: z.number().nonnegative().exactOptional(),
  duplicateMessages: wholeFrom(1).exactOptional(),
  dropMessages: z.array(z.string()).exactOptional(),
});

const origin = z.url({ protocol: /^https?$/ });
const reach = z.strictObject({
  host: z
    .string()
    .min(1)
    .describe('Where the fixture listens for browsers elsewhere, e.g. 0.0.0.0.')
    .exactOptional(),
  port: z.number().int().min(0).max(65_535).describe('Default 0: any that is free.').exactOptional(),
  publicUrl: origin.describe('Where their pages find it: behind a tunnel or a proxy.').exactOptional(),
  foreignUrl: origin.describe('The same, as a second origin.').exactOptional(),
  certificate: z
    .strictObject({ key: z.string().min(1), cert: z.string().min(1) })
    .describe('PEM files, relative to the configuration. Default: made for the run.')
    .exactOptional(),
});
const signaling = z.strictObject({ ...impairments.shape, ...reach.shape });

const service = z.strictObject({
  command: z
    .tuple([z.string().min(1)], z.string())
    .describe('A command and its arguments; {port} stands for a free port of 127.0.0.1.'),
  ready: z
    .instanceof(RegExp)
    .describe('A line that says that it is ready. Default: its port takes connections.')
    .exactOptional(),
  readyMs: wholeFrom(1).describe('Milliseconds that it may take. Default 20000.').exactOptional(),
  env: z.record(z.string(), z.string()).describe('Environment of its process.').exactOptional(),
});

const page = z.url({ protocol: /^https?$/ });
const pages = z.strictObject({ offerer: page.exactOptional(), answerer: page.exactOptional() });

/** The schema of `webrtc-interop.config.*`: every key is optional, and no other is accepted. */
export const userConfigSchema = z.strictObject({
  browsers: z
    .array(z.union([z.string().min(1), browser]))
    .min(1)
    .describe('Browsers, as --browsers takes them or as objects. Default: those that are here.')
    .optional(),
  pairs: names.describe('Ordered pairs, offerer:answerer, * for any.').optional(),
  scenarios: names
    .describe("Globs of the user's own scenario files, relative to the configuration.")
    .optional(),
  builtin: z
    .union([z.boolean(), names])
    .describe('The scenarios of this package: all, none, or globs over their ids. Default true.')
    .optional(),
  areas: names.describe('Areas; default all.').optional(),
  signaling: signaling
    .describe(
      'How difficult the fixture is, where a scenario says nothing else; where browsers elsewhere find it.',
    )
    .optional(),
  modules: z
    .record(
      z.string().regex(/^[A-Za-z_$][\w$]*$/, 'a name as scenarios give to modules'),
      z.union([z.string().min(1), names.min(1)]),
    )
    .describe("As --module: what is loaded for scenarios' modules; of several, a column each.")
    .optional(),
  services: z.record(z.string(), service).describe('Processes that run as long as the run does.').optional(),
  pages: pages.describe("The user's own pages, by side, for scenarios that name none.").optional(),
  expectations: z
    .string()
    .min(1)
    .describe("A file of known failures, relative to the configuration, or none. Default: the package's own.")
    .optional(),
  baseline: z
    .string()
    .min(1)
    .describe(
      'An earlier run, its folder or results.json, relative to the configuration: the gate of --baseline.',
    )
    .optional(),
  reporters: names
    .describe('Reports to write: formats, or paths of modules of your own, relative to the configuration.')
    .optional(),
  jobs: z.union([wholeFrom(1), z.literal('auto')]).optional(),
  timeout: wholeFrom(1)
    .describe("Milliseconds: a cell's time, where its scenario says nothing else.")
    .optional(),
  retries: wholeFrom(0).optional(),
  repeat: wholeFrom(1).optional(),
  out: z.string().min(1).describe('The folder of the run, relative to the configuration.').optional(),
});

/** What `webrtc-interop.config.ts` exports. */
export type UserConfig = z.input<typeof userConfigSchema>;
/** Splits its `signaling`: how the fixture disturbs calls, and where browsers on other machines find it. */
export const signalingParts = (
  given: z.output<typeof signaling> = {},
): { impairments: z.output<typeof impairments>; reach: z.output<typeof reach> } => ({
  impairments: z.object(impairments.shape).parse(given),
  reach: z.object(reach.shape).parse(given),
});
/** A browser in the configuration, as an object. */
export type UserBrowser = z.input<typeof browser>;

/** Gives a configuration its type; returns it unchanged. */
export const defineConfig = (config: UserConfig): UserConfig => config;

/** `browsers[1].chanel` */
const placeOf = (path: readonly PropertyKey[]): string =>
  path
    .map((step, at) =>
      typeof step === 'number' ? `[${String(step)}]` : `${at === 0 ? '' : '.'}${String(step)}`,
    )
    .join('');

/** The keys that an object may have at a path of the configuration. */
function keysAt(path: readonly PropertyKey[]): string[] {
  const [first] = path;
  if (first === 'browsers') return Object.keys(browser.shape);
  if (first === 'signaling') return Object.keys(signaling.shape);
  if (first === 'pages') return Object.keys(pages.shape);
  if (first === 'services' && path.length > 1) return Object.keys(service.shape);
  return Object.keys(userConfigSchema.shape);
}

/** An issue in words; for a union of which no member matches, what is wrong with the closest one. */
function wordsOf(issue: z.core.$ZodIssue, path: readonly PropertyKey[] = []): string[] {
  const at = [...path, ...issue.path];
  if (issue.code === 'invalid_union') {
    // the member that accepts this type of value was meant
    const isOfKind = (member: readonly z.core.$ZodIssue[]): boolean =>
      !member.some(
        ({ code, path: inner }) =>
          inner.length === 0 && (code === 'invalid_type' || code === 'invalid_value'),
      );
    const meant = issue.errors.find(isOfKind);
    if (meant) return meant.flatMap((inner) => wordsOf(inner, at));
    const kinds = issue.errors
      .flat()
      .map(({ message }) => /expected (.*?)(?:, received .*)?$/.exec(message)?.[1]);
    return [`${placeOf(at)}: expected ${[...new Set(kinds)].join(' or ')}`];
  }
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(at);
    return issue.keys.map((key) => {
      const near = closestMatch(key, known, { maxDistance: Math.max(2, Math.floor(key.length / 3)) });
      const meant = near === undefined ? '' : ` Did you mean "${near}"?`;
      return `${placeOf([...at, key])}: there is no such key.${meant} Allowed are ${known.join(', ')}.`;
    });
  }
  if (issue.code === 'invalid_key') return issue.issues.flatMap((inner) => wordsOf(inner, at));
  return [`${at.length === 0 ? 'the whole' : placeOf(at)}: ${issue.message.replace(/^Invalid input: /, '')}`];
}

/**
 * Checks what a configuration file exports.
 * @param file for the message
 * @throws {UsageError} `bad-config` with each wrong key and what is allowed there
 */
export function checkConfig(value: unknown, file: string): z.output<typeof userConfigSchema> {
  const parsed = userConfigSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const words = parsed.error.issues.flatMap((issue) => wordsOf(issue));
  throw new UsageError(
    'bad-config',
    `${file} does not hold:\n${words.map((line) => `  ${line}`).join('\n')}`,
    {
      cause: parsed.error,
    },
  );
}
