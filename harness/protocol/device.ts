/** What a device that nobody drives says about itself once its page has loaded. */
export interface DeviceSaid {
  /** A new one each time the page is loaded. */
  instance: string;
  userAgent: string;
  /** https://wicg.github.io/ua-client-hints/#dom-navigatoruadata-gethighentropyvalues, where the browser has it. */
  brands: { brand: string; version: string }[];
  platform: string;
  model: string;
}

/** What the device's page should show: everything, each time, so that nothing is lost with a connection. */
export interface DeviceOrder {
  windows: { id: number; url: string }[];
  /** The run has ended; nothing more will come. */
  over: boolean;
  /** The page should reload itself. */
  reload?: boolean;
}
