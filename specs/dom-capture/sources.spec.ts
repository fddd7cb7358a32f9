import { expect } from 'chai';
import { single } from '../scenario.ts';
import { canvasNeeds, colourTolerance, expectPicture, expectTone } from './steps.ts';

const streams = (section: string): string => `https://www.w3.org/TR/mediacapture-streams/#${section}`;
const frameCallback = canvasNeeds[1];

single(
  {
    id: 'dom-capture/sources/camera',
    title: 'A camera, as it was asked for',
    asks: 'Does getUserMedia give a moving picture of the size asked for, and do its settings say so?',
    level: 'must',
    specs: [streams('dom-mediadevices-getusermedia'), streams('dom-mediastreamtrack-getsettings')],
    needs: ['navigator.mediaDevices.getUserMedia', frameCallback],
  },
  async ({ peer, frame }) => {
    const { size, settings, lumas, device, picture } = await peer.run(async ({ media }) => {
      const stream = await media.devices({ video: { width: { exact: 320 }, height: { exact: 240 } } });
      const [track] = stream.getVideoTracks();
      if (!track) throw new Error('getUserMedia gave no video track');
      const watcher = media.watch(track);
      const report = await watcher.until('5 frames', ({ frames }) => frames >= 5);
      const { width, height, deviceId } = track.getSettings();
      return {
        size: [report.width, report.height],
        settings: [width, height],
        lumas: watcher.seen.map(({ luma }) => luma),
        // enumerateDevices() is not asked: Firefox answers a page that has no focus late or not at all
        device: deviceId,
        picture: watcher.picture(),
      };
    });
    frame('camera', picture);
    expect(size, 'the size of the picture').to.deep.equal([320, 240]);
    expect(settings, 'the size that its settings tell').to.deep.equal([320, 240]);
    expect(Math.max(...lumas), 'the brightest of its frames, of 255').to.be.above(16);
    expect(device, 'the device that its settings tell').to.be.a('string').and.not.equal('');
  },
);

single(
  {
    id: 'dom-capture/sources/impossible-constraint',
    title: 'A constraint that no camera meets',
    asks: 'Does getUserMedia reject with OverconstrainedError, which names the constraint?',
    level: 'must',
    specs: [streams('dom-mediadevices-getusermedia'), streams('overconstrainederror-interface')],
    needs: ['navigator.mediaDevices.getUserMedia'],
  },
  async ({ peer }) => {
    const outcome = await peer.run(async ({ media }) => {
      try {
        const stream = await media.devices({ video: { deviceId: { exact: 'no such device' } } });
        return { name: `a stream with ${String(stream.getTracks().length)} track`, constraint: '' };
      } catch (error) {
        const { name } = error instanceof Error ? error : { name: String(error) };
        return { name, constraint: Reflect.get(Object(error), 'constraint') as unknown };
      }
    });
    expect(outcome, 'what getUserMedia gives').to.deep.equal({
      name: 'OverconstrainedError',
      constraint: 'deviceId',
    });
  },
);

single(
  {
    id: 'dom-capture/sources/web-audio',
    title: 'Web Audio as source',
    asks: 'Does a MediaStreamAudioDestinationNode give the tones that go into it, left and right?',
    level: 'must',
    specs: ['https://www.w3.org/TR/webaudio/#mediastreamaudiodestinationnode'],
    needs: ['MediaStreamAudioDestinationNode', 'MediaStreamAudioSourceNode'],
  },
  async ({ peer }) => {
    const heard = await peer.run(async ({ media }) => {
      const { track } = await media.tone({ frequencies: [440, 1000] });
      const listener = await media.listen(track, 2);
      const near = (frequency: number | null | undefined, hertz: number) =>
        Math.abs((frequency ?? 0) - hertz) < 5;
      return listener.until(
        '440 Hz on the left and 1000 Hz on the right',
        ([left, right]) => near(left?.frequency, 440) && near(right?.frequency, 1000),
      );
    });
    expectTone(heard[0], 440);
    expectTone(heard[1], 1000);
  },
);

single(
  {
    id: 'dom-capture/sources/track-disabled',
    title: 'A disabled track',
    asks: 'Is a disabled video track black and a disabled audio track silent, and are both back when they are enabled?',
    level: 'must',
    specs: [streams('dom-mediastreamtrack-enabled')],
    needs: [...canvasNeeds, 'MediaStreamAudioDestinationNode'],
  },
  async ({ peer }) => {
    const { black, silent, report, back } = await peer.run(async ({ media }) => {
      const video = media.video({ frameRate: 20 });
      const tone = await media.tone();
      const watcher = media.watch(video.track);
      const listener = await media.listen(tone.track);
      await watcher.until('3 new frames', ({ risen }) => risen >= 3);
      await listener.untilTone(440);
      video.track.enabled = false;
      tone.track.enabled = false;
      const { last: black } = await watcher.until(
        'a black frame',
        ({ last }) => last !== null && last.luma < 16,
      );
      const silent = await listener.until('silence', ([mono]) => mono?.frequency === null);
      video.track.enabled = true;
      tone.track.enabled = true;
      const enabledAt = video.drawn;
      const report = await watcher.until(
        '3 frames after it was enabled again',
        ({ last }) => (last?.code?.number ?? 0) >= enabledAt + 3,
      );
      return { black: black?.luma, silent: silent[0], report, back: await listener.untilTone(440) };
    });
    expect(black, 'luma of the disabled picture, of 255').to.be.below(16);
    expect(silent?.frequency, 'the frequency heard while disabled').to.equal(null);
    expectPicture(report, colourTolerance.local);
    expectTone(back[0], 440);
  },
);

single(
  {
    id: 'dom-capture/sources/content-hint',
    title: 'contentHint',
    asks: 'Does a track keep the content hints of its kind, and take no other?',
    level: 'should',
    specs: ['https://www.w3.org/TR/mst-content-hint/#mediastreamtrack-extension'],
    needs: ['HTMLCanvasElement.prototype.captureStream', 'MediaStreamTrack.prototype.contentHint'],
  },
  async ({ peer }) => {
    const kept = await peer.run(({ media }) => {
      const { track } = media.video();
      return ['motion', 'detail', 'text', 'nonsense', ''].map((hint) => {
        track.contentHint = hint;
        return track.contentHint;
      });
    });
    expect(kept, 'what the track keeps of motion, detail, text, nonsense and none').to.deep.equal([
      'motion',
      'detail',
      'text',
      'text',
      '',
    ]);
  },
);
