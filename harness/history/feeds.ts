import { create } from 'xmlbuilder';
import { plain, plainLines } from '../plain.ts';
import { compareAddress } from './page/address.ts';
import type { HistoryIndex, News, RunEntry } from './schema.ts';
import { kindWords, pairText } from './words.ts';

/** An entry of a feed: plain text, whatever is in it. */
interface FeedEntry {
  id: string;
  title: string;
  /** Where it leads, relative to the site. */
  link: string;
  at: string;
  text: string;
}

/** Text without what XML 1.0 cannot hold; other invisible characters go with it. */
const xmlText = (text: string): string => plainLines(text).replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD');

function linesOf({ groups }: News, { browsers }: RunEntry): string[] {
  return groups.flatMap(({ versions, counts, cells, more }) => [
    `${versions}: ${counts}`,
    ...cells.map(
      ({ kind, title, text, ...pair }) =>
        `${kind === 'slower' ? '' : `${kindWords[kind].sign} `}${plain(title)}, ${plain(pairText(pair, browsers))}: ${plain(text)}`,
    ),
    ...(more > 0 ? [`and ${String(more)} more`] : []),
  ]);
}

function entriesOf({ runs, made: { news } }: HistoryIndex): FeedEntry[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  return news.flatMap((each) => {
    const run = byId.get(each.after);
    if (run === undefined) return [];
    const label = run.label === '' ? '' : `${run.label}: `;
    const what = each.groups.map(({ versions, counts }) => `${versions}: ${counts}`).join('; ');
    return [
      {
        id: `tag:webrtc-interop,2026:run/${encodeURIComponent(run.id)}`,
        title: plain(`${label}${what}`),
        link: `index.html${compareAddress(each.before, each.after)}`,
        at: run.startedAt,
        text: linesOf(each, run).join('\n'),
      },
    ];
  });
}

const title = 'WebRTC interoperability: what changed';
const feedId = 'tag:webrtc-interop,2026:changes';

/** `feed.atom`: RFC 4287, every text as text. */
export function atomOf(index: HistoryIndex): string {
  const { url, runs } = index;
  const feed = create('feed', { version: '1.0', encoding: 'UTF-8' }).attribute(
    'xmlns',
    'http://www.w3.org/2005/Atom',
  );
  feed.element('title', title);
  feed.element('id', feedId);
  feed.element('updated', runs.at(-1)?.startedAt ?? new Date(0).toISOString());
  feed.element('author').element('name', 'webrtc-interop');
  feed.element('link', { rel: 'alternate', type: 'text/html', href: url ?? 'index.html' });
  if (url !== null)
    feed.element('link', { rel: 'self', type: 'application/atom+xml', href: `${url}feed.atom` });
  for (const { id, title: what, link, at, text } of entriesOf(index)) {
    const entry = feed.element('entry');
    entry.element('title', { type: 'text' }, xmlText(what));
    entry.element('id', id);
    entry.element('updated', at);
    entry.element('link', { rel: 'alternate', type: 'text/html', href: `${url ?? ''}${link}` });
    entry.element('content', { type: 'text' }, xmlText(text));
  }
  return `${feed.end({ pretty: true })}\n`;
}

/** `feed.json`: JSON Feed 1.1, texts as `content_text`. */
export function jsonFeedOf(index: HistoryIndex): string {
  const { url } = index;
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title,
    ...(url === null ? {} : { home_page_url: url, feed_url: `${url}feed.json` }),
    items: entriesOf(index).map(({ id, title: what, link, at, text }) => ({
      id,
      title: what,
      ...(url === null ? {} : { url: `${url}${link}` }),
      date_published: at,
      content_text: text,
    })),
  };
  return `${JSON.stringify(feed, null, 2)}\n`;
}
