import { expect } from 'chai';
import { single } from '../scenario.ts';
import { playedAtOnce, playedAtTwice, silenced, tone } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import { expectPicture } from '../steps/picture.ts';
import { expectTone } from '../steps/sound.ts';
import { captureOfElement, elementNeeds, ofFile, fromElement } from './steps.ts';

const playback = fromElement('html-media-element-media-capture-extensions');
const needs = [...elementNeeds, 'plays:video/webm;codecs="vp8,opus"'];
const specs = [captureOfElement, playback];

single(
  {
    id: 'dom-capture/element-play/pause-and-go-on',
    version: 2,
    title: 'Paused and resumed',
    asks: 'Does the captured picture stand still while the element is paused, and move again when it plays?',
    level: 'must',
    specs,
    needs,
  },
  async (context) => {
    const { pausedAt, late, shown, states } = await context.peer.run(async ({ media }) => {
      const element = await media.element('video', 'vp8-opus.webm');
      const stream = media.capture(element);
      await element.play();
      const watcher = media.watch(await media.trackOf(stream, 'video'));
      await watcher.until('5 new frames', ({ risen }) => risen >= 5);
      element.pause();
      await media.meanwhile(3);
      const pausedAt = watcher.report().last?.code?.number ?? null;
      const from = watcher.seen.length;
      await media.meanwhile(10);
      // whatever is shown now, even a frame without a code, has to be the one that it was paused at
      const late = watcher.seen.slice(from).map(({ code }) => code?.number ?? null);
      await element.play();
      await watcher.until(
        '3 frames after it was played on',
        ({ last }) => (last?.code?.number ?? 0) >= (pausedAt ?? 0) + 3,
      );
      return {
        pausedAt,
        late: late.filter((number) => number !== pausedAt),
        shown: await watcher.shown(),
        states: stream.getTracks().map(({ readyState }) => readyState),
      };
    });
    expect(pausedAt, 'the frame it was paused at').to.be.at.least(4);
    expect(late, 'other frames that were shown while paused').to.deep.equal([]);
    expect(states, 'the states of its tracks').to.deep.equal(['live', 'live']);
    expectPicture(context, shown, ofFile);
  },
);

single(
  {
    id: 'dom-capture/element-play/pause-is-silent',
    version: 2,
    title: 'Paused: silence',
    asks: 'Is the captured sound silent while the element is paused, and heard again when it plays?',
    level: 'must',
    specs,
    needs,
  },
  async (context) => {
    const { paused, again } = await context.peer.run(async ({ media }) => {
      const element = await media.element('video', 'vp8-opus.webm');
      element.loop = true;
      const stream = media.capture(element);
      await element.play();
      const listener = await media.listen(await media.trackOf(stream, 'audio'));
      await listener.untilTone(440);
      element.pause();
      await listener.untilSilent();
      const [paused] = await listener.stretch(500);
      // each half of the file has its tone
      element.currentTime = 2.1;
      await element.play();
      await listener.untilTone(880);
      return { paused, again: (await listener.stretch(1000))[0] };
    });
    hold(context, 'how much of the pause was silent', paused?.silent, '1', silenced);
    expectTone(context, again, { hertz: 880 });
  },
);

single(
  {
    id: 'dom-capture/element-play/pause-mutes-tracks',
    title: 'Paused: the tracks are muted',
    asks: 'Are the captured tracks muted while the element is paused, and unmuted when it plays again?',
    level: 'must',
    specs,
    needs,
  },
  async ({ peer }) => {
    const { playing, paused, again } = await peer.run(async ({ media }) => {
      const element = await media.element('video', 'vp8-opus.webm');
      const stream = media.capture(element);
      const muted = () => stream.getTracks().map((track) => track.muted);
      await element.play();
      const watcher = media.watch(await media.trackOf(stream, 'video'));
      await watcher.until('3 new frames', ({ risen }) => risen >= 3);
      const playing = muted();
      element.pause();
      await media.meanwhile(5);
      const paused = muted();
      await element.play();
      await media.meanwhile(5);
      return { playing, paused, again: muted() };
    });
    expect(playing, 'muted while it plays').to.deep.equal([false, false]);
    expect(paused, 'muted while it is paused').to.deep.equal([true, true]);
    expect(again, 'muted when it plays again').to.deep.equal([false, false]);
  },
);

