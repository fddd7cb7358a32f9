import { bit } from './bites.ts';

/** A kind of event at a kind of target, e.g. `message` at `RTCDataChannel`. */
export interface Place {
  /** The interface whose objects are meant, by name. */
  on: string;
  type: string;
}

/** One event on its way to one listener. */
export interface Delivery {
  event: Event;
  target: EventTarget;
  /** The number of this event among those of its type at its target, from 1. */
  nth: number;
  /** Tells one listener from another. */
  listener: object;
  /** Calls the listener. */
  deliver: () => void;
}

type Take = (delivery: Delivery) => void;

interface Rule extends Place {
  take: Take;
  /** The event comes once, as soon as somebody listens. */
  early: boolean;
}

const rules: Rule[] = [];
const numbers = new WeakMap<Event, number>();
const counts = new WeakMap<EventTarget, Map<string, number>>();
const told = new WeakMap<EventTarget, Set<string>>();
const wrapped = new WeakMap<object, (this: EventTarget, event: Event) => void>();
const originals = new WeakMap<object, object>();

const isA = (target: unknown, name: string): target is EventTarget => {
  const constructor: unknown = Reflect.get(globalThis, name);
  return typeof constructor === 'function' && target instanceof constructor;
};

const ruleFor = (target: unknown, type: string): Rule | undefined =>
  rules.find((rule) => rule.type === type && isA(target, rule.on));

function numberOf(event: Event, target: EventTarget): number {
  const known = numbers.get(event);
  if (known !== undefined) return known;
  const ofTarget = counts.get(target) ?? new Map<string, number>();
  counts.set(target, ofTarget);
  const number = (ofTarget.get(event.type) ?? 0) + 1;
  ofTarget.set(event.type, number);
  numbers.set(event, number);
  return number;
}

function wrapListener(listener: object): (this: EventTarget, event: Event) => void {
  const known = wrapped.get(listener);
  if (known) return known;
  const made = function (this: EventTarget, event: Event): void {
    const call = () => {
      if (typeof listener === 'function') Reflect.apply(listener, this, [event]);
      else if ('handleEvent' in listener && typeof listener.handleEvent === 'function') {
        Reflect.apply(listener.handleEvent, listener, [event]);
      }
    };
    const rule = ruleFor(this, event.type);
    if (rule) rule.take({ event, target: this, nth: numberOf(event, this), listener, deliver: call });
    else call();
  };
  wrapped.set(listener, made);
  originals.set(made, listener);
  return made;
}

/** Fires the event of an early rule ahead of its time, once for each target. */
function tellEarly(target: EventTarget, type: string): void {
  const rule = ruleFor(target, type);
  const types = told.get(target) ?? new Set<string>();
  if (rule?.early !== true || types.has(type)) return;
  told.set(target, types.add(type));
  queueMicrotask(() => {
    bit();
    target.dispatchEvent(new Event(type));
  });
}

const { addEventListener, removeEventListener } = EventTarget.prototype;

function install(): void {
  EventTarget.prototype.addEventListener = function (type: string, listener, options) {
    const ours = listener !== null && ruleFor(this, type) !== undefined;
    addEventListener.call(this, type, ours ? wrapListener(listener) : listener, options);
    if (ours) tellEarly(this, type);
  };
  EventTarget.prototype.removeEventListener = function (type: string, listener, options) {
    removeEventListener.call(this, type, listener, options);
    const made = listener === null ? undefined : wrapped.get(listener);
    if (made) removeEventListener.call(this, type, made, options);
  };
}

/** An `onmessage` is a listener, too. */
function installHandler({ on, type }: Place): void {
  const constructor: unknown = Reflect.get(globalThis, on);
  const prototype: unknown = typeof constructor === 'function' ? constructor.prototype : undefined;
  if (typeof prototype !== 'object' || prototype === null) throw new TypeError(`there is no ${on} to break`);
  const handler = Object.getOwnPropertyDescriptor(prototype, `on${type}`);
  if (!handler?.set) return;
  const write = handler.set;
  Object.defineProperty(prototype, `on${type}`, {
    ...handler,
    get(this: EventTarget): unknown {
      const listener: unknown = handler.get?.call(this);
      return typeof listener === 'function' ? (originals.get(listener) ?? listener) : listener;
    },
    set(this: EventTarget, listener: unknown) {
      const isListener = typeof listener === 'function';
      Reflect.apply(write, this, [isListener ? wrapListener(listener) : listener]);
      if (isListener) tellEarly(this, type);
    },
  });
}

/** Takes over every event of a kind, on its way to each listener. */
export function onEvent(place: Place, take: Take, early = false): void {
  if (rules.length === 0) install();
  rules.push({ ...place, take, early });
  installHandler(place);
}

/** The event never comes; given `nth`, only that one of each target does not. */
export function dropEvent(place: Place, nth?: number): void {
  onEvent(place, (delivery) => {
    if (nth === undefined || delivery.nth === nth) bit();
    else delivery.deliver();
  });
}

/** The event comes twice. */
export function doubleEvent(place: Place): void {
  onEvent(place, ({ deliver }) => {
    deliver();
    bit();
    deliver();
  });
}

/** The event comes `ms` milliseconds late. */
export function delayEvent(place: Place, ms: number): void {
  onEvent(place, ({ deliver }) => {
    bit();
    setTimeout(deliver, ms);
  });
}

/** The event comes as soon as somebody listens, and not when it should. */
export function earlyEvent(place: Place): void {
  onEvent(
    place,
    ({ event, deliver }) => {
      if (!event.isTrusted) deliver();
    },
    true,
  );
}

/** While the event is heard, a property of its target lies. */
export function lieDuringEvent(place: Place, name: string, value: unknown): void {
  onEvent(place, ({ target, deliver }) => {
    if (Reflect.get(target, name) !== value) bit();
    Object.defineProperty(target, name, { configurable: true, value });
    try {
      deliver();
    } finally {
      Reflect.deleteProperty(target, name);
    }
  });
}
