import { execa } from 'execa';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { IncompleteError, UsageError } from '../errors.ts';

/** Where `allure-commandline` is: in the project of the user, or beside us. */
function findCommand(from: string): string {
  for (const base of [join(from, 'package.json'), import.meta.url]) {
    try {
      return join(dirname(createRequire(base).resolve('allure-commandline/package.json')), 'bin/allure');
    } catch {
      continue; // the next place may have it
    }
  }
  throw new UsageError(
    'no-allure',
    'The HTML of Allure is made by the package allure-commandline, which is not installed: npm install --save-dev allure-commandline. It needs Java 8 or newer.',
  );
}

/** @throws {UsageError} `no-java` */
async function checkJava(): Promise<void> {
  const home = process.env['JAVA_HOME'];
  const java = home === undefined || home === '' ? 'java' : join(home, 'bin/java');
  const { failed } = await execa(java, ['-version'], { reject: false });
  if (!failed) return;
  throw new UsageError(
    'no-java',
    `Allure's HTML is made by a Java program, and ${java} does not run. Install Java 8 or newer (Debian: apt-get install default-jre-headless), or set JAVA_HOME.`,
  );
}

/**
 * Makes the HTML of `allure-results/`, one file that opens without a server.
 * @param dir the folder of the run
 * @returns the path of the page
 * @throws {UsageError} `no-allure` or `no-java`, with the command that installs it
 * @throws {IncompleteError} `allure-failed`, with Allure's last words
 */
export async function writeAllureHtml(dir: string): Promise<string> {
  const command = findCommand(process.cwd());
  await checkJava();
  const out = join(dir, 'allure-report');
  // Allure cleans the folder itself, but would follow a link in its place.
  await rm(out, { recursive: true, force: true });
  const args = ['generate', join(dir, 'allure-results'), '--single-file', '--output', out];
  const { failed, all } = await execa(process.execPath, [command, ...args], { reject: false, all: true });
  if (failed) {
    throw new IncompleteError(
      'allure-failed',
      `Allure did not make its HTML of ${dir}/allure-results: ${all.split('\n').slice(-5).join(' ')}`,
    );
  }
  return join(out, 'index.html');
}
