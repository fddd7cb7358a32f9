import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import {
  canvasNeeds,
  captureOfCanvas,
  captureOfElement,
  colourTolerance,
  elementNeeds,
  expectPicture,
  expectTone,
  fromElement,
  sendCanvas,
  watchReceived,
} from './steps.ts';

const [canvasCapture, frameCallback] = canvasNeeds;
const [elementCapture] = elementNeeds;

scenario(
  {
    id: 'dom-capture/wire/element-picture-and-tone',
    title: 'A played file, captured and received',
    asks: 'Are the picture and the sound of a captured video element what the other side sees and hears?',
    level: 'must',
    specs: [captureOfElement],
    needs: { offerer: [elementCapture, 'plays:video/webm;codecs="vp8,opus"'], answerer: [frameCallback] },
  },
  async ({ offerer, answerer, frame, measure }) => {
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
    const { report, heard, picture } = await answerer.run(async ({ connection, media }) => {
      const watcher = media.watch((await connection.track('video')).track);
      const listener = await media.listen((await connection.track('audio')).track);
      const report = await watcher.until('5 new frames', ({ risen }) => risen >= 5);
      return { report, heard: await listener.untilTone(440), picture: watcher.picture() };
    });
    frame('received', picture);
    expect(report.colourError, 'largest colour error, of 255').to.be.at.most(colourTolerance.coded);
    expect([report.width, report.height], 'the size of the picture').to.deep.equal([160, 120]);
    expectTone(heard[0], 440);
    measure('frame rate', report.framesPerSecond, 'fps');
  },
);

scenario(
  {
    id: 'dom-capture/wire/request-frame',
    title: 'Only the frames asked for are received',
    asks: 'Does the other side see just the frames that requestFrame() asked for?',
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
      // A real-time encoder may drop a frame, and nothing follows that would make up for it: so it is asked for again.
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
    title: 'A resized canvas is received',
    asks: 'Does another size of a captured canvas reach the other side?',
    level: 'must',
    specs: [captureOfCanvas],
    needs: { offerer: [canvasCapture], answerer: [frameCallback] },
  },
  async ({ offerer, answerer, frame }) => {
    await sendCanvas({ offerer, answerer });
    const { report: before } = await watchReceived(answerer);
    await offerer.run(({ media }) => {
      media.source.canvas.width = 480;
      media.source.draw();
    });
    const { report, picture } = await answerer.run(async ({ media: { watcher } }) => {
      // A sender may scale a picture down, but not change its shape.
      const report = await watcher.until(
        'a readable picture twice as wide as high',
        ({ last }) => last !== null && last.code !== null && last.width === 2 * last.height,
      );
      return { report, picture: watcher.picture() };
    });
    frame('resized', picture);
    expect(before.width / before.height, 'width by height before').to.be.closeTo(4 / 3, 0.02);
    expect(report.width / report.height, 'width by height after').to.be.closeTo(2, 0.02);
    expectPicture(report, colourTolerance.coded);
  },
);

