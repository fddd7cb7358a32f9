import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { expectAdded, needsOf } from '../connection/added.ts';
import { scenario } from '../scenario.ts';
import { amongOthers, relayed } from '../steps/bounds.ts';
import { expectPicture, seeReceived } from '../steps/picture.ts';
import { expectTone, hearReceived } from '../steps/sound.ts';
import {
  addContent,
  connect,
  contents,
  expectBegun,
  expectContent,
  jsep,
  mLines,
  negotiate,
  placeOf,
  webrtc,
  type Content,
} from './steps.ts';

type Pair = PairContext<Agent>;

const streamsSpec = [webrtc('set-associated-remote-streams'), jsep('5.2.1')];

scenario(
  {
    id: 'media/association/removed-added-again',
    title: 'A track that is removed and added again',
    asks: 'When a track is removed and added again with the stream that it had, is it in the same MediaStream at the other side, and is that stream empty in between?',
    level: 'must',
    specs: [webrtc('dfn-set-the-associated-remote-streams'), webrtc('dom-rtcpeerconnection-removetrack')],
    needs: needsOf.video,
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await answerer.run((agent) => void agent.connect());
    await offerer.run((agent) => void agent.connect());
    await addContent(offerer, 'video', 'first');
    await negotiate(pair);
    await expectBegun(pair, 'video', 'first');
    await offerer.run(({ connection: { pc } }) =>
      pc.getSenders().forEach((sender) => pc.removeTrack(sender)),
    );
    await negotiate(pair);
    const left = await answerer.run(
      async ({ connection }) => (await connection.track('video')).streams[0]?.getTracks().length,
    );
    expect(left, 'tracks that the stream has once its track is removed').to.equal(0);
    await offerer.run(({ connection: { pc }, media: { videoSource } }) => {
      pc.addTrack(videoSource.track, videoSource.stream);
    });
    await negotiate(pair);
    await expectContent(pair, 'video', 'first', 1);
    const { ids, isSame, holds } = await answerer.run(async ({ connection }) => {
      const [before] = (await connection.track('video')).streams;
      const again = await connection.track('video', 1);
      const [behind] = again.streams;
      return {
        ids: [before?.id, behind?.id],
        isSame: before !== undefined && before === behind,
        holds: before?.getTracks().includes(again.track),
      };
    });
    expect(ids[1], 'the id of the stream when the track is there again').to.equal(ids[0]);
    expect(isSame, 'whether that stream is the MediaStream of before').to.equal(true);
    expect(holds, 'whether the MediaStream of before has the track again').to.equal(true);
  },
);

scenario(
  {
    id: 'media/association/several',
    title: 'Three pictures and two tones at once',
    asks: 'Does each of three pictures and two tones arrive in the stream that it was added with, and nothing else?',
    level: 'must',
    specs: streamsSpec,
    needs: [...needsOf.video, ...needsOf.audio],
    load: 'heavy',
  },
  async (pair) => {
    await connect(pair);
    const added = [];
    for (const [kind, content] of [
      ['video', 'first'],
      ['video', 'second'],
      ['audio', 'first'],
      ['video', 'third'],
      ['audio', 'second'],
    ] as const satisfies [string, Content][])
      added.push({ kind, content, stream: await addContent(pair.offerer, kind, content) });
    await negotiate(pair);
    await Promise.all(
      added.map(async ({ kind, content, stream }) => {
        const place = await placeOf(pair, kind, stream);
        expect(place, `the place of the ${content} ${kind} among the tracks`).to.be.at.least(0);
        await expectContent(pair, kind, content, place, amongOthers);
      }),
    );
    const announced = await pair.answerer.run(({ connection }) =>
      connection.tracks.map(({ track, streams }) => [track.kind, ...streams.map(({ id }) => id)].join()),
    );
    expect(announced, 'the tracks that were announced, each with its streams').to.have.members(
      added.map(({ kind, stream }) => [kind, stream].join()),
    );
  },
);

