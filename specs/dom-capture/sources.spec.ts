import { expect } from 'chai';
import { single } from '../scenario.ts';
import { captured, silenced } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import { expectPicture } from '../steps/picture.ts';
import { expectTone } from '../steps/sound.ts';
import { canvasNeeds } from './steps.ts';

const streams = (section: string): string => `https://www.w3.org/TR/mediacapture-streams/#${section}`;
const frameCallback = canvasNeeds[1];
/** No black frame is brighter, of 255. Browsers' made-up cameras are dark: WebKitGTK's first frames have 14 to 19. */
const black = 4;

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
    expect(Math.max(...lumas), 'the brightest of its frames, of 255').to.be.above(black);
    expect(device, 'the device that its settings tell').to.be.a('string').and.not.equal('');
  },
);

single(
  {
    id: 'dom-capture/sources/apply-constraints',
    title: 'Another size for a running camera',
    asks: 'Do the picture and the settings of a camera take the size that applyConstraints asked for?',
    level: 'must',
    specs: [streams('dom-mediastreamtrack-applyconstraints'), streams('dom-mediastreamtrack-getsettings')],
    needs: ['navigator.mediaDevices.getUserMedia', frameCallback],
  },
  async ({ peer, frame }) => {
    const { before, after, settings, picture } = await peer.run(async ({ media }) => {
      const track = await media.trackOf(await media.devices({ video: true }), 'video');
      const watcher = media.watch(track);
      const before = await watcher.until('3 frames', ({ frames }) => frames >= 3);
      // a smaller size, available whatever other pages do with the same camera, and no camera's native one
      await track.applyConstraints({ width: { exact: 320 }, height: { exact: 180 } });
      const from = watcher.report().frames;
      // the frames that were under way, and some more
      const after = await watcher.until('10 frames after the change', ({ frames }) => frames >= from + 10);
      return { before, after, settings: track.getSettings(), picture: watcher.picture() };
    });
    frame('changed', picture);
    expect([before.width, before.height], 'the size before').to.not.deep.equal([320, 180]);
    expect([after.width, after.height], 'the size after').to.deep.equal([320, 180]);
    expect([settings.width, settings.height], 'the size that its settings tell').to.deep.equal([320, 180]);
  },
);

single(
  {
    id: 'dom-capture/sources/device-id',
    title: 'The same camera by its id',
    asks: 'Does getUserMedia give the camera whose id is requested, and does it show a picture?',
    level: 'must',
    specs: [streams('dom-mediadevices-getusermedia'), streams('def-constraint-deviceId')],
    needs: ['navigator.mediaDevices.getUserMedia', frameCallback],
  },
  async ({ peer }) => {
    const { ids, lumas } = await peer.run(async ({ media }) => {
      const first = await media.trackOf(await media.devices({ video: true }), 'video');
      const { deviceId = '' } = first.getSettings();
      first.stop();
      const again = await media.devices({ video: { deviceId: { exact: deviceId } } });
      const track = await media.trackOf(again, 'video');
      const watcher = media.watch(track);
      await watcher.until('3 frames', ({ frames }) => frames >= 3);
      return { ids: [deviceId, track.getSettings().deviceId], lumas: watcher.seen.map(({ luma }) => luma) };
    });
    expect(ids[0], 'the id of the camera').to.be.a('string').and.not.equal('');
    expect(ids[1], 'the id of the camera that was asked for by it').to.equal(ids[0]);
    expect(Math.max(...lumas), 'the brightest of its frames, of 255').to.be.above(black);
  },
);

single(
  {
    id: 'dom-capture/sources/microphone',
    title: 'A microphone',
    asks: 'Does getUserMedia give sound that can be heard?',
    level: 'must',
    specs: [streams('dom-mediadevices-getusermedia')],
    needs: ['navigator.mediaDevices.getUserMedia', 'MediaStreamAudioSourceNode'],
  },
  async ({ peer, measure }) => {
    const { heard, kind } = await peer.run(async ({ media }) => {
      // voice processing might take a test tone for noise
      const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
      const track = await media.trackOf(await media.devices({ audio: plain }), 'audio');
      const listener = await media.listen(track);
      const [heard] = await listener.until('a sound', ([mono]) => (mono?.level ?? -200) > -50);
      return { heard, kind: track.kind };
    });
    expect(kind, 'the kind of the track').to.equal('audio');
    expect(heard?.level, 'the level that is heard, in dBFS').to.be.above(-50);
    measure('frequency of the microphone', heard?.frequency ?? 0, 'Hz');
  },
);

