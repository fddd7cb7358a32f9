import type { Command } from 'commander';
import type { EvidenceFlags } from '../evidence-command.ts';

export function addEvidence(program: Command): void {
  program
    .command('evidence')
    .description("writes a cell's evidence out as files")
    .argument('<cell>', 'e.g. codecs/video/vp8/chromium:firefox, as in the addresses of the report')
    .argument('[run]', 'a run: its folder, or its results.json', 'reports/latest')
    .option('--out <dir>', 'where the files go; default: a folder below evidence/ named after the cell')
    .action(async (cell: string, run: string, flags: EvidenceFlags) => {
      const { evidenceCommand } = await import('../evidence-command.ts');
      process.exitCode = await evidenceCommand(cell, run, flags);
    });
}
