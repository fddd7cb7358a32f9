import { render } from 'preact-render-to-string';
import { policy } from '../../report/html/policy.ts';
import { Overview } from '../page/overview.tsx';
import { Shell } from '../page/shell.tsx';
import type { HistoryIndex } from '../schema.ts';

/** `index.html`: the last verdicts and what changed, as HTML, which the page's script takes over. Everything is escaped. */
export function renderHistoryHtml(index: HistoryIndex): string {
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>WebRTC interoperability over time</title>
        <link rel="stylesheet" href="report.css" />
        <link rel="stylesheet" href="history.css" />
        <link rel="alternate" type="application/atom+xml" href="feed.atom" title="What changed" />
        <link rel="alternate" type="application/feed+json" href="feed.json" title="What changed" />
        <script src="history.js" defer />
        <script src="data/history.js" defer />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the results
        </a>
        <div id="app">
          <Shell view="overview">
            <Overview index={index} />
          </Shell>
        </div>
      </body>
    </html>
  );
  return `<!doctype html>\n${render(page)}\n`;
}
