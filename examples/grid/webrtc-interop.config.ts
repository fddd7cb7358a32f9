import { defineConfig } from 'webrtc-interop';

export default defineConfig({
  browsers: [
    { name: 'chrome', kind: 'chrome', url: 'http://hub:4444' },
    { name: 'firefox', kind: 'firefox', url: 'http://hub:4444' },
  ],
  // every address of this container: the pages of the nodes are given the one in their network
  signaling: { host: '0.0.0.0' },
});
