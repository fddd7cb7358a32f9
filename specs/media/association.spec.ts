import { expect } from 'chai';
import { needsOf } from '../connection/added.ts';
import { scenario } from '../scenario.ts';
import { addContent, expectContent, negotiate, webrtc } from './steps.ts';

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
    await expectContent(pair, 'video', 'first');
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
