import { expect } from 'chai';
import { endpointOf, withoutCredentials } from './endpoint.ts';

describe('the address of a WebDriver server', () => {
  it('gives its user name and password as Basic authentication, and is asked without them', () => {
    const { url, headers } = endpointOf('https://me:p%40ss@grid.test/wd/hub');
    expect(url.href).to.equal('https://grid.test/wd/hub');
    expect(headers).to.deep.equal({
      authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
    });
    expect(endpointOf('http://grid.test:4444').headers).to.deep.equal({});
  });

  it('takes environment variables, whatever characters they hold', () => {
    const { url, headers } = endpointOf('https://${USER_NAME}:${KEY}@grid.test:4444', {
      USER_NAME: 'me',
      KEY: 'a/b@c',
    });
    expect(url.href).to.equal('https://grid.test:4444/');
    expect(headers['authorization']).to.equal(`Basic ${Buffer.from('me:a/b@c').toString('base64')}`);
  });

  it('names a variable that is not set', () => {
    expect(() => endpointOf('http://${NOBODY}@grid.test', {}))
      .to.throw(/needs the environment variable NOBODY/)
      .with.property('code', 'unset-variable');
  });

  it('is shown with variables in the place of credentials', () => {
    const text = 'a=chrome@http://me:secret@one:1,b=firefox@https://${A}:${B}@two,c=safari@http://three:3';
    expect(withoutCredentials(text)).to.equal(
      'a=chrome@http://${WEBRTC_INTEROP_USER}:${WEBRTC_INTEROP_KEY}@one:1,b=firefox@https://${A}:${B}@two,c=safari@http://three:3',
    );
    expect(withoutCredentials('http://token@one')).to.not.include('token');
    expect(withoutCredentials('http://me:${B}@one')).to.not.include('me');
  });
});
