import { Option, type Command } from 'commander';
import { commaList } from '../../config/lists.ts';
import { printJson } from '../say.ts';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'which browsers and drivers are here, what each can do, what is missing and how to install it',
    )
    .option('--json', 'as JSON')
    .addOption(
      new Option(
        '--browsers <list>',
        'starts these instead, WebDriver servers among them, and says what each has and what keeps it from a run',
      ).argParser(commaList),
    )
    .option(
      '--config <file>',
      'with --browsers; default: webrtc-interop.config.ts (.js, .mjs, .json) in this folder',
    )
    .action(async ({ json, browsers }: { json?: boolean; browsers?: string[] }, command: Command) => {
      if (browsers !== undefined) {
        const { examineCommand } = await import('../examine-command.ts');
        process.exitCode = await examineCommand(command, browsers, json === true);
        return;
      }
      const { diagnose, renderDiagnosis } = await import('../../setup/doctor.ts');
      const diagnosis = await diagnose();
      if (json === true) printJson(diagnosis);
      else process.stdout.write(renderDiagnosis(diagnosis, process.stdout.columns ?? 80));
    });
}
