import { expect } from 'chai';
import { scenario, single } from '../scenario.ts';
import { connect, references, send, soundAndPicture, type Entry } from './steps.ts';

const selection = 'https://www.w3.org/TR/webrtc/#the-stats-selection-algorithm';
const getStats = 'https://www.w3.org/TR/webrtc/#dom-rtcpeerconnection-getstats';

const nameOf = ({ type, kind }: Entry): string =>
  typeof kind === 'string' ? `${String(type)} of ${kind}` : String(type);

/** The ids of the streams of a picture, and of all statistics that they lead to, directly or not. */
function ledTo(entries: readonly Entry[], stream: string): Set<unknown> {
  const byId = new Map(entries.map((entry) => [entry['id'], entry]));
  const reached = new Set(
    entries.filter(({ type, kind }) => type === stream && kind === 'video').map(({ id }) => id),
  );
  // what is added during the iteration is visited, too
  for (const id of reached)
    for (const [member, value] of Object.entries(byId.get(id) ?? {}))
      if (member in references && byId.has(value)) reached.add(value);
  return reached;
}

for (const [end, side, stream, heardOf] of [
  ['sender', 'offerer', 'outbound-rtp', 'remote-inbound-rtp'],
  ['receiver', 'answerer', 'inbound-rtp', 'remote-outbound-rtp'],
] as const) {
  for (const by of ['track', end]) {
    scenario(
      {
        ...soundAndPicture,
        id: `statistics/selection/${end}-by-${by === 'track' ? 'track' : 'itself'}`,
        title: by === 'track' ? `Statistics by the track of a ${end}` : `Statistics from a ${end} itself`,
        asks: `In a call that also has sound, does the report of the ${end} of a picture, obtained through ${by === 'track' ? 'its track' : `the ${end}`}, hold its ${stream} and everything that this leads to, and nothing else?`,
        specs: [
          selection,
          by === 'track' ? getStats : `https://www.w3.org/TR/webrtc/#dom-rtcrtp${end}-getstats`,
        ],
      },
      async (pair) => {
        await connect(pair);
        await send(pair, 'both');
        const looks = await pair[side].run(
          async ({ connection }, { from, asked, remote }) => {
            // what the other side reports is led to as well, once it has come
            await connection.stats<RTCStats & { kind?: string }>(
              remote,
              ({ kind }) => kind === 'video',
              `${remote} of the picture`,
            );
            const { pc } = connection;
            const entriesOf = (report: RTCStatsReport): Entry[] => [...report.values()];
            const owner = (from === 'sender' ? pc.getSenders() : pc.getReceivers()).find(
              ({ track }) => track?.kind === 'video',
            );
            if (!owner) throw new Error(`there is no ${from} of a picture`);
            const before = entriesOf(await pc.getStats());
            const selected = entriesOf(
              await (asked === 'track' ? pc.getStats(owner.track) : owner.getStats()),
            );
            return { before, selected, behind: entriesOf(await pc.getStats()) };
          },
          { from: end, asked: by, remote: heardOf },
        );
        const { before, selected, behind } = looks;
        const [earlier, later] = [ledTo(before, stream), ledTo(behind, stream)];
        const got = new Set(selected.map(({ id }) => id));
        expect(
          before.filter(({ id }) => earlier.has(id) && later.has(id) && !got.has(id)).map(nameOf),
          'statistics that its stream leads to and that are left out',
        ).to.deep.equal([]);
        const strange = new Set(selected.filter(({ id }) => !earlier.has(id) && !later.has(id)).map(nameOf));
        const ofSound = (name: string) => name.endsWith(' of audio');
        expect([...strange].filter(ofSound), 'statistics of the sound beside it').to.deep.equal([]);
        expect([...strange].toSorted(), 'statistics of something else').to.deep.equal([]);
        expect(selected.map(nameOf), 'what is told').to.include(`${stream} of video`);
      },
    );
  }
}

for (const [name, title, asks] of [
  [
    'foreign-track',
    'Statistics of a track that the connection does not have',
    'that belongs to no sender and no receiver',
  ],
  ['track-sent-twice', 'Statistics of a track that two senders have', 'that belongs to two senders'],
] as const) {
  single(
    {
      id: `statistics/selection/${name}`,
      title,
      asks: `Is getStats() with a track ${asks} rejected with an InvalidAccessError?`,
      level: 'must',
      needs: ['RTCPeerConnection', 'HTMLCanvasElement.prototype.captureStream'],
      specs: [getStats],
    },
    async ({ peer }) => {
      const outcome = await peer.run(
        async ({ media }, senders) => {
          const pc = new RTCPeerConnection();
          try {
            const { track } = media.video();
            for (let nth = 0; nth < senders; nth += 1) pc.addTransceiver(track);
            return await pc.getStats(track).then(
              ({ size }) => `${String(size)} statistics`,
              (error: unknown) => (error instanceof DOMException ? error.name : String(error)),
            );
          } finally {
            pc.close();
          }
        },
        name === 'track-sent-twice' ? 2 : 0,
      );
      expect(outcome, 'what getStats came to').to.equal('InvalidAccessError');
    },
  );
}
