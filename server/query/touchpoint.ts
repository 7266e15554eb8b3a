/**
 * What an event is as contact with the brand, in SQL: a page view's path, a screen view's name, otherwise the
 * event's name. One definition for all analyses that show touchpoints.
 */
import { eventProperty } from './events.ts';
import { param, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** Page views; the page is their property `path`, else the path of their `url`. */
export const PAGE_VIEWS: readonly string[] = ['page_viewed', 'page_view', 'pageview', 'page', 'Page Viewed'];
/** Screen views; the screen is their property `screen`, else `screen_name`, else `name`. */
export const SCREEN_VIEWS: readonly string[] = ['screen_viewed', 'screen_view', 'screen', 'Screen Viewed'];

const text = (property: string): Sql => sql`nullIf(${eventProperty(property)}, '')`;

/** What follows the host of an address, without query and fragment; the front page is "/". */
const address = sql`replaceRegexpOne(assumeNotNull(${text('url')}), '[?#].*$', '')`;
const pathOfUrl = sql`if(replaceRegexpOne(${address}, '^([A-Za-z][A-Za-z0-9+.-]*:)?//[^/]*', '') AS after_host = '', '/', after_host)`;
const page = sql`coalesce(${text('path')}, if(isNull(${text('url')}), NULL, ${pathOfUrl}))`;

/** Without slashes at its end; what is nothing but slashes is "/". */
const pagePath = sql`if(trimRight(${page} AS page, '/') = '', if(page = '', page, '/'), trimRight(page, '/'))`;
const screen = sql`coalesce(${text('screen')}, ${text('screen_name')}, ${text('name')})`;

/** The touchpoint of a row of events; never null, and empty only where the event has no name. */
export const touchpoint: Sql = sql`ifNull(nullIf(multiIf(event IN ${param.strings(PAGE_VIEWS)}, ${pagePath}, event IN ${param.strings(SCREEN_VIEWS)}, ${screen}, NULL), ''), CAST(event, 'String'))`;
