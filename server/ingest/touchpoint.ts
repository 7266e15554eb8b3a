/**
 * What an event is as contact with the brand, told when it is stored: a page view's path, a screen view's name,
 * otherwise the event's name. The table's own default says the same (migration 0019), but takes longer over it.
 */
import type { CleanObject } from './json.ts';

const PAGE_VIEWS = new Set(['page_viewed', 'page_view', 'pageview', 'page', 'Page Viewed', '$pageview']);
const SCREEN_VIEWS = new Set(['screen_viewed', 'screen_view', 'screen', 'Screen Viewed', '$screen']);
const PAGE_NAMES = ['path', 'url', '$current_url'];
const SCREEN_NAMES = ['screen', 'screen_name', '$screen_name', 'name'];

/** Undefined where only the table knows how a value is written as text. */
export function touchpointOf(event: string, properties: CleanObject): string | undefined {
  const isPage = PAGE_VIEWS.has(event);
  if (!isPage && !SCREEN_VIEWS.has(event)) return event;
  const names = isPage ? PAGE_NAMES : SCREEN_NAMES;
  const texts: string[] = [];
  for (const name of names) {
    const value = properties[name] ?? '';
    if (typeof value !== 'string' || value.includes('\n')) return undefined;
    texts.push(value);
  }
  return (isPage ? pageOf(texts) : texts.find((text) => text !== '')) || event;
}

function pageOf([path = '', url = '', currentUrl = '']: readonly string[]): string {
  const page = path || pathOf(url || currentUrl);
  return page === '' ? '' : withoutSlashes(page) || '/';
}

/** What follows an address's host, without query and fragment. */
function pathOf(url: string): string {
  if (url === '') return '';
  return url.replace(/[?#][^]*$/, '').replace(/^([A-Za-z][A-Za-z0-9+.-]*:)?\/\/[^/]*/, '') || '/';
}

function withoutSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}