scenario(
  {
    id: 'dom-capture/wire/stopped-and-removed',
    title: 'A capture that is stopped and removed',
    asks: 'Does the other side see nothing new after the captured track was stopped, and is its track muted once the sender removed it?',
    level: 'must',
    specs: [
      'https://www.w3.org/TR/mediacapture-streams/#dom-mediastreamtrack-stop',
      'https://www.w3.org/TR/webrtc/#dom-rtcpeerconnection-removetrack',
    ],
    needs: { offerer: [canvasCapture], answerer: [frameCallback] },
  },
  async ({ offerer, answerer }) => {
    await sendCanvas({ offerer, answerer });
    await watchReceived(answerer);
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
    title: 'A canvas instead of the camera, and back',
    asks: 'Does replaceTrack put a captured canvas in the place of a camera and back, without negotiation?',
    level: 'must',
    specs: ['https://www.w3.org/TR/webrtc/#dom-rtcrtpsender-replacetrack', captureOfCanvas],
    needs: {
      offerer: [canvasCapture, 'navigator.mediaDevices.getUserMedia', 'RTCRtpSender.prototype.replaceTrack'],
      answerer: [frameCallback],
    },
  },
  async ({ offerer, answerer, frame }) => {
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
    const { report, picture } = await answerer.run(async ({ media: { watcher } }) => {
      const report = await watcher.until('5 new frames of the canvas', ({ risen }) => risen >= 5);
      return { report, picture: watcher.picture() };
    });
    frame('canvas', picture);
    expectPicture(report, colourTolerance.coded);
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
    title: 'Captured again and sent back',
    asks: 'Does a received stream, shown in an element and captured there, come back to the first side?',
    level: 'should',
    specs: [captureOfElement],
    needs: { offerer: canvasNeeds, answerer: [elementCapture, frameCallback] },
  },
  async ({ offerer, answerer, frame, measure }) => {
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
    const { report, picture } = await offerer.run(async ({ connection, media }) => {
      const watcher = media.watch((await connection.track('video')).track);
      return {
        report: await watcher.until('5 new frames', ({ risen }) => risen >= 5),
        picture: watcher.picture(),
      };
    });
    frame('came back', picture);
    expectPicture(report, 64);
    measure('delay there and back', report.delayMs ?? 0, 'ms');
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
      title: `A canvas is received: ${kind}`,
      asks: `Is what is drawn on a captured canvas (${kind}) what the other side sees?`,
      level: 'must',
      specs: [captureOfCanvas],
      needs: { offerer: [canvasCapture, ...needs], answerer: [frameCallback] },
    },
    async ({ offerer, answerer, frame }) => {
      await sendCanvas({ offerer, answerer }, { canvas: { kind } });
      const { report, picture } = await watchReceived(answerer);
      frame('received', picture);
      expectPicture(report, colourTolerance.coded);
    },
  );
}

scenario(
  {
    id: 'dom-capture/wire/odd-size',
    title: 'A canvas of an odd size is received',
    asks: 'Does the other side see a canvas of 321 by 241 pixels in its shape and its colours?',
    level: 'must',
    specs: [captureOfCanvas],
    needs: { offerer: [canvasCapture], answerer: [frameCallback] },
  },
  async ({ offerer, answerer, frame, measure }) => {
    await sendCanvas({ offerer, answerer }, { canvas: { width: 321, height: 241 } });
    const { report, picture } = await watchReceived(answerer);
    frame('received', picture);
    expectPicture(report, colourTolerance.coded);
    // most codecs halve the size for colours: a row or a column may be missing
    expect(report.width, 'the width of the picture').to.be.within(320, 322);
    expect(report.height, 'the height of the picture').to.be.within(240, 242);
    measure('width', report.width, 'px');
    measure('height', report.height, 'px');
  },
);

scenario(
  {
    id: 'dom-capture/wire/still',
    title: 'A canvas that does not change is received',
    asks: 'Does the other side see a canvas that was drawn once, before there was a connection?',
    level: 'should',
    timeoutMs: 6000,
    specs: [captureOfCanvas],
    needs: { offerer: [canvasCapture], answerer: [frameCallback] },
  },
  async ({ offerer, answerer, frame }) => {
    await sendCanvas({ offerer, answerer }, { drawn: 0, captured: null });
    const { report, picture } = await watchReceived(answerer, 1);
    frame('received', picture);
    expect(report.last?.code?.number, 'the number of the frame').to.equal(0);
    expectPicture(report, colourTolerance.coded);
  },
);

scenario(
  {
    id: 'dom-capture/wire/hidden-page',
    title: 'A canvas in a hidden page is received',
    asks: 'Does the other side see new frames of a canvas whose page is hidden behind a window?',
    level: 'should',
    specs: [captureOfCanvas, 'https://html.spec.whatwg.org/multipage/interaction.html#page-visibility'],
    needs: { offerer: [canvasCapture, 'page:hidden'], answerer: [frameCallback] },
  },
  async ({ offerer, answerer, frame, measure }) => {
    await sendCanvas({ offerer, answerer });
    await watchReceived(answerer);
    const hiddenAt = await offerer.run(async ({ hideBehindWindow, kept, media }) => {
      kept.set('close', await hideBehindWindow());
      return media.source.number;
    });
    const { report, picture } = await answerer.run(async ({ media: { watcher } }, from) => {
      const report = await watcher.until(
        '5 frames that were drawn while the page was hidden',
        ({ last }) => (last?.code?.number ?? 0) >= from + 5,
      );
      return { report, picture: watcher.picture() };
    }, hiddenAt);
    const visibility = await offerer.run(() => document.visibilityState);
    frame('received', picture);
    expect(visibility, 'the visibility of the page').to.equal('hidden');
    expectPicture(report, colourTolerance.coded);
    measure('frame rate', report.framesPerSecond, 'fps');
  },
);

