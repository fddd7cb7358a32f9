import type { Command } from 'commander';
import { resultsJsonSchema } from '../../results/schema.ts';

export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('prints the JSON Schema of results.json')
    .action(() => {
      process.stdout.write(`${JSON.stringify(resultsJsonSchema(), null, 2)}\n`);
    });
}
