import { render } from 'preact-render-to-string';
import type { ReportIndex } from '../data.ts';
import { modelOf } from '../page/model.ts';
import { Overview } from '../page/overview.tsx';
import { SearchForm, Shell } from '../page/shell.tsx';
import { policy } from './policy.ts';

/** `index.html`: verdict, news and matrix as HTML, which the page's script takes over. Everything from a run is escaped. */
export function renderIndexHtml(index: ReportIndex): string {
  const model = modelOf(index);
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>WebRTC interoperability</title>
        <link rel="stylesheet" href="report.css" />
        <script src="report.js" defer />
        <script src="data/index.js" defer />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the results
        </a>
        <div id="app">
          <Shell view="overview" query="" hasClaims={index.claims > 0} search={<SearchForm />}>
            <Overview model={model} />
          </Shell>
        </div>
      </body>
    </html>
  );
  return `<!doctype html>\n${render(page)}\n`;
}
