import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import { expectNothingElse } from '../steps/channels.ts';
import { expectPicture, seeReceived } from '../steps/picture.ts';
import { callKinds, expectAdapterOn, judgeAdapter } from './calls.ts';
import { adapterNames, adapterSite } from './steps.ts';

scenario(
  {
    id: 'adapter/negotiation/offerer-shimmed-answerer-native',
    version: 2,
    title: 'Offerer with adapter.js, answerer without',
    asks: 'Does a call with video and data work when the offerer has loaded webrtc-adapter and the answerer has not?',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc8829', 'https://github.com/webrtcHacks/adapter'],
    needs: {
      offerer: ['HTMLCanvasElement.prototype.captureStream'],
      answerer: ['HTMLVideoElement.prototype.requestVideoFrameCallback'],
    },
    adapter: ['offerer'],
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    const nativeHasAdapter = await answerer.run((agent) => {
      agent.connect();
      return 'adapter' in globalThis;
    });
    const detected = await offerer.run(async (agent) => {
      const connection = agent.connect();
      const { track, stream } = agent.media.video();
      connection.pc.addTrack(track, stream);
      connection.createChannel('data');
      await connection.negotiate();
      (await connection.channel('data')).send('from the shimmed side');
      const adapter: unknown = Reflect.get(globalThis, 'adapter');
      return adapter instanceof Object ? (Reflect.get(adapter, 'browserDetails') as unknown) : undefined;
    });
    const shown = await seeReceived(answerer);
    const message = await answerer.run(({ connection }) => connection.message('data'));
    expect(detected, 'what adapter detected on the offering side').to.include({
      browser: adapterNames[offerer.engine],
    });
    expect(nativeHasAdapter, 'adapter on the answering side').to.equal(false);
    expect(message, 'what the answerer received').to.equal('from the shimmed side');
    expectPicture(pair, shown, { size: [320, 240] });
    await expectNothingElse(pair);
  },
);

/** The sides that have adapter. */
const combinations = {
  native: { sides: [], title: 'without adapter' },
  'offerer-shimmed': { sides: ['offerer'], title: 'adapter on the offerer' },
  'answerer-shimmed': { sides: ['answerer'], title: 'adapter on the answerer' },
  'both-shimmed': { sides: ['offerer', 'answerer'], title: 'adapter on both sides' },
} as const satisfies Record<string, { sides: readonly ('offerer' | 'answerer')[]; title: string }>;

for (const { name, title, asks, specs, needs, signaling = {}, body } of callKinds) {
  for (const [combination, { sides, title: shimmed }] of Object.entries(combinations)) {
    const adapter: readonly string[] = sides;
    scenario(
      {
        id: `adapter/negotiation/${name}-${combination}`,
        version: 2,
        title: `${title}, ${shimmed}`,
        asks: `${asks} (${shimmed})`,
        level: 'must',
        specs: [...specs, adapterSite],
        needs,
        signaling,
        adapter: sides,
      },
      async (context) => {
        await expectAdapterOn(context.offerer, 'offerer', adapter.includes('offerer'));
        await expectAdapterOn(context.answerer, 'answerer', adapter.includes('answerer'));
        if (adapter.length === 0) await body(context);
        else await judgeAdapter(context, body);
      },
    );
  }
}
