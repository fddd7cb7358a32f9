import { type Command, Option } from 'commander';
import { commaList, wholeNumber } from '../../config/lists.ts';
import { defaultTimeoutMs } from '../repro.ts';
import type { BisectFlags } from '../bisect-command.ts';
import { expectationsOption } from '../judging.ts';

export function addBisect(program: Command): void {
  program
    .command('bisect')
    .description('the first version of a browser that changed the outcome of a cell')
    .argument('<cell>', 'e.g. codecs/video/vp8/chrome:firefox, as in the addresses of the report')
    .option('--browser <name>', "which browser of the cell; default: the cell's only one")
    .option('--good <version>', 'a version, e.g. 150, in which it passes; default: the first of --versions')
    .option('--bad <version>', 'one in which it does not, or a channel; default: the last of --versions')
    .addOption(
      new Option(
        '--versions <list>',
        'the versions to choose from, the oldest first: 150,152,… or name=/path/to/executable,…; default: each from --good to --bad',
      ).argParser(commaList),
    )
    .addOption(
      new Option(
        '--browsers <list>',
        'the other browser of the cell, if its name does not say it all',
      ).argParser(commaList),
    )
    .option('--repeat <n>', 'how often the cell is run in each version', wholeNumber(1), 1)
    .option(
      '--timeout <ms>',
      "the cell's time, where its scenario says nothing else",
      wholeNumber(1),
      defaultTimeoutMs,
    )
    .option('--headed', 'show the browsers')
    .option(
      '--inject <[side]=file>',
      'a script that pages load ahead of everything; may be given again',
      (text: string, before: string[]) => [...before, text],
      [],
    )
    .option('--adapter <side[=file]>', 'load webrtc-adapter: none, offerer, answerer or both', 'none')
    .option('--drafts', 'scenarios that are not proven yet, too')
    .addOption(expectationsOption())
    .option('--out <dir>', 'where the runs go (default: a folder of its own under reports/)')
    .option('--config <file>', 'default: webrtc-interop.config.ts (.js, .mjs, .json) in this folder')
    .action(async (cell: string, flags: BisectFlags, command: Command) => {
      const { bisectCommand } = await import('../bisect-command.ts');
      process.exitCode = await bisectCommand(cell, command);
    });
}
