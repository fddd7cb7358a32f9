/** A process that a scenario needs beside its pages, e.g. the server of a library. */
export interface Service {
  /**
   * Its command and arguments; `{port}` stands for a port of 127.0.0.1 that is free. It runs in the project of the file
   * that asks for it, whose `node_modules/.bin` needs no path.
   */
  readonly command: readonly [string, ...string[]];
  /** It is ready when a line of its output matches; default: when its port takes connections. */
  readonly ready?: RegExp;
  /** Time that it may take to be ready, in milliseconds; default 20 000. */
  readonly readyMs?: number;
  /** Added to the environment of the harness; `{port}` as in `command`. */
  readonly env?: Readonly<Record<string, string>>;
}

export type Services = Readonly<Record<string, Service>>;

/** Where a service that runs is found. */
export interface ServiceAddress {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
}
