import { expect } from 'chai';
import { parseBrowserSpec } from '../config/browser-spec.ts';
import { HarnessError, PeerGoneError } from '../errors.ts';
import { ownKey } from '../own-key.ts';
import { ExampleBrowser } from '../peers/browser.example.ts';
import type { ProbeAnswer } from '../protocol/agent.ts';
import type { ScenarioResult } from '../results/schema.ts';
import { lacking, Prober, type Probe, type ProbedHost, type ProbedPage } from './capabilities.ts';

const answer: ProbeAnswer = {
  userAgent: '',
  has: {},
  codecs: { audio: { send: [], receive: [] }, video: { send: [], receive: [] } },
  headerExtensions: { audio: [], video: [] },
};
const answers = async (): Promise<ProbeAnswer> => answer;
const silent = (): Promise<ProbeAnswer> => new Promise(() => undefined);
const gone = (): Promise<ProbeAnswer> => Promise.reject(new PeerGoneError('page-lost', 'it went'));
const malformed = (): Promise<ProbeAnswer> => Promise.reject(new HarnessError('malformed-answer', 'no'));

const browser = {
  exited: new Promise<never>(() => undefined),
  replaced: async () => undefined,
  isAlive: async () => true,
};

/** A browser whose pages give these answers, one after the other. */
function host(probes: (() => Promise<ProbeAnswer>)[], launchArgs: string[] = []) {
  const done: string[] = [];
  const made: ProbedHost<ProbedPage> = {
    spec: parseBrowserSpec('chromium'),
    details: new ExampleBrowser({ launchArgs }).details,
    acquire: async () => {
      const probe = probes.shift();
      if (!probe) throw new Error('there is no page');
      const screenshot = async (): Promise<Buffer> => Buffer.from('png');
      return [{ browser, page: { screenshot }, peer: { probe, console: [] } }];
    },
    release: () => void done.push('released'),
    discard: async () => void done.push('discarded'),
    endIfHung: async () => {
      done.push('looked');
      return { as: 'lives' };
    },
  };
  return { made, done };
}
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof HarnessError ? error.code : error),
  );

describe('the probe', () => {
  it('asks the next page where one goes or does not answer, and looks at its browser', async () => {
    const { made, done } = host([gone, silent, answers]);
    expect(await codeOf(new Prober([], 10).probe(made, { scripts: [] }))).to.equal('answered');
    expect(done.join()).to.equal('discarded,looked,discarded,looked,released');
  });

  it('says what the third page came to, and takes an answer that cannot be read as it is', async () => {
    const { made } = host([gone, gone, gone, answers]);
    expect(await codeOf(new Prober([]).probe(made, { scripts: [] }))).to.equal('page-lost');
    const { made: other } = host([malformed, answers]);
    expect(await codeOf(new Prober([]).probe(other, { scripts: [] }))).to.equal('malformed-answer');
  });

  it('answers from its flags whether a browser trusts the key of this process, whatever its page says', async () => {
    const name = 'launch:trusts-own-key';
    const trusts = async (...launchArgs: string[]): Promise<unknown> => {
      const { made } = host([async () => ({ ...answer, has: { [name]: false, other: true } })], launchArgs);
      return (await new Prober([name, 'other']).probe(made, { scripts: [] })).answer.has;
    };
    const flag = '--ignore-certificate-errors-spki-list';
    expect(await trusts(`${flag}=${ownKey().fingerprint}`)).to.deep.equal({ [name]: true, other: true });
    expect(await trusts(`${flag}=another`)).to.deep.equal({ [name]: false, other: true });
    expect(await trusts()).to.deep.equal({ [name]: false, other: true });
  });
});

describe('what a side lacks', () => {
  const probed = (connects: boolean): Probe => ({
    answer: { ...answer, has: { RTCPeerConnection: connects } },
    console: [],
    screenshot: undefined,
  });
  const without = probed(false);
  const result: ScenarioResult = {
    id: 'codecs/video/vp8',
    version: 1,
    area: 'codecs',
    title: '',
    description: '',
    level: 'must',
    specUrls: [],
    roles: 'pair',
    requires: { offerer: ['RTCPeerConnection'], answerer: ['RTCPeerConnection'] },
  };
  const rolesOf = (offerer: Probe, answerer: Probe): string[] | undefined =>
    lacking({ result }, [
      { role: 'offerer', browser: 'one', probe: offerer },
      { role: 'answerer', browser: 'other', probe: answerer },
    ])?.proof.map(({ role }) => role);

  it('is proven by its own probe, not by that of the other side', () => {
    expect(rolesOf(probed(true), without)).to.deep.equal(['answerer']);
    expect(rolesOf(without, probed(true))).to.deep.equal(['offerer']);
  });

  it('is proven by both probes where both lack something, and once where a browser is both sides', () => {
    expect(rolesOf(probed(false), without)).to.deep.equal(['offerer', 'answerer']);
    expect(rolesOf(without, without)).to.deep.equal(['offerer']);
  });

  it('is nothing where nothing is missing', () => {
    expect(rolesOf(probed(true), probed(true))).to.equal(undefined);
  });
});
