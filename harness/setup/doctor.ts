import CliTable from 'cli-table3';
import { networkInterfaces } from 'node:os';
import pc from 'picocolors';
import { browserKinds, type BrowserKind, type DriverName } from '../config/browser-spec.ts';
import {
  driverPrograms,
  findDriverProgram,
  findExecutable,
  findOnPath,
  type DriverProgram,
} from '../drivers/executables.ts';
import { hasAudioServer } from '../drivers/pulseaudio.ts';
import { versionOf } from '../drivers/version.ts';
import { installCommand } from './install.ts';

/** One way of driving one kind of browser. */
export interface BrowserDiagnosis {
  kind: BrowserKind;
  driver: DriverName;
  /** Whether a run could use it here. */
  usable: boolean;
  executable: string | null;
  /** As the executable says it; null where it is missing or does not say. */
  version: string | null;
  /** The WebDriver program it needs; null under Playwright. */
  program: { name: DriverProgram; path: string | null; version: string | null } | null;
  /** What is known of it; the probe of a run says what it really has. */
  can: { headless: boolean; screenshots: boolean; peerConnection: 'yes' | 'no' | 'unknown' };
  /** Whether the conformance suite runs it on the machines that this project is tested on. */
  verifiedHere: boolean;
  notes: string[];
  /** The command that installs what is missing; null where nothing is, or nothing installs it. */
  install: string | null;
}

export interface Diagnosis {
  platform: string;
  node: string;
  /** Helpers that some browsers need. */
  helpers: { name: string; found: boolean; note: string }[];
  browsers: BrowserDiagnosis[];
}

/** Driver and kind that the conformance suite covers; the others' code is there but nobody here has seen it run. */
const verified: readonly string[] = [
  'chromium playwright',
  'chromium webdriverio',
  'firefox playwright',
  'firefox webdriverio',
  'webkitgtk webdriverio',
];

const driversOf = (kind: BrowserKind): DriverName[] => {
  if (kind === 'webkit') return ['playwright'];
  if (kind === 'safari' || kind === 'webkitgtk') return ['webdriverio'];
  return ['playwright', 'webdriverio'];
};

/** Looks at this machine; launches no browser beyond asking executables for their version. */
export async function diagnose(): Promise<Diagnosis> {
  const kinds = browserKinds.filter((kind) => kind !== 'safari' || process.platform === 'darwin');
  const all = kinds.flatMap((kind) => driversOf(kind).map((driver) => ({ kind, driver })));
  return {
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    helpers: await findHelpers(),
    browsers: await Promise.all(all.map(({ kind, driver }) => look(kind, driver))),
  };
}

async function findHelpers(): Promise<Diagnosis['helpers']> {
  if (process.platform !== 'linux') return [];
  const display = (process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? '') !== '';
  const xvfb = (await findOnPath(['Xvfb'])) !== undefined;
  const audio = await hasAudioServer();
  const pulseaudio = (await findOnPath(['pulseaudio'])) !== undefined;
  return [
    {
      name: 'display',
      found: display || xvfb,
      note: display
        ? 'a screen is there'
        : xvfb
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

/** Whether loopback is the only network: Firefox gathers no loopback candidates, so it would gather nothing. */
const onlyLoopback = (): boolean =>
  Object.values(networkInterfaces()).every((addresses) =>
    (addresses ?? []).every(({ internal }) => internal),
  );

async function look(kind: BrowserKind, driver: DriverName): Promise<BrowserDiagnosis> {
  const executable = (await findExecutable(kind)) ?? null;
  const name = driver === 'webdriverio' ? driverPrograms[kind] : undefined;
  const path = name === undefined ? null : ((await findDriverProgram(name)) ?? null);
  const program =
    name === undefined ? null : { name, path, version: path === null ? null : await asked(path) };
  const usable = executable !== null && (program === null || program.path !== null);
  return {
    kind,
    driver,
    usable,
    executable: executable?.path ?? null,
    version: executable === null ? null : await asked(executable.path),
    program,
    can: {
      headless: kind !== 'webkitgtk' && kind !== 'safari',
      screenshots: true,
      peerConnection: kind === 'webkitgtk' ? 'unknown' : 'yes',
    },
    verifiedHere: verified.includes(`${kind} ${driver}`),
    notes: notesOn(kind, driver),
    install: usable ? null : (installCommand(kind) ?? null),
  };
}

function notesOn(kind: BrowserKind, driver: DriverName): string[] {
  return [
    ...(verified.includes(`${kind} ${driver}`) ? [] : ['not verified on the machines of this project']),
    ...(kind === 'webkitgtk'
      ? ['Debian builds it without RTCPeerConnection: its pairs are unsupported']
      : []),
    ...(kind === 'safari' ? ['one session at a time: a pair with itself is two windows of it'] : []),
    ...(kind === 'firefox' && onlyLoopback()
      ? ['loopback is the only network here: Firefox gathers no candidates']
      : []),
  ];
}

/** Versions are for reading: an executable that does not say one is none the less there. */
async function asked(path: string): Promise<string | null> {
  const said = await versionOf(path);
  return said === undefined ? null : `${said.product} ${said.version}`;
}

/** The diagnosis as a table for a terminal. */
export function renderDiagnosis({ platform, node, helpers, browsers }: Diagnosis): string {
  const table = new CliTable({
    head: ['browser', 'driver', 'here', 'version', 'notes'],
    wordWrap: true,
    // colour is picocolors' business, which knows whether this is a terminal
    style: { head: [], border: [], compact: true },
    colWidths: [11, 13, 6, 24, 56],
  });
  for (const { kind, driver, usable, version, program, notes, install } of browsers) {
    const missing = program !== null && program.path === null ? [`needs ${program.name}`] : [];
    const command = install === null ? [] : [`install: ${install}`];
    const here = usable ? pc.green('yes') : pc.yellow('no');
    table.push([kind, driver, here, version ?? '', [...missing, ...notes, ...command].join('\n')]);
  }
  const lines = helpers.map(
    ({ name, found, note }) => `${found ? pc.green('✓') : pc.red('✗')} ${name}: ${note}`,
  );
  return `${platform}, Node ${node}\n${table.toString()}\n${lines.join('\n')}\n`;
}
