import type { Place } from '../kit/events.ts';
import type { Kit } from '../kit/kit.ts';

/** Ways to break events. Each takes the interface that fires the event, and the event's type. */

/** The event never comes; given `nth`, only that one of each target does not. */
export const missing = (kit: Kit, { on, type, nth }: Place & { nth?: number }) =>
  kit.dropEvent({ on, type }, nth);

/** It comes twice. */
export const twice = (kit: Kit, place: Place) => kit.doubleEvent(place);

/** It comes as soon as somebody listens. */
export const early = (kit: Kit, place: Place) => kit.earlyEvent(place);

/** It comes late. */
export const late = (kit: Kit, { on, type, ms }: Place & { ms: number }) => kit.delayEvent({ on, type }, ms);

/** It comes while its target says that it is in another state. */
export const inWrongState = (kit: Kit, { on, type, name, value }: Place & { name: string; value: unknown }) =>
  kit.lieDuringEvent({ on, type }, name, value);

/** A property of it has another value. */
export const withOther = (kit: Kit, { on, type, name, value }: Place & { name: string; value: unknown }) =>
  kit.onEvent({ on, type }, ({ event, deliver }) => {
    if (Reflect.get(event, name) !== value) kit.bit();
    Object.defineProperty(event, name, { configurable: true, value });
    deliver();
  });

/** It comes once more although nothing happened, `ms` milliseconds after the first. */
export const unasked = (kit: Kit, { on, type, ms }: Place & { ms: number }) => {
  const seen = new WeakSet<EventTarget>();
  kit.onEvent({ on, type }, ({ event, target, deliver }) => {
    deliver();
    if (seen.has(target) || !event.isTrusted) return;
    seen.add(target);
    setTimeout(() => {
      kit.bit();
      target.dispatchEvent(new Event(type));
    }, ms);
  });
};
