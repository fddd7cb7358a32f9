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
      const { report, picture, bytes, heard, errors } = await peer.run(
        async ({ media, waitFor }, mimeType) => {
          const tone = await media.tone({ frequencies: [660] });
          const source = media.canvas({ width: 320, height: 240 });
          source.draw();
          const stream = source.canvas.captureStream(30);
          stream.addTrack(tone.track);
          const recorder = new MediaRecorder(stream, { mimeType });
          const chunks: Blob[] = [];
          const errors: string[] = [];
          recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data));
          recorder.addEventListener('error', ({ type }) => errors.push(type));
          recorder.start();
          source.animate(20);
          await media.meanwhile(25);
          recorder.stop();
          await waitFor({
            name: 'the recording',
            phase: 'media',
            probe: () => recorder.state === 'inactive' && chunks.length > 0,
            triggers: [{ on: recorder, events: ['dataavailable', 'stop'] }],
            seen: () => recorder.state,
          });
          source.animate(0);
          const element = await media.element('video');
          const blob = new Blob(chunks, { type: recorder.mimeType });
          element.src = URL.createObjectURL(blob);
          await media.loaded(element);
          const reader = media.watch(element);
          const context = new AudioContext();
          const destination = context.createMediaStreamDestination();
          context.createMediaElementSource(element).connect(destination);
          const [sound] = destination.stream.getAudioTracks();
          if (!sound) throw new Error('MediaStreamAudioDestinationNode gave no audio track');
          const listener = await media.listen(sound);
          element.loop = true;
          await element.play();
          const report = await reader.until('3 new frames of the recording', ({ risen }) => risen >= 3);
          const heard = await listener.untilTone(660);
          return {
            report,
            picture: reader.picture(),
            bytes: blob.size,
            heard: heard[0]?.frequency ?? null,
            errors,
          };
        },
        type,
      );
      frame('played back', picture);
      expect(errors, 'errors of the recorder').to.deep.equal([]);
      expect(report.colourError, 'largest colour error, of 255').to.be.at.most(colourTolerance.coded);
      expect([report.width, report.height], 'the size of the picture').to.deep.equal([320, 240]);
      expect(heard, 'the frequency that is heard').to.be.closeTo(660, 8);
      measure('size of the recording', bytes, 'bytes');
    },
  );
}
