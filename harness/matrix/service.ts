/** A process that a scenario needs beside its pages, e.g. the server of a library. */
export interface Service {
  /**
   * Its command and arguments; `{port}` is replaced by a free port of 127.0.0.1. It runs in the project of the file
   * that asks for it, whose `node_modules/.bin` needs no path.
   */
  readonly command: readonly [string, ...string[]];
  /** A line of its output that says that it is ready; default: it is ready when its port takes connections. */
  readonly ready?: RegExp;
  /** Time that it may take to be ready, in milliseconds; default 20 000. */
  readonly readyMs?: number;
  /** Added to the environment of the harness; `{port}` as in `command`. */
  readonly env?: Readonly<Record<string, string>>;
}

export type Services = Readonly<Record<string, Service>>;

/** Where a running service is found. */
export interface ServiceAddress {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
}
