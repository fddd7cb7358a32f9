import { createHash } from 'node:crypto';
import type { ComponentChildren, VNode } from 'preact';
import { render } from 'preact-render-to-string';

export interface PageProps {
  title: string;
  /** From this page to the folder of index.html: `''` or `../../`. */
  root: string;
  script: string;
  header: ComponentChildren;
  children: ComponentChildren;
}

const hashOf = (script: string): string => createHash('sha256').update(script).digest('base64');

/** A second wall behind the escaping: nothing runs but our script, nothing loads but our files. */
const policyFor = (script: string): string =>
  "default-src 'none'; style-src 'self' file:; img-src data:; base-uri 'none'; form-action 'none'; " +
  `script-src 'sha256-${hashOf(script)}'`;

function Page({ title, root, script, header, children }: PageProps): VNode {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policyFor(script)} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="stylesheet" href={`${root}report.css`} />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the results
        </a>
        <header>{header}</header>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        <footer>
          Made from <a href={`${root}results.json`}>results.json</a> and the files in evidence/ alone.
        </footer>
        <script dangerouslySetInnerHTML={{ __html: script }} />
      </body>
    </html>
  );
}

/** A whole page as text. Everything that came from a run is escaped on its way. */
export const renderPage = (props: PageProps): string => `<!doctype html>\n${render(<Page {...props} />)}\n`;

/** A relative address of a path inside the folder of the run. */
export const addressOf = (root: string, path: string): string =>
  root + path.split('/').map(encodeURIComponent).join('/');

/** A wide thing in a region that scrolls by itself, by keyboard too. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }): VNode {
  return (
    <div class="scroll" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
