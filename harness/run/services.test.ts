import { expect } from 'chai';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { processLives } from '../drivers/processes.ts';
import { HarnessError } from '../errors.ts';
import type { Service } from '../matrix/service.ts';
import { ServiceLog } from './service-log.ts';
import { RunningServices } from './services.ts';

const node = (script: string, more: Partial<Service> = {}): Service => ({
  command: [process.execPath, '-e', script, '{port}'],
  ...more,
});
/** Listens at its port and says so; its own child outlives it where nobody ends it. */
const server = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached: true });
  require('node:http').createServer((_, answer) => answer.end('it is ' + process.pid + ' ' + child.pid)).listen(process.argv[1], '127.0.0.1', () => console.log('listening'));
`;

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    return error instanceof HarnessError ? `${error.code}: ${error.message}` : String(error);
  }
}

describe('the services of a cell', () => {
  it('take connections when they have started, and leave no process when they are stopped', async () => {
    const services = await RunningServices.start({ echo: node(server) }, '.');
    const origin = services.addresses['echo']?.origin ?? '';
    const pids = (await (await fetch(origin)).text()).match(/\d+/g)?.map(Number) ?? [];
    expect(pids).to.have.lengthOf(2);
    expect(pids.map(processLives)).to.deep.equal([true, true]);
    await services.stop();
    expect(pids.map(processLives)).to.deep.equal([false, false]);
    await services.stop();
  }).timeout(20_000);

  it('leave what they said as evidence, of the time that is asked about', async () => {
    const services = await RunningServices.start({ echo: node(server, { ready: /^listening$/ }) }, '.');
    const [log] = services.evidence(0);
    expect(log?.name).to.equal('echo.log');
    expect(log?.content).to.match(/^\S+Z listening\n$/);
    expect(services.evidence(Date.now() + 1000)[0]?.content).to.equal('');
    await services.stop();
  }).timeout(20_000);

  it('say why one does not start, and end the others', async () => {
    const broken = node('console.error("no such option"); process.exit(3)');
    const said = await codeOf(RunningServices.start({ good: node(server), broken }, '.'));
    expect(said).to.match(
      /^service-failed: The service broken .* it ended with exit code 3\. It said last:\nno such option/,
    );
    const missing = await codeOf(RunningServices.start({ missing: { command: ['no-such-command'] } }, '.'));
    expect(missing).to.match(
      /^service-failed: The service missing \(no-such-command\) did not start: it did not start/,
    );
    const silent = node('setInterval(() => {}, 1000)', { ready: /never/, readyMs: 300 });
    expect(await codeOf(RunningServices.start({ silent }, '.'))).to.match(/^service-failed: .*300 ms/);
  }).timeout(20_000);

  it('tell who waits that one has ended by itself', async () => {
    const dies = node('console.log("up"); setTimeout(() => process.exit(0), 100)', { ready: /up/ });
    const services = await RunningServices.start({ dies }, '.');
    expect(await codeOf(services.ended())).to.match(
      /^service-ended: The service dies ended with exit code 0\./,
    );
    await services.stop();
  }).timeout(20_000);
});

describe('the log of a service', () => {
  it('keeps the beginning and the end of very much, and says how much it left out', async () => {
    const log = new ServiceLog();
    const stream = new PassThrough();
    log.follow(stream);
    for (let line = 1; line <= 2500; line += 1) stream.write(`line ${String(line)}\n`);
    stream.end('no newline');
    await once(stream, 'end');
    const lines = log.textSince(0).trimEnd().split('\n');
    expect(lines).to.have.lengthOf(2001);
    expect(lines[0]).to.match(/ line 1$/);
    expect(lines[1000]).to.equal('… 501 lines left out');
    expect(lines.at(-1)).to.match(/ no newline$/);
  });
});
