/**
 * What an event is as contact with the brand, in SQL: a page view's path, a screen view's name, otherwise the
 * event's name. One definition for all analyses that show touchpoints.
 */
import { join, param, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** Page views; the page is their property `path`, else the path of their `url` or `$current_url`. */
const PAGE_VIEWS = param.strings([
  'page_viewed',
  'page_view',
  'pageview',
  'page',
  'Page Viewed',
  '$pageview',
]);
/** Screen views; the screen is their property `screen`, `screen_name`, `$screen_name` or `name`. */
const SCREEN_VIEWS = param.strings(['screen_viewed', 'screen_view', 'screen', 'Screen Viewed', '$screen']);

/** Of ours, so that they may stand in the text: a plain subcolumn is read alone, not all properties with it. */
const PROPERTIES = {
  path: sql`properties.path`,
  url: sql`properties.url`,
  currentUrl: sql`properties.\`$current_url\``,
  screen: sql`properties.screen`,
  screenName: sql`properties.screen_name`,
  sentScreenName: sql`properties.\`$screen_name\``,
  name: sql`properties.name`,
};

/** The first of the properties that the event has, and not empty. */
function firstOf(...properties: readonly (keyof typeof PROPERTIES)[]): Sql {
  const values = properties.map(
    (property) => sql`nullIf(CAST(${PROPERTIES[property]}, 'Nullable(String)'), '')`,
  );
  return sql`coalesce(${join(values, sql`, `)})`;
}

/** What follows the host of an address, without query and fragment; the front page is "/". */
const url = firstOf('url', 'currentUrl');
const address = sql`replaceRegexpOne(assumeNotNull(${url}), '[?#].*$', '')`;
const pathOfUrl = sql`if(replaceRegexpOne(${address}, '^([A-Za-z][A-Za-z0-9+.-]*:)?//[^/]*', '') AS after_host = '', '/', after_host)`;
const page = sql`coalesce(${firstOf('path')}, if(isNull(${url}), NULL, ${pathOfUrl}))`;

/** Without slashes at its end; what is nothing but slashes is "/". */
const pagePath = sql`if(trimRight(${page} AS page, '/') = '', if(page = '', page, '/'), trimRight(page, '/'))`;
const screen = firstOf('screen', 'screenName', 'sentScreenName', 'name');

/** The touchpoint of a row of events; never null, and empty only where the event has no name. */
export const touchpoint: Sql = sql`ifNull(nullIf(multiIf(event IN ${PAGE_VIEWS}, ${pagePath}, event IN ${SCREEN_VIEWS}, ${screen}, NULL), ''), CAST(event, 'String'))`;