single(
  {
    id: 'dom-capture/sources/denied-by-policy',
    title: 'No permission',
    asks: 'Does getUserMedia reject with NotAllowedError in a frame that may use neither camera nor microphone?',
    level: 'must',
    specs: [streams('dom-mediadevices-getusermedia'), streams('permissions-policy-integration')],
    needs: ['navigator.mediaDevices.getUserMedia'],
  },
  async ({ peer }) => {
    const outcomes = await peer.run(async ({ freshWindow, media }) => {
      // the page itself may: a busy Chromium that has used no camera yet was seen to know of none, which is another error
      const own = await media.devices({ video: true, audio: true });
      for (const track of own.getTracks()) track.stop();
      const { window } = await freshWindow({ allow: "camera 'none'; microphone 'none'" });
      const outcomes = [];
      for (const constraints of [{ video: true }, { audio: true }]) {
        try {
          const stream = await window.navigator.mediaDevices.getUserMedia(constraints);
          outcomes.push(`a stream with ${String(stream.getTracks().length)} track`);
        } catch (error) {
          outcomes.push(String(Reflect.get(Object(error), 'name')));
        }
      }
      return outcomes;
    });
    expect(outcomes, 'what getUserMedia gives for camera and microphone').to.deep.equal([
      'NotAllowedError',
      'NotAllowedError',
    ]);
  },
);

single(
  {
    id: 'dom-capture/sources/display',
    title: 'A screen',
    asks: 'Does getDisplayMedia give the picture of a screen, at the size that its settings give?',
    level: 'must',
    specs: [
      'https://www.w3.org/TR/screen-capture/#dom-mediadevices-getdisplaymedia',
      'https://www.w3.org/TR/screen-capture/#dom-mediatracksettings-displaysurface',
    ],
    needs: ['display:chosen', frameCallback],
  },
  async ({ peer, frame }) => {
    const { size, settings, luma, picture } = await peer.run(async ({ media }) => {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: true });
      const track = await media.trackOf(stream, 'video');
      const watcher = media.watch(track);
      const { width, height, last } = await watcher.until('2 frames', ({ frames }) => frames >= 2);
      return {
        size: [width, height],
        settings: track.getSettings(),
        luma: last?.luma,
        picture: watcher.picture(),
      };
    });
    frame('screen', picture);
    expect(size, 'the size of the picture').to.deep.equal([settings.width, settings.height]);
    expect(luma, 'the brightness of the picture, of 255').to.be.above(4);
    expect(['monitor', 'window', 'browser'], 'the displaySurface of its settings').to.include(
      settings.displaySurface,
    );
  },
);

