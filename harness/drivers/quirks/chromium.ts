import { onlyLoopback } from '../network.ts';
import { ownKey } from '../../own-key.ts';
import type { Quirk } from './quirk.ts';

const trustsKey = '--ignore-certificate-errors-spki-list=';

/** Chromium hides host addresses behind mDNS names, which a container without multicast cannot resolve. */
export const exposeHostCandidates = (): Quirk => ({
  disableFeatures: ['WebRtcHideLocalIpsWithMdns'],
  reason: 'Host candidates carry addresses instead of mDNS names, which the other browser may not resolve.',
  url: 'https://datatracker.ietf.org/doc/html/draft-ietf-mmusic-mdns-ice-candidates',
});

/**
 * Without it nothing is gathered if `lo` is the only interface. It is set only there: elsewhere a busy Chromium may find its
 * loopback candidate writable and stop gathering before it has another one, and Firefox, which uses no loopback
 * candidates, never nominates that pair. Seen in 3 of 80 cells from Firefox to Chromium.
 */
export const gatherLoopbackCandidates = (): Quirk => ({
  args: ['--allow-loopback-in-peer-connection'],
  reason: 'ICE gathers 127.0.0.1, so that a machine with no other interface can connect.',
  url: 'https://peter.sh/experiments/chromium-command-line-switches/#allow-loopback-in-peer-connection',
});

/** A page that is covered or not in front would run its timers once a second and paint nothing. */
export const neverThrottleBackgroundPages = (): Quirk => ({
  args: [
    '--disable-background-timer-throttling',
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
  ],
  reason: 'Timers and painting run at full rate in every page, in front or not.',
  url: 'https://developer.chrome.com/blog/timer-throttling-in-chrome-88',
});

/** WebRTC asks Chromium's own verifier about the certificate of a TURN server; no API makes it trust one. */
export const trustOwnKey = (): Quirk => ({
  args: [`${trustsKey}${ownKey().fingerprint}`],
  reason: 'TURN servers of this run are trusted over TLS, by a key that nobody else has.',
  url: 'https://peter.sh/experiments/chromium-command-line-switches/#ignore-certificate-errors-spki-list',
});

/** Nobody clicks in these pages. */
export const playWithoutGesture = (): Quirk => ({
  args: ['--autoplay-policy=no-user-gesture-required'],
  reason: 'Media plays and Web Audio starts without a click.',
  url: 'https://developer.chrome.com/blog/autoplay',
});

/** What becomes of what no script holds is only seen once garbage is collected. */
export const collectGarbageWhenAsked = (): Quirk => ({
  args: ['--js-flags=--expose-gc'],
  reason: 'A page can have garbage collected, by `gc()`.',
  url: 'https://testutils.spec.whatwg.org/#the-testutils-namespace',
});

/** `getUserMedia` gives a test picture and beeps, and nobody has to allow it. */
export const fakeCaptureDevices = (): Quirk => ({
  args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  reason: 'getUserMedia gives a synthetic camera and microphone and asks nobody.',
  url: 'https://webrtc.org/getting-started/testing',
});

/** A browser on its first start asks its vendor for updates, hints and experiments, and looks for screens to cast to. */
export const stayQuiet = (): Quirk => ({
  args: [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-field-trial-config',
    '--no-default-browser-check',
    '--no-first-run',
  ],
  disableFeatures: [
    'AimEnabled',
    'DialMediaRouteProvider',
    'GlobalMediaControls',
    'HttpsUpgrades',
    'MediaRouter',
    'NetworkTimeServiceQuerying',
    'OptimizationHints',
    'Translate',
    'msForceBrowserSignIn',
  ],
  reason: 'No field trials, so that two runs test the same browser, and no traffic of its own.',
  url: 'https://source.chromium.org/chromium/chromium/src/+/main:testing/variations/README.md',
});

/** For address suggestions, each window gets one more renderer and takes twice as long to open. */
export const openWindowsWithoutSuggestions = (): Quirk => ({
  disableFeatures: ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'],
  reason: 'Nobody types into the address bar; the pages that it would show cost a process for each window.',
  url: 'https://source.chromium.org/chromium/chromium/src/+/main:components/omnibox/common/omnibox_features.cc',
});

/** It keeps a renderer warm for the next site: each page that starts afresh starts one more, which ends 50 ms later. */
export const startNoSpareRenderers = (): Quirk => ({
  disableFeatures: ['SpareRendererForSitePerProcess'],
  reason: 'All pages are of one site; a renderer kept warm for another costs a process for each scenario.',
  url: 'https://source.chromium.org/chromium/chromium/src/+/main:content/public/common/content_features.cc',
});

/** Chromium refuses to start as root with its sandbox, and its own builds do so if user namespaces are disabled. */
export const runWithoutSandbox = (): Quirk => ({
  args: ['--no-sandbox'],
  indispensable: true,
  reason:
    'As root, and where user namespaces are barred, it does not start with the sandbox; it loads test pages only.',
  url: 'https://crbug.com/638180',
});

/** Containers give /dev/shm 64 MB; a few video pages fill that and the renderer dies. */
export const spareSharedMemory = (): Quirk => ({
  args: ['--disable-dev-shm-usage'],
  indispensable: true,
  reason:
    'Shared memory lives in the temporary folder, because /dev/shm of a container is too small for video.',
  url: 'https://crbug.com/736452',
});

/** The new headless mode is the same browser without a window; Playwright asks for it by itself. */
export const runHeadless = (): Quirk => ({
  args: ['--headless=new'],
  indispensable: true,
  reason: 'The whole browser, without a window.',
  url: 'https://developer.chrome.com/docs/chromium/headless',
});

/** What every Chromium, Chrome and Edge is started with. */
export const chromiumQuirks = (): Quirk[] => [
  exposeHostCandidates(),
  ...(onlyLoopback() ? [gatherLoopbackCandidates()] : []),
  neverThrottleBackgroundPages(),
  trustOwnKey(),
  playWithoutGesture(),
  fakeCaptureDevices(),
  collectGarbageWhenAsked(),
  stayQuiet(),
  openWindowsWithoutSuggestions(),
  startNoSpareRenderers(),
  ...(process.platform === 'linux' ? [runWithoutSandbox(), spareSharedMemory()] : []),
];
