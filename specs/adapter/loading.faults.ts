import { fault } from '../fault.ts';
import { faultOfAbsence } from './breakages.ts';

const singles = { on: 'single', timeoutMs: 20_000 } as const;

for (const name of ['twice', 'after-a-connection']) faultOfAbsence(`adapter/loading/${name}`);

for (const name of ['module', 'bundle', 'strict-csp', 'strict-csp-module']) {
  fault({
    ...singles,
    scenario: `adapter/loading/${name}`,
    name: 'the script changes less where it is loaded in another way',
    page: () => {
      if (location.pathname !== '/blank') return;
      const before: unknown = Reflect.get(globalThis.parent, 'opened');
      const opened = typeof before === 'number' ? before : 0;
      Reflect.set(globalThis.parent, 'opened', opened + 1);
      // Two windows for the detection, two more to compare: the fifth is the one to break.
      if (opened === 4) Object.freeze(RTCPeerConnection.prototype);
    },
    expect: { status: 'fail', phase: 'assert', reason: /(?:what changed|threw)/ },
  });
}

for (const name of ['not-found', 'blocked']) {
  fault({
    ...singles,
    scenario: `adapter/absence/${name}`,
    name: 'another script comes in its place',
    page: () => {
      const source = Object.getOwnPropertyDescriptor(HTMLScriptElement.prototype, 'src');
      const here = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : '';
      Object.defineProperty(HTMLScriptElement.prototype, 'src', {
        configurable: true,
        get: () => here,
        set(this: HTMLScriptElement) {
          source?.set?.call(this, here);
        },
      });
    },
    expect: { status: 'fail', phase: 'assert', reason: /what came of loading it/ },
  });
}