single(
  {
    id: 'dom-capture/element-play/seek',
    version: 2,
    title: 'Seek',
    asks: 'Do picture and sound of the captured stream follow a seek, with the same tracks?',
    level: 'must',
    specs,
    needs,
  },
  async (context) => {
    const { shown, heard, same, between } = await context.peer.run(async ({ media, waitFor }) => {
      const element = await media.element('video', 'vp8-opus.webm');
      const stream = media.capture(element);
      await element.play();
      const track = await media.trackOf(stream, 'video');
      const watcher = media.watch(track);
      const listener = await media.listen(await media.trackOf(stream, 'audio'));
      await watcher.until('3 new frames', ({ risen }) => risen >= 3);
      const ids = stream
        .getTracks()
        .map(({ id }) => id)
        .toSorted();
      let sought = false;
      element.addEventListener('seeked', () => (sought = true));
      const from = watcher.report().last?.code?.number ?? 0;
      // to the second half, where frames are 30 and higher and the tone is 880 Hz
      element.currentTime = 2.2;
      await waitFor({
        name: 'the element to have sought',
        phase: 'media',
        probe: () => sought,
        triggers: [{ on: element, events: ['seeked'] }],
        seen: () => `at ${String(element.currentTime)} s`,
      });
      // the file ends at 4 s; a slow machine may need longer
      element.loop = true;
      await watcher.until('a frame of the second half', ({ last }) => (last?.code?.number ?? 0) >= 33);
      // some frames may still have been under way when it sought
      const between = watcher.seen.filter(
        ({ code }) => code !== null && code.number > from + 10 && code.number < 30,
      );
      await listener.untilTone(880);
      const [[heard], shown] = await Promise.all([listener.stretch(500), watcher.shown(500)]);
      const now = stream
        .getTracks()
        .map(({ id }) => id)
        .toSorted();
      return {
        shown,
        heard,
        between: between.length,
        same: ids.join() === now.join() && track.readyState === 'live',
      };
    });
    expect(between, 'frames seen of those that were jumped over').to.equal(0);
    expectPicture(context, shown, ofFile);
    expectTone(context, heard, { hertz: 880 });
    expect(same, 'the tracks are the same as before').to.equal(true);
  },
);

single(
  {
    id: 'dom-capture/element-play/rate-2',
    version: 3,
    title: 'Played twice as fast',
    asks: 'Does the captured picture of an element at playbackRate 2 keep up with it, and does its tone keep its pitch?',
    level: 'must',
    specs,
    needs,
  },
  async (context) => {
    const { report, shown, elapsed, seconds, heard, rate } = await context.peer.run(async ({ media }) => {
      const element = await media.element('video', 'vp8-opus.webm');
      const stream = media.capture(element);
      element.playbackRate = 2;
      await element.play();
      const watcher = media.watch(await media.trackOf(stream, 'video'));
      const listener = await media.listen(await media.trackOf(stream, 'audio'));
      await listener.untilTone(440);
      const from = watcher.report().last?.code?.number ?? 0;
      const startedAt = element.currentTime;
      const began = performance.now();
      const [heard] = await listener.stretch(300);
      const report = await watcher.until('frame 40', ({ last }) => (last?.code?.number ?? 0) >= 40);
      const elapsed = element.currentTime - startedAt;
      const seconds = (performance.now() - began) / 1000;
      const shown = ((report.last?.code?.number ?? 0) - from) / 15;
      return { report, heard, shown, elapsed, seconds, rate: element.playbackRate };
    });
    expect(rate, 'playbackRate of the element while it plays').to.equal(2);
    hold(context, 'seconds that the element went on in a second', elapsed / seconds, '1', playedAtTwice);
    // a picture at the normal rate would give 0.5; a second of it is early or late by some frames
    expect(
      shown / elapsed,
      'seconds that the captured picture went on for each that the element did',
    ).to.be.within(0.62, 1.6);
    expect(report.fell, 'frame numbers that fell').to.deep.equal([]);
    expectTone(context, heard, { hertz: 440 });
  },
);

