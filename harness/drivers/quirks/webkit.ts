import type { Quirk } from './quirk.ts';

/** MiniBrowser has capture and WebRTC behind settings; without `RTCPeerConnection` in the build the last has no effect. */
export const mockCaptureDevices = (): Quirk => ({
  args: ['--enable-media-stream=true', '--enable-mock-capture-devices=true', '--enable-webrtc=true'],
  reason: 'getUserMedia gives a synthetic camera and microphone, and WebRTC is on where the build has it.',
  url: 'https://webkitgtk.org/reference/webkit2gtk/stable/class.Settings.html',
});

/** Nobody clicks in these pages. */
export const playWithoutGesture = (): Quirk => ({
  args: ['--autoplay-policy=allow'],
  reason: 'Media plays and Web Audio starts without a click.',
  url: 'https://webkitgtk.org/reference/webkit2gtk/stable/enum.AutoplayPolicy.html',
});

/** WebKitWebDriver can only drive a MiniBrowser that was started for it. */
export const obeyDriver = (): Quirk => ({
  args: ['--automation'],
  indispensable: true,
  reason: 'MiniBrowser takes commands from WebKitWebDriver.',
  url: 'https://webkitgtk.org/reference/webkit2gtk/stable/class.AutomationSession.html',
});

/** Safari hides host candidates until a camera was allowed; driven sessions may capture without TLS anyway. */
export const exposeHostCandidates = (): Quirk => ({
  capabilities: { 'webkit:WebRTC': { DisableICECandidateFiltering: true } },
  reason: 'Host candidates are gathered without a camera having been allowed.',
  url: 'https://webkit.org/blog/7763/a-closer-look-into-webrtc/',
});

/** What WebKitGTK's MiniBrowser is started with. */
export const webkitgtkQuirks = (): Quirk[] => [obeyDriver(), mockCaptureDevices(), playWithoutGesture()];

/** What Safari's session is requested with. */
export const safariQuirks = (): Quirk[] => [exposeHostCandidates()];
