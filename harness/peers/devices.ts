import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { jsonBody } from '../../fixtures/signaling/body.ts';
import { respond } from '../../fixtures/signaling/routes.ts';
import type { SignalingServer } from '../../fixtures/signaling/server.ts';
import type { BrowserSpec } from '../config/browser-spec.ts';
import type { RunningBrowser } from '../drivers/driver.ts';
import { HarnessError, LaunchError } from '../errors.ts';
import { DeadlineError, within } from '../within.ts';
import { Device } from './device.ts';
import { readDeviceSaid, readInstance } from './device-answers.ts';

/** How long devices are waited for, in milliseconds. */
export interface DeviceLimits {
  /** For someone to open the address. Default five minutes. */
  comesMs: number;
  /** For a silent page to come back. Default 12 s: less than the time that a page has to open. */
  goneMs: number;
}

/** Asks a person to open the address on the device. */
export type AskForDevice = (wanted: { id: string; url: string; again: boolean }) => void;

/** The name of a device that nobody drives, and its page. */
class Place {
  readonly id: string;
  readonly path: string;
  /** The browser with this cookie is the device. */
  readonly secret = randomBytes(32).toString('base64url');
  /** Lets one browser in, once. */
  token: string | undefined;
  device: Device | undefined;
  /** Called with a page that has come. */
  onCome: ((device: Device) => void) | undefined;

  constructor(id: string, path: string) {
    this.id = id;
    this.path = path;
  }
}

const cookieOf = ({ path }: Place): string => `webrtc-interop${path.replaceAll('/', '-')}`;

/**
 * Devices that open an address by hand: nobody drives them. Each has a page that stays, shows the pages of cells in
 * frames, and comes back by itself after a reload or a loss of its network.
 */
export class Devices {
  readonly #server: SignalingServer;
  readonly #ask: AskForDevice;
  readonly #limits: DeviceLimits;
  readonly #places = new Map<string, Place>();
  readonly #script: string;
  readonly #closing = new AbortController();

  /**
   * @param script what runs in the device's page
   * @param ask asks a person for the device
   */
  constructor(
    server: SignalingServer,
    script: string,
    ask: AskForDevice,
    limits: Partial<DeviceLimits> = {},
  ) {
    this.#server = server;
    this.#script = script;
    this.#ask = ask;
    this.#limits = { comesMs: 300_000, goneMs: 12_000, ...limits };
  }

