import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { viewAddress } from './address.ts';
import { sectionsOf } from './groups.ts';
import type { Model } from './model.ts';
import { Scroll, Why } from './parts.tsx';
import { find } from './query.ts';
import { browserName, count } from './words.ts';

function Settings({ settings, of }: { settings: readonly string[]; of: string }): VNode {
  if (settings.length === 0) return <>none</>;
  return (
    <details>
      <summary>
        {count(settings.length, 'setting')}
        <span class="sr"> of {of}</span>
      </summary>
      <pre>{settings.join('\n')}</pre>
    </details>
  );
}

/** What each browser is, and what was found missing in it. */
export function BrowsersView({ model }: { model: Model }): VNode {
  const lacking = useMemo(
    () => sectionsOf(model, find('is:unsupported', model)).flatMap(({ groups }) => groups),
    [model],
  );
  return (
    <>
      <h1>The browsers of this run</h1>
      <Scroll label="Table of browsers">
        <table class="wide">
          <thead>
            <tr>
              <th scope="col">Browser</th>
              <th scope="col">Version</th>
              <th scope="col">Engine</th>
              <th scope="col">Driver</th>
              <th scope="col">Flags and preferences</th>
            </tr>
          </thead>
          <tbody>
            {model.index.browsers.map((browser) => (
              <tr>
                <th scope="row">
                  {browser.product} <span class="mono soft">{browser.id}</span>
                </th>
                <td>{browser.version}</td>
                <td>{browser.engine}</td>
                <td>
                  {browser.driver.name} {browser.driver.version}
                </td>
                <td>
                  <Settings settings={browser.settings} of={browser.id} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {model.index.browsers.map((browser) => {
        const groups = lacking.filter(({ lacks: [lack] }) => lack?.browser === browser.id);
        if (groups.length === 0) return null;
        return (
          <section>
            <h2>What {browserName(browser)} lacks</h2>
            <ul class="lines">
              {groups.map((group) => (
                <li>
                  <a href={viewAddress('cells', `is:unsupported why:${group.key}`)}>
                    <Why model={model} group={group} />
                  </a>{' '}
                  <span class="soft">{count(group.cells.length, 'cell')}</span>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}
