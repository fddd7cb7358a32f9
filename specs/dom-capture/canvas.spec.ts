import { expect } from 'chai';
import { scenario } from '../scenario.ts';

scenario(
  {
    id: 'dom-capture/canvas/2d-captured-and-received',
    title: 'A 2d canvas, captured and received',
    asks: 'Is what is drawn on a captured 2d canvas what the other side sees?',
    level: 'must',
    specs: ['https://www.w3.org/TR/mediacapture-fromelement/#dom-htmlcanvaselement-capturestream'],
    needs: {
      offerer: ['HTMLCanvasElement.prototype.captureStream', 'canvas:2d'],
      answerer: ['HTMLVideoElement.prototype.requestVideoFrameCallback'],
    },
  },
  async ({ offerer, answerer, measure, frame }) => {
    await answerer.run((agent) => void agent.connect());
    await offerer.run(async (agent) => {
      const connection = agent.connect();
      const { track, stream } = agent.media.video();
      connection.pc.addTrack(track, stream);
      await connection.negotiate();
    });
    const { report, picture } = await answerer.run(async ({ connection, media }) => {
      const { track } = await connection.track('video');
      const watcher = media.watch(track);
      return {
        report: await watcher.until('20 new frames', ({ risen }) => risen >= 20),
        picture: watcher.picture(),
      };
    });
    frame('received', picture);
    expect(report.backwards, 'frame numbers that fell').to.equal(0);
    expect(report.colourError, 'largest colour error, of 255').to.be.at.most(48);
    expect(report.last?.code?.number, 'the newest frame number seen').to.be.at.least(19);
    measure('frame rate', report.framesPerSecond, 'fps');
    measure('end-to-end delay', report.delayMs ?? 0, 'ms');
  },
);
