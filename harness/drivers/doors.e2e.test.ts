import { factsOf } from '../config/browsers.ts';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { startSignaling, type SignalingServer } from '../../fixtures/signaling/server.ts';
import type { DrivenSpec } from '../config/browser-spec.ts';
import type { RunningBrowser } from './driver.ts';
import { findDriverProgram, findExecutable } from './executables.ts';
import { driverNameOf, startBrowser } from './index.ts';
import { processesMentioning } from './processes-mentioning.ts';

/** What another user tries at each port: what gave browsers away, or started one. Prints what it was told, as JSON. */
const stranger = `
const { WebSocket } = require('ws'); // the stranger may not read where it is
process.setgroups([]); process.setgid(65534); process.setuid(65534);
const { connect } = require('node:net');
const talk = (where, text) => new Promise((resolve) => {
  let heard = '';
  const socket = connect(where);
  const end = () => { socket.destroy(); resolve(heard); };
  socket.setTimeout(3000, end).on('error', (error) => { heard += error.code; end(); }).on('close', end);
  socket.on('data', (data) => { heard += data.toString('latin1'); });
  if (text !== undefined) socket.write(text);
});
const http = (port, method, path, body = '') => talk({ port, host: '127.0.0.1' },
  method + ' ' + path + ' HTTP/1.1\\r\\nHost: 127.0.0.1:' + port + '\\r\\nConnection: close\\r\\nContent-Type: application/json\\r\\nContent-Length: ' + body.length + '\\r\\n\\r\\n' + body);
const bidi = (port, path) => new Promise((resolve) => {
  let heard = '';
  const socket = new WebSocket('ws://127.0.0.1:' + port + path);
  const end = () => { socket.terminate(); resolve(heard); };
  setTimeout(end, 3000);
  socket.on('error', (error) => { heard += error.message; end(); }).on('close', end);
  socket.on('message', (data) => { heard += String(data); });
  socket.on('open', () => {
    for (const [id, method] of ['session.new', 'browsingContext.getTree', 'Target.getTargets', 'initialize'].entries())
      socket.send(JSON.stringify({ id, method, params: { capabilities: {} } }));
  });
});
(async () => {
  const { ports, sockets } = JSON.parse(process.argv[1]);
  const told = [];
  const note = (what, heard) => told.push({ what, heard: heard.slice(0, 2000) });
  for (const port of ports) {
    for (const path of ['/', '/json', '/json/list', '/json/version', '/sessions'])
      note(port + ' GET ' + path, await http(port, 'GET', path));
    note(port + ' POST /session', await http(port, 'POST', '/session', '{"capabilities":{"alwaysMatch":{}}}'));
    for (const path of ['/', '/session']) note(port + ' WebSocket ' + path, await bidi(port, path));
  }
  // An X client that brings no cookie: https://www.x.org/releases/X11R7.7/doc/xproto/x11protocol.html#Connection_Setup
  for (const path of sockets) note(path, await talk({ path }, Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0])));
  console.log(JSON.stringify(told));
  process.exit(0);
})();
`;

interface Told {
  what: string;
  heard: string;
}

function strangerTries(ports: readonly number[], sockets: readonly string[]): Promise<Told[]> {
  const child = spawn(process.execPath, ['--eval', stranger, JSON.stringify({ ports, sockets })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (data) => (said += String(data)));
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(said));
      else reject(new Error(`The stranger ended with ${String(code)}.`));
    });
  });
}

/** Sockets that processes listen on: TCP ports, and paths of Unix sockets, abstract ones too. */
async function listening(pids: readonly number[]): Promise<{ ports: number[]; sockets: string[] }> {
  const inodes = new Set((await Promise.all(pids.map(inodesOf))).flat());
  const tables = await Promise.all(
    ['tcp', 'tcp6', 'unix'].map((name) => readFile(`/proc/net/${name}`, 'utf8')),
  );
  const [tcp = [], tcp6 = [], unix = []] = tables.map((table) =>
    table.split('\n').map((line) => line.trim().split(/\s+/)),
  );
  const ports = [...tcp, ...tcp6].flatMap((row) =>
    row[3] === '0A' && inodes.has(row[9] ?? '') ? [Number.parseInt(row[1]?.split(':')[1] ?? '', 16)] : [],
  );
  // The flag says that it takes connections.
  const sockets = unix.flatMap((row) =>
    row[3] === '00010000' && inodes.has(row[6] ?? '') && row[7] !== undefined
      ? [row[7].replace(/^@/, '\0')]
      : [],
  );
  return { ports: [...new Set(ports)], sockets };
}

async function inodesOf(pid: number): Promise<string[]> {
  const folder = `/proc/${String(pid)}/fd`;
  const names = await readdir(folder).catch((): string[] => []); // It ended meanwhile.
  const links = await Promise.all(names.map((name) => readlink(join(folder, name)).catch(() => '')));
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}

/** What would let the stranger in: the address or the id of a session, an answered command, a display that opens. */
const givenAway = ({ what, heard }: Told): boolean =>
  /webSocketDebuggerUrl|wsEndpoint|"sessionId":|"session_?id":|"type":"success"|"result":\{(?!"ready")|devtools\/browser/i.test(
    heard,
  ) ||
  (/X11/.test(what) && heard.startsWith('\u0001'));

describe('another user of this machine, while a run goes on,', function () {
  this.timeout(120_000);
  let folder = '';
  const realTmp = process.env['TMPDIR'];

  before(async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) {
      return this.skip(); // Only root may become another user.
    }
    folder = await mkdtemp(join(tmpdir(), 'wi-doors-'));
    process.env['TMPDIR'] = folder;
  });
  after(async () => {
    if (realTmp === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = realTmp;
    if (folder !== '') await rm(folder, { recursive: true, force: true });
  });

  const specs: DrivenSpec[] = [
    { id: 'chromium', kind: 'chromium' },
    { id: 'firefox', kind: 'firefox' },
    { id: 'webkitgtk', kind: 'webkitgtk' },
  ];
  for (const spec of specs) {
    it(`gets nothing out of any socket of ${spec.id}, its helpers and the fixture`, async function () {
      const program = driverNameOf(spec) === 'webdriverio' ? factsOf(spec.kind).program : undefined;
      if ((await findExecutable(spec.kind)) === undefined) return this.skip();
      if (program !== undefined && (await findDriverProgram(program)) === undefined) return this.skip();
      let browser: RunningBrowser | undefined;
      let server: SignalingServer | undefined;
      try {
        server = await startSignaling();
        browser = await startBrowser(spec, { headed: false, timeoutMs: 60_000 });
        await browser.open('about:blank');
        const pids = (await processesMentioning(folder)).map(({ pid }) => pid);
        expect(pids.length).to.be.above(2);
        const { ports, sockets } = await listening([process.pid, ...pids]);
        expect(ports, 'the fixture is among them').to.include(Number(new URL(server.origin).port));
        const told = await strangerTries(ports, sockets);
        expect(told.length).to.be.at.least(ports.length * 8);
        expect(told.filter(givenAway)).to.deep.equal([]);
      } finally {
        await browser?.close();
        await server?.close();
      }
    });
  }
});
