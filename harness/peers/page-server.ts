import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import { serveMedia } from '../../fixtures/media/serve.ts';
import type { Entrance, SignalingServer } from '../../fixtures/signaling/server.ts';
import type { Script } from '../config/script.ts';
import { moduleSuffix, packageRoot } from '../own-files.ts';
import { serveAdapterBuilds } from './adapter-builds.ts';
import { serveBlankPage } from './blank-page.ts';
import { serveInsecurePage } from './insecure-page.ts';

/** What a page loads before its agent, in this order. Equal setups share pages. */
export interface PageSetup {
  scripts: readonly Script[];
  /** The address of a page that the user serves; it loads none of our scripts. */
  page?: string;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** The same scripts in the same order have the same key. */
export function setupKey({ scripts, page }: PageSetup): string {
  if (page !== undefined) return hashOf(page);
  return scripts.length === 0
    ? 'plain'
    : hashOf(scripts.map(({ source }) => `${String(source.length)}:${source}`).join(''));
}

/** The addresses of peer pages at one entrance of the fixture. */
export interface PageServer {
  /** Where pages find the fixture. */
  readonly origin: string;
  /** The address of a page that joins with a token. */
  url(token: string, setup: PageSetup): string;
  /**
   * The address of a window that shows that page in a frame which fills it. There the page can start afresh without a
   * navigation of the window, which costs the browser two to three times as much.
   */
  windowUrl(token: string, setup: PageSetup): string;
  /**
   * Whether the window of a token was requested, or is a page that is not ours. Call it once, when the window is given up.
   */
  wasAskedFor(token: string): boolean;
  /** A text from a page in which the addresses of scripts, which end with the run, are replaced by their names. */
  withScriptNames(text: string, setup: PageSetup): string;
}

/** The page's agent finds the fixture by this parameter of its address. */
const ownPageParameter = 'webrtc-interop';

function ownPageUrl(page: string, origin: string, token: string): string {
  const url = new URL(page);
  url.searchParams.set(ownPageParameter, `${origin.replace(/^http/, 'ws')}/signal?token=${token}`);
  return url.href;
}

/** What a user's own page loads, as a module or a script: it does nothing unless a run has opened the page. */
export async function ownPageScript(): Promise<string> {
  const { console, observer, agent } = await bundlePeerPage();
  return `if (new URLSearchParams(globalThis.location?.search).has('${ownPageParameter}')) {\n${console}\n${observer}\n${agent}\n}\n`;
}

const agentDirectory = join(packageRoot, 'fixtures/peer-page');

const parts = ['console', 'observer', 'agent', 'device'] as const;
/** The scripts of the peer page: the first two run before every other script, then the agent; and the script of a device. */
type PeerPageBundles = Record<(typeof parts)[number], string>;

/** Bundles the scripts of the peer page; it takes 50 ms, so there is no build step to forget. */
async function bundlePeerPage(): Promise<PeerPageBundles> {
  const result = await build({
    entryPoints: parts.map((name) => join(agentDirectory, name + moduleSuffix)),
    bundle: true,
    write: false,
    outdir: 'out',
    format: 'iife',
    target: ['chrome120', 'firefox128', 'safari17'],
  });
  await stop();
  const [keeper = '', observer = '', agent = '', device = ''] = result.outputFiles.map(({ text }) => text);
  return { console: keeper, observer, agent, device };
}

/** Serves the peer page: its HTML for each setup, its bundles, the scripts. */
export interface PeerPages {
  /** What runs in the page of a device that nobody drives. */
  readonly deviceScript: string;
  /** Its addresses for browsers that find the fixture at this entrance. */
  at(entrance: Pick<Entrance, 'origin' | 'foreignOrigin'>): PageServer;
}

export async function servePeerPage(server: SignalingServer, adapter?: Script): Promise<PeerPages> {
  const bundles = await bundlePeerPage();
  const setups = new Map<string, PageSetup>();

  const send = (response: ServerResponse, type: string, body: string, caching = 'no-cache'): void => {
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': caching });
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
    return send(response, 'text/html', pageHtml(key, setup, bundled, foreign.get(url.origin)));
  });
  const unasked = new Set<string>();
  server.route('/window', (_, response, { search, searchParams }) => {
    unasked.delete(searchParams.get('token') ?? '');
    send(response, 'text/html', windowHtml(search));
  });
  // Pages start afresh between cells; the address of a bundle contains its hash, so browsers cache it, compiled.
  const serveBundle = (name: string, source: string): string => {
    const path = `/peer-page/${name}-${hashOf(source)}.js`;
    server.route(path, (_, response) =>
      send(response, 'text/javascript', source, 'public, max-age=31536000, immutable'),
    );
    return path;
  };
  const first = `${bundles.console}\n${bundles.observer}`;
  const bundled = {
    first: serveBundle('first', first),
    agent: serveBundle('agent', bundles.agent),
    whole: serveBundle('page', `${first}\n${bundles.agent}`),
  };
  serveBlankPage(server);
  serveInsecurePage(server);
  serveAdapterBuilds(server, adapter);
  server.route('/scripts/', (_, response, url) => {
    const [, , key = '', index = ''] = url.pathname.split('/');
    const script = setups.get(key)?.scripts[Number(index)];
    if (!script) return notFound(response);
    return send(response, 'text/javascript', script.source);
  });

