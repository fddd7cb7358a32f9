import type { Command } from 'commander';

export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('prints the JSON Schema of results.json')
    .action(async () => {
      const { resultsJsonSchema } = await import('../../results/schema.ts');
      process.stdout.write(`${JSON.stringify(resultsJsonSchema(), null, 2)}\n`);
    });
}
