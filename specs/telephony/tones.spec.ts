import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import { byEvents, call, dial, expectReceived, insertDtmf, receivedKeys, type Dialling } from './steps.ts';

/** The events of tones that nothing disturbs, each with what is left after it; the last has no tone. */
const changesOf = (tones: string): Dialling['changes'] =>
  [...tones.split(''), ''].map((tone, at) => ({ tone, left: tones.slice(at + 1) }));

scenario(
  {
    ...byEvents,
    id: 'telephony/tones/told',
    title: 'What a sender reports about its tones',
    asks: 'Is there one tonechange for each tone as it begins and one without a tone at the end, does toneBuffer lose a tone with each, and do all tones arrive?',
    specs: [insertDtmf, 'https://www.w3.org/TR/webrtc/#event-RTCDTMFSender-tonechange'],
  },
  async (pair) => {
    await call(pair);
    const { toneBuffer, changes } = await dial(pair.offerer, { tones: '1d#2' });
    expectReceived(await receivedKeys(pair), '1D#2');
    expect(toneBuffer, 'toneBuffer when insertDTMF has returned').to.equal('1D#2');
    expect(changes, 'the events tonechange').to.deep.equal(changesOf('1D#2'));
  },
);

for (const { name, title, asks, next, due } of [
  {
    name: 'emptied',
    title: 'No more tones',
    asks: 'When insertDTMF is called with an empty string mid-tone, does that tone finish, and does none follow it?',
    next: { at: '2', tones: '' },
    due: '12',
  },
  {
    name: 'replaced',
    title: 'Other tones',
    asks: 'When insertDTMF is called with other tones mid-tone, does that tone finish, and do the others then follow?',
    next: { at: '2', tones: '89' },
    due: '1289',
  },
]) {
  scenario({ ...byEvents, id: `telephony/tones/${name}`, title, asks, specs: [insertDtmf] }, async (pair) => {
    await call(pair);
    const { changes } = await dial(pair.offerer, { tones: '12345', duration: 120, next });
    const received = await receivedKeys(pair);
    expectReceived(received, due);
    expect(changes.map(({ tone }) => tone).join('|'), 'the tones that tonechange named').to.equal(
      `${due.split('').join('|')}|`,
    );
  });
}

scenario(
  {
    ...byEvents,
    id: 'telephony/tones/refused',
    title: 'Characters that are not keys',
    asks: 'Does insertDTMF throw InvalidCharacterError for a string with a character that is not a key, and send none of it?',
    specs: [insertDtmf],
  },
  async (pair) => {
    await call(pair);
    await dial(pair.offerer, { tones: '7' });
    const { thrown, toneBuffer } = await pair.offerer.run(({ connection }) => {
      const dtmf = connection.pc.getSenders()[0]?.dtmf;
      const thrown = ['1x2', '1 2', '1E2'].map((tones) => {
        try {
          dtmf?.insertDTMF(tones);
          return 'nothing';
        } catch (error) {
          return error instanceof DOMException ? error.name : String(error);
        }
      });
      return { thrown, toneBuffer: dtmf?.toneBuffer };
    });
    await dial(pair.offerer, { tones: '9' });
    expectReceived(await receivedKeys(pair), '79');
    expect(thrown, 'what insertDTMF threw').to.deep.equal(thrown.map(() => 'InvalidCharacterError'));
    expect(toneBuffer, 'toneBuffer after that').to.equal('');
  },
);
