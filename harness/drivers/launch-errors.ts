import type { BrowserSpec, DrivenSpec } from '../config/browser-spec.ts';
import { HarnessError, LaunchError, messageOf } from '../errors.ts';
import { DeadlineError } from '../within.ts';
import type { Deadline } from './deadline.ts';
import { factsOf, type DriverProgram } from '../config/browsers.ts';
import { driverProgramSource } from './executables.ts';

const isTail = (tail: string): string => (tail.trim() === '' ? '' : ` Its last words:\n${tail.trim()}`);

/** There is no such browser here. */
export const browserNotFound = (spec: BrowserSpec, lookedFor: readonly string[]): LaunchError =>
  new LaunchError(
    'browser-not-found',
    `${spec.id}: no ${spec.kind} here; looked for ${lookedFor.length > 0 ? lookedFor.join(', ') : 'nothing, as this system cannot have one'}. ` +
      (spec.executable === undefined
        ? `Install it with \`npx webrtc-interop install ${spec.kind}${spec.version === undefined ? '' : `@${spec.version}`}\`, or name one: --browsers ${spec.id}=${spec.kind}:/path/to/executable.`
        : `Correct the path in --browsers ${spec.id}=${spec.kind}:…`),
  );

/** The browser is here, but not the program that drives it. */
export const driverNotFound = (spec: DrivenSpec, program: DriverProgram): LaunchError =>
  spec.version !== undefined && spec.driverProgram === undefined
    ? releaseDriverNotFound(spec, program, spec.version)
    : systemDriverNotFound(spec, program);

function releaseDriverNotFound(
  { id, kind }: DrivenSpec,
  program: DriverProgram,
  version: string,
): LaunchError {
  const comes = factsOf(kind).releases?.program === program;
  const from = comes
    ? `\`npx webrtc-interop install ${kind}+webdriverio@${version}\``
    : driverProgramSource[program];
  return new LaunchError(
    'driver-not-found',
    `${id}: ${comes ? `there is no ${program} of the same build` : `${program} is not on PATH`}, and WebdriverIO needs it for ${kind} ${version}. It comes from ${from}.`,
  );
}

const systemDriverNotFound = (spec: DrivenSpec, program: DriverProgram): LaunchError =>
  new LaunchError(
    'driver-not-found',
    `${spec.id}: ${spec.driverProgram === undefined ? `${program} is not on PATH` : `there is no program ${spec.driverProgram}`}, and WebdriverIO needs it for ${spec.kind}. ` +
      `It comes from ${driverProgramSource[program]}. Or name a server: --browsers ${spec.id}=${spec.kind}@http://host:port.`,
  );

/** It ended, or refused, before it could be used. */
export const launchFailed = (spec: DrivenSpec, afterMs: number, tail: string, cause: unknown): LaunchError =>
  new LaunchError(
    'launch-failed',
    `${spec.id}: ${spec.executable ?? spec.endpoint ?? spec.kind} did not start (after ${Math.round(afterMs)} ms). ` +
      (tail.includes('SIGXFSZ')
        ? `It was ended because it wrote a file larger than \`ulimit -f\` allows: raise that limit.${isTail(tail)}`
        : `Try it by itself, or see \`npx webrtc-interop doctor\`.${isTail(tail)}`),
    { cause },
  );

/** It did not answer in time. */
export const launchTimeout = (spec: DrivenSpec, timeoutMs: number, tail: string): LaunchError =>
  new LaunchError(
    'launch-timeout',
    `${spec.id}: ${spec.executable ?? spec.endpoint ?? spec.kind} did not answer within ${timeoutMs} ms. ` +
      `Raise --timeout if this machine is slow, or see \`npx webrtc-interop doctor\`.${isTail(tail)}`,
  );

/** What Safari's, Firefox's and WebKit's servers say to anyone who asks while another session has the browser. */
const busyWords =
  /already paired|session is already started|maximum (?:number|amount) of (?:active )?sessions/i;

/** Another session has the browser; undefined if a server says anything else. */
export function browserBusy(spec: DrivenSpec, cause: unknown): LaunchError | undefined {
  const words = messageOf(cause);
  if (!busyWords.test(words)) return undefined;
  return new LaunchError(
    'browser-busy',
    `${spec.id}: its browser already has a session, and takes only one. End that session, or quit the browser. ` +
      `It says: ${words}`,
    { cause },
  );
}

/** The error for a launch that failed: time ran out, or anything else. */
export function launchError(spec: DrivenSpec, deadline: Deadline, tail: string, cause: unknown): LaunchError {
  if (cause instanceof LaunchError) return cause;
  const busy = browserBusy(spec, cause);
  if (busy) return busy;
  if (cause instanceof DeadlineError) return launchTimeout(spec, deadline.totalMs, tail);
  return launchFailed(spec, deadline.spentMs, `${messageOf(cause)}\n${tail}`, cause);
}

/** This driver does not drive that kind. */
export const driverDoesNotKnow = (spec: DrivenSpec, driver: string, other: string): LaunchError =>
  new LaunchError(
    'unsupported-driver',
    `${spec.id}: ${driver} cannot drive ${spec.kind}. Use --browsers ${spec.id}=${spec.kind}+${other}.`,
  );

/** A URL could not be opened. */
export const openFailed = (id: string, url: string, afterMs: number, cause: unknown): HarnessError =>
  new HarnessError(
    'open-failed',
    `${id}: could not open ${url} (after ${Math.round(afterMs)} ms): ${messageOf(cause).replace(/\.$/, '')}. ` +
      'Is the page being served, and does the browser still live? --timeout gives it more time.',
    { cause },
  );
