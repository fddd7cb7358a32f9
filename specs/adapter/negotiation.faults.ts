import { fault } from '../fault.ts';

fault({
  scenario: 'adapter/negotiation/offerer-shimmed-answerer-native',
  name: 'adapter.js did not load',
  on: 'offerer',
  page: () => {
    Object.defineProperty(globalThis, 'adapter', { get: () => undefined, set: () => undefined });
  },
  expect: { status: 'fail', phase: 'assert', reason: /what adapter detected on the offering side/ },
});

fault({
  scenario: 'adapter/negotiation/offerer-shimmed-answerer-native',
  name: 'the answering side is shimmed too',
  on: 'answerer',
  page: () => {
    Reflect.set(globalThis, 'adapter', {});
  },
  expect: { status: 'fail', phase: 'assert', reason: /adapter on the answering side/ },
});
