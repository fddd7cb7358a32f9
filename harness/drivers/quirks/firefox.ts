import type { Quirk } from './quirk.ts';

/** Firefox hides host addresses behind mDNS names, even once a camera was allowed. */
export const exposeHostCandidates = (): Quirk => ({
  prefs: { 'media.peerconnection.ice.obfuscate_host_addresses': false },
  reason: 'Host candidates carry addresses instead of mDNS names, which the other browser may not resolve.',
  url: 'https://datatracker.ietf.org/doc/html/draft-ietf-mmusic-mdns-ice-candidates',
});

/**
 * Covered windows count as background pages where the system reports them so (Windows, macOS). Without its budget for
 * timers Firefox has another minimum interval for hidden pages, of a second.
 */
export const neverThrottleBackgroundPages = (): Quirk => ({
  prefs: {
    'dom.min_background_timeout_value': 4,
    'dom.min_background_timeout_value_without_budget_throttling': 4,
    'dom.timeout.enable_budget_timer_throttling': false,
    'widget.windows.window_occlusion_tracking.enabled': false,
  },
  reason: 'Timers and painting run at full rate in every page, in front or not.',
  url: 'https://developer.mozilla.org/en-US/docs/Web/API/Page_Visibility_API',
});

/** Nobody clicks in these pages. */
export const playWithoutGesture = (): Quirk => ({
  prefs: {
    'media.autoplay.default': 0,
    'media.autoplay.blocking_policy': 0,
    'media.autoplay.block-webaudio': false,
  },
  reason: 'Media plays and Web Audio starts without a click.',
  url: 'https://developer.mozilla.org/en-US/docs/Web/Media/Guides/Autoplay',
});

/** `getUserMedia` gives a test picture and a tone, and nobody has to allow it. */
export const fakeCaptureDevices = (): Quirk => ({
  prefs: { 'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true },
  reason: 'getUserMedia gives a synthetic camera and microphone and asks nobody.',
  url: 'https://webrtc.org/getting-started/testing',
});

/** What becomes of what no script holds is only seen once garbage is collected. */
export const collectGarbageWhenAsked = (): Quirk => ({
  prefs: { 'dom.testing.testutils.enabled': true },
  reason: 'A page can have garbage collected, by `TestUtils.gc()`.',
  url: 'https://testutils.spec.whatwg.org/#the-testutils-namespace',
});

/** Remote experiments would make two runs test two different browsers. */
export const stayQuiet = (): Quirk => ({
  prefs: {
    'app.normandy.enabled': false,
    'app.shield.optoutstudies.enabled': false,
    'app.update.auto': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'nimbus.rollouts.enabled': false,
    'toolkit.telemetry.server': '',
  },
  reason: 'No remote experiments, so that two runs test the same browser, and no reports home.',
});

/** geckodriver starts Firefox with a window by default; Playwright does not. */
export const runHeadless = (): Quirk => ({
  args: ['-headless'],
  indispensable: true,
  reason: 'The whole browser, without a window.',
});

/** What every Firefox is started with. */
export const firefoxQuirks = (): Quirk[] => [
  exposeHostCandidates(),
  neverThrottleBackgroundPages(),
  playWithoutGesture(),
  fakeCaptureDevices(),
  collectGarbageWhenAsked(),
  stayQuiet(),
];
