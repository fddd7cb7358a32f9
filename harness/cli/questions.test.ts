import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { questionsTo } from './questions.ts';

describe('questions at a terminal', () => {
  it('take answers that were typed ahead, in their order', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const questions = questionsTo(input, output);
    input.write('chrome \nn\n');
    expect(await questions.ask('Browsers? ')).to.equal('chrome');
    await new Promise(setImmediate);
    expect(await questions.ask('A workflow? ')).to.equal('n');
    questions.close();
    expect(String(output.read())).to.equal('Browsers? A workflow? ');
  });

  it('end where the input ends, and do not wait for good', async () => {
    const input = new PassThrough();
    const questions = questionsTo(input, new PassThrough());
    input.end();
    const error: unknown = await questions.ask('Browsers? ').catch((thrown: unknown) => thrown);
    expect(String(error)).to.match(/UsageError: The input ended: nothing was written/);
  });
});
