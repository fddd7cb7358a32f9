import { expect } from 'chai';
import { needsOf } from '../connection/added.ts';
import { tryToTake } from '../connection/by-hand.ts';
import { scenario, single } from '../scenario.ts';
import { addContent, negotiate } from './steps.ts';

const identity = (anchor: string): string => `https://www.w3.org/TR/webrtc-identity/#${anchor}`;

const needs = ['RTCPeerConnection.prototype.setIdentityProvider'];

scenario(
  {
    id: 'media/identity/target-without-assertion',
    title: 'A call meant for somebody who does not prove who they are',
    asks: 'When a connection is made for one identity, is an answer that proves none refused, and does no picture reach whoever gave it?',
    level: 'must',
    specs: [identity('target-peer-identity')],
    needs: { offerer: [...needs, ...needsOf.video], answerer: needsOf.video },
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await answerer.run((agent) => void agent.connect());
    await offerer.run((agent) => {
      const configuration: RTCConfiguration & { peerIdentity: string } = {
        peerIdentity: 'alice@127.0.0.1:65535',
      };
      agent.connect({ configuration, byHand: true });
    });
    await addContent(offerer, 'video', 'first');
    await offerer.run(({ connection }) => connection.offer());
    const { thrown, state } = await offerer.run(tryToTake);
    expect(thrown, 'what setRemoteDescription throws').to.match(/setRemoteDescription\(answer\): \w+: /);
    expect(state, 'signalingState of the offerer').to.not.equal('stable');
    const { frames } = await answerer.run(async ({ connection, media }) =>
      media.watch((await connection.track('video')).track).stretch(1500),
    );
    expect(frames, 'frames that the other side shows').to.equal(0);
  },
);

scenario(
  {
    id: 'media/identity/isolated-camera',
    title: 'A camera for somebody else',
    asks: 'When a camera is requested for an identity and sent to a peer that proves none, is its picture black?',
    level: 'must',
    specs: [identity('isolated-pc')],
    needs: { offerer: [...needs, 'navigator.mediaDevices.getUserMedia'], answerer: needsOf.video },
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await answerer.run((agent) => void agent.connect());
    await offerer.run(async (agent) => {
      const camera = await agent.media.devices({
        video: { width: 320, height: 240 },
        peerIdentity: 'alice@127.0.0.1:65535',
      });
      const [track] = camera.getVideoTracks();
      const { pc } = agent.connect();
      if (track) pc.addTrack(track, camera);
    });
    await negotiate(pair);
    const { frames, brightest } = await answerer.run(async ({ connection, media }) => {
      const watcher = media.watch((await connection.track('video')).track);
      await watcher.stretch(3000);
      return {
        frames: watcher.seen.length,
        brightest: Math.max(0, ...watcher.seen.map(({ luma }) => luma)),
      };
    });
    expect(brightest, 'the brightest frame, of 255').to.be.at.most(20);
    expect(frames, 'black frames in three seconds').to.be.above(0);
  },
);

single(
  {
    id: 'media/identity/provider-unreachable',
    title: 'An identity provider that cannot be reached',
    asks: 'When the identity provider cannot be loaded, are an assertion and an offer refused, each with the error that says so?',
    level: 'must',
    specs: [identity('sec.idp-error-handling')],
    needs,
  },
  async ({ peer }) => {
    const errors = await peer.run(async (agent) => {
      const { pc } = agent.connect();
      // nobody listens there
      agent.callByName(pc, 'setIdentityProvider', '127.0.0.1:65535');
      pc.createDataChannel('any');
      const errorOf = (promise: Promise<unknown>) =>
        promise.then(
          () => 'none',
          (error: unknown) => (error instanceof RTCError ? `RTCError ${error.errorDetail}` : String(error)),
        );
      return [
        await errorOf(Promise.resolve(agent.callByName(pc, 'getIdentityAssertion'))),
        await errorOf(pc.createOffer()),
      ];
    });
    expect(errors, 'the errors of getIdentityAssertion and createOffer').to.not.include('none');
    expect(errors, 'the errors of getIdentityAssertion and createOffer').to.deep.equal([
      'RTCError idp-load-failure',
      'RTCError idp-load-failure',
    ]);
  },
);
