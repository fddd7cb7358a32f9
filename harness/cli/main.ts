import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { HarnessError, messageOf } from '../errors.ts';
import { addDoctor } from './commands/doctor.ts';
import { addInstall } from './commands/install.ts';
import { addList } from './commands/list.ts';
import { addPlan } from './commands/plan.ts';
import { addReport } from './commands/report.ts';
import { addRun } from './commands/run.ts';
import { addSchema } from './commands/schema.ts';
import { addSignal } from './commands/signal.ts';
import { ownVersion } from '../run/environment.ts';
import { exitCodeOfError } from './exit-codes.ts';

// Whoever reads our output may have read enough, as `head` does; a run goes on to its end all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const program = new Command('webrtc-interop')
  .version(await ownVersion())
  .description(
    'Puts two real browsers in a call and says, cell by cell and with proof, what works between them.',
  )
  .showHelpAfterError('(add --help for what is accepted)')
  .exitOverride();

for (const add of [addRun, addDoctor, addInstall, addList, addPlan, addReport, addSignal, addSchema])
  add(program);

try {
  await program.parseAsync();
} catch (error) {
  // commander has said what was wrong with the command line already
  if (!(error instanceof CommanderError)) {
    const code = error instanceof HarnessError ? ` ${pc.dim(`[${error.code}]`)}` : '';
    process.stderr.write(`${pc.red('error:')} ${messageOf(error)}${code}\n`);
    if (!(error instanceof HarnessError) && error instanceof Error)
      process.stderr.write(`${error.stack ?? ''}\n`);
  }
  process.exitCode = exitCodeOfError(error);
}
