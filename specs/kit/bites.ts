/** Where a page keeps how often its fault bit; a fresh window's fault counts in the page that opened it. */
const key = Symbol.for('webrtc-interop bites');
const home: object = location.pathname === '/blank' ? window.parent : window;

if (!Reflect.has(home, key)) Reflect.set(home, key, 0);

/** Says that the fault has just changed something. A fault that never bites has broken nothing. */
export function bit(): void {
  Reflect.set(home, key, Number(Reflect.get(home, key)) + 1);
}
