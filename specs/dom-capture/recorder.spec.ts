import { expect } from 'chai';
import { single } from '../scenario.ts';
import { canvasNeeds, colourTolerance } from './steps.ts';

for (const { name, type } of [
  { name: 'webm-vp8', type: 'video/webm;codecs=vp8,opus' },
  { name: 'webm-vp9', type: 'video/webm;codecs=vp9,opus' },
  { name: 'mp4', type: 'video/mp4' },
]) {
  single(
    {
      id: `dom-capture/recorder/${name}`,
      title: `Recorded: ${type}`,
      asks: `Does what MediaRecorder makes (${type}) of a captured canvas and a tone play back right?`,
      level: 'should',
      specs: ['https://www.w3.org/TR/mediastream-recording/#mediarecorder-api'],
      needs: [...canvasNeeds, `records:${type}`],
    },
    async ({ peer, frame, measure }) => {
      const { report, picture, bytes, heard, errors } = await peer.run(async ({ media }, mimeType) => {
        const tone = await media.tone({ frequencies: [660] });
        const source = media.canvas({ width: 320, height: 240 });
        source.draw();
        const { stream } = source.capture(30);
        stream.addTrack(tone.track);
        source.animate(20);
        const recording = await media.record(stream, mimeType, () => media.meanwhile(25));
        source.animate(0);
        const [watcher, listener] = await media.playBack(recording);
        const report = await watcher.until('3 new frames of the recording', ({ risen }) => risen >= 3);
        const heard = (await listener.untilTone(660))[0]?.frequency ?? null;
        return {
          report,
          picture: watcher.picture(),
          bytes: recording.blob.size,
          heard,
          errors: recording.errors,
        };
      }, type);
      frame('played back', picture);
      expect(errors, 'errors of the recorder').to.deep.equal([]);
      expect(report.colourError, 'largest colour error, of 255').to.be.at.most(colourTolerance.coded);
      expect([report.width, report.height], 'the size of the picture').to.deep.equal([320, 240]);
      expect(heard, 'the frequency that is heard').to.be.closeTo(660, 8);
      measure('size of the recording', bytes, 'bytes');
    },
  );
}