scenario(
  {
    id: 'dom-capture/wire/audio-file',
    title: 'A played sound, captured and received',
    asks: 'Is a captured audio element heard at the other side at the frequencies of its file, one after the other?',
    level: 'must',
    specs: [captureOfElement],
    needs: { offerer: [elementCapture, 'plays:audio/wav'] },
  },
  async ({ offerer, answerer }) => {
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
      return [await listener.untilTone(440), await listener.untilTone(880)];
    });
    expectTone(first?.[0], 440);
    expectTone(second?.[0], 880);
  },
);

scenario(
  {
    id: 'dom-capture/wire/generated',
    title: 'Frames of a track generator are received',
    asks: 'Does the other side see the frames that went through a track processor and a track generator?',
    level: 'should',
    specs: ['https://www.w3.org/TR/mediacapture-transform/#video-track-generator'],
    needs: {
      offerer: [canvasCapture, 'MediaStreamTrackProcessor', 'MediaStreamTrackGenerator'],
      answerer: [frameCallback],
    },
  },
  async ({ offerer, answerer, frame }) => {
    await answerer.run((agent) => void agent.connect());
    await offerer.run(async (agent) => {
      const connection = agent.connect();
      const track = agent.media.transformed(agent.media.video({ frameRate: 20 }).track);
      connection.pc.addTrack(track, new MediaStream([track]));
      await connection.negotiate();
    });
    const { report, picture } = await watchReceived(answerer);
    frame('received', picture);
    expectPicture(report, colourTolerance.coded);
  },
);

scenario(
  {
    id: 'dom-capture/wire/recorded',
    // it timed out once while four cells ran on two processors
    load: 'alone',
    title: 'Recorded at the other side',
    asks: 'Does what the other side records of a captured canvas and a tone play back right?',
    level: 'should',
    specs: ['https://www.w3.org/TR/mediastream-recording/#mediarecorder-api', captureOfCanvas],
    needs: {
      offerer: [canvasCapture, 'MediaStreamAudioDestinationNode'],
      answerer: [frameCallback, 'records:video/webm;codecs=vp8,opus'],
    },
  },
  async ({ offerer, answerer, frame }) => {
    await answerer.run((agent) => void agent.connect());
    await offerer.run(async (agent) => {
      const connection = agent.connect();
      const { track, stream } = agent.media.video({ frameRate: 20 });
      connection.pc.addTrack(track, stream);
      const tone = await agent.media.tone({ frequencies: [660] });
      connection.pc.addTrack(tone.track, stream);
      await connection.negotiate();
    });
    const { report, heard, errors, picture } = await answerer.run(async ({ connection, media }) => {
      const { track } = await connection.track('video');
      const sound = (await connection.track('audio')).track;
      const shown = media.watch(track);
      await shown.until('3 new frames', ({ risen }) => risen >= 3);
      await (await media.listen(sound)).untilTone(660);
      const recording = await media.record(
        new MediaStream([track, sound]),
        'video/webm;codecs=vp8,opus',
        () => media.meanwhile(20),
      );
      const [watcher, listener] = await media.playBack(recording);
      const report = await watcher.until('3 new frames of the recording', ({ risen }) => risen >= 3);
      const heard = await listener.untilTone(660);
      return { report, heard, errors: recording.errors, picture: watcher.picture() };
    });
    frame('played back', picture);
    expect(errors, 'errors of the recorder').to.deep.equal([]);
    expect(report.colourError, 'largest colour error, of 255').to.be.at.most(64);
    expect(heard[0]?.frequency, 'the frequency that is heard').to.be.closeTo(660, 8);
  },
);
