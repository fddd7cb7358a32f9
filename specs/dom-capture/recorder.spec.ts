import { expect } from 'chai';
import { single } from '../scenario.ts';
import { played } from '../steps/bounds.ts';
import { expectPicture } from '../steps/picture.ts';
import { expectTone } from '../steps/sound.ts';
import { canvasNeeds } from './steps.ts';

for (const { name, type } of [
  { name: 'webm-vp8', type: 'video/webm;codecs=vp8,opus' },
  { name: 'webm-vp9', type: 'video/webm;codecs=vp9,opus' },
  { name: 'mp4', type: 'video/mp4' },
]) {
  single(
    {
      id: `dom-capture/recorder/${name}`,
      version: 4,
      title: `Recorded: ${type}`,
      asks: `Does what MediaRecorder records (${type}) of a captured canvas and a tone play back correctly?`,
      level: 'should',
      specs: ['https://www.w3.org/TR/mediastream-recording/#mediarecorder-api'],
      needs: [...canvasNeeds, `records:${type}`],
    },
    async (context) => {
      const { shown, bytes, heard, told, files } = await context.peer.run(async ({ media }, mimeType) => {
        const tone = await media.tone({ frequencies: [660] });
        const source = media.canvas({ width: 320, height: 240 });
        source.draw();
        const { stream } = source.capture(40);
        stream.addTrack(tone.track);
        source.animate(20);
        const recording = await media.record(stream, mimeType, () => media.meanwhile(25));
        source.animate(0);
        const [watcher, listener] = await media.playBack(recording);
        await listener.untilTone(660);
        const [[heard], shown] = await Promise.all([listener.stretch(700), watcher.shown(700)]);
        const files = await media.filesIn(recording);
        return { shown, heard, files, bytes: recording.blob.size, told: recording.told };
      }, type);
      expect(told, 'the events of the recorder').to.deep.equal(['dataavailable', 'stop']);
      expect(files, 'files in the recording, by their headings').to.equal(1);
      expectPicture(context, shown, { size: [320, 240], bounds: played, recorded: true, loops: true });
      expectTone(context, heard, { hertz: 660 });
      context.measure('size of the recording', bytes, 'bytes');
    },
  );
}
