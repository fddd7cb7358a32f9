import { factsOf, type DriverProgram } from '../config/browsers.ts';
import pc from 'picocolors';
import { browserKinds, type BrowserKind, type DriverName } from '../config/browser-spec.ts';
import { openDoor } from '../drivers/doors.ts';
import {
  driverProgramSource,
  findDriverProgram,
  findExecutable,
  findOnPath,
  type Executable,
} from '../drivers/executables.ts';
import { onlyLoopback } from '../drivers/network.ts';
import { hasAudioServer } from '../drivers/pulseaudio.ts';
import { releasesHere } from '../drivers/releases.ts';
import { versionOf } from '../drivers/version.ts';
import { hasDisplay, xvfb } from '../drivers/xvfb.ts';
import { plain } from '../plain.ts';
import { installCommand } from './install.ts';

/** One way of driving one kind of browser. */
export interface BrowserDiagnosis {
  kind: BrowserKind;
  driver: DriverName;
  /** Whether a run could use it here. */
  usable: boolean;
  executable: string | null;
  /** As the executable reports it; null if it is missing or does not report one. */
  version: string | null;
  /** The WebDriver program it needs; null under Playwright. */
  program: { name: DriverProgram; path: string | null; version: string | null } | null;
  /** What is known about it; the probe of a run says what it really has. */
  can: { headless: boolean; screenshots: boolean; peerConnection: 'yes' | 'no' | 'unknown' };
  /** Whether the conformance suite runs it on the machines that this project is tested on. */
  verifiedHere: boolean;
  notes: string[];
  /** How to get what is missing: a command, or an address; null if nothing is missing, or there is no way to get it. */
  install: string | null;
}

export interface Diagnosis {
  platform: string;
  node: string;
  /** Helpers that some browsers need. */
  helpers: { name: string; found: boolean; note: string }[];
  browsers: BrowserDiagnosis[];
  /** Versions that were downloaded, which a run names as `chrome@150`. */
  releases: { kind: BrowserKind; version: string; executable: string; driverProgram: string | null }[];
}

/** Looks at this machine; launches no browser, but asks executables for their version. */
export async function diagnose(): Promise<Diagnosis> {
  const helpers = await findHelpers();
  return {
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    helpers,
    browsers: (await Promise.all(browserKinds.map((kind) => lookAt(kind, helpers)))).flat(),
    releases: (await releasesHere()).map(({ kind, version, executable, driverProgram }) => ({
      kind,
      version,
      executable,
      driverProgram: driverProgram ?? null,
    })),
  };
}

async function findHelpers(): Promise<Diagnosis['helpers']> {
  if (process.platform !== 'linux') return [];
  const display = hasDisplay();
  const virtual = (await findOnPath(['Xvfb'])) !== undefined;
  const audio = await hasAudioServer();
  const pulseaudio = (await findOnPath(['pulseaudio'])) !== undefined;
  return [
    {
      name: 'display',
      found: display || virtual,
      note: display
        ? 'a screen is there'
        : virtual
          ? 'no screen; Xvfb is started where one is needed'
          : 'no screen and no Xvfb: webkitgtk and --headed will not start; apt-get install xvfb',
    },
    {
      name: 'audio server',
      found: audio || pulseaudio,
      note: audio
        ? 'one is running'
        : pulseaudio
          ? 'none is running; PulseAudio is started for Firefox'
          : 'none, and no PulseAudio: in Firefox an AudioContext stays suspended; apt-get install pulseaudio',
    },
  ];
}

/** The kind under each of its drivers. */
async function lookAt(kind: BrowserKind, helpers: Diagnosis['helpers']): Promise<BrowserDiagnosis[]> {
  const executable = await findExecutable(kind);
  const shown =
    factsOf(kind).headless || helpers.every((helper) => helper.name !== 'display' || helper.found);
  const version = executable === undefined ? null : await versionOfBrowser(kind, executable.path, shown);
  return Promise.all(
    factsOf(kind).drivers.map(async (driver) => {
      const name = driver === 'webdriverio' ? factsOf(kind).program : undefined;
      const path = name === undefined ? null : ((await findDriverProgram(name)) ?? null);
      const program =
        name === undefined ? null : { name, path, version: path === null ? null : await asked(path) };
      return judge({ kind, driver, executable, version, program, shown, helpers });
    }),
  );
}

