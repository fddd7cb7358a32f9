import { EventEmitter } from 'node:events';
import type { Browser, Page } from 'playwright';

/**
 * The internal object behind an object of Playwright's API: it lives in this process, and there is no other way to it.
 * Undefined if a version of Playwright hides it: then everything goes on as Playwright has it, which only costs time.
 */
function behind(outer: Browser | Page): unknown {
  const connection: unknown = Reflect.get(outer, '_connection');
  if (typeof connection !== 'object' || connection === null) return undefined;
  const toImpl: unknown = Reflect.get(connection, 'toImpl');
  return typeof toImpl === 'function' ? Reflect.apply(toImpl, connection, [outer]) : undefined;
}

/**
 * Over BiDi, Playwright 1.64 evaluates 300 kB of its own in every document of every frame, for `keyboard.insertText`: a
 * quarter of what a page that starts afresh costs Firefox, and globals that no browser has. Nobody types in our pages.
 * https://github.com/microsoft/playwright/tree/main/packages/playwright-core/src/server/bidi/bidiBrowser.ts
 */
export function leaveDocumentsAlone(page: Page): void {
  const inner = behind(page);
  if (inner instanceof EventEmitter) inner.removeAllListeners('internalframenavigatedtonewdocument');
}

const ofRequests = ['beforeRequestSent', 'responseStarted', 'responseCompleted', 'fetchError'];

/**
 * Over BiDi, Playwright subscribes to each request and response of every page; Firefox puts these events together in
 * its main thread. `authRequired` stays: Playwright has asked Firefox to hold such requests until they are answered.
 * https://www.w3.org/TR/webdriver-bidi/#command-session-unsubscribe
 */
export async function hearOfNoRequests(browser: Browser): Promise<void> {
  const inner = behind(browser);
  if (typeof inner !== 'object' || inner === null) return;
  const session: unknown = Reflect.get(inner, '_browserSession');
  if (typeof session !== 'object' || session === null) return;
  const send: unknown = Reflect.get(session, 'send');
  if (typeof send !== 'function') return;
  const events = ofRequests.map((name) => `network.${name}`);
  try {
    await Reflect.apply(send, session, ['session.unsubscribe', { events }]);
  } catch {
    // A Firefox that does not accept this keeps sending them, which only costs time.
  }
}