single(
  {
    id: 'dom-capture/sources/impossible-constraint',
    title: 'A constraint that no camera meets',
    asks: 'Does getUserMedia reject with an OverconstrainedError that names the constraint?',
    level: 'must',
    specs: [streams('dom-mediadevices-getusermedia'), streams('overconstrainederror-interface')],
    needs: ['navigator.mediaDevices.getUserMedia'],
  },
  async ({ peer }) => {
    const outcome = await peer.run(async ({ media }) => {
      // a browser may tell less to a page that has no camera
      await media.devices({ video: true });
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
    version: 2,
    title: 'Web Audio as source',
    asks: 'Does a MediaStreamAudioDestinationNode give the tones that go into it, left and right?',
    level: 'must',
    specs: ['https://www.w3.org/TR/webaudio/#mediastreamaudiodestinationnode'],
    needs: ['MediaStreamAudioDestinationNode', 'MediaStreamAudioSourceNode'],
  },
  async (context) => {
    const heard = await context.peer.run(async ({ media }) => {
      const { track } = await media.tone({ frequencies: [440, 1000] });
      const listener = await media.listen(track, 2);
      const near = (frequency: number | null | undefined, hertz: number) =>
        Math.abs((frequency ?? 0) - hertz) < 5;
      await listener.until(
        '440 Hz on the left and 1000 Hz on the right',
        ([left, right]) => near(left?.frequency, 440) && near(right?.frequency, 1000),
      );
      return listener.stretch(1000);
    });
    expectTone(context, heard[0], { hertz: 440 }, ' on the left');
    expectTone(context, heard[1], { hertz: 1000 }, ' on the right');
  },
);

single(
  {
    id: 'dom-capture/sources/track-disabled',
    version: 2,
    title: 'A disabled track',
    asks: 'Is a disabled video track black and a disabled audio track silent, and do both come back when they are enabled again?',
    level: 'must',
    specs: [streams('dom-mediastreamtrack-enabled')],
    needs: [...canvasNeeds, 'MediaStreamAudioDestinationNode'],
  },
  async (context) => {
    const { black, silent, shown, back } = await context.peer.run(async ({ media }) => {
      const video = media.video({ frameRate: 10 });
      const tone = await media.tone();
      const watcher = media.watch(video.track);
      const listener = await media.listen(tone.track);
      await watcher.until('3 new frames', ({ risen }) => risen >= 3);
      await listener.untilTone(440);
      video.track.enabled = false;
      tone.track.enabled = false;
      await watcher.until('a black frame', ({ last }) => last !== null && last.luma < 16);
      await listener.untilSilent();
      const from = watcher.seen.length;
      const [silent] = await listener.stretch(700);
      const lumas = watcher.seen.slice(from).map(({ luma }) => luma);
      video.track.enabled = true;
      tone.track.enabled = true;
      const enabledAt = video.drawn;
      await watcher.until(
        '3 frames after it was enabled again',
        ({ last }) => (last?.code?.number ?? 0) >= enabledAt + 3,
      );
      await listener.untilTone(440);
      const [[back], shown] = await Promise.all([listener.stretch(700), watcher.shown(700)]);
      return { black: Math.max(0, ...lumas), silent, shown, back };
    });
    expect(black, 'the brightest frame of the disabled picture, of 255').to.be.below(16);
    hold(context, 'how much of the sound was silent while disabled', silent?.silent, '1', silenced);
    expectPicture(context, shown, { bounds: captured });
    expectTone(context, back, { hertz: 440 });
  },
);

single(
  {
    id: 'dom-capture/sources/clone',
    version: 2,
    title: 'A clone is independent',
    asks: 'Does the clone of a captured track go on while its original is disabled, and does the original go on when the clone is stopped?',
    level: 'must',
    specs: [streams('dom-mediastreamtrack-clone'), streams('dom-mediastreamtrack-enabled')],
    needs: canvasNeeds,
  },
  async (context) => {
    const { ids, enabled, black, cloned, states } = await context.peer.run(async ({ media }) => {
      const { track } = media.video({ frameRate: 10 });
      const clone = track.clone();
      const [original, copy] = [media.watch(track), media.watch(clone)];
      track.enabled = false;
      await original.until('a black frame', ({ last }) => last !== null && last.luma < 16);
      const [from, { risen: before }] = [original.seen.length, copy.report()];
      await copy.until('3 more frames of the clone', ({ risen }) => risen >= before + 3);
      const cloned = await copy.shown();
      const black = Math.max(0, ...original.seen.slice(from).map(({ luma }) => luma));
      const enabled = [track.enabled, clone.enabled];
      track.enabled = true;
      clone.stop();
      await original.until('the original again', ({ last }) => last !== null && last.code !== null);
      return {
        ids: track.id === clone.id,
        enabled,
        black,
        cloned,
        states: [track.readyState, clone.readyState],
      };
    });
    expect(ids, 'whether original and clone have one id').to.equal(false);
    expect(enabled, 'enabled of the original and of the clone').to.deep.equal([false, true]);
    expect(black, 'the brightest frame of the disabled original, of 255').to.be.below(16);
    expectPicture(context, cloned, { bounds: captured });
    expect(states, 'the states of the original and of the stopped clone').to.deep.equal(['live', 'ended']);
  },
);

single(
  {
    id: 'dom-capture/sources/track-processor',
    title: 'A track processor',
    asks: 'Does a MediaStreamTrackProcessor give the frames of a captured canvas, in order and in their colours?',
    level: 'should',
    specs: ['https://www.w3.org/TR/mediacapture-transform/#track-processor'],
    needs: ['HTMLCanvasElement.prototype.captureStream', 'MediaStreamTrackProcessor', 'OffscreenCanvas'],
  },
  async ({ peer }) => {
    const readings = await peer.run(({ media }) =>
      media.processedFrames(media.video({ frameRate: 20 }).track, 5),
    );
    const numbers = readings.map(({ code }) => code?.number ?? -1);
    expect(Math.min(...numbers), 'the lowest frame number').to.be.at.least(0);
    expect(numbers, 'the frame numbers').to.deep.equal(numbers.toSorted((a, b) => a - b));
    // On a busy machine Chromium captures a canvas a second time before it is drawn again: seen once in five frames.
    expect(new Set(numbers).size, 'different ones of 5 frames').to.be.at.least(4);
    expect(
      Math.max(...readings.map(({ colourError }) => colourError)),
      'largest colour error, of 255',
    ).to.be.at.most(captured.colourError);
    expect(
      Math.max(...readings.map(({ greyError }) => greyError)),
      'largest grey error, of 255',
    ).to.be.at.most(captured.greyError);
    expect(Math.min(...readings.map(({ detail }) => detail)), 'detail').to.be.at.least(captured.detail ?? 1);
  },
);

single(
  {
    id: 'dom-capture/sources/track-generator',
    version: 2,
    title: 'A track generator',
    asks: 'Does a MediaStreamTrackGenerator show the frames that are written to it?',
    level: 'should',
    specs: ['https://www.w3.org/TR/mediacapture-transform/#video-track-generator'],
    needs: [...canvasNeeds, 'MediaStreamTrackProcessor', 'MediaStreamTrackGenerator'],
  },
  async (context) => {
    const { numbers, shown } = await context.peer.run(async ({ media }) => {
      const written = media.canvas();
      written.draw(1000);
      const track = media.transformed(media.video({ frameRate: 20 }).track, ({ timestamp }) => {
        written.draw();
        return new VideoFrame(written.canvas, { timestamp });
      });
      const watcher = media.watch(track);
      const shown = await watcher.shown();
      return { numbers: watcher.seen.map(({ code }) => code?.number ?? -1), shown };
    });
    expect(Math.min(...numbers), 'the lowest frame number').to.be.above(1000);
    expectPicture(context, shown, { bounds: captured });
  },
);

single(
  {
    id: 'dom-capture/sources/content-hint',
    title: 'contentHint',
    asks: 'Does a track keep the content hints of its kind, and accept no other?',
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
