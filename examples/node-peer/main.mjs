/**
 * A peer that is no browser: `node main.mjs MODULE URL` opens the address of `name=command:…` and takes part with the
 * RTCPeerConnection of a library. It is all that a driver of one's own has to do:
 *
 * - it opens the address, keeps the cookie that it is given, and says what it is (`POST …/here`);
 * - it listens to what pages it is to show (`GET …/orders`, server-sent events): all of them, each time;
 * - it says every few seconds that it is there (`POST …/alive`), and ends when the run is over.
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describeLibrary } from './library.mjs';

const [name = '', address = ''] = process.argv.slice(2);
const page = fileURLToPath(new URL('page.mjs', import.meta.url));
const instance = randomUUID();
/** The processes of the pages that are shown, by the number of their window. */
const shown = new Map();

const opened = await fetch(address);
if (!opened.ok) throw new Error(`${address}: ${await opened.text()}`);
const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0];
const { origin, pathname } = new URL(address);
const ask = (path, body) =>
  fetch(`${origin}${pathname}/${path}`, {
    headers: { cookie, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });

/** A page is a process of its own, so that what a library leaves behind is gone with it. */
function start(id, url) {
  const child = fork(page, [name, url], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  shown.set(id, child);
  // it goes to another address, for a fresh start
  child.on('message', (next) => {
    if (shown.get(id) !== child) return;
    start(id, next);
    child.kill('SIGKILL');
  });
}

function show({ windows, over }) {
  const wanted = new Map(windows.map(({ id, url }) => [id, url]));
  for (const [id, child] of shown) {
    if (wanted.has(id)) continue;
    shown.delete(id);
    child.kill('SIGKILL');
  }
  for (const [id, url] of wanted) if (!shown.has(id)) start(id, url);
  if (over) process.exit();
}

await ask('here', { instance, brands: [], platform: '', model: '', userAgent: await describeLibrary(name) });
setInterval(() => void ask('alive', { instance }), 4000);
const { body } = await ask(`orders?instance=${instance}`);
let text = '';
for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
  const events = (text + chunk).split('\n\n');
  text = events.pop() ?? '';
  for (const event of events) show(JSON.parse(event.replace(/^data: /, '')));
}
// the harness has ended
process.exit();
