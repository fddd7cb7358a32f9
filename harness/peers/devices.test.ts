import { expect } from 'chai';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { startSignaling, type SignalingServer } from '../../fixtures/signaling/server.ts';
import type { RunningBrowser } from '../drivers/driver.ts';
import { Devices } from './devices.ts';

/** A device's page without a browser. */
class ExampleDevice {
  readonly address: URL;
  readonly instance: string;
  cookie = '';
  shown = '';

  constructor(address: string, instance = 'one', cookie = '') {
    this.address = new URL(address);
    this.instance = instance;
    this.cookie = cookie;
  }

  async load(): Promise<number> {
    const response = await fetch(this.address, { headers: { cookie: this.cookie } });
    await response.text();
    this.cookie = response.headers.get('set-cookie')?.split(';')[0] ?? this.cookie;
    return response.status;
  }

  async post(path: string, cookie = this.cookie): Promise<number> {
    const said = { instance: this.instance, userAgent: 'Firefox/153.0', brands: [], platform: '', model: '' };
    const url = `${this.address.origin}${this.address.pathname}/${path}`;
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(said), headers: { cookie } });
    await response.text();
    return response.status;
  }

  /** Listens for what to show, until the text is in it. */
  async shows(text: string): Promise<void> {
    const url = `${this.address.origin}${this.address.pathname}/orders?instance=${this.instance}`;
    const orders = await new Promise<IncomingMessage>((resolve) =>
      get(url, { headers: { cookie: this.cookie } }, resolve),
    );
    orders.setEncoding('utf8');
    for await (const chunk of orders.iterator({ destroyOnReturn: false })) {
      this.shown += String(chunk);
      if (this.shown.includes(text)) return;
    }
  }
}

describe('a device that nobody drives', () => {
  let server: SignalingServer;
  let devices: Devices;
  let asked: { url: string; again: boolean }[];
  const open = async (goneMs = 10_000): Promise<[ExampleDevice, RunningBrowser]> => {
    devices = new Devices(server, '', (wanted) => void asked.push(wanted), { goneMs, comesMs: 1000 });
    const starting = devices.start({ id: 'phone', kind: 'url' }, server.origin);
    const device = new ExampleDevice(asked[0]?.url ?? '');
    expect(await device.load()).to.equal(200);
    expect(await device.post('here')).to.equal(204);
    return [device, await starting];
  };
  beforeEach(async () => {
    server = await startSignaling();
    asked = [];
  });
  afterEach(async () => {
    devices.close();
    await server.close();
  });

  it('is asked for, says what it is, and shows what is opened', async () => {
    const [device, browser] = await open();
    expect(asked).to.have.length(1);
    expect(browser.details).to.include({ engine: 'gecko', version: '153.0' });
    expect(browser.details.driver.name).to.equal('url');
    const opening = browser.open('http://127.0.0.1/window?token=x');
    await device.shows('token=x');
    const page = await opening;
    await page.close();
    expect(await browser.isAlive()).to.equal(true);
  });

  it('is let in by its address once, and by its cookie when it is loaded again', async () => {
    const [device] = await open();
    expect(await new ExampleDevice(device.address.href).load()).to.equal(403);
    expect(await device.load()).to.equal(200);
    expect(await device.post('alive')).to.equal(204);
    expect(await device.post('alive', 'webrtc-interop-device-1=guess')).to.equal(403);
    expect(await device.post('alive', '')).to.equal(403);
  });

  it('costs the cells of its pages when it is loaded again, and goes on', async () => {
    const [device, browser] = await open();
    await device.shows('windows');
    const page = await browser.open('http://127.0.0.1/window?token=x');
    await device.post('gone');
    expect(await page.died).to.include({ of: 'page' });
    const again = new ExampleDevice(device.address.href, 'two', device.cookie);
    expect(await again.load()).to.equal(200);
    expect(await again.post('here')).to.equal(204);
    expect(await browser.isAlive()).to.equal(true);
    const opening = browser.open('http://127.0.0.1/window?token=y');
    await again.shows('token=y');
    await opening;
    expect(again.shown).to.not.include('token=x');
    expect(await device.post('alive'), 'what was loaded before').to.equal(500);
  });

  it('has gone when it says nothing any more, is asked for again, and comes back', async () => {
    const [device, browser] = await open(100);
    expect((await browser.exited).description).to.match(/said nothing for 0\.1 s/);
    expect(await browser.isAlive()).to.equal(false);
    const starting = devices.start({ id: 'phone', kind: 'url' }, server.origin);
    expect(asked.at(-1)).to.include({ again: true });
    expect(asked.at(-1)?.url).to.not.equal(asked[0]?.url);
    const again = new ExampleDevice(device.address.href, 'two', device.cookie);
    await again.load();
    await again.post('here');
    expect(await (await starting).isAlive()).to.equal(true);
  });

  it('is given up when it does not come', async () => {
    devices = new Devices(server, '', () => undefined, { comesMs: 20 });
    const error: unknown = await devices
      .start({ id: 'phone', kind: 'url' }, server.origin)
      .catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'device-did-not-come' });
  });

  it('is waited for no longer than the run lasts', async () => {
    devices = new Devices(server, '', () => undefined);
    const starting = devices.start({ id: 'phone', kind: 'url' }, server.origin);
    devices.close();
    const error: unknown = await starting.catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'host-closed' });
  });
});
