import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build, stop } from 'esbuild';
import { serveMedia } from '../../fixtures/media/serve.ts';
import type { SignalingServer } from '../../fixtures/signaling/server.ts';
import type { Script } from '../config/script.ts';
import { serveAdapterBuilds } from './adapter-builds.ts';
import { serveBlankPage } from './blank-page.ts';

/** What a page loads ahead of its agent, in this order. Equal setups share pages. */
export interface PageSetup {
  scripts: readonly Script[];
}

export const plainSetup: PageSetup = { scripts: [] };

/** The same scripts in the same order have the same key. */
export function setupKey({ scripts }: PageSetup): string {
  const hash = createHash('sha256');
  for (const { source } of scripts) hash.update(String(source.length)).update(':').update(source);
  return scripts.length === 0 ? 'plain' : hash.digest('hex').slice(0, 16);
}

/** Serves the peer page: its HTML for each setup, its bundles, the scripts. */
export interface PageServer {
  /** The address of a page that joins with a token. */
  url(token: string, setup: PageSetup): string;
}

const agentDirectory = fileURLToPath(new URL('../../fixtures/peer-page/', import.meta.url));

/** Bundles the two scripts of the peer page; 50 ms, so there is no build step to forget. */
export async function bundlePeerPage(): Promise<{ console: string; agent: string }> {
  const result = await build({
    entryPoints: [`${agentDirectory}console.ts`, `${agentDirectory}agent.ts`],
    bundle: true,
    write: false,
    outdir: 'out',
    format: 'iife',
    target: ['chrome120', 'firefox128', 'safari17'],
    sourcemap: 'inline',
  });
  await stop();
  const [keeper = '', agent = ''] = result.outputFiles.map(({ text }) => text);
  return { console: keeper, agent };
}

export async function servePeerPage(server: SignalingServer): Promise<PageServer> {
  const bundles = await bundlePeerPage();
  const setups = new Map<string, PageSetup>();

  const send = (response: ServerResponse, type: string, body: string): void => {
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' });
    response.end(body);
  };
  const notFound = (response: ServerResponse): void => {
    response.writeHead(404, { 'content-type': 'text/plain' });
    response.end('no such page setup');
  };
  server.route('/peer', (_, response, url) => {
    const key = url.searchParams.get('setup') ?? 'plain';
    const setup = setups.get(key);
    if (!setup) return notFound(response);
    return send(response, 'text/html', pageHtml(key, setup));
  });
  server.route('/peer-page/console.js', (_, response) => send(response, 'text/javascript', bundles.console));
  server.route('/peer-page/agent.js', (_, response) => send(response, 'text/javascript', bundles.agent));
  serveBlankPage(server);
  serveAdapterBuilds(server);
  server.route('/scripts/', (_, response, url) => {
    const [, , key = '', index = ''] = url.pathname.split('/');
    const script = setups.get(key)?.scripts[Number(index)];
    if (!script) return notFound(response);
    return send(response, 'text/javascript', script.source);
  });

  server.route('/media/', serveMedia);

  return {
    url(token, setup) {
      const key = setupKey(setup);
      setups.set(key, setup);
      return `${server.origin}/peer?${new URLSearchParams({ token, setup: key }).toString()}`;
    },
  };
}

/** Classic scripts in order: each injected one has run when the agent does. */
const pageHtml = (key: string, { scripts }: PageSetup): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>webrtc-interop peer</title>
    <link rel="icon" href="data:," />
    <script src="/peer-page/console.js"></script>
${scripts.map((_, index) => `    <script data-injected src="/scripts/${key}/${String(index)}"></script>`).join('\n')}
  </head>
  <body>
    <h1>webrtc-interop peer</h1>
    <script src="/peer-page/agent.js"></script>
  </body>
</html>
`;
