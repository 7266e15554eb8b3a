/**
 * A customer's moments once per value of the breakdown. Which event gives the value is the attribution; where
 * it may be several, a customer has several rows.
 */
import type { BreakdownGroup } from '../../query/breakdown.ts';
import { customerTraits } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { sortedByCustomer } from '../../query/gathered.ts';
import { int, join, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { codeOfKey, codeOfRow } from './codes.sql.ts';
import type { FunnelBreakdown, FunnelQuery } from './funnel.query.ts';
import { isHeld, subjectOf } from './held.sql.ts';
import { compileMoments, eventRows, mayBegin, momentsOfRow, numberOfRow, stepsOf } from './moments.sql.ts';

/** One group of an answer, and which values stand apart in it: the rest is what is none of them. */
export interface FunnelGroup {
  readonly group: BreakdownGroup;
  readonly kept: readonly string[];
}

/** `subject`, `value` (a code), `moments`; by step in any order also `starts`. */
export function compileGroupedMoments(
  query: FunnelQuery,
  breakdown: FunnelBreakdown,
  scope: CompileScope,
): Sql {
  if (breakdown.of === 'CUSTOMER') return byTrait(query, breakdown, scope);
  switch (breakdown.attribution) {
    case 'FIRST_TOUCH':
      return byTouch(query, breakdown, scope, sql`arrayFirst`);
    case 'LAST_TOUCH':
      return byTouch(query, breakdown, scope, sql`arrayLast`);
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
  if (!group.isOther) return sql`value = ${codeOfKey(group.key)}`;
  return sql`NOT has([${join(kept.map(codeOfKey), sql`, `)}], value)`;
}

function byTrait(query: FunnelQuery, breakdown: FunnelBreakdown, scope: CompileScope): Sql {
  const values = sql`SELECT customer_key, ${codeOfRow(breakdown)} AS value FROM ${customerTraits}`;
  return sql`SELECT ${subjectOf(query)}, moments, value\nFROM (${compileMoments(query, scope)}) AS found LEFT ANY JOIN (${values}) AS valued USING (customer_key)`;
}

/** The value of the first or last step that has one; at one instant steps stand in the funnel's order. */
function byTouch(query: FunnelQuery, breakdown: FunnelBreakdown, scope: CompileScope, pick: Sql): Sql {
  const coded = codedByCustomer(query, breakdown, scope, sql`code * (mask > 0)`);
  // Only in any order does an event that stands in the way take no step of its own.
  const isStep = query.order === 'ANY' ? sql`1` : sql`bitTest(p, ${int(query.steps.length)})`;
  const valued = sql`SELECT customer_key, numbers, ${pick}((c, p) -> bitAnd(c != 0, ${isStep}), beside_1, numbers) AS value\nFROM (${coded})`;
  if (!isHeld(query)) {
    return sql`SELECT customer_key, numbers AS moments, value\nFROM (${valued}) WHERE ${mayBegin(query, sql`numbers`)}`;
  }
  // The value is the customer's, over all that is held constant.
  const values = sql`SELECT customer_key, value\nFROM (${valued})`;
  return sql`SELECT ${subjectOf(query)}, moments, value\nFROM (${compileMoments(query, scope)}) AS found INNER JOIN (${values}) AS touches USING (customer_key)`;
}

/** From only the events that carry the value. */
function byEveryValue(query: FunnelQuery, breakdown: FunnelBreakdown, scope: CompileScope): Sql {
  const subject = subjectOf(query);
  const rows = perValue(codedMoments(query, breakdown, scope), sql`1`, subject);
  const own = sql`SELECT ${subject}, value, arrayFilter((p, c) -> c = value, moments, codes) AS moments\nFROM (${rows})`;
  return sql`SELECT ${subject}, value, moments\nFROM (${own}) WHERE ${mayBegin(query, sql`moments`)}`;
}

/** The event taken for the step must carry the value; an event that does not stays, as one of no such step. */
function byStep(query: FunnelQuery, breakdown: FunnelBreakdown, scope: CompileScope): Sql {
  const subject = subjectOf(query);
  const step = breakdown.step ?? 0;
  const isStep = sql`bitTest(${stepsOf(sql`p`, query)}, ${int(step)})`;
  const rows = perValue(codedMoments(query, breakdown, scope), isStep, subject);
  const cleared = sql`arrayMap((p, c) -> if(c != value AND ${isStep}, toUInt64(p - ${int(2 ** step)}), p), moments, codes)`;
  return sql`SELECT ${subject}, value, arraySort(${cleared}) AS moments\nFROM (${rows}) WHERE ${mayBegin(query, sql`moments`)}`;
}

/**
 * The first event that an attempt collects must carry the value: of events at equal times those that do come
 * first, so that whoever starts with one may go on with the others.
 */
function byFirstStepDone(query: FunnelQuery, breakdown: FunnelBreakdown, scope: CompileScope): Sql {
  const subject = subjectOf(query);
  const rows = perValue(codedMoments(query, breakdown, scope), sql`${stepsOf(sql`p`, query)} > 0`, subject);
  const place = sql`(bitShiftRight(p, ${int(query.steps.length)}), c != value, p)`;
  const placed = sql`SELECT ${subject}, value, arraySort(arrayMap((p, c) -> ${place}, moments, codes)) AS places\nFROM (${rows})`;
  return sql`SELECT ${subject}, value, arrayMap(k -> k.3, places) AS moments, arrayMap(k -> k.2 = 0, places) AS starts\nFROM (${placed})`;
}

/** `subject`, `moments` and the `codes` of their values, of all who have any. */
function codedMoments(query: FunnelQuery, breakdown: FunnelBreakdown, scope: CompileScope): Sql {
  if (!isHeld(query)) {
    return sql`SELECT customer_key, numbers AS moments, beside_1 AS codes\nFROM (${codedByCustomer(query, breakdown, scope)})`;
  }
  const subject = subjectOf(query);
  const entries = sql`arrayMap(p -> bitShiftLeft(toUInt128(p), 64) + code, ${momentsOfRow(query)})`;
  const gathered = sql`SELECT ${subject}, arraySort(groupArrayArray(${entries})) AS entries\nFROM (${codedRows(query, breakdown, scope)}) GROUP BY ${subject}`;
  return sql`SELECT ${subject}, arrayMap(e -> toUInt64(bitShiftRight(e, 64)), entries) AS moments, arrayMap(e -> toUInt64(e), entries) AS codes\nFROM (${gathered})`;
}

function codedByCustomer(
  query: FunnelQuery,
  breakdown: FunnelBreakdown,
  scope: CompileScope,
  beside = sql`code`,
): Sql {
  const rows = codedRows(query, breakdown, scope);
  return sortedByCustomer({ rows, ...numberOfRow(query), beside: [beside], span: query.range });
}

function codedRows(query: FunnelQuery, breakdown: FunnelBreakdown, scope: CompileScope): Sql {
  return eventRows(query, scope, sql`, ${codeOfRow(breakdown)} AS code`);
}

/** A row per value on the moments that qualify. */
function perValue(coded: Sql, qualifies: Sql, subject: Sql): Sql {
  const values = sql`arrayDistinct(arrayFilter((c, p) -> ${qualifies}, codes, moments))`;
  return sql`SELECT ${subject}, moments, codes, arrayJoin(${values}) AS value\nFROM (${coded})`;
}