  /**
   * Waits for the device: its page if that is still open, else one that opens the address.
   * @param onUrl what opens it; default: a person, who is asked
   * @param how `afresh`: a page that is still open is not taken
   * @throws {LaunchError} `device-did-not-come`
   */
  async start(
    { id, kind }: Pick<BrowserSpec, 'id' | 'kind'>,
    origin: string,
    onUrl?: (url: string) => Promise<unknown>,
    { comesMs = this.#limits.comesMs, afresh = false } = {},
  ): Promise<RunningBrowser> {
    const known = this.#places.get(id);
    const place = known ?? this.#newPlace(id);
    const { device: before } = place;
    const come = new Promise<Device>((resolve) => (place.onCome = resolve));
    place.device = undefined;
    if (before?.isThere === true && !afresh) before.reload();
    else {
      place.token = randomBytes(32).toString('base64url');
      const url = `${origin}${place.path}?token=${place.token}`;
      if (onUrl) await onUrl(url);
      else this.#ask({ id, url, again: known !== undefined });
    }
    const { signal } = this.#closing;
    const closed = new Promise<never>((_, reject) =>
      signal.addEventListener(
        'abort',
        () => reject(new LaunchError('host-closed', `${id}: the run is ending`)),
        {
          once: true,
        },
      ),
    );
    try {
      const device = await within(comesMs, `${id} to open its address`, Promise.race([come, closed]));
      device.as(kind === 'command' ? 'command' : 'url');
      return device;
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error;
      throw new LaunchError(
        'device-did-not-come',
        `${error.message}. Run it again and open the address on the device.`,
        {
          cause: error,
        },
      );
    } finally {
      place.onCome = undefined;
    }
  }

  /** Tells every page, and all who wait for a device, that the run is over. */
  close(): void {
    this.#closing.abort();
    for (const { device } of this.#places.values()) device?.end();
  }

  #newPlace(id: string): Place {
    const place = new Place(id, `/device/${String(this.#places.size + 1)}`);
    this.#places.set(id, place);
    this.#server.route(place.path, (request, response, url) => this.#page(place, request, response, url));
    this.#server.route(`${place.path}/here`, async (request, response) => {
      if (!isDevice(place, request, response)) return;
      this.#come(place, await jsonBody(request));
      response.writeHead(204).end();
    });
    this.#server.route(`${place.path}/orders`, (request, response, url) => {
      if (!isDevice(place, request, response)) return;
      deviceOf(place, url.searchParams.get('instance')).obey(response);
    });
    this.#server.route(`${place.path}/alive`, async (request, response) => {
      if (!isDevice(place, request, response)) return;
      deviceOf(place, readInstance(await jsonBody(request))).alive();
      response.writeHead(204).end();
    });
    this.#server.route(`${place.path}/gone`, async (request, response) => {
      if (!isDevice(place, request, response)) return;
      deviceOf(place, readInstance(await jsonBody(request))).left();
      response.writeHead(204).end();
    });
    return place;
  }

  /** The page that stays; a token lets one browser in, and its cookie lets it in again. */
  #page(place: Place, request: IncomingMessage, response: ServerResponse, url: URL): void {
    const given = url.searchParams.get('token');
    if (place.token !== undefined && given === place.token) place.token = undefined;
    else if (!hasCookie(place, request)) {
      respond(
        response,
        403,
        'This address was opened before, or is of another run: it lets one browser in, once. Open the one that the terminal shows now.',
      );
      return;
    }
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'set-cookie': `${cookieOf(place)}=${place.secret}; Path=${place.path}; HttpOnly; SameSite=Strict`,
    });
    response.end(deviceHtml(place.id, this.#script));
  }

  /** A page that was loaded says what it is: a new device, or the one that was there, started afresh. */
  #come(place: Place, answer: unknown): void {
    const said = readDeviceSaid(answer);
    if (place.device?.instance === said.instance) return;
    if (place.device?.isOver === false) {
      place.device.loadedAgain(said);
      return;
    }
    const device = new Device(place.id, said, this.#limits.goneMs);
    place.device = device;
    place.onCome?.(device);
  }
}

function deviceOf({ id, device }: Place, instance: string | null): Device {
  if (device !== undefined && device.instance === instance) return device;
  throw new HarnessError('not-here', `${id} is another page by now`);
}

const hasCookie = (place: Place, { headers }: IncomingMessage): boolean =>
  (headers.cookie ?? '').split(/; */).includes(`${cookieOf(place)}=${place.secret}`);

function isDevice(place: Place, request: IncomingMessage, response: ServerResponse): boolean {
  if (hasCookie(place, request)) return true;
  respond(response, 403, 'Only the page that was let in may say this.');
  return false;
}

/** None of its frames is hidden: browsers slow down what is not seen. */
const deviceHtml = (id: string, script: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>webrtc-interop: ${id}</title>
    <link rel="icon" href="data:," />
    <style>
      body { margin: 0; font: 16px/1.5 system-ui, sans-serif; display: flex; flex-direction: column; height: 100dvh; }
      header { padding: 0.5rem 1rem; }
      #begin { font-size: 1.5rem; padding: 1rem 2rem; margin: 1rem; }
      #windows { flex: 1; display: grid; grid-template-columns: repeat(2, 1fr); }
      iframe { width: 100%; height: 100%; border: 0; }
    </style>
  </head>
  <body>
    <header>
      <strong>webrtc-interop: ${id}</strong> <span id="said">Starting.</span>
      <span id="awake" hidden>Keep the screen on.</span>
    </header>
    <button id="begin" hidden>Tap to begin</button>
    <main id="windows"></main>
    <script>${script.replaceAll('</script', String.raw`<\/script`)}</script>
  </body>
</html>
`;