single(
  {
    id: 'dom-capture/element-play/rate-1',
    title: 'Played at normal speed',
    asks: 'Does the captured picture of an element advance by one second of the file per second?',
    level: 'must',
    specs: [...specs, 'https://html.spec.whatwg.org/multipage/media.html#dom-media-playbackrate'],
    needs,
  },
  async (context) => {
    const { report, rate } = await context.peer.run(async ({ media }) => {
      const element = await media.element('video', 'vp8-opus.webm');
      const stream = media.capture(element);
      await element.play();
      const watcher = media.watch(await media.trackOf(stream, 'video'));
      await watcher.until('5 new frames', ({ risen }) => risen >= 5);
      return { report: await watcher.stretch(2000), rate: element.playbackRate };
    });
    expect(rate, 'playbackRate of the element while it plays').to.equal(1);
    expect(report.fell, 'frame numbers that fell').to.deep.equal([]);
    hold(context, 'frame rate of the file as shown', report.numbersPerSecond, '1/s', playedAtOnce);
  },
);

for (const { kind, name, what } of [
  { kind: 'video', name: 'two-captures', what: 'picture' },
  { kind: 'audio', name: 'two-captures-sound', what: 'sound' },
] as const) {
  single(
    {
      id: `dom-capture/element-play/${name}`,
      title: `Two captures of one element: the ${what}`,
      asks: `Does each call of captureStream() give a stream and tracks of its own, so that the ${what} of one goes on when the other is stopped?`,
      level: 'should',
      specs,
      needs,
    },
    async (context) => {
      const { sameStream, sameTracks, shown, heard, states } = await context.peer.run(
        async ({ media }, wanted) => {
          const element = await media.element('video', 'vp8-opus.webm');
          element.loop = true;
          const [one, two] = [media.capture(element), media.capture(element)];
          await element.play();
          const track = await media.trackOf(two, wanted);
          const watcher = wanted === 'video' ? media.watch(track) : null;
          const listener = wanted === 'audio' ? await media.listen(track) : null;
          await watcher?.until('3 frames of the second capture', ({ risen }) => risen >= 3);
          await listener?.until('the sound of the second capture', ([mono]) => mono?.frequency !== null);
          const [first, second] = [one.getTracks(), two.getTracks()];
          for (const track of first) track.stop();
          return {
            sameStream: one === two,
            sameTracks: first.filter((track) => second.includes(track)).length,
            shown: (await watcher?.shown(500)) ?? null,
            heard: (await listener?.stretch(500))?.[0],
            states: [first, second].map((tracks) => tracks.map(({ readyState }) => readyState)),
          };
        },
        kind,
      );
      expect(sameStream, 'whether the two captures are one stream').to.equal(false);
      expect(sameTracks, 'tracks that are in both captures').to.equal(0);
      expect(states, 'the states of the tracks of both captures').to.deep.equal([
        ['ended', 'ended'],
        ['live', 'live'],
      ]);
      // Worst seen 0.39: Firefox leaves out frames while it begins to play.
      const bounds = { ...ofFile.bounds, shown: 0.2 };
      if (shown) expectPicture(context, shown, { ...ofFile, bounds, loops: true });
      else hold(context, 'silence of the second capture', heard?.silent, '1', { most: tone.silent });
    },
  );
}

// The specification says so of muting; that volume is no different follows from what it says of rendering.
for (const { name, title, quiet, level } of [
  { name: 'muted-is-heard', title: 'Muted', quiet: { muted: true, volume: 1 }, level: 'must' },
  {
    name: 'low-volume-is-heard',
    title: 'At a low volume',
    quiet: { muted: false, volume: 0.1 },
    level: 'should',
  },
] as const) {
  single(
    {
      id: `dom-capture/element-play/${name}`,
      version: 2,
      title: `${title}, and captured as loud as the file`,
      asks: `Is the sound of an element captured as loud as it is in the file while the element is ${title.toLowerCase()}?`,
      level,
      specs,
      needs,
    },
    async ({ peer, measure }) => {
      const { heard, stood } = await peer.run(async ({ media }, quiet) => {
        const heard = [];
        const stood = [];
        for (const { muted, volume } of [{ muted: false, volume: 1 }, quiet]) {
          const element = await media.element('video', 'vp8-opus.webm');
          element.muted = muted;
          element.volume = volume;
          element.loop = true;
          const stream = media.capture(element);
          await element.play();
          const listener = await media.listen(await media.trackOf(stream, 'audio'));
          await listener.untilTone(440);
          // until the listener's window holds nothing but the tone
          await media.meanwhile(5);
          heard.push(listener.hear()[0]);
          stood.push({ muted: element.muted, volume: element.volume });
          element.remove();
          element.pause();
        }
        return { heard, stood };
      }, quiet);
      const [loud, soft] = heard;
      expect(stood, 'how the element stood while its sound was captured').to.deep.equal([
        { muted: false, volume: 1 },
        quiet,
      ]);
      expect(loud?.level, 'the level at full volume, in dBFS').to.be.above(-25);
      expect(soft?.level, `the level ${title.toLowerCase()}`).to.be.closeTo(loud?.level ?? 0, 3);
      measure('level at full volume', loud?.level ?? 0, 'dBFS');
    },
  );
}

