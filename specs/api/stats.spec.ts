import { expect } from 'chai';
import type { Answer } from '../../fixtures/peer-page/idl/question.ts';
import { single } from '../scenario.ts';
import { dictionariesBelow, dictionaryMembers, enumValues } from './idl.ts';
import { dictionariesOf } from './stats-types.ts';
import { isDue } from './known.ts';
import { checkAnswers, expectNone, keepMembers, productIn, tableOf } from './steps.ts';

const tableName = 'RTCStatsReport, by type';

/** Long enough, once connected, for the first RTCP reports, which take seconds to come. */
const lookMs = 9000;

single(
  {
    id: 'api/webrtc-stats/report',
    title: 'Members of statistics',
    asks: 'Do the statistics of a call with sound, picture and data have every member that they had before?',
    level: 'must',
    specs: ['https://w3c.github.io/webrtc-stats/'],
    needs: ['RTCPeerConnection', 'HTMLCanvasElement.prototype.captureStream', 'AudioContext'],
    timeoutMs: 25_000,
  },
  async ({ peer, trace, measure }) => {
    const product = await productIn(peer);
    const dictionaries = dictionariesBelow('RTCStats');
    const asked = enumValues('RTCStatsType').flatMap((type) => [
      ...new Set(
        dictionariesOf(type, dictionaries).flatMap((name) =>
          dictionaryMembers(name).map((member) => `${type}.${member.name}`),
        ),
      ),
    ]);
    const due = asked.filter((member) => isDue(product, tableName, member));
    const seen = await peer.run(
      async (agent, { members, ms }) => {
        const { a, b, negotiate, until } = agent.localPair(window);
        const picture = agent.media.video();
        const tone = await agent.media.tone();
        for (const { track } of [picture, tone]) a.addTrack(track);
        a.createDataChannel('statistics').addEventListener('open', ({ target }) => {
          if (target instanceof RTCDataChannel) target.send('statistics');
        });
        // Sound that nobody plays has no playout.
        const element = document.createElement('audio');
        b.addEventListener('track', ({ track }) => {
          if (track.kind !== 'audio') return;
          element.srcObject = new MediaStream([track]);
          void element.play();
        });
        await negotiate();
        await until('both connections are connected', () =>
          [a, b].every(({ connectionState }) => connectionState === 'connected'),
        );
        const found = new Set<string>();
        const end = performance.now() + ms;
        await agent.waitFor({
          name: 'the members of statistics that there were before',
          phase: 'media',
          probe: async () => {
            for (const pc of [a, b]) {
              for (const stats of (await pc.getStats()).values() as Iterable<Record<string, unknown>>)
                for (const key of Object.keys(stats)) found.add(`${String(stats['type'])}.${key}`);
            }
            return members.every((member) => found.has(member)) || performance.now() > end;
          },
          triggers: [{ everyMs: 200 }],
        });
        return [...found];
      },
      // For a browser of which nothing is known, everything is waited for.
      { members: due.length > 0 ? due : asked, ms: lookMs },
    );
    const found = new Set(seen);
    const answers = asked.map((member): Answer => ({ member, found: found.has(member), wrong: [] }));
    measure('members asked', answers.length, '1');
    measure('members there', answers.filter((answer) => answer.found).length, '1');
    const { rows, differences } = tableOf(
      product,
      'RTCStatsReport',
      (member) => `type_${member}`,
      'https://w3c.github.io/webrtc-stats/',
      answers,
    );
    trace('inventory', { table: tableName, otherwise: 'not asked', rows });
    trace('compat', differences);
    keepMembers(trace, product, { [tableName]: answers });
    expect(seen.length, 'members that were seen').to.be.above(0);
    expectNone(checkAnswers(product, tableName, answers));
  },
);
