import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import { playedAndSent, relayed, scaled, timeToReplace } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import { expectFrame, expectPicture, seeReceived } from '../steps/picture.ts';
import { expectTone } from '../steps/sound.ts';
import {
  canvasNeeds,
  captureOfCanvas,
  captureOfElement,
  elementNeeds,
  ofFile,
  fromElement,
  sendCanvas,
} from './steps.ts';

const [canvasCapture, frameCallback] = canvasNeeds;
const [elementCapture] = elementNeeds;

scenario(
  {
    id: 'dom-capture/wire/element-picture-and-tone',
    version: 2,
    title: 'A played file, captured and received',
    asks: 'Does the other side see and hear the picture and the sound of a captured video element?',
    level: 'must',
    specs: [captureOfElement],
    needs: { offerer: [elementCapture, 'plays:video/webm;codecs="vp8,opus"'], answerer: [frameCallback] },
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await answerer.run((agent) => void agent.connect());
    await offerer.run(async (agent) => {
      const connection = agent.connect();
      const element = await agent.media.element('video', 'vp8-opus.webm');
      element.loop = true;
      const stream = agent.media.capture(element);
      await element.play();
      for (const kind of ['video', 'audio'] as const) {
        connection.pc.addTrack(await agent.media.trackOf(stream, kind), stream);
      }
      await connection.negotiate();
    });
    const { shown, heard } = await answerer.run(async ({ connection, media }) => {
      const watcher = media.watch((await connection.track('video')).track);
      const listener = await media.listen((await connection.track('audio')).track);
      await watcher.until('3 new frames', ({ risen }) => risen >= 3);
      await listener.untilTone(440);
      const [[heard], shown] = await Promise.all([listener.stretch(1000), watcher.shown()]);
      return { shown, heard };
    });
    // the file begins again every four seconds
    expectPicture(pair, shown, { ...ofFile, size: [160, 120], bounds: playedAndSent, loops: true });
    expectTone(pair, heard, { hertz: 440 });
  },
);

scenario(
  {
    id: 'dom-capture/wire/request-frame',
    title: 'Only the requested frames are received',
    asks: 'Does the other side see only the frames that requestFrame() asked for?',
    level: 'must',
    specs: [captureOfCanvas, fromElement('dom-canvascapturemediastreamtrack-requestframe')],
    needs: {
      offerer: [
        ...canvasNeeds,
        'CanvasCaptureMediaStreamTrack.prototype.requestFrame|CanvasCaptureMediaStream.prototype.requestFrame',
      ],
      answerer: [frameCallback],
    },
  },
  async ({ offerer, answerer, frame, measure }) => {
    await answerer.run((agent) => void agent.connect());
    await offerer.run(async (agent) => {
      const connection = agent.connect();
      const source = agent.media.canvas({ width: 320, height: 240 });
      source.draw(0);
      const { track, stream } = source.capture(0);
      connection.pc.addTrack(track, stream);
      await connection.negotiate();
      await connection.connected();
    });
    await answerer.run(async ({ connection, media }) => {
      media.watch((await connection.track('video')).track);
      await connection.connected();
    });
    let requests = 0;
    for (const wanted of [100, 200]) {
      await offerer.run(async ({ media }, number) => {
        for (const unwanted of [1, 2]) {
          media.source.draw(number - unwanted);
          await media.meanwhile(2);
        }
      }, wanted);
      // A real-time encoder may drop a frame, and no later one makes up for it, so it is asked for again.
      const answer = { waiting: true };
      const seen = answerer
        .run(
          ({ media }, number) =>
            media.watcher.until(
              `frame ${String(number)}, which was asked for`,
              ({ last }) => last?.code?.number === number,
            ),
          wanted,
        )
        .finally(() => (answer.waiting = false));
      const ask = async () => {
        for (; answer.waiting; requests += 1) {
          await offerer.run(async ({ media }, number) => {
            media.source.requestFrame();
            media.source.draw(number);
            await media.meanwhile(2);
          }, wanted);
        }
      };
      await Promise.all([seen, ask()]);
    }
    const { numbers, picture } = await answerer.run(({ media }) => ({
      numbers: media.watcher.seen.map(({ code }) => code?.number ?? 0),
      picture: media.watcher.picture(),
    }));
    frame('asked for', picture);
    const uncalledFor = numbers.filter((number) => ![0, 100, 200].includes(number));
    expect(uncalledFor, 'numbers of frames that nobody asked for').to.deep.equal([]);
    expect(numbers, 'numbers of frames received').to.include.members([100, 200]);
    measure('requests for two frames', requests, '1');
  },
);

