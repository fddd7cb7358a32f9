import type { Kit } from '../kit/kit.ts';

/** Ways to break states and promises. */

/** A property of an interface always says `value`, or says it in place of `instead`. */
export const lying = (
  kit: Kit,
  { on, name, value, instead }: { on: string; name: string; value: unknown; instead?: unknown },
) => {
  const constructor: unknown = Reflect.get(globalThis, on);
  const prototype: unknown = typeof constructor === 'function' ? constructor.prototype : undefined;
  if (!(prototype instanceof Object)) throw new TypeError(`there is no ${on} to break`);
  kit.property(prototype, name as keyof typeof prototype, {
    get(_, truth) {
      if (instead !== undefined && truth !== instead) return truth;
      if (truth !== value) kit.bit();
      return value;
    },
  });
};

/** A property of an interface keeps its first value. */
export const stuck = (kit: Kit, { on, name }: { on: string; name: string }) => {
  const constructor: unknown = Reflect.get(globalThis, on);
  const prototype: unknown = typeof constructor === 'function' ? constructor.prototype : undefined;
  if (!(prototype instanceof Object)) throw new TypeError(`there is no ${on} to break`);
  const first = new WeakMap<object, unknown>();
  kit.property(prototype, name as keyof typeof prototype, {
    get(self, truth) {
      if (!first.has(self)) first.set(self, truth);
      if (first.get(self) !== truth) kit.bit();
      return first.get(self);
    },
  });
};

/** A property of an interface keeps its value when it is set: to anything, or to `when` only. */
export const deaf = (kit: Kit, { on, name, when }: { on: string; name: string; when?: unknown }) => {
  const constructor: unknown = Reflect.get(globalThis, on);
  const prototype: unknown = typeof constructor === 'function' ? constructor.prototype : undefined;
  if (!(prototype instanceof Object)) throw new TypeError(`there is no ${on} to break`);
  kit.property(prototype, name as keyof typeof prototype, {
    set(self, value, write) {
      if (when !== undefined && value !== when) write(value);
      else if (Reflect.get(self, name) !== value) kit.bit();
    },
  });
};

/** A property of an interface takes `value` whenever it is set. */
export const taking = (kit: Kit, { on, name, value }: { on: string; name: string; value: unknown }) => {
  const constructor: unknown = Reflect.get(globalThis, on);
  const prototype: unknown = typeof constructor === 'function' ? constructor.prototype : undefined;
  if (!(prototype instanceof Object)) throw new TypeError(`there is no ${on} to break`);
  kit.property(prototype, name as keyof typeof prototype, {
    set(_, wanted, write) {
      if (wanted !== value) kit.bit();
      write(value);
    },
  });
};

/** How a method fails: it does nothing, never answers, answers too early or late, or fails with an error of that name. */
export interface Failure {
  on: string;
  name: string;
  how: 'nothing' | 'never' | 'early' | 'late' | 'error' | 'no-error';
  ms?: number;
  error?: string;
  /** What a method that does nothing returns. */
  gives?: 'promise' | 'undefined';
  /** Only from this call on. */
  from?: number;
}

export const failing = (
  kit: Kit,
  { on, name, how, ms = 3000, error = 'OperationError', gives = 'promise', from = 1 }: Failure,
) => {
  const constructor: unknown = Reflect.get(globalThis, on);
  const prototype: unknown = typeof constructor === 'function' ? constructor.prototype : undefined;
  if (!(prototype instanceof Object)) throw new TypeError(`there is no ${on} to break`);
  let calls = 0;
  kit.wrap(prototype, name as keyof typeof prototype, (_, args: unknown[], call): unknown => {
    calls += 1;
    if (calls < from) return call(...args);
    if (how === 'no-error') {
      try {
        const result = call(...args);
        return result instanceof Promise ? result.catch(() => kit.bit()) : result;
      } catch {
        // this is the break: the error is not reported
        kit.bit();
        return undefined;
      }
    }
    kit.bit();
    switch (how) {
      case 'nothing':
        return gives === 'promise' ? Promise.resolve() : undefined;
      case 'never':
        return new Promise(() => undefined);
      case 'early':
        void call(...args);
        return Promise.resolve();
      case 'late':
        return new Promise((resolve) => {
          setTimeout(() => resolve(call(...args)), ms);
        });
      case 'error':
        return Promise.reject(new DOMException('injected', error));
    }
  });
};

/** A method that reports too early: it does what it should `ms` milliseconds after it said that it had. */
export const effectLate = (kit: Kit, { on, name, ms }: { on: string; name: string; ms: number }) => {
  const constructor: unknown = Reflect.get(globalThis, on);
  const prototype: unknown = typeof constructor === 'function' ? constructor.prototype : undefined;
  if (!(prototype instanceof Object)) throw new TypeError(`there is no ${on} to break`);
  kit.wrap(prototype, name as keyof typeof prototype, (_, args: unknown[], call) => {
    kit.bit();
    setTimeout(() => void call(...args), ms);
    return Promise.resolve();
  });
};

/** A method gives an empty list. */
export const empty = (kit: Kit, { on, name }: { on: string; name: string }) => {
  const constructor: unknown = Reflect.get(globalThis, on);
  const prototype: unknown = typeof constructor === 'function' ? constructor.prototype : undefined;
  if (!(prototype instanceof Object)) throw new TypeError(`there is no ${on} to break`);
  kit.wrap(prototype, name as keyof typeof prototype, (_, args: unknown[], call) => {
    const result = call(...args);
    if (Array.isArray(result) && result.length > 0) kit.bit();
    return [];
  });
};

/** A method gives its list in the opposite order. */
export const reversed = (kit: Kit, { on, name }: { on: string; name: string }) => {
  const constructor: unknown = Reflect.get(globalThis, on);
  const prototype: unknown = typeof constructor === 'function' ? constructor.prototype : undefined;
  if (!(prototype instanceof Object)) throw new TypeError(`there is no ${on} to break`);
  kit.wrap(prototype, name as keyof typeof prototype, (_, args: unknown[], call) => {
    const result = call(...args);
    if (!Array.isArray(result) || result.length < 2) return result;
    kit.bit();
    return result.toReversed() as unknown[];
  });
};