scenario(
  {
    id: 'media/association/shared-stream',
    title: 'A picture in two streams, one of them shared with a tone',
    asks: 'Is a track that was added with two streams announced with both, and does a stream that two tracks were added with hold both?',
    level: 'must',
    specs: streamsSpec,
    needs: [...needsOf.video, ...needsOf.audio],
  },
  async (pair) => {
    await connect(pair);
    const [shared, alone] = await pair.offerer.run(async ({ connection: { pc }, media }) => {
      const picture = media.video({ width: 160, height: 120 });
      const tone = await media.tone({ frequencies: [440] });
      pc.addTrack(picture.track, tone.stream, picture.stream);
      pc.addTrack(tone.track, tone.stream);
      return [tone.stream.id, picture.stream.id];
    });
    await negotiate(pair);
    await Promise.all([expectContent(pair, 'video', 'first'), expectContent(pair, 'audio', 'first')]);
    const seen = await pair.answerer.run(({ connection: { tracks } }) => ({
      announced: tracks.map(({ track, streams }) => ({
        kind: track.kind,
        streams: streams.map(({ id }) => id).toSorted(),
      })),
      held: [...new Set(tracks.flatMap(({ streams }) => streams))].map((stream) => ({
        id: stream.id,
        tracks: stream
          .getTracks()
          .map(({ kind }) => kind)
          .toSorted(),
      })),
    }));
    expect(seen.announced, 'the tracks that were announced, each with its streams').to.have.deep.members([
      { kind: 'video', streams: [shared, alone].toSorted() },
      { kind: 'audio', streams: [shared] },
    ]);
    expect(seen.held, 'the streams, each with its tracks').to.have.deep.members([
      { id: shared, tracks: ['audio', 'video'] },
      { id: alone, tracks: ['video'] },
    ]);
  },
);

scenario(
  {
    id: 'media/association/streams-in-order',
    title: 'A picture in five streams',
    asks: 'Is a track that was added with five streams announced with them in that order?',
    // a list all the way, but no text says that its order is kept
    level: 'should',
    specs: [...streamsSpec, webrtc('dom-rtctrackevent-streams')],
    needs: needsOf.video,
  },
  async (pair) => {
    await connect(pair);
    const ids = await pair.offerer.run(({ connection: { pc }, media }) => {
      const streams = [1, 2, 3, 4, 5].map(() => new MediaStream());
      pc.addTrack(media.video({ width: 160, height: 120 }).track, ...streams);
      return streams.map(({ id }) => id);
    });
    await negotiate(pair);
    await expectContent(pair, 'video', 'first');
    const announced = await pair.answerer.run(async ({ connection }) =>
      (await connection.track('video')).streams.map(({ id }) => id),
    );
    expect(announced, 'the streams that the track was announced with').to.deep.equal(ids);
  },
);

scenario(
  {
    id: 'media/association/same-track-twice',
    title: 'A track that is added twice',
    asks: 'Is a track refused when it is added a second time, and does it arrive on its first m-line, the only one?',
    level: 'must',
    specs: [webrtc('dom-rtcpeerconnection-addtrack')],
    needs: needsOf.video,
  },
  async (pair) => {
    await connect(pair);
    await addContent(pair.offerer, 'video', 'first');
    const thrown = await pair.offerer.run(({ connection: { pc }, media: { videoSource } }) => {
      try {
        pc.addTrack(videoSource.track, videoSource.stream);
        return 'nothing';
      } catch (error) {
        return error instanceof DOMException ? error.name : String(error);
      }
    });
    expect(thrown, 'what addTrack throws the second time').to.equal('InvalidAccessError');
    await negotiate(pair);
    await expectContent(pair, 'video', 'first');
    const { answer } = await mLines(pair);
    expect(answer.length, 'm-lines of the answer').to.equal(1);
  },
);

/** The offerer asks for a picture, and the answerer adds one: before it answers, or in an offer of its own. */
const takeUp = async (pair: Pair, when: 'at once' | 'later'): Promise<void> => {
  const { offerer, answerer } = pair;
  await answerer.run((agent, atOnce) => {
    agent.connect({
      beforeAnswer: (pc) => {
        if (!atOnce) return;
        const { track, stream } = agent.media.video({ width: 160, height: 120 });
        pc.addTrack(track, stream);
      },
    });
  }, when === 'at once');
  await offerer.run(async (agent) => {
    const connection = agent.connect();
    connection.pc.addTransceiver('video', { direction: 'recvonly' });
    await connection.negotiate();
  });
  if (when === 'at once') return;
  await addContent(answerer, 'video', 'first');
  await answerer.run(({ connection }) => connection.negotiate());
};

