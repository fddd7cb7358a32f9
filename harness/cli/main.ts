import { Command, CommanderError } from 'commander';
import { plainLines } from '../plain.ts';
import { addBisect } from './commands/bisect.ts';
import { addConfig } from './commands/config.ts';
import { addDiff } from './commands/diff.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEvidence } from './commands/evidence.ts';
import { addExpectations } from './commands/expectations.ts';
import { addFaults } from './commands/faults.ts';
import { addHistory } from './commands/history.ts';
import { addInit } from './commands/init.ts';
import { addInstall } from './commands/install.ts';
import { addList } from './commands/list.ts';
import { addMerge } from './commands/merge.ts';
import { addPlan } from './commands/plan.ts';
import { addReport } from './commands/report.ts';
import { addRun } from './commands/run.ts';
import { addSchema } from './commands/schema.ts';
import { addShow } from './commands/show.ts';
import { addSignal } from './commands/signal.ts';
import { ownVersion } from '../run/environment.ts';
import { exitCodeOfError } from './exit-codes.ts';
import { printError, printWarning } from './say.ts';

// The reader of our output may stop early, as `head` does; a run still goes on to its end.
// A closed terminal takes no output either.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

// Node would print a warning as it is, escape sequences included.
process.removeAllListeners('warning');
process.on('warning', ({ message }) => void printWarning(message));

const program = new Command('webrtc-interop')
  .version(await ownVersion())
  .description(
    'Puts two real browsers into a call and says, cell by cell and with proof, what works between them.',
  )
  .showHelpAfterError('(add --help for what is accepted)')
  // what was typed is repeated in its messages
  .configureOutput({ outputError: (text, write) => write(plainLines(text)) })
  .exitOverride();

for (const add of [
  addRun,
  addInit,
  addConfig,
  addFaults,
  addDoctor,
  addInstall,
  addList,
  addPlan,
  addReport,
  addShow,
  addEvidence,
  addMerge,
  addDiff,
  addHistory,
  addBisect,
  addExpectations,
  addSignal,
  addSchema,
])
  add(program);

try {
  await program.parseAsync();
} catch (error) {
  // commander has said what was wrong with the command line already
  if (!(error instanceof CommanderError)) printError(error);
  process.exitCode = exitCodeOfError(error);
}
