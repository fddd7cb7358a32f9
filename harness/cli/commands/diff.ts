import { Option, type Command } from 'commander';
import { commaList } from '../../config/lists.ts';
import type { DiffFlags } from '../diff-command.ts';
import { expectationsOption } from '../judging.ts';

export function addDiff(program: Command): void {
  program
    .command('diff')
    .description(
      'the differences between two runs, or two versions of a browser; exits with 1 if something got worse',
    )
    .argument('<before>', 'an earlier run: its folder, or its results.json')
    .argument('[after]', 'a later run; with --between, the same one may do')
    .addOption(
      new Option(
        '--between <earlier,later>',
        'compare these two browsers instead, e.g. chrome@150,chrome@156: the first in the earlier run, the second in the later',
      ).argParser(commaList),
    )
    .addOption(expectationsOption())
    .addOption(new Option('--json', 'as JSON').conflicts('markdown'))
    .option('--markdown', 'as Markdown')
    .action(async (before: string, after: string | undefined, flags: DiffFlags) => {
      const { diffCommand } = await import('../diff-command.ts');
      process.exitCode = await diffCommand(before, after, flags);
    });
}