scenario(
  {
    id: 'dom-capture/wire/canvas-resized',
    version: 2,
    title: 'A resized canvas is received',
    asks: 'Does a change in the size of a captured canvas reach the other side?',
    level: 'must',
    specs: [captureOfCanvas],
    needs: { offerer: [canvasCapture], answerer: [frameCallback] },
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await sendCanvas(pair);
    const { report: before } = await seeReceived(answerer, 0);
    await offerer.run(({ media }) => {
      media.source.canvas.width = 480;
      media.source.draw();
    });
    const shown = await answerer.run(async ({ media: { watcher } }) => {
      // A sender may scale a picture down, but not change its shape.
      await watcher.until(
        'a readable picture twice as wide as high',
        ({ last }) => last !== null && last.code !== null && last.width === 2 * last.height,
      );
      return watcher.shown();
    });
    expect(before.width / before.height, 'width by height before').to.be.closeTo(4 / 3, 0.02);
    expect(shown.report.width / shown.report.height, 'width by height after').to.be.closeTo(2, 0.02);
    expectPicture(pair, shown, { bounds: scaled });
  },
);

scenario(
  {
    id: 'dom-capture/wire/stopped-and-removed',
    title: 'A capture that is stopped and removed',
    asks: 'Does the other side see nothing new after the captured track is stopped, and is its track muted once the sender removes its own?',
    level: 'must',
    specs: [
      'https://www.w3.org/TR/mediacapture-streams/#dom-mediastreamtrack-stop',
      'https://www.w3.org/TR/webrtc/#dom-rtcpeerconnection-removetrack',
    ],
    needs: { offerer: [canvasCapture], answerer: [frameCallback] },
  },
  async ({ offerer, answerer }) => {
    await sendCanvas({ offerer, answerer });
    await seeReceived(answerer, 0);
    const stoppedAt = await offerer.run(async ({ connection, media }) => {
      const number = media.source.stop();
      await media.meanwhile(8);
      const [sender] = connection.pc.getSenders();
      if (sender) connection.pc.removeTrack(sender);
      await connection.negotiate();
      return number;
    });
    const { muted, state, newest } = await answerer.run(async ({ connection, media, waitFor }) => {
      const { track } = await connection.track('video');
      await waitFor({
        name: 'the received track to be muted',
        phase: 'media',
        probe: () => track.muted,
        triggers: [{ on: track, events: ['mute'] }],
        seen: () => `track ${track.readyState}`,
      });
      const newest = media.watcher.report().last?.code?.number ?? 0;
      return { muted: track.muted, state: track.readyState, newest };
    });
    expect(newest, 'the newest frame seen, against the last drawn before stop()').to.be.at.most(stoppedAt);
    expect(muted, 'whether the received track is muted').to.equal(true);
    expect(state, 'the state of the received track').to.equal('live');
  },
);

scenario(
  {
    id: 'dom-capture/wire/replaces-camera',
    version: 3,
    title: 'A canvas instead of the camera, and back',
    asks: 'Does replaceTrack switch from a camera to a captured canvas and back, without negotiation?',
    level: 'must',
    specs: ['https://www.w3.org/TR/webrtc/#dom-rtcrtpsender-replacetrack', captureOfCanvas],
    needs: {
      offerer: [canvasCapture, 'navigator.mediaDevices.getUserMedia', 'RTCRtpSender.prototype.replaceTrack'],
      answerer: [frameCallback],
    },
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await answerer.run((agent) => void agent.connect());
    const showCamera = () =>
      offerer.run(async ({ connection, media }) => {
        const camera = await media.devices({ video: { width: 320, height: 240 } });
        const [track] = camera.getVideoTracks();
        if (!track) throw new Error('the camera gave no video track');
        const [sender] = connection.pc.getSenders();
        if (sender) return sender.replaceTrack(track);
        connection.pc.addTrack(track, camera);
        return connection.negotiate();
      });
    await offerer.run((agent) => void agent.connect());
    await showCamera();
    await answerer.run(async ({ connection, media }) => {
      const watcher = media.watch((await connection.track('video')).track);
      await watcher.until('5 frames of the camera', ({ frames }) => frames >= 5);
    });
    await offerer.run(async ({ connection, media }) => {
      await connection.pc.getSenders()[0]?.replaceTrack(media.video({ frameRate: 15 }).track);
    });
    const replaced = performance.now();
    await answerer.run(async ({ media: { watcher } }) => {
      await watcher.until('5 new frames of the canvas', ({ risen }) => risen >= 5);
    });
    hold(
      pair,
      'time to 5 frames of the canvas',
      Math.round(performance.now() - replaced),
      'ms',
      timeToReplace,
    );
    const shown = await answerer.run(({ media: { watcher } }) => watcher.shown());
    expectPicture(pair, shown, { size: [320, 240] });
    await showCamera();
    const tracks = await answerer.run(async ({ connection, media: { watcher } }) => {
      const { frames } = watcher.report();
      // a camera's picture carries no frame number
      await watcher.until(
        '5 more frames, and the camera in the last',
        (now) => now.frames >= frames + 5 && now.last?.code === null,
      );
      return connection.tracks.length;
    });
    expect(tracks, 'tracks that were announced').to.equal(1);
  },
);

