import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';
import { ask, unable } from './ability.ts';
import { byEvents, call, canInsertDtmf, dial, expectReceived, insertDtmf, receivedKeys } from './steps.ts';

type Pair = PairContext<Agent>;

/** Sets the direction that the offerer wants, and negotiates it. */
const direct = (pair: Pair, direction: RTCRtpTransceiverDirection): Promise<void> =>
  pair.offerer.run(async ({ connection }, wanted) => {
    const [transceiver] = connection.pc.getTransceivers();
    if (transceiver) transceiver.direction = wanted;
    await connection.negotiate();
  }, direction);

const setActive = (pair: Pair, active: boolean): Promise<void> =>
  pair.offerer.run(async ({ connection }, wanted) => {
    const [sender] = connection.pc.getSenders();
    const parameters = sender?.getParameters();
    if (!sender || !parameters) return;
    for (const encoding of parameters.encodings) encoding.active = wanted;
    await sender.setParameters(parameters);
  }, active);

/** Takes the track away, or gives another tone in its place. */
const replace = (pair: Pair, by: 'nothing' | 'another'): Promise<void> =>
  pair.offerer.run(async ({ connection, media }, wanted) => {
    const track = wanted === 'nothing' ? null : (await media.tone({ frequencies: [400], gain: 0 })).track;
    await connection.pc.getSenders()[0]?.replaceTrack(track);
  }, by);

for (const { name, title, why, disable, enable } of [
  {
    name: 'hold',
    title: 'Keys on hold',
    why: 'the sender is on hold',
    disable: (pair) => direct(pair, 'inactive'),
    enable: (pair) => direct(pair, 'sendonly'),
  },
  {
    name: 'inactive-encoding',
    title: 'Keys with an inactive encoding',
    why: 'its encoding is not active',
    disable: (pair) => setActive(pair, false),
    enable: (pair) => setActive(pair, true),
  },
  {
    name: 'no-track',
    title: 'Keys without a track',
    why: 'replaceTrack has taken its track',
    disable: (pair) => replace(pair, 'nothing'),
    enable: (pair) => replace(pair, 'another'),
  },
] satisfies {
  name: string;
  title: string;
  why: string;
  disable: (pair: Pair) => Promise<void>;
  enable: (pair: Pair) => Promise<void>;
}[]) {
  scenario(
    {
      ...byEvents,
      id: `telephony/able/${name}`,
      title,
      asks: `Is canInsertDTMF false and does insertDTMF throw while ${why}, and does a key get through afterwards?`,
      specs: [canInsertDtmf, insertDtmf],
    },
    async (pair) => {
      await call(pair);
      await dial(pair.offerer, { tones: '7' });
      await disable(pair);
      const meanwhile = await ask(pair, 'in');
      expect(meanwhile, `canInsertDTMF and what insertDTMF threw while ${why}`).to.deep.equal(unable);
      await enable(pair);
      await dial(pair.offerer, { tones: '8' });
      expectReceived(await receivedKeys(pair), '78');
    },
  );
}

scenario(
  {
    ...byEvents,
    id: 'telephony/able/replaced-track',
    title: 'Keys across replaceTrack',
    asks: 'Do all keys arrive when replaceTrack swaps in another track in the middle of dialling?',
    specs: [canInsertDtmf, 'https://www.w3.org/TR/webrtc/#dom-rtcrtpsender-replacetrack'],
  },
  async (pair) => {
    await call(pair);
    const dialling = dial(pair.offerer, { tones: '1234', duration: 150 });
    await replace(pair, 'another');
    await dialling;
    expectReceived(await receivedKeys(pair), '1234');
  },
);

scenario(
  {
    ...byEvents,
    id: 'telephony/able/connecting-stopped',
    title: 'Keys before and after a call',
    asks: 'Is canInsertDTMF false and does insertDTMF throw before the call and once the transceiver is stopped, but not in between?',
    specs: [canInsertDtmf, insertDtmf, 'https://www.w3.org/TR/webrtc/#dom-rtcrtptransceiver-stop'],
  },
  async (pair) => {
    const before = await ask(pair, 'before');
    await call(pair);
    await dial(pair.offerer, { tones: '7' });
    expectReceived(await receivedKeys(pair), '7');
    const stopped = await ask(pair, 'stopped');
    expect(before, 'canInsertDTMF and what insertDTMF threw before the call').to.deep.equal(unable);
    expect(stopped, 'canInsertDTMF and what insertDTMF threw when it was stopped').to.deep.equal(unable);
  },
);
