import { expect } from 'chai';
import { findDriverProgram, findExecutable } from './executables.ts';
import { Family } from './family.ts';
import { startBrowser } from './index.ts';
import { killHard } from './processes.ts';
import { startWebDriverServer } from './webdriver-server.ts';

describe('a browser behind a WebDriver endpoint', function () {
  this.timeout(120_000);

  it('opens pages, and has ended when its server has', async function () {
    const path = await findDriverProgram('chromedriver');
    if (path === undefined || (await findExecutable('chromium')) === undefined) return this.skip();
    const family = await Family.create();
    try {
      const server = await startWebDriverServer('chromedriver', path, family, family.env(), 30_000);
      const endpoint = server.url.href;
      const browser = await startBrowser(
        { id: 'far', kind: 'chromium', endpoint },
        { headed: false, timeoutMs: 60_000 },
      );
      expect(browser.pid).to.equal(undefined);
      expect(browser.details.version).to.match(/^\d+\./);
      const page = await browser.open('data:text/html,<script>console.log("here")</script>');
      expect((await page.screenshot()).subarray(1, 4).toString()).to.equal('PNG');
      expect((await page.console()).map(({ text }) => text)).to.deep.equal(['here']);
      expect(await browser.isAlive()).to.equal(true);

      // A server that is busy, here stopped, is not dead: that has to show as a timeout and not as a crash.
      process.kill(server.pid, 'SIGSTOP');
      const asked = performance.now();
      expect(await browser.isAlive()).to.equal(true);
      expect(performance.now() - asked).to.be.below(1000);

      killHard(server.pid);
      const { description } = await browser.exited;
      expect(description).to.include('far');
      expect(await browser.isAlive()).to.equal(false);
      expect(await browser.close()).to.equal(await browser.exited);
    } finally {
      await family.end();
    }
  });
});
