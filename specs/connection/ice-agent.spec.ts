import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import { expectNothingElse } from '../steps/channels.ts';
import { expectPace } from '../steps/hold.ts';
import { otherSide, sides } from '../steps/sides.ts';
import { overChecks, roleConflict, type Check } from './checks.ts';
import { offerProof, proveData } from './steps.ts';

const rfc8445 = (section: string) => `https://www.rfc-editor.org/rfc/rfc8445#section-${section}`;

/** A tie-breaker that wins against any other. */
const largest = 2n ** 64n - 1n;

/** Whether it is a check, not an answer to one. */
const isRequest = ({ says }: Check): boolean => says === 'controlling' || says === 'controlled';

/** The roles that the checks of a side have claimed, without repetitions. */
const rolesOf = (checks: readonly Check[], side: string): Check['says'][] =>
  checks
    .filter((check) => check.from === side && isRequest(check))
    .map(({ says }) => says)
    .filter((says, at, all) => says !== all[at - 1]);

const isNomination = (side: string) => (check: Check) => check.from === side && check.nominates;

for (const loser of sides) {
  const winner = otherSide[loser];
  for (const by of ['487', 'check'] as const) {
    scenario(
      {
        id: `connection/path/conflict-${by}-${loser}`,
        title: `Both sides control, and the ${loser} ${by === '487' ? 'is told so' : 'finds out'}`,
        asks: `When both sides have offered and so control, does the ${loser} yield ${by === '487' ? 'where its check is answered by 487' : 'to a check with a larger tie-breaker'}, does the ${winner} go on controlling, and does data go both ways?`,
        level: 'must',
        specs: [rfc8445('7.3.1.1'), rfc8445('7.2.5.1')],
        // a side that does not yield never connects
        load: by === '487' ? 'idle' : 'light',
        timeoutMs: 10_000,
      },
      (pair) => {
        const isClaim = ({ from, says }: Check) => from === loser && says === 'controlling';
        const isYielding = ({ from, says }: Check) => from === loser && says === 'controlled';
        let claims = 0;
        // One is answered before the next gets through: by a 487 to a check of before, Chromium may take back its first role.
        const isDue = () => {
          claims += 1;
          return claims % 4 === 1;
        };
        return overChecks(
          pair,
          {
            bothOffer: true,
            outgoing: {
              offerer: [/a=setup:actpass/g, 'a=setup:passive'],
              answerer: [/a=setup:actpass/g, 'a=setup:active'],
            },
            tieBreakers: { [winner]: largest, [loser]: 0n },
            decide: (check, before) => {
              if (before.some(isYielding) || typeof check.says === 'number') return 'through';
              // until it yields, either its own checks get through, to be refused, or those that tell it
              if (by === '487') return check.from === loser && isDue() ? 'through' : 'lost';
              return check.from === winner && before.some(isClaim) ? 'through' : 'lost';
            },
          },
          async ({ all, comes }) => {
            for (const side of sides) {
              await pair[side].run(({ connection }) => {
                connection.createChannel('proof', { negotiated: true, id: 0 });
                return connection.offer();
              });
            }
            for (const side of sides) await pair[side].run(({ connection }) => connection.take());
            await proveData(pair);
            expectPace(await comes(isNomination(winner)), `whether the ${winner} nominates`).to.equal(true);
            expect(rolesOf(all, loser), `the roles of the ${loser}`).to.deep.equal([
              'controlling',
              'controlled',
            ]);
            expect(rolesOf(all, winner), `the roles of the ${winner}`).to.deep.equal(['controlling']);
            const conflicts = all.filter(({ says }) => says === roleConflict);
            if (by === '487')
              expect(conflicts[0]?.from, 'the side that answered by 487 first').to.equal(winner);
            else expect(conflicts, 'answers by 487').to.deep.equal([]);
            await expectNothingElse(pair);
          },
        );
      },
    );
  }
}

for (const lite of sides) {
  const full = otherSide[lite];
  scenario(
    {
      id: `connection/path/lite-${lite}`,
      title: `The ${lite} has ICE lite`,
      asks: `When the ${lite} says that it has ICE lite, and only answers checks, does the ${full} control and nominate, and does data go both ways?`,
      level: 'must',
      specs: [rfc8445('6.1.1'), 'https://www.rfc-editor.org/rfc/rfc8839#section-5.3'],
    },
    (pair) => {
      return overChecks(
        pair,
        {
          outgoing: { [lite]: [/^(?=m=)/m, 'a=ice-lite\r\n'] },
          // The browser behind it has full ICE: the path answers its checks, and it yields to those that come then.
          tieBreakers: { [full]: largest },
          decide: (check, before) => {
            if (check.from === full) return before.some(({ from }) => from === lite) ? 'through' : 'lost';
            return isRequest(check) ? 'answered' : 'through';
          },
        },
        async ({ all, comes }) => {
          await pair.offerer.run(offerProof);
          await proveData(pair);
          expect(rolesOf(all, full), `the roles of the ${full}`).to.deep.equal(['controlling']);
          expectPace(await comes(isNomination(full)), `whether the ${full} nominates`).to.equal(true);
          await expectNothingElse(pair);
        },
      );
    },
  );
}
