import { AsyncLocalStorage } from 'node:async_hooks';
import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';

const listening = new AsyncLocalStorage<(child: ChildProcess) => void>();
let subscribed = false;

/**
 * Runs `work`, and reports every child process that is created in it, or in what it started, at the moment of creation,
 * when it has no `pid` yet. For libraries that start a process without exposing it.
 * https://nodejs.org/docs/latest-v20.x/api/diagnostics_channel.html#event-child_process
 */
export function tellingOfChildren<T>(told: (child: ChildProcess) => void, work: () => T): T {
  if (!subscribed) {
    subscribe('child_process', (message) => {
      if (isChild(message)) listening.getStore()?.(message.process);
    });
    subscribed = true;
  }
  return listening.run(told, work);
}

const isChild = (message: unknown): message is { process: ChildProcess } =>
  typeof message === 'object' && message !== null && 'process' in message;
