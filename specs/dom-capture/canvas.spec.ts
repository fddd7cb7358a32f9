import { scenario } from '../scenario.ts';
import { expectPicture, seeReceived } from '../steps/picture.ts';

scenario(
  {
    id: 'dom-capture/canvas/2d-captured-and-received',
    version: 2,
    title: 'A 2d canvas, captured and received',
    asks: 'Does the other side see what is drawn on a captured 2d canvas?',
    level: 'must',
    specs: ['https://www.w3.org/TR/mediacapture-fromelement/#dom-htmlcanvaselement-capturestream'],
    needs: {
      offerer: ['HTMLCanvasElement.prototype.captureStream', 'canvas:2d'],
      answerer: ['HTMLVideoElement.prototype.requestVideoFrameCallback'],
    },
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await answerer.run((agent) => void agent.connect());
    await offerer.run(async (agent) => {
      const connection = agent.connect();
      const { track, stream } = agent.media.video();
      connection.pc.addTrack(track, stream);
      await connection.negotiate();
    });
    expectPicture(pair, await seeReceived(answerer), { size: [320, 240] });
  },
);
