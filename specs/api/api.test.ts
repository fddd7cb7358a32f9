import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import type { InterfaceQuestion, MemberQuestion } from '../../fixtures/peer-page/idl/question.ts';
import { requiredBy } from '../../fixtures/peer-page/idl/question.ts';
import { z } from 'zod';
import { expectationFile, ownExpectations } from '../../harness/results/expectations.ts';
import { KnownBrowsers } from '../../harness/results/known-browsers.ts';
import { Lacks } from '../../harness/results/lacks.ts';
import { compatOf, keyOf, otherMembers, saidOf } from './bcd.ts';
import { dictionariesBelow, enumValues, interfaces, questionOf, readIdl, webref } from './idl.ts';
import { isDue, type Known } from './known.ts';
import { isAtLeast, productOf, type Product } from './product.ts';
import { dictionariesOf } from './stats-types.ts';
import { checkAnswers, tableOf, together } from './steps.ts';
import { knownOf } from './update-known.ts';

function asked(name: string): InterfaceQuestion {
  const specified = interfaces.find((each) => each.name === name);
  if (!specified) throw new Error(`there is no ${name}`);
  return questionOf(specified);
}
const member = (of: InterfaceQuestion, name: string): MemberQuestion | undefined =>
  of.members.find((each) => each.name === name);

const chromium: Product = { family: 'chromium', version: '156.0.9999', bcd: 'chrome' };
const firefox: Product = { family: 'firefox', version: '153.7.0', bcd: 'firefox' };

describe('what the specifications are read as', () => {
  const pc = asked('RTCPeerConnection');

  it('has the members of every specification that adds to an interface', () => {
    for (const name of ['createOffer', 'ontrack', 'sctp', 'generateCertificate', 'peerIdentity'])
      expect(member(pc, name)?.name, name).to.equal(name);
    expect(member(asked('RTCRtpSFrameEncryptor'), 'setEncryptionKey')?.is, 'of a mixin').to.equal(
      'operation',
    );
  });

  it('has what an operation cannot do without, over all ways to call it', () => {
    const operation = (name: string) => {
      const of = member(pc, name);
      return of?.is === 'operation' ? of : undefined;
    };
    expect(requiredBy(operation('createOffer')?.signatures ?? [])).to.equal(0);
    expect(requiredBy(operation('setRemoteDescription')?.signatures ?? [])).to.equal(1);
    expect(operation('generateCertificate')?.static).to.equal(true);
  });

  it('has what another specification defines', () => {
    const binaryType = member(asked('RTCDataChannel'), 'binaryType');
    expect(binaryType?.is === 'attribute' && binaryType.type).to.deep.equal({
      is: 'enum',
      values: ['blob', 'arraybuffer'],
    });
  });

  it('has the dictionary of each type of statistics', () => {
    const all = dictionariesBelow('RTCStats');
    for (const type of enumValues('RTCStatsType'))
      expect(dictionariesOf(type, all), type).to.not.deep.equal([]);
  });
});

describe('a browser', () => {
  it('is told by its user agent', () => {
    expect(productOf('Mozilla/5.0 Chrome/156.0.0.0 Safari/537.36 Edg/156.0', '1').bcd).to.equal('edge');
    expect(productOf('Mozilla/5.0 (X11; rv:153.0) Gecko/20100101 Firefox/153.0', '1').family).to.equal(
      'firefox',
    );
    const webkit = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15';
    expect(productOf(`Mozilla/5.0 (X11; Linux x86_64) ${webkit}`, '1').bcd).to.equal(null);
    expect(productOf(`Mozilla/5.0 (Macintosh; Intel Mac OS X) ${webkit}`, '1').bcd).to.equal('safari');
  });

  it('is of a version or a later one, number by number', () => {
    expect(isAtLeast('156.0.1', '56')).to.equal(true);
    expect(isAtLeast('2.50.6', '2.9')).to.equal(true);
    expect(isAtLeast('15.3', '15.4')).to.equal(false);
  });

  it('may not lose a member that it had, and may be without any other', () => {
    const all: Known = { chromium: { version: '156.0.0', has: { A: ['b', 'c'] }, byFlag: { A: ['c'] } } };
    expect(isDue(chromium, 'A', 'b', { all })).to.equal(true);
    expect(isDue(chromium, 'A', 'x', { all }), 'a member that nobody has seen').to.equal(false);
    expect(isDue(chromium, 'X', 'b', { all }), 'an interface that nobody has seen').to.equal(false);
    expect(isDue({ ...chromium, version: '140.0' }, 'A', 'b', { all }), 'an older one').to.equal(false);
    expect(isDue({ ...chromium, version: '156' }, 'A', 'b', { all }), 'another build').to.equal(true);
    expect(isDue({ family: 'safari', version: '26' }, 'A', 'b', { all }), 'an unknown one').to.equal(false);
    expect(isDue(chromium, 'A', 'c', { all, launch: 'as-shipped' }), 'what needs a flag').to.equal(false);
    expect(isDue(chromium, 'A', 'b', { all, launch: 'as-shipped' }), 'what needs none').to.equal(true);
  });

  it('has what it had in each of several runs, and some of it by a flag only', () => {
    const trace = (there: Record<string, string[]>, absent: Record<string, string[]>, more: object = {}) => ({
      family: 'firefox',
      version: '153',
      there,
      absent,
      ...more,
    });
    const traces = [
      trace({ B: ['z'], A: ['y', 'x'] }, {}),
      trace({ A: ['x', 'w'] }, { A: ['y'] }),
      trace({}, { A: ['w', 'y'] }, { launch: 'as-shipped' }),
    ];
    expect(knownOf(traces, {})).to.deep.equal({
      firefox: { version: '153', has: { A: ['w', 'x'], B: ['z'] }, byFlag: { A: ['w'] } },
    });
  });
});

