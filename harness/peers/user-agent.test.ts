import { expect } from 'chai';
import { browserOf } from './user-agent.ts';

const of = (userAgent: string, brands: { brand: string; version: string }[] = [], model = '') => {
  const { engine, product, version } = browserOf({ userAgent, brands, model });
  return `${engine}: ${product} ${version}`;
};
const android = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)';

describe('what a device says that it is', () => {
  it('is read from its user agent string', () => {
    expect(of(`${android} Chrome/150.0.0.0 Mobile Safari/537.36`)).to.equal(
      'chromium: Chrome (Android) 150.0.0.0',
    );
    expect(of(`${android} SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36`)).to.equal(
      'chromium: Samsung Internet (Android) 27.0',
    );
    expect(of('Mozilla/5.0 (Android 14; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0')).to.equal(
      'gecko: Firefox (Android) 153.0',
    );
    const iphone =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
    expect(of(`${iphone} Version/18.0 Mobile/15E148 Safari/604.1`)).to.equal('webkit: Safari (iOS) 18.0');
    expect(of(`${iphone} CriOS/150.0.1 Mobile/15E148 Safari/604.1`)).to.equal(
      'webkit: Chrome on iOS (iOS) 150.0.1',
    );
  });

  it('is a library where it says a name and a version alone', () => {
    expect(of('@roamhq/wrtc/0.10.0')).to.equal('library: @roamhq/wrtc 0.10.0');
  });

  it('has the full version and the model where client hints tell them', () => {
    const brands = [
      { brand: 'Chromium', version: '150.0.7000.1' },
      { brand: 'Google Chrome', version: '150.0.7000.2' },
      { brand: 'Not.A/Brand', version: '99' },
    ];
    const chrome = `${android} Chrome/150.0.0.0 Mobile Safari/537.36`;
    expect(of(chrome, brands, 'Pixel 9')).to.equal('chromium: Google Chrome (Pixel 9) 150.0.7000.2');
    const linux =
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
    expect(of(linux, brands.slice(0, 1))).to.equal('chromium: Chromium (Linux) 150.0.7000.1');
  });
});
