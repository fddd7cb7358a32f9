import type { Command } from 'commander';
import { printJson } from '../say.ts';

export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('prints the JSON Schema of results.json')
    .action(async () => {
      const { resultsJsonSchema } = await import('../../results/schema.ts');
      printJson(resultsJsonSchema());
    });
}
