import type { Command } from 'commander';
import pc from 'picocolors';
import { isDriven, type DrivenSpec } from '../config/browser-spec.ts';
import { UsageError } from '../errors.ts';
import { plain } from '../plain.ts';
import { examine, type Examination, type Finding } from '../run/examine.ts';
import { exitCodes } from './exit-codes.ts';
import { browsersOf, openProject, publicSignalingOf } from './project.ts';
import { printJson } from './say.ts';

const marks: Readonly<Record<Finding['is'], string>> = {
  good: pc.green('✓'),
  lacks: pc.yellow('–'),
  broken: pc.red('✗'),
};

/**
 * `webrtc-interop doctor --browsers …`; returns the exit code: 3 if one of them cannot run any cell.
 * @throws {UsageError} `not-driven` for a device, which nobody can start
 */
export async function examineCommand(
  command: Command,
  named: readonly string[],
  asJson: boolean,
): Promise<number> {
  const project = await openProject(command);
  const browsers = (await browsersOf(project, named)).map((spec): DrivenSpec => {
    if (isDriven(spec)) return spec;
    throw new UsageError(
      'not-driven',
      `${spec.id} is driven by nobody, so that only a run can tell: it says what it is when it has come.`,
    );
  });
  const examinations = await examine(browsers, publicSignalingOf(project));
  if (asJson) printJson(examinations);
  else process.stdout.write(render(examinations));
  const isBroken = examinations.some(({ findings }) => findings.some(({ is }) => is === 'broken'));
  return isBroken ? exitCodes.incomplete : exitCodes.ok;
}

const render = (examinations: readonly Examination[]): string =>
  examinations
    .map(({ id, kind, findings }) =>
      [
        pc.bold(plain(id === kind ? id : `${id} (${kind})`)),
        ...findings.map(({ what, is, says }) => `  ${marks[is]} ${what}: ${plain(says)}`),
        '',
      ].join('\n'),
    )
    .join('\n');