single(
  {
    id: 'dom-capture/element-play/loop',
    version: 2,
    title: 'Loop',
    asks: 'Does a looping element begin again in its captured stream, with the same tracks?',
    level: 'must',
    specs,
    needs,
  },
  async (context) => {
    const { number, shown, states } = await context.peer.run(async ({ media }) => {
      const element = await media.element('video', 'vp8-opus.webm');
      element.loop = true;
      const stream = media.capture(element);
      element.currentTime = 3;
      await element.play();
      const watcher = media.watch(await media.trackOf(stream, 'video'));
      await watcher.until('a frame near the end', ({ last }) => (last?.code?.number ?? 0) >= 50);
      const { last } = await watcher.until(
        'the beginning again',
        ({ last: newest }) => (newest?.code?.number ?? 60) < 15,
      );
      return {
        number: last?.code?.number,
        shown: await watcher.shown(),
        states: stream.getTracks().map(({ readyState }) => readyState),
      };
    });
    expect(number, 'the first frame that was seen again').to.be.below(15);
    expectPicture(context, shown, ofFile);
    expect(states, 'the states of its tracks').to.deep.equal(['live', 'live']);
  },
);

single(
  {
    id: 'dom-capture/element-play/end',
    version: 2,
    title: 'The end of the file',
    asks: 'When the file ends, do the captured tracks end, with their events, and leave the stream?',
    level: 'must',
    specs,
    needs,
  },
  async ({ peer }) => {
    const { told, tracks, states, active } = await peer.run(async ({ media, waitFor }) => {
      const element = await media.element('video', 'vp8-opus.webm');
      const stream = media.capture(element);
      element.currentTime = 3;
      const told: string[] = [];
      await element.play();
      const captured = [await media.trackOf(stream, 'video'), await media.trackOf(stream, 'audio')];
      for (const track of captured)
        track.addEventListener('ended', () => told.push(`${track.kind} ended (${track.readyState})`));
      stream.addEventListener('removetrack', ({ track }) => told.push(`${track.kind} removed`));
      await waitFor({
        name: 'the end of the file',
        phase: 'media',
        probe: () => element.ended,
        triggers: [{ on: element, events: ['ended'] }],
      });
      await media.meanwhile(5);
      return {
        told: told.toSorted(),
        tracks: stream.getTracks().length,
        states: captured.map(({ readyState }) => readyState),
        active: stream.active,
      };
    });
    expect(states, 'the states of the tracks').to.deep.equal(['ended', 'ended']);
    expect(told, 'what events told').to.deep.equal([
      'audio ended (ended)',
      'audio removed',
      'video ended (ended)',
      'video removed',
    ]);
    expect(tracks, 'tracks left in the stream').to.equal(0);
    expect(active, 'whether the stream is active').to.equal(false);
  },
);

