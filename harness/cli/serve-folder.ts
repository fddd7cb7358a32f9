import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HarnessError } from '../errors.ts';
import { openRunFile, RunFileError } from '../results/run-file.ts';

/** A folder that is served. */
export interface ServedFolder {
  /** The address of its index.html, with a secret in it, so that nobody else on this machine can read the folder. */
  address: string;
  close(): Promise<void>;
}

/** The types of files in a report; anything else is sent as plain text, which no browser runs. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
};

const host = '127.0.0.1';

const isEqual = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** The path of a file behind the secret; null if the secret is not there. */
function pathIn(url: string, secret: string): string | null {
  const [, given = '', ...rest] = (url.split('?', 1)[0] ?? '').split('/');
  if (!isEqual(given, secret)) return null;
  try {
    const path = rest.map(decodeURIComponent).join('/');
    return path === '' ? 'index.html' : path;
  } catch {
    return null; // not a valid escape
  }
}

/** Serves the files of a folder on loopback, for anyone who knows the address: no links, no listings, nothing outside it. */
export async function serveFolder(folder: string): Promise<ServedFolder> {
  const secret = randomBytes(16).toString('hex');
  let own = '';

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (status: number): void => void response.writeHead(status).end();
    // A foreign page may let its own host name resolve to this address; its requests name that host.
    if (request.headers.host !== own) return refuse(421);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
    const path = pathIn(request.url ?? '', secret);
    if (path === null) return refuse(404);
    try {
      const { handle, size } = await openRunFile(folder, path);
      try {
        response.writeHead(200, {
          'Content-Type': types[extname(path)] ?? 'text/plain; charset=utf-8',
          'Content-Length': size,
          'Cache-Control': 'no-store',
          'X-Content-Type-Options': 'nosniff',
          'Referrer-Policy': 'no-referrer',
          'Cross-Origin-Resource-Policy': 'same-origin',
        });
        if (request.method === 'HEAD' || size === 0) response.end();
        else await pipeline(handle.createReadStream({ start: 0, end: size - 1, autoClose: false }), response);
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (!(error instanceof RunFileError)) throw error;
      refuse(404);
    }
  }

  const server = createServer((request, response) => {
    // A reader that went away, a file that shrank: only this answer ends.
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const at = server.address();
  if (at === null || typeof at === 'string') throw new HarnessError('not-served', 'The server has no port.');
  own = `${host}:${at.port}`;
  return {
    address: `http://${own}/${secret}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