scenario(
  {
    id: 'dom-capture/wire/relay',
    version: 2,
    title: 'Captured again and sent back',
    asks: 'Does a received stream, shown in an element and captured there, come back to the first side?',
    level: 'should',
    specs: [captureOfElement],
    needs: { offerer: canvasNeeds, answerer: [elementCapture, frameCallback] },
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await answerer.run((agent) => {
      agent.connect({
        // room for what goes back, so that nothing has to be negotiated again
        beforeAnswer: (pc) => {
          for (const transceiver of pc.getTransceivers()) transceiver.direction = 'sendrecv';
        },
      });
    });
    await offerer.run(async (agent) => {
      const connection = agent.connect();
      const { track, stream } = agent.media.video({ frameRate: 15 });
      connection.pc.addTrack(track, stream);
      await connection.negotiate();
    });
    await answerer.run(async ({ connection, media }) => {
      const watcher = media.watch((await connection.track('video')).track);
      await watcher.until('3 new frames', ({ risen }) => risen >= 3);
      const stream = media.capture(watcher.video);
      await connection.pc.getSenders()[0]?.replaceTrack(await media.trackOf(stream, 'video'));
    });
    expectPicture(pair, await seeReceived(offerer), { bounds: relayed });
  },
);

for (const { kind, needs } of [
  { kind: 'webgl', needs: ['canvas:webgl'] },
  { kind: 'bitmaprenderer', needs: ['canvas:bitmaprenderer', 'OffscreenCanvas'] },
  { kind: 'worker', needs: ['HTMLCanvasElement.prototype.transferControlToOffscreen', 'Worker'] },
] as const) {
  scenario(
    {
      id: `dom-capture/wire/canvas-${kind}`,
      version: 2,
      title: `A canvas is received: ${kind}`,
      asks: `Does the other side see what is drawn on a captured canvas (${kind})?`,
      level: 'must',
      specs: [captureOfCanvas],
      needs: { offerer: [canvasCapture, ...needs], answerer: [frameCallback] },
    },
    async (pair) => {
      await sendCanvas(pair, { canvas: { kind } });
      expectPicture(pair, await seeReceived(pair.answerer), { size: [320, 240] });
    },
  );
}

scenario(
  {
    id: 'dom-capture/wire/odd-size',
    version: 2,
    title: 'A canvas of an odd size is received',
    asks: 'Does the other side see a canvas of 321 by 241 pixels in its shape and its colours?',
    level: 'must',
    specs: [captureOfCanvas],
    needs: { offerer: [canvasCapture], answerer: [frameCallback] },
  },
  async (pair) => {
    await sendCanvas(pair, { canvas: { width: 321, height: 241 } });
    const shown = await seeReceived(pair.answerer);
    const { width, height } = shown.report;
    expectPicture(pair, shown, { bounds: scaled });
    // most codecs halve the size for colours: a row or a column may be missing
    expect(width, 'the width of the picture').to.be.within(320, 322);
    expect(height, 'the height of the picture').to.be.within(240, 242);
    pair.measure('width', width, 'px');
    pair.measure('height', height, 'px');
  },
);

scenario(
  {
    id: 'dom-capture/wire/still',
    version: 2,
    title: 'A canvas that does not change is received',
    asks: 'Does the other side see a canvas that was drawn once, before there was a connection?',
    level: 'info',
    timeoutMs: 6000,
    specs: [captureOfCanvas],
    needs: { offerer: [canvasCapture], answerer: [frameCallback] },
  },
  async (pair) => {
    await sendCanvas(pair, { drawn: 0, captured: null });
    const seen = await pair.answerer.run(async ({ connection, media }) => {
      const watcher = media.watch((await connection.track('video')).track);
      const report = await watcher.until('a readable frame', ({ readable }) => readable > 0);
      return { report, picture: watcher.picture() };
    });
    expect(seen.report.last?.code?.number, 'the number of the frame').to.equal(0);
    // the only frame there is: encoders make the first one coarse
    expectFrame(pair, seen, scaled);
  },
);

