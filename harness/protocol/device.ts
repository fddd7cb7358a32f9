/** What a device that nobody drives says of itself when its page is there. */
export interface DeviceSaid {
  /** Another one each time that the page is loaded. */
  instance: string;
  userAgent: string;
  /** https://wicg.github.io/ua-client-hints/#dom-navigatoruadata-gethighentropyvalues, where the browser has it. */
  brands: { brand: string; version: string }[];
  platform: string;
  model: string;
}

/** What the device's page is to show: all of it, each time, so that nothing is lost with a connection. */
export interface DeviceOrder {
  windows: { id: number; url: string }[];
  /** The run has ended; nothing comes any more. */
  over: boolean;
  /** The page is to load itself again. */
  reload?: boolean;
}