describe('a new release of the specifications', () => {
  it('comes by our hand: everybody asks by the releases that were measured', async () => {
    const { dependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')));
    for (const name of ['@webref/idl', '@mdn/browser-compat-data'])
      expect(dependencies[name], name).to.match(/^\d+\.\d+\.\d+$/);
  });

  const added = `// Source: Made up (https://w3c.github.io/webrtc-made-up/)
    partial interface RTCPeerConnection { undefined makeUp(MadeUpInit init); };
    dictionary MadeUpInit { boolean real; };
    partial dictionary RTCConfiguration { boolean madeUp; };
    [Exposed=Window] interface RTCMadeUp { readonly attribute DOMString name; };`;
  const idl = readIdl(new Map([...webref, ['webrtc-made-up.idl', added]]));
  const askedThere = (name: string): InterfaceQuestion => {
    const specified = idl.interfaces.find((each) => each.name === name);
    if (!specified) throw new Error(`there is no ${name}`);
    return idl.questionOf(specified);
  };

  it('is asked about without a change of code', () => {
    expect(member(askedThere('RTCPeerConnection'), 'makeUp')?.is).to.equal('operation');
    expect(member(askedThere('RTCMadeUp'), 'name')?.is).to.equal('attribute');
  });

  it('makes nothing red that a browser never had, and its own mistakes and losses still do', () => {
    for (const browser of [chromium, firefox]) {
      const answers = [
        { member: 'makeUp', found: false, wrong: [] },
        { member: 'constructor(configuration.madeUp)', found: false, wrong: [] },
        { member: 'createOffer', found: false, wrong: [] },
      ];
      expect(checkAnswers(browser, 'RTCPeerConnection', answers)).to.deep.equal([
        'RTCPeerConnection createOffer: absent',
      ]);
      expect(
        checkAnswers(browser, 'RTCPeerConnection', [
          { member: 'makeUp', found: true, wrong: ['its length is 0 and not 1'] },
        ]),
      ).to.deep.equal(['RTCPeerConnection makeUp: its length is 0 and not 1']);
      expect(
        checkAnswers(browser, 'RTCMadeUp', [{ member: 'in a window', found: false, wrong: [] }]),
      ).to.deep.equal([]);
      expect(
        checkAnswers(browser, 'RTCDataChannel', [{ member: 'in a window', found: false, wrong: [] }]),
      ).to.deep.equal(['RTCDataChannel in a window: absent']);
    }
  });

  it('has interfaces that each known browser may be without', async () => {
    const file = expectationFile.parse(JSON.parse(await readFile(ownExpectations, 'utf8')));
    const browsers = [
      { id: 'chromium', kind: 'chromium', version: '156.0.8078.108' },
      { id: 'firefox', kind: 'firefox', version: '153.7.0' },
      { id: 'webkitgtk', kind: 'webkitgtk', version: '2.50.6' },
    ] as const;
    const lacks = new Lacks(file.lacks, new KnownBrowsers(browsers));
    for (const { id } of browsers) {
      expect(lacks.isLacking(id, 'interface:RTCMadeUp'), id).to.equal(true);
      expect(lacks.isLacking(id, 'RTCMadeUp'), `${id}, for a scenario that needs it`).to.equal(false);
    }
  });
});

describe('an answer', () => {
  const name = 'RTCPeerConnection';

  it('is red where a member is wrong, or gone that is not known to be absent', () => {
    const answers = [
      { member: 'close', found: true, wrong: [] },
      { member: 'restartIce', found: false, wrong: [] },
      { member: 'getStats', found: true, wrong: ['it has no setter'] },
    ];
    expect(checkAnswers(chromium, name, answers)).to.deep.equal([
      `${name} restartIce: absent`,
      `${name} getStats: it has no setter`,
    ]);
  });

  it('is one with what was found by using the member', () => {
    expect(
      together([
        { member: 'a', found: true, wrong: ['x'] },
        { member: 'a', found: false, wrong: [] },
      ]),
    ).to.deep.equal([{ member: 'a', found: false, wrong: ['x'] }]);
  });

  it('is held against MDN: agreed, differing, not known', () => {
    const answers = [
      { member: 'restartIce', found: true, wrong: [] },
      { member: 'close', found: false, wrong: [] },
      { member: 'nobodyKnows', found: true, wrong: [] },
    ];
    const { counts, differences, rows } = tableOf(chromium, name, (of) => of, undefined, answers);
    expect({ agreed: counts.agreed, differing: counts.differing }).to.deep.equal({ agreed: 1, differing: 1 });
    expect(differences.map(({ path, support }) => ({ path, ...support }))).to.deep.equal([
      { path: `api.${name}.close`, version_added: false },
    ]);
    expect(rows.map(({ said, verdict, differs }) => [said, verdict, differs])).to.deep.equal([
      ['since 77', 'agreed', false],
      ['since 23', 'differs', true],
      [undefined, 'MDN does not know', false],
    ]);
  });
});

describe('a key of browser-compat-data', () => {
  it('is found for members, arguments, results and values', () => {
    const pc = asked('RTCPeerConnection');
    const key = (of: string) => keyOf('RTCPeerConnection', of, member(pc, of));
    expect(key('interface')).to.equal('');
    expect(key('ontrack')).to.equal('track_event');
    expect(key('generateCertificate')).to.equal('generateCertificate_static');
    expect(key('constructor(configuration.bundlePolicy)')).to.equal(
      'RTCPeerConnection.configuration_bundlePolicy_parameter',
    );
    for (const each of ['', 'track_event', 'generateCertificate_static', 'RTCPeerConnection'])
      expect(compatOf('RTCPeerConnection', each), each).to.not.equal(undefined);
  });

  it('that no specification has is one of a member, and not of what is said of one', () => {
    const others = otherMembers('RTCDataChannel', new Set()).map(({ member: of }) => of);
    expect(others).to.include('reliable').and.not.include('transferable').and.not.include('worker_support');
  });

  it('says what a version has: since when, until when, with a prefix, behind a flag', () => {
    const said = (chrome: object) => saidOf(Object({ support: { chrome } }), chromium)?.words;
    expect(said({ version_added: '56' })).to.equal('since 56');
    expect(said({ version_added: '200' })).to.equal('from 200');
    expect(said({ version_added: '20', version_removed: '84' })).to.equal('until 84');
    expect(said({ version_added: '23', prefix: 'webkit' })).to.equal('as webkit…');
    expect(said({ version_added: '80', flags: [{ type: 'preference', name: 'x' }] })).to.equal(
      'behind a flag',
    );
    expect(said({ version_added: false })).to.equal('no');
    expect(saidOf(Object({ support: {} }), { ...chromium, bcd: null })).to.equal(null);
  });
});

describe('a known failure that lists what is wrong', () => {
  it('says where the list begins and ends, so that whatever joins it is news', async () => {
    const { expectations } = z
      .object({ expectations: z.array(z.object({ scenarios: z.string(), says: z.string() })) })
      .parse(JSON.parse(await readFile(new URL('../expectations.json', import.meta.url), 'utf8')));
    const lists = expectations.filter(({ scenarios }) => /^(?:api|adapter\/versions)\//.test(scenarios));
    expect(lists).not.to.deep.equal([]);
    for (const { scenarios, says } of lists)
      // a signature that is too long ends in a digest of the whole
      expect(says, scenarios).to.match(
        /^(?:not as specified: |and not with it: ).*: expected$|^… [0-9a-f]{8}$/,
      );
  });
});
