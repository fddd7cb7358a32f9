import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { browserSpecs, commaList } from '../../config/lists.ts';
import { printLine } from '../say.ts';
import { init, type InitWishes } from '../../setup/init.ts';
import { browsersHere } from '../../setup/browsers-here.ts';

/** Asks a person; what is only confirmed is what `--yes` takes. */
async function ask(here: readonly string[]): Promise<InitWishes> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const named = await terminal.question(
      `Browsers, e.g. chrome,firefox [those that are here: ${here.join(', ')}]: `,
    );
    const answer = await terminal.question('A workflow for GitHub Actions? [Y/n] ');
    const browsers = named.trim() === '' ? [] : commaList(named);
    browserSpecs(browsers);
    return { browsers, workflow: !/^n/i.test(answer.trim()) };
  } finally {
    terminal.close();
  }
}

const nextSteps = `Next:
  npx webrtc-interop doctor    which browsers are here, and how to get others
  npx webrtc-interop run       the sample, and the scenarios that the configuration names
  npx webrtc-interop faults    the sample, broken on purpose: it has to turn red
  npx webrtc-interop config    what holds, and where each value comes from`;

export function addInit(program: Command): void {
  program
    .command('init')
    .description(
      'writes a configuration, a sample scenario with its fault and a GitHub workflow; overwrites nothing',
    )
    .option('--yes', 'asks nothing, as where there is no terminal')
    .action(async ({ yes }: { yes?: boolean }) => {
      const here = (await browsersHere()).map(({ id }) => id);
      const asks = yes !== true && process.stdin.isTTY && process.stdout.isTTY;
      const { written, leftAlone } = await init(
        process.cwd(),
        asks ? await ask(here) : { browsers: [], workflow: true },
      );
      for (const path of written) printLine(`wrote ${path}`);
      for (const path of leftAlone) printLine(`left alone: ${path} is there already`);
      if (here.length === 0)
        printLine('No browser was found here: `npx webrtc-interop install` installs some.');
      printLine(nextSteps);
    });
}