scenario(
  {
    id: 'dom-capture/wire/hidden-page',
    version: 2,
    title: 'A canvas in a hidden page is received',
    asks: 'Does the other side see new frames of a canvas whose page is hidden behind a window?',
    level: 'should',
    specs: [captureOfCanvas, 'https://html.spec.whatwg.org/multipage/interaction.html#page-visibility'],
    needs: { offerer: [canvasCapture, 'page:hidden'], answerer: [frameCallback] },
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await sendCanvas(pair);
    await seeReceived(answerer, 0);
    const hiddenAt = await offerer.run(async ({ hideBehindWindow, kept, media }) => {
      kept.set('close', await hideBehindWindow());
      return media.source.number;
    });
    const shown = await answerer.run(async ({ media: { watcher } }, from) => {
      await watcher.until(
        '5 frames that were drawn while the page was hidden',
        ({ last }) => (last?.code?.number ?? 0) >= from + 5,
      );
      return watcher.shown();
    }, hiddenAt);
    const visibility = await offerer.run(() => document.visibilityState);
    expect(visibility, 'the visibility of the page').to.equal('hidden');
    expectPicture(pair, shown, { size: [320, 240] });
  },
);

scenario(
  {
    id: 'dom-capture/wire/audio-file',
    version: 2,
    title: 'A played sound, captured and received',
    asks: 'Is a captured audio element heard at the other side at the frequencies of its file, one after the other?',
    level: 'must',
    specs: [captureOfElement],
    needs: { offerer: [elementCapture, 'plays:audio/wav'] },
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await answerer.run((agent) => void agent.connect());
    await offerer.run(async (agent) => {
      const connection = agent.connect();
      const element = await agent.media.element('audio', 'tone.wav');
      element.loop = true;
      const stream = agent.media.capture(element);
      await element.play();
      connection.pc.addTrack(await agent.media.trackOf(stream, 'audio'), stream);
      await connection.negotiate();
    });
    const [first, second] = await answerer.run(async ({ connection, media }) => {
      const listener = await media.listen((await connection.track('audio')).track);
      await listener.untilTone(440);
      const [low] = await listener.stretch(500);
      await listener.untilTone(880);
      return [low, (await listener.stretch(1000))[0]];
    });
    expectTone(pair, first, { hertz: 440 }, ' in the first half');
    expectTone(pair, second, { hertz: 880 }, ' in the second half');
  },
);

scenario(
  {
    id: 'dom-capture/wire/generated',
    version: 2,
    title: 'Frames of a track generator are received',
    asks: 'Does the other side see the frames that went through a track processor and a track generator?',
    level: 'should',
    specs: ['https://www.w3.org/TR/mediacapture-transform/#video-track-generator'],
    needs: {
      offerer: [canvasCapture, 'MediaStreamTrackProcessor', 'MediaStreamTrackGenerator'],
      answerer: [frameCallback],
    },
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await answerer.run((agent) => void agent.connect());
    await offerer.run(async (agent) => {
      const connection = agent.connect();
      const track = agent.media.transformed(agent.media.video({ frameRate: 20 }).track);
      connection.pc.addTrack(track, new MediaStream([track]));
      await connection.negotiate();
    });
    expectPicture(pair, await seeReceived(answerer), { size: [320, 240] });
  },
);

scenario(
  {
    id: 'dom-capture/wire/recorded',
    version: 2,
    title: 'Recorded at the other side',
    asks: 'Does what the other side records of a captured canvas and a tone play back correctly?',
    level: 'should',
    specs: ['https://www.w3.org/TR/mediastream-recording/#mediarecorder-api', captureOfCanvas],
    needs: {
      offerer: [canvasCapture, 'MediaStreamAudioDestinationNode'],
      answerer: [frameCallback, 'records:video/webm;codecs=vp8,opus'],
    },
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await answerer.run((agent) => void agent.connect());
    await offerer.run(async (agent) => {
      const connection = agent.connect();
      const { track, stream } = agent.media.video({ frameRate: 20 });
      connection.pc.addTrack(track, stream);
      const tone = await agent.media.tone({ frequencies: [660] });
      connection.pc.addTrack(tone.track, stream);
      await connection.negotiate();
    });
    const { shown, heard, told } = await answerer.run(async ({ connection, media }) => {
      const { track } = await connection.track('video');
      const sound = (await connection.track('audio')).track;
      await media.watch(track).until('3 new frames', ({ risen }) => risen >= 3);
      await (await media.listen(sound)).untilTone(660);
      const recording = await media.record(
        new MediaStream([track, sound]),
        'video/webm;codecs=vp8,opus',
        () => media.meanwhile(20),
      );
      const [watcher, listener] = await media.playBack(recording);
      await watcher.until('3 new frames of the recording', ({ risen }) => risen >= 3);
      await listener.untilTone(660);
      const [[heard], shown] = await Promise.all([listener.stretch(700), watcher.shown(700)]);
      return { shown, heard, told: recording.told };
    });
    expect(told, 'the events of the recorder').to.deep.equal(['dataavailable', 'stop']);
    expectPicture(pair, shown, { bounds: relayed, recorded: true, loops: true });
    expectTone(pair, heard, { hertz: 660 });
  },
);
