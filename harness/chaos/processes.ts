import { readFile } from 'node:fs/promises';
import { browserKinds, factsOf, type BrowserFacts, type BrowserKind } from '../config/browsers.ts';
import { listProcesses, withDescendants } from '../drivers/processes.ts';
import { processesMentioning } from '../drivers/processes-mentioning.ts';

/** A process of a run that may be attacked. */
export interface Target {
  pid: number;
  /** The id of the browser that it belongs to or serves; empty if no cell needs it. */
  browser: BrowserKind | '';
  /** e.g. `chromium renderer`, `firefox tab`, `PulseAudio`. */
  kind: string;
}

/** The browser that a helper serves: the first one with known processes that needs it. */
const needing = (needs: (facts: BrowserFacts) => boolean): BrowserKind | '' =>
  browserKinds.find((kind) => factsOf(kind).processes !== undefined && needs(factsOf(kind))) ?? '';

/** What a process of a run is, by its command line; undefined if it is the harness's own, or only starts others. */
export function kindOf(command: string): Omit<Target, 'pid'> | undefined {
  const [program = ''] = command.split(' ');
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (command.includes('webrtc-interop-reaper')) return { browser: '', kind: 'reaper' };
  if (name.startsWith('pulseaudio'))
    return { browser: needing((facts) => facts.needsAudioServer === true), kind: 'PulseAudio' };
  if (name.startsWith('Xvfb')) return { browser: needing(({ headless }) => !headless), kind: 'Xvfb' };
  const browser = browserKinds.find((kind) =>
    factsOf(kind).processes?.some((beginning) => name.startsWith(beginning)),
  );
  return browser && { browser, kind: kindOfProcess(browser, name, command) };
}

function kindOfProcess(browser: BrowserKind, name: string, command: string): string {
  switch (factsOf(browser).engine) {
    case 'chromium': {
      if (name.includes('crashpad')) return `${browser} crashpad`;
      const type = /--type=(\S+)/.exec(command)?.[1] ?? 'main';
      const service = /--utility-sub-type=([a-z_]+)/.exec(command)?.[1];
      return `${browser} ${service ?? type}`;
    }
    case 'gecko':
      return `${browser} ${/-contentproc.* (\w+)\s*$/.exec(command)?.[1] ?? 'main'}`;
    case 'webkit':
      return name;
  }
}

/** The processes of the run that writes below `folder`, and of no other: found by their environment and by descent. */
export async function targetsOf(folder: string): Promise<Target[]> {
  const known = (await processesMentioning(folder)).map(({ pid }) => pid);
  const found = await Promise.all(
    withDescendants(await listProcesses(), known)
      .filter(({ pid, zombie }) => !zombie && pid !== process.pid)
      .map(async ({ pid }) => {
        // A process that ended meanwhile has no command line any more.
        const command = await readFile(`/proc/${String(pid)}/cmdline`, 'latin1').catch(() => '');
        const kind = kindOf(command.replaceAll('\0', ' '));
        return kind ? [{ pid, ...kind }] : [];
      }),
  );
  return found.flat();
}
