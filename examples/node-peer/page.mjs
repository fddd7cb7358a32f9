/** One page of a peer that is no browser: `node page.mjs MODULE URL` runs the scripts of a peer page, and shows nothing. */
import { runInThisContext } from 'node:vm';
import { WebSocket } from 'ws';
import { describeLibrary, interfacesOf } from './library.mjs';

const [name = '', address = ''] = process.argv.slice(2);
async function text(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  return response.text();
}

// a window has one frame, which is the peer
const frame = /<iframe[^>]* src="([^"]+)"/.exec(await text(address))?.[1];
const url = frame === undefined ? address : new URL(frame.replaceAll('&amp;', '&'), address).href;
const html = await text(url);

const listeners = [];
const tell = (type, event) => {
  for (const [of, listener] of listeners) if (of === type) listener(event);
};
class HTMLScriptElement {
  dataset = {};
  src = '';
}
/** No media, no canvas: what a probe asks of an element, a library does not have. */
const element = { canPlayType: () => '', getContext: () => null };
const document = {
  documentElement: { dataset: {} },
  createElement: () => element,
  querySelectorAll: () => [],
  addEventListener: () => undefined,
  currentScript: null,
  visibilityState: 'visible',
};
const { href, search, pathname, origin, protocol, host } = new URL(url);
const location = { href, search, pathname, origin, protocol, host, replace: (next) => process.send(next) };
class OwnWebSocket extends WebSocket {
  constructor(to) {
    super(to, { origin });
  }
}
const globals = {
  window: globalThis,
  self: globalThis,
  document,
  location,
  navigator: { userAgent: await describeLibrary(name) },
  isSecureContext: true,
  addEventListener: (type, listener) => void listeners.push([type, listener]),
  removeEventListener: () => undefined,
  HTMLScriptElement,
  WebSocket: OwnWebSocket,
  ...(await interfacesOf(name)),
};
for (const [key, value] of Object.entries(globals))
  Object.defineProperty(globalThis, key, { value, writable: true, configurable: true, enumerable: false });
process.on('uncaughtException', (error) =>
  tell('error', { message: error.message, filename: '', lineno: 0, error, target: globalThis }),
);
process.on('unhandledRejection', (reason) => tell('unhandledrejection', { reason }));
process.on('disconnect', () => process.exit());

for (const [, attributes = '', src = ''] of html.matchAll(/<script([^>]*) src="([^"]+)"/g)) {
  const script = new HTMLScriptElement();
  script.src = new URL(src, url).href;
  const isInjected = attributes.includes('data-injected');
  if (isInjected) script.dataset.injected = '';
  document.currentScript = script;
  try {
    runInThisContext(await text(script.src), { filename: script.src });
    tell('load', { target: script });
  } catch (error) {
    process.stderr.write(`${script.src}: ${String(error?.stack ?? error)}\n`);
    tell('error', { message: String(error), filename: script.src, lineno: 0, error, target: globalThis });
  }
  document.currentScript = null;
}
