import { chromium, firefox, type Browser, type LaunchOptions, type Page } from 'playwright';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findExecutable } from '../drivers/executables.ts';
import { within } from '../within.ts';

/**
 * The plain way: what someone writes by hand with Playwright to see whether text echoes over a data channel between
 * two browsers. It proves nothing beyond the echo and keeps no evidence.
 */
export const products = ['chromium', 'firefox'] as const;
export type Product = (typeof products)[number];

declare global {
  // What the page functions below share in a page.
  var pc: RTCPeerConnection;
  var channel: RTCDataChannel;
}

/** Starts a browser as someone would by hand. */
export async function launch(product: Product): Promise<Browser> {
  const found = await findExecutable(product);
  const options: LaunchOptions = found === undefined ? {} : { executablePath: found.path };
  if (product === 'chromium') {
    return chromium.launch({
      ...options,
      args: [
        '--no-sandbox',
        '--disable-features=WebRtcHideLocalIpsWithMdns',
        '--allow-loopback-in-peer-connection',
      ],
    });
  }
  return firefox.launch({
    ...options,
    ...(found?.source === 'playwright' ? {} : { channel: 'moz-firefox' }),
    firefoxUserPrefs: { 'media.peerconnection.ice.obfuscate_host_addresses': false },
  });
}

/** Serves a page from this machine, as an application would. */
async function servePage(): Promise<{ url: string; close(): void }> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>plain</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${String(port)}/`, close: () => void server.close() };
}

/** The echo was once seen to wait forever; handwritten code has no deadline, so the bench sets one. */
const echoMs = 30_000;

/** Sends text there and back, by hand. */
async function echo(offerer: Page, answerer: Page): Promise<void> {
  const offer = await offerer.evaluate(async () => {
    const pc = (globalThis.pc = new RTCPeerConnection());
    globalThis.channel = pc.createDataChannel('echo');
    await pc.setLocalDescription(await pc.createOffer());
    await new Promise<void>((resolve) => {
      if (pc.iceGatheringState === 'complete') resolve();
      pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && resolve();
    });
    return pc.localDescription?.toJSON();
  });
  const answer = await answerer.evaluate(async (description: RTCSessionDescriptionInit) => {
    const pc = (globalThis.pc = new RTCPeerConnection());
    pc.ondatachannel = ({ channel }) => {
      channel.onmessage = ({ data }) => channel.send(data);
    };
    await pc.setRemoteDescription(description);
    await pc.setLocalDescription(await pc.createAnswer());
    await new Promise<void>((resolve) => {
      if (pc.iceGatheringState === 'complete') resolve();
      pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && resolve();
    });
    return pc.localDescription?.toJSON();
  }, offer as RTCSessionDescriptionInit);
  const echoed = await offerer.evaluate(async (description: RTCSessionDescriptionInit) => {
    const { pc, channel } = globalThis;
    const arrived = new Promise<string>((resolve) => {
      channel.onmessage = ({ data }) => resolve(String(data));
    });
    await pc.setRemoteDescription(description);
    if (channel.readyState !== 'open') await new Promise((resolve) => (channel.onopen = resolve));
    channel.send('hello');
    return arrived;
  }, answer as RTCSessionDescriptionInit);
  if (echoed !== 'hello') throw new Error(`the echo is ${echoed}`);
  for (const page of [offerer, answerer]) {
    await page.evaluate(() => globalThis.pc.close());
  }
}

/** Launches both browsers for each cell; returns the milliseconds of each. */
export async function coldCells(
  pairs: readonly (readonly [Product, Product])[],
  times: number,
): Promise<number[]> {
  const page = await servePage();
  const took: number[] = [];
  for (let round = 0; round < times; round += 1) {
    for (const pair of pairs) {
      const began = performance.now();
      const browsers = await Promise.all(pair.map(launch));
      const pages = await Promise.all(browsers.map((browser) => browser.newPage()));
      await Promise.all(pages.map((each) => each.goto(page.url)));
      const [offerer, answerer] = pages;
      if (!offerer || !answerer) throw new Error('no page');
      try {
        await within(echoMs, 'the echo by hand', echo(offerer, answerer));
      } finally {
        await Promise.all(browsers.map((browser) => browser.close()));
      }
      took.push(performance.now() - began);
    }
  }
  page.close();
  return took;
}

/** The same on pages that are already open; returns the milliseconds of each. */
export async function warmCells(
  pairs: readonly (readonly [Product, Product])[],
  times: number,
): Promise<number[]> {
  const page = await servePage();
  const browsers = { chromium: await launch('chromium'), firefox: await launch('firefox') };
  const pagesOf = async (product: Product) =>
    Promise.all([1, 2].map(async () => (await browsers[product].newContext()).newPage()));
  const pages = { chromium: await pagesOf('chromium'), firefox: await pagesOf('firefox') };
  await Promise.all([...pages.chromium, ...pages.firefox].map((each) => each.goto(page.url)));
  const took: number[] = [];
  try {
    for (let round = 0; round < times; round += 1) {
      for (const [a, b] of pairs) {
        const [offerer] = pages[a];
        const answerer = pages[b][1];
        if (!offerer || !answerer) throw new Error('no page');
        const began = performance.now();
        await within(echoMs, `the echo by hand from ${a} to ${b}`, echo(offerer, answerer));
        took.push(performance.now() - began);
      }
    }
  } finally {
    await Promise.all([browsers.chromium.close(), browsers.firefox.close()]);
    page.close();
  }
  return took;
}
