import type { Command } from 'commander';
import { browserSpecs, commaList } from '../../config/lists.ts';
import { questionsTo } from '../questions.ts';
import { printLine } from '../say.ts';
import { init, type InitWishes } from '../../setup/init.ts';
import { browsersHere } from '../../setup/browsers-here.ts';

/** Asks a person; confirming every default has the same effect as `--yes`. */
async function ask(here: readonly string[]): Promise<InitWishes> {
  const questions = questionsTo(process.stdin, process.stdout);
  try {
    const named = await questions.ask(
      `Browsers, e.g. chrome,firefox [those that are here: ${here.join(', ')}]: `,
    );
    const browsers = named === '' ? [] : commaList(named);
    browserSpecs(browsers);
    const workflow = !/^n/i.test(await questions.ask('A workflow for GitHub Actions? [Y/n] '));
    return { browsers, workflow };
  } finally {
    questions.close();
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
    .option('--yes', 'asks nothing, as without a terminal')
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
