/** Calls what was replaced, on the same object. */
export type Call<Result> = (...args: readonly unknown[]) => Result;

/**
 * Replaces a method. `around` gets the object, the arguments, whose type it declares, and the method that was there;
 * what it returns is what the caller gets.
 */
export function wrap<Holder extends object, Result>(
  holder: Holder,
  name: keyof Holder & string,
  around: (self: Holder, args: never, call: Call<Result>) => unknown,
): void {
  const method: unknown = Reflect.get(holder, name);
  if (typeof method !== 'function') throw new TypeError(`there is no ${name} to break`);
  const proxy = new Proxy(method, {
    apply: (target, self: Holder, args: unknown[]): unknown =>
      around(self, args as never, (...others) => Reflect.apply(target, self, others) as Result),
  });
  Object.defineProperty(holder, name, { ...Object.getOwnPropertyDescriptor(holder, name), value: proxy });
}

/** What takes the place of a property's accessors; what is left out stays. */
export interface Accessors<Holder> {
  /** Gets the object and the true value. */
  get?: (self: Holder, value: unknown) => unknown;
  /** Gets the object, the value and the true setter. */
  set?: (self: Holder, value: unknown, write: (value: unknown) => void) => void;
}

/** Replaces the accessors of a property of a prototype. */
export function property<Holder extends object>(
  holder: Holder,
  name: keyof Holder & string,
  { get, set }: Accessors<Holder>,
): void {
  const before = Object.getOwnPropertyDescriptor(holder, name);
  if (!before?.get) throw new TypeError(`there is no ${name} to break`);
  const read = before.get;
  const write = before.set;
  Object.defineProperty(holder, name, {
    ...before,
    get(this: Holder): unknown {
      const value: unknown = Reflect.apply(read, this, []);
      return get ? get(this, value) : value;
    },
    set(this: Holder, value: unknown) {
      const pass = (wanted: unknown) => {
        if (write) Reflect.apply(write, this, [wanted]);
      };
      if (set) set(this, value, pass);
      else pass(value);
    },
  });
}

/** Replaces a global constructor; `around` gets the arguments and makes the object. */
export function construct(
  name: string,
  around: (args: never, make: (...args: readonly unknown[]) => object) => object,
): void {
  const constructor: unknown = Reflect.get(globalThis, name);
  if (typeof constructor !== 'function') throw new TypeError(`there is no ${name} to break`);
  const proxy = new Proxy(constructor, {
    construct: (target, args, newTarget) =>
      around(args as never, (...others) => Reflect.construct(target, [...others], newTarget) as object),
  });
  Reflect.set(globalThis, name, proxy);
}