single(
  {
    id: 'dom-capture/element-play/new-source',
    version: 2,
    title: 'Another file on the same element',
    asks: 'When the element gets another source, do the captured tracks end, and do new ones appear?',
    level: 'must',
    specs,
    needs: [...needs, 'plays:video/webm;codecs="vp9,opus"'],
  },
  async (context) => {
    const { before, now, shown } = await context.peer.run(async ({ media, waitFor }) => {
      const element = await media.element('video', 'vp8-opus.webm');
      const stream = media.capture(element);
      await element.play();
      const picture = await media.trackOf(stream, 'video');
      const old = [picture, await media.trackOf(stream, 'audio')];
      await media.watch(picture).until('3 new frames', ({ risen }) => risen >= 3);
      element.src = media.url('vp9-opus.webm');
      await media.loaded(element);
      await element.play();
      const isNew = (track: MediaStreamTrack) => track.kind === 'video' && !old.includes(track);
      const track = await waitFor({
        name: 'a new video track',
        phase: 'media',
        probe: () => stream.getTracks().find(isNew),
        triggers: [{ on: stream, events: ['addtrack'] }, { everyMs: 100 }],
      });
      const shown = await media.watch(track).shown();
      return {
        before: old.map(({ readyState }) => readyState),
        now: stream
          .getTracks()
          .map(({ kind, readyState }) => `${kind} ${readyState}`)
          .toSorted(),
        shown,
      };
    });
    expectPicture(context, shown, ofFile);
    expect(before, 'the states of the tracks of the former source').to.deep.equal(['ended', 'ended']);
    expect(now, 'the tracks of the stream').to.deep.equal(['audio live', 'video live']);
  },
);

single(
  {
    id: 'dom-capture/element-play/new-source-events',
    version: 2,
    title: 'Another file: events of the stream',
    asks: 'When the element gets a file that has only sound, do removetrack and addtrack report which tracks go and which come?',
    level: 'must',
    specs,
    needs: [...needs, 'plays:audio/wav'],
  },
  async (context) => {
    const { told, tracks, heard } = await context.peer.run(async ({ media }) => {
      const element = await media.element('video', 'vp8-opus.webm');
      const stream = media.capture(element);
      await element.play();
      const old = await media.trackOf(stream, 'audio');
      await media
        .watch(await media.trackOf(stream, 'video'))
        .until('3 new frames', ({ risen }) => risen >= 3);
      const told: string[] = [];
      stream.addEventListener('removetrack', ({ track }) =>
        told.push(`${track.kind} removed ${track.readyState}`),
      );
      stream.addEventListener('addtrack', ({ track }) =>
        told.push(`${track.kind} added ${track.readyState}`),
      );
      element.src = media.url('tone.wav');
      await media.loaded(element);
      await element.play();
      await media.meanwhile(5);
      const added = stream.getAudioTracks().find((track) => track !== old);
      if (!added) return { told: told.toSorted(), tracks: [], heard: undefined };
      const listener = await media.listen(added);
      await listener.untilTone(440);
      const [heard] = await listener.stretch(500);
      return { told: told.toSorted(), tracks: stream.getTracks().map(({ kind }) => kind), heard };
    });
    expect(told, 'what events told').to.deep.equal([
      'audio added live',
      'audio removed ended',
      'video removed ended',
    ]);
    expect(tracks, 'the tracks of the stream').to.deep.equal(['audio']);
    expectTone(context, heard, { hertz: 440 });
  },
);

single(
  {
    id: 'dom-capture/element-play/play-again',
    version: 2,
    title: 'Played again after its end',
    asks: 'When an element plays again after its end, does its captured stream get new tracks that show it?',
    level: 'must',
    specs,
    needs,
  },
  async (context) => {
    const { old, number, shown } = await context.peer.run(async ({ media, waitFor }) => {
      const element = await media.element('video', 'vp8-opus.webm');
      const stream = media.capture(element);
      element.currentTime = 3.2;
      await element.play();
      const first = await media.trackOf(stream, 'video');
      await waitFor({
        name: 'the end of the file',
        phase: 'media',
        probe: () => element.ended && first.readyState === 'ended',
        triggers: [
          { on: element, events: ['ended'] },
          { on: first, events: ['ended'] },
        ],
        seen: () => `at ${String(element.currentTime)} s, track ${first.readyState}`,
      });
      await element.play();
      const second = await media.trackOf(stream, 'video');
      const watcher = media.watch(second);
      const { last } = await watcher.until('a readable frame', ({ readable }) => readable > 0);
      return { old: first.readyState, number: last?.code?.number, shown: await watcher.shown() };
    });
    expect(old, 'the state of the track of the first time').to.equal('ended');
    expect(number, 'the first frame that was seen again').to.be.below(45);
    expectPicture(context, shown, ofFile);
  },
);
