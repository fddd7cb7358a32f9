import { expect } from 'chai';
import { requestFor } from './webdriver-request.ts';

describe('the capabilities that a WebDriver server is asked for', () => {
  it('are those of the harness with the raw ones of the configuration over them', () => {
    const { capabilities, reasons } = requestFor(
      {
        id: 'far',
        kind: 'chrome',
        endpoint: 'http://127.0.0.1:4444',
        args: ['--mine'],
        capabilities: {
          acceptInsecureCerts: false,
          'goog:chromeOptions': { args: ['--raw'], mobileEmulation: { deviceName: 'x' } },
          'se:name': 'run',
          'sauce:options': { accessKey: 'abc', build: 7 },
        },
      },
      { headed: true, timeoutMs: 1000 },
    );
    expect(capabilities).to.include({ browserName: 'chrome', acceptInsecureCerts: false, 'se:name': 'run' });
    const options: unknown = capabilities['goog:chromeOptions'];
    expect(options).to.have.nested.property('mobileEmulation.deviceName', 'x');
    expect(options).to.have.property('args').that.includes.members(['--mine', '--raw']);
    expect(options).to.have.property('args').that.includes('--use-fake-ui-for-media-stream');
    const settings = reasons.map(({ setting }) => setting);
    expect(settings).to.include('se:name="run"');
    expect(capabilities).to.have.nested.property('sauce:options.accessKey', 'abc');
    expect(settings, 'what goes into the results').to.include(
      'sauce:options={"accessKey":"(not shown)","build":7}',
    );
  });

  it('name Safari Technology Preview by its own name', () => {
    const executable = '/Applications/Safari Technology Preview.app/Contents/MacOS/Safari Technology Preview';
    const { capabilities } = requestFor(
      { id: 'tp', kind: 'safari', executable },
      { headed: true, timeoutMs: 1000 },
    );
    expect(capabilities['browserName']).to.equal('Safari Technology Preview');
  });
});
