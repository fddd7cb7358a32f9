import { createRequire } from 'node:module';
import { UsageError } from '../errors.ts';
import { readScript, type Script } from './script.ts';

/** Scripts that each side's pages load before everything else. */
export interface SideScripts {
  offerer: Script[];
  answerer: Script[];
}

/** `[offerer|answerer|both]=FILE` of `--inject`; without a side, it is for both. */
export function parseInject(text: string): { sides: ('offerer' | 'answerer')[]; file: string } {
  const { side = 'both', file = text } =
    /^(?<side>offerer|answerer|both)=(?<file>.*)$/s.exec(text)?.groups ?? {};
  if (file === '')
    throw new UsageError(
      'bad-inject',
      `--inject ${text} names no file. Write offerer=FILE, answerer=FILE or both=FILE.`,
    );
  return { sides: sidesOf(side), file };
}

/** `none|offerer|answerer|both[=FILE]` of `--adapter`, or `FILE.js`: the build for scenarios that load adapter. */
export function parseAdapter(text: string): { sides: ('offerer' | 'answerer')[]; file: string | null } {
  const named = /^(?<side>none|offerer|answerer|both)(?:=(?<file>.+))?$/s.exec(text);
  const { side, file } = (named ?? /^(?<file>.+\.[cm]?js)$/s.exec(text))?.groups ?? {};
  if (side === undefined && file === undefined) {
    throw new UsageError(
      'bad-adapter',
      `--adapter ${text} is not understood. Use none, offerer, answerer or both, with =FILE for a build of your own, or FILE.js alone.`,
    );
  }
  return { sides: sidesOf(side ?? 'none'), file: file ?? null };
}

function sidesOf(side: string): ('offerer' | 'answerer')[] {
  if (side === 'offerer' || side === 'answerer') return [side];
  return side === 'both' ? ['offerer', 'answerer'] : [];
}

/** The build of webrtc-adapter for a `<script>`. */
export const adapterFile = (): string =>
  createRequire(import.meta.url).resolve('webrtc-adapter/out/adapter.js');

/** Reads what `--inject` and `--adapter` name; injected scripts come first. */
export async function readSideScripts(
  inject: readonly string[],
  adapter: string,
): Promise<{ scripts: SideScripts; adapter: Script }> {
  const scripts: SideScripts = { offerer: [], answerer: [] };
  for (const text of inject) {
    const { sides, file } = parseInject(text);
    const script = await readScript(file);
    for (const side of sides) scripts[side].push(script);
  }
  const { sides, file } = parseAdapter(adapter);
  const script = { ...(await readScript(file ?? adapterFile())), adapter: true } as const;
  for (const side of sides) scripts[side].push(script);
  return { scripts, adapter: script };
}