function judge({
  kind,
  driver,
  executable,
  version,
  program,
  shown,
  helpers,
}: Pick<BrowserDiagnosis, 'kind' | 'driver' | 'version' | 'program'> & {
  executable: Executable | undefined;
  /** Whether there is a display for its windows. */
  shown: boolean;
  helpers: Diagnosis['helpers'];
}): BrowserDiagnosis {
  const usable = executable !== undefined && (program === null || program.path !== null) && shown;
  // The suite skips browsers that are not here.
  const verifiedHere =
    usable &&
    process.platform === 'linux' &&
    executable?.source !== 'playwright' &&
    factsOf(kind).verified.includes(driver);
  return {
    kind,
    driver,
    usable,
    executable: executable?.path ?? null,
    version,
    program,
    can: {
      headless: factsOf(kind).headless,
      screenshots: true,
      peerConnection: factsOf(kind).peerConnection,
    },
    verifiedHere,
    notes: [
      ...notesOn(kind, verifiedHere, helpers),
      ...(executable === undefined ? [] : [openDoor(kind, driver, executable.source)]),
    ].filter((note) => note !== undefined),
    install: usable
      ? null
      : wayTo(kind, executable !== undefined && program?.path === null ? program.name : undefined),
  };
}

/** A browser that is here may lack only the program that drives it. */
const wayTo = (kind: BrowserKind, program: DriverProgram | undefined): string | null =>
  program === undefined ? (installCommand(kind) ?? null) : driverProgramSource[program];

function notesOn(kind: BrowserKind, verifiedHere: boolean, helpers: Diagnosis['helpers']): string[] {
  const silent = helpers.some(({ name, found }) => name === 'audio server' && !found);
  const { needsNetwork = false, needsAudioServer = false } = factsOf(kind);
  return [
    ...(verifiedHere ? [] : ['not verified on the machines of this project']),
    ...factsOf(kind).notes,
    ...(needsNetwork && onlyLoopback()
      ? ['loopback is the only network here: it gathers no candidates']
      : []),
    ...(needsAudioServer && silent ? ['no audio server: Web Audio will not run'] : []),
  ];
}

/** MiniBrowser does not even report its version without a display; Safari reports it through its driver program. */
async function versionOfBrowser(kind: BrowserKind, path: string, shown: boolean): Promise<string | null> {
  const { tellsVersion } = factsOf(kind);
  if (tellsVersion === 'nowhere') return null;
  if (tellsVersion === 'anywhere' || hasDisplay() || !shown) return asked(path);
  const display = await xvfb.acquire();
  try {
    return await asked(path, display.env);
  } finally {
    await display.release();
  }
}

/** Versions are only shown: an executable that does not report its version is usable all the same. */
async function asked(path: string, env: Record<string, string> = {}): Promise<string | null> {
  const said = await versionOf(path, { env });
  return said === undefined ? null : `${said.product} ${said.version}`;
}

/** Text in lines of at most `width` characters, broken between words; a longer word stands alone. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/**
 * The diagnosis for a terminal: a line for each browser and driver, with notes below it.
 * @param width columns of the terminal; no line is wider, unless a single word is
 */
export function renderDiagnosis(
  { platform, node, helpers, browsers, releases }: Diagnosis,
  width = 80,
): string {
  const mark = (good: boolean): string => (good ? pc.green('✓') : pc.yellow('✗'));
  const below = (text: string): string[] => wrapped(plain(text), width - 4).map((line) => `    ${line}`);
  const lines = browsers.flatMap(({ kind, driver, usable, version, program, notes, install }) => [
    `${mark(usable)} ${pc.bold(kind)} under ${driver}${version === null ? '' : `: ${plain(version)}`}`,
    ...(program !== null && program.path === null ? below(`needs ${program.name}`) : []),
    ...notes.flatMap(below),
    ...(install === null ? [] : below(`install: ${install}`)),
  ]);
  const help = helpers.flatMap(({ name, found, note }) => {
    const [first = '', ...rest] = wrapped(`${name}: ${plain(note)}`, width - 4);
    return [`${mark(found)} ${first}`, ...rest.map((line) => `    ${line}`)];
  });
  const downloaded = releases.map(({ kind, version, driverProgram }) => {
    const by = driverProgram === null ? '' : `, with its ${factsOf(kind).program ?? 'driver'}`;
    return `${mark(true)} ${pc.bold(`${kind}@${plain(version)}`)}: downloaded${by}`;
  });
  return `${[`${platform}, Node ${node}`, '', ...lines, ...downloaded, '', ...help].join('\n')}\n`;
}
