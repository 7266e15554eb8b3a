/**
 * A customer's moments once per value of the breakdown. Which event gives the value is the attribution; where
 * it may be several, a customer has several rows.
 */
import { groupKey, unsetKey, withTraits } from '../../query/breakdown.ts';
import type { BreakdownGroup } from '../../query/breakdown.ts';
import type { CompileScope } from '../../query/events.ts';
import { int, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { FunnelBreakdown, FunnelQuery } from './funnel.query.ts';
import { isHeld, subjectOf } from './held.sql.ts';
import {
  canBegin,
  compileMoments,
  eventRows,
  gatheredMoments,
  momentsOfRow,
  stepsOf,
} from './moments.sql.ts';

/** One group of an answer, and which values stand apart in it: the rest is what is none of them. */
export interface FunnelGroup {
  readonly group: BreakdownGroup;
  readonly kept: readonly string[];
}

/** `subject`, `value`, `moments`; by step in any order also `starts`. */
export function compileGroupedMoments(
  query: FunnelQuery,
  breakdown: FunnelBreakdown,
  scope: CompileScope,
): Sql {
  if (breakdown.of === 'CUSTOMER') {
    return sql`SELECT ${subjectOf(query)}, moments, ${groupKey(breakdown)} AS value FROM ${withTraits(sql`(${compileMoments(query, scope)}) AS found`, breakdown)}`;
  }
  switch (breakdown.attribution) {
    case 'FIRST_TOUCH':
      return byTouch(query, breakdown, scope, sql`argMinIf`);
    case 'LAST_TOUCH':
      return byTouch(query, breakdown, scope, sql`argMaxIf`);
    case 'ALL_STEPS':
      return byEveryValue(query, breakdown, scope);
    case 'STEP':
      return query.order === 'ANY'
        ? byFirstStepDone(query, breakdown, scope)
        : byStep(query, breakdown, scope);
  }
}

/** True when a customer may have more than one row. */
export function hasSeveralRows({ of, attribution }: FunnelBreakdown): boolean {
  return of === 'EVENT' && (attribution === 'ALL_STEPS' || attribution === 'STEP');
}

/** Rows of one group. */
export function inGroup({ group, kept }: FunnelGroup): Sql {
  return group.isOther ? sql`value NOT IN ${param.strings(kept)}` : sql`value = ${param.string(group.key)}`;
}

function byTouch(query: FunnelQuery, breakdown: FunnelBreakdown, scope: CompileScope, pick: Sql): Sql {
  const subject = subjectOf(query);
  const unset = param.string(unsetKey(breakdown));
  const isTouch = sql`mask > 0 AND event_value != ${unset}`;
  const touch = sql`(time, event_id)`;
  const rows = eventRows(query, scope, sql`, event_id, ${groupKey(breakdown)} AS event_value`);
  const value = sql`if(countIf(${isTouch}) > 0, ${pick}(event_value, ${touch}, ${isTouch}), ${unset}) AS value`;
  if (!isHeld(query)) {
    return sql`SELECT customer_key, ${gatheredMoments(query)} AS moments, ${value}\nFROM (${rows}) GROUP BY customer_key HAVING ${canBegin(query)}`;
  }
  // The value is the customer's, over all that is held constant.
  const values = sql`SELECT customer_key, ${value}\nFROM (${rows}) GROUP BY customer_key`;
  return sql`SELECT ${subject}, moments, value\nFROM (${compileMoments(query, scope)}) AS found INNER JOIN (${values}) AS touches USING (customer_key)`;
}

/** From only the events that carry the value. */
function byEveryValue(query: FunnelQuery, breakdown: FunnelBreakdown, scope: CompileScope): Sql {
  const rows = eventRows(query, scope, sql`, ${groupKey(breakdown)} AS value`);
  const subject = subjectOf(query);
  return sql`SELECT ${subject}, value, ${gatheredMoments(query)} AS moments\nFROM (${rows}) GROUP BY ${subject}, value HAVING ${canBegin(query)}`;
}

/** The event taken for the step must carry the value; an event that does not stays, as one of no such step. */
function byStep(query: FunnelQuery, breakdown: FunnelBreakdown, scope: CompileScope): Sql {
  const subject = subjectOf(query);
  const step = breakdown.step ?? 0;
  const isStep = sql`bitTest(${stepsOf(sql`p`, query)}, ${int(step)})`;
  const rows = perValue(codedMoments(query, breakdown, scope), isStep, subject);
  const cleared = sql`arrayMap((p, c) -> if(c != code AND ${isStep}, toUInt64(p - ${int(2 ** step)}), p), moments, codes)`;
  return sql`SELECT ${subject}, value, arraySort(${cleared}) AS moments FROM (SELECT ${subject}, value, code, codes, moments\nFROM (${rows}))`;
}

/**
 * The first event that an attempt collects must carry the value: of events at equal times those that do come
 * first, so that whoever starts with one may go on with the others.
 */
function byFirstStepDone(query: FunnelQuery, breakdown: FunnelBreakdown, scope: CompileScope): Sql {
  const subject = subjectOf(query);
  const rows = perValue(codedMoments(query, breakdown, scope), sql`${stepsOf(sql`p`, query)} > 0`, subject);
  const place = sql`(bitShiftRight(p, ${int(query.steps.length)}), c != code, p)`;
  const placed = sql`SELECT ${subject}, value, arraySort(arrayMap((p, c) -> ${place}, moments, codes)) AS places\nFROM (${rows})`;
  return sql`SELECT ${subject}, value, arrayMap(k -> k.3, places) AS moments, arrayMap(k -> k.2 = 0, places) AS starts\nFROM (${placed})`;
}

/** `subject`, `moments`, `event_values` and `codes`: equal values have equal codes. */
function codedMoments(query: FunnelQuery, breakdown: FunnelBreakdown, scope: CompileScope): Sql {
  const subject = subjectOf(query);
  const rows = eventRows(query, scope, sql`, ${groupKey(breakdown)} AS event_value`);
  const pairs = sql`SELECT ${subject}, arraySort(groupArrayArray(arrayMap(p -> (p, event_value), ${momentsOfRow(query)}))) AS pairs\nFROM (${rows}) GROUP BY ${subject} HAVING ${canBegin(query)}`;
  const split = sql`SELECT ${subject}, arrayMap(p -> p.1, pairs) AS moments, arrayMap(p -> p.2, pairs) AS event_values\nFROM (${pairs})`;
  return sql`SELECT ${subject}, moments, event_values, arrayEnumerateDense(event_values) AS codes\nFROM (${split})`;
}

/** A row per value on the moments that qualify. */
function perValue(coded: Sql, qualifies: Sql, subject: Sql): Sql {
  const values = sql`arrayDistinct(arrayFilter((c, p) -> ${qualifies}, codes, moments))`;
  const rows = sql`SELECT ${subject}, moments, event_values, codes, arrayJoin(${values}) AS code\nFROM (${coded})`;
  return sql`SELECT ${subject}, moments, codes, code, event_values[indexOf(codes, code)] AS value\nFROM (${rows})`;
}
