/**
 * What an event is as contact with the brand, in SQL: a page view's path, a screen view's name, otherwise the
 * event's name. One definition for all analyses that show touchpoints.
 */
import { eventProperty } from './events.ts';
import { param, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** Page views; the page is their property `path`, or the path of `url`. */
const PAGE_VIEWS = param.strings(['page_viewed', 'page_view', 'Page Viewed']);
/** Screen views; the screen is their property `screen`, or `name`. */
const SCREEN_VIEWS = param.strings(['screen_viewed', 'screen_view', 'Screen Viewed']);

const page = sql`coalesce(nullIf(${eventProperty('path')}, ''), nullIf(path(ifNull(${eventProperty('url')}, '')), ''))`;
/** Without a slash at its end; the front page is "/". */
const pagePath = sql`replaceRegexpOne(${page}, '(.)/+$', '\\\\1')`;
const screenName = sql`coalesce(nullIf(${eventProperty('screen')}, ''), nullIf(${eventProperty('name')}, ''))`;

/** The touchpoint of a row of events; never null. */
export const touchpoint: Sql = sql`ifNull(multiIf(event IN ${PAGE_VIEWS}, ${pagePath}, event IN ${SCREEN_VIEWS}, ${screenName}, NULL), CAST(event, 'String'))`;
