import type { Command } from 'commander';
import { printJson } from '../say.ts';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'which browsers and drivers are here, what each can do, what is missing and how to install it',
    )
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { diagnose, renderDiagnosis } = await import('../../setup/doctor.ts');
      const diagnosis = await diagnose();
      if (json === true) printJson(diagnosis);
      else process.stdout.write(renderDiagnosis(diagnosis, process.stdout.columns ?? 80));
    });
}