for (const when of ['at once', 'later'] as const) {
  scenario(
    {
      id: `media/association/taken-up-${when === 'later' ? 'later' : 'at-once'}`,
      title: `A picture that is requested, and added ${when}`,
      asks: `When one side asks for a picture and the other adds one ${when === 'later' ? 'once it has answered' : 'before it answers'}, does it arrive on the m-line that is already there?`,
      level: 'must',
      specs: [webrtc('dom-rtcpeerconnection-addtrack'), jsep('5.3.1')],
      needs: needsOf.video,
    },
    async (pair) => {
      await takeUp(pair, when);
      await expectAdded(pair, 'video', 'answerer');
      for (const side of ['offerer', 'answerer'] as const) {
        const has = await pair[side].run(({ connection: { pc } }) => ({
          transceivers: pc.getTransceivers().map(({ currentDirection }) => currentDirection),
          mLines: pc.currentLocalDescription?.sdp.match(/^m=/gm)?.length,
        }));
        expect(has, `transceivers and m-lines of the ${side}`).to.deep.equal({
          transceivers: [side === 'offerer' ? 'recvonly' : 'sendonly'],
          mLines: 1,
        });
      }
    },
  );
}

scenario(
  {
    id: 'media/association/set-streams',
    title: 'A track that changes its stream',
    asks: 'When setStreams puts a track that is being sent into another stream, is it announced again with the new stream, does it leave the old one, and does its picture go on?',
    level: 'must',
    specs: [webrtc('dom-rtcrtpsender-setstreams'), webrtc('process-remote-tracks')],
    needs: [...needsOf.video, 'RTCRtpSender.prototype.setStreams'],
  },
  async (pair) => {
    await connect(pair);
    await addContent(pair.offerer, 'video', 'first');
    await negotiate(pair);
    await expectBegun(pair, 'video', 'first');
    const wanted = await pair.offerer.run(({ connection: { pc }, kept }) => {
      const stream = new MediaStream();
      kept.set('stream', stream);
      pc.getSenders()[0]?.setStreams(stream);
      return stream.id;
    });
    await negotiate(pair);
    await expectContent(pair, 'video', 'first', 1);
    const { announced, isSame, left, held } = await pair.answerer.run(({ connection: { tracks } }) => {
      const [before, again] = tracks;
      return {
        announced: tracks.map(({ streams }) => streams.map(({ id }) => id))[1],
        isSame: before?.track === again?.track,
        left: before?.streams[0]?.getTracks().length,
        held: again?.streams[0]?.getTracks().length,
      };
    });
    expect(announced, 'the streams that the track is announced with').to.deep.equal([wanted]);
    expect(isSame, 'whether it is the track of before').to.equal(true);
    expect(left, 'tracks of the old stream').to.equal(0);
    expect(held, 'tracks of the new stream').to.equal(1);
  },
);

for (const kind of ['video', 'audio'] as const) {
  const word = kind === 'video' ? 'picture' : 'tone';
  scenario(
    {
      id: `media/association/sent-back-${kind}`,
      title: `A received ${word} is sent back`,
      asks: `Does a ${word} come back to its sender when the other side adds the track that it receives?`,
      level: 'must',
      specs: [webrtc('dom-rtcpeerconnection-addtrack'), webrtc('mediastreamtrack-network-use')],
      needs: needsOf[kind],
    },
    async (pair) => {
      await pair.answerer.run((agent) => {
        agent.connect({
          beforeAnswer: (pc) => {
            const stream = new MediaStream();
            for (const { track } of pc.getReceivers()) pc.addTrack(track, stream);
          },
        });
      });
      await pair.offerer.run((agent) => void agent.connect());
      await addContent(pair.offerer, kind, 'second');
      await negotiate(pair);
      await expectContent(pair, kind, 'second');
      const { size, hertz } = contents.second;
      if (kind === 'video') expectPicture(pair, await seeReceived(pair.offerer), { size, bounds: relayed });
      else expectTone(pair, (await hearReceived(pair.offerer, hertz))[0], { hertz }, ' at its sender');
    },
  );
}