  server.route('/media/', serveMedia);

  const foreign = new Map<string, string>();
  return {
    deviceScript: bundles.device,
    at({ origin, foreignOrigin }) {
      if (foreignOrigin !== null) foreign.set(origin, foreignOrigin);
      const scriptUrl = (key: string, index: number): string => `${origin}/scripts/${key}/${String(index)}`;
      const address = (path: string) => (token: string, setup: PageSetup) => {
        if (setup.page !== undefined) return ownPageUrl(setup.page, origin, token);
        const key = setupKey(setup);
        setups.set(key, setup);
        return `${origin}${path}?${new URLSearchParams({ token, setup: key }).toString()}`;
      };
      const windowUrl = address('/window');
      return {
        origin,
        url: address('/peer'),
        windowUrl: (token, setup) => {
          if (setup.page === undefined) unasked.add(token);
          return windowUrl(token, setup);
        },
        wasAskedFor: (token) => !unasked.delete(token),
        withScriptNames: (text, setup) =>
          setup.scripts.reduceRight(
            (named, { name }, index) => named.replaceAll(scriptUrl(setupKey(setup), index), () => name),
            text,
          ),
      };
    },
  };
}

/** The frame may do what the window may, and fills it. */
const windowHtml = (search: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>webrtc-interop</title>
    <link rel="icon" href="data:," />
    <style>
      iframe {
        position: fixed;
        inset: 0;
        width: 100%;
        height: 100%;
        border: 0;
      }
    </style>
  </head>
  <body>
    <iframe title="webrtc-interop peer" allow="camera; microphone; display-capture; autoplay" src="/peer?${new URLSearchParams(search).toString().replaceAll('&', '&amp;')}"></iframe>
  </body>
</html>
`;

/** The addresses of the peer page's own scripts. */
interface PeerPageScripts {
  /** What runs before every other script. */
  first: string;
  agent: string;
  /** Both, for pages without injected scripts: each request costs the browser a part of the load. */
  whole: string;
}

/** Classic scripts, in order: each injected one has run before the agent does. */
function pageHtml(
  key: string,
  { scripts }: PageSetup,
  { first, agent, whole }: PeerPageScripts,
  foreignOrigin = '',
): string {
  const injected = scripts.map(
    ({ adapter, modules }, index) =>
      `    <script data-injected${adapter ? '="adapter"' : modules ? '="modules"' : ''} src="/scripts/${key}/${String(index)}"></script>\n`,
  );
  const isPlain = injected.length === 0;
  const head = isPlain ? '' : `    <script src="${first}"></script>\n${injected.join('')}`;
  return `<!doctype html>
<html lang="en" data-foreign-origin="${foreignOrigin}">
  <head>
    <meta charset="utf-8" />
    <title>webrtc-interop peer</title>
    <link rel="icon" href="data:," />
${head}  </head>
  <body>
    <h1>webrtc-interop peer</h1>
    <script src="${isPlain ? whole : agent}"></script>
  </body>
</html>
`;
}
