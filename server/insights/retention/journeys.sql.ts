/**
 * The inner half of the retention statement: one row a customer with the cohorts entered and the visits made,
 * both as positions among the matrix's rows. Knows nothing of columns.
 */
import { compileAudience } from '../../query/audience.ts';
import { brokenDownEvents, groupKey } from '../../query/breakdown.ts';
import type { Breakdown } from '../../query/breakdown.ts';
import { compileMatch, namesOf } from '../../query/event-match.ts';
import { revenue } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter } from '../../query/filter.ts';
import { intervalIndex } from '../../query/period.ts';
import { and, int, or, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { firstRowMs, ROLLING_MS } from './retention.query.ts';
import type { RetentionQuery } from './retention.query.ts';

/**
 * CTEs up to `journeys`: customer_key, cohorts Array(Int32), start_ms (ROLLING: of the first start), and
 * visits Array((position, return events, their revenue)), each position once, in no order. With a breakdown,
 * one row a customer and group_key: start and return carry the same value.
 */
export function journeys(query: RetentionQuery, breakdown: Breakdown | null, scope: CompileScope): Sql {
  const parts: Parts = {
    ...conditions(query, scope),
    source: brokenDownEvents(breakdown, scope),
    relevant: relevantEvents(query, scope),
    select: breakdown ? sql`customer_key, ${groupKey(breakdown)} AS group_key` : sql`customer_key`,
    keys: breakdown ? sql`customer_key, group_key` : sql`customer_key`,
  };
  return query.alignment === 'ROLLING' ? rollingJourneys(query, parts) : calendarJourneys(query, parts);
}

/** What both alignments read and group by. */
interface Parts {
  readonly isStart: Sql;
  readonly isReturn: Sql;
  readonly isNamed: Sql;
  readonly source: Sql;
  readonly relevant: Sql;
  readonly select: Sql;
  readonly keys: Sql;
}

/** Positions before the first row are all -1: all that matters of them is that they came first. */
function calendarJourneys(query: RetentionQuery, parts: Parts): Sql {
  const { isStart, isReturn, isNamed, source, relevant, select, keys } = parts;
  const isFirstEver = query.entry === 'FIRST_EVER';
  return sql`activity AS (
  SELECT
    ${select},
    if(time >= ${param.time(firstRowMs(query))}, ${positionOf(sql`time`, query)}, -1) AS position,
    countIf(${isStart}) AS starts,
    countIf(${isReturn}) AS returns,
    sumIf(${revenue}, ${isReturn}) AS return_revenue${
      isFirstEver
        ? sql`,
    countIf(${isNamed}) AS named,
    minIf(time, ${isStart}) AS first_start,
    minIf(time, ${isNamed}) AS first_named`
        : sql``
    }
  FROM ${source}
  WHERE ${relevant}
  GROUP BY ${keys}, position
),
journeys AS (
  SELECT
    ${keys},
    ${query.entry === 'RECURRING' ? sql`groupArrayIf(position, starts > 0)` : sql`[minIf(position, starts > 0)]`} AS cohorts,
    toInt64(0) AS start_ms,
    groupArrayIf((position, returns, return_revenue), position >= 0 AND returns >= ${minimum(query)}) AS visits
  FROM activity
  GROUP BY ${keys}
  HAVING sum(starts) > 0 AND cohorts[1] >= 0${
    isFirstEver ? sql` AND minIf(first_start, starts > 0) = minIf(first_named, named > 0)` : sql``
  }
)`;
}

/** Positions count elapsed time from the customer's own first start, on top of the row's. */
function rollingJourneys(query: RetentionQuery, parts: Parts): Sql {
  const { isStart, isReturn, isNamed, source, relevant, select, keys } = parts;
  const isFirstEver = query.entry === 'FIRST_EVER';
  const span = int(ROLLING_MS[query.interval] ?? 1);
  return sql`starts AS (
  SELECT
    ${select},
    minIf(time, ${isStart}) AS first_start,
    groupArrayIf((time, ${revenue}), ${isReturn}) AS found
  FROM ${source}
  WHERE ${relevant}
  GROUP BY ${keys}
  HAVING countIf(${isStart}) > 0 AND first_start >= ${param.time(firstRowMs(query))}${
    isFirstEver ? sql` AND first_start = minIf(time, ${isNamed})` : sql``
  }
),
activity AS (
  SELECT
    ${keys},
    first_start,
    ${positionOf(sql`first_start`, query)} AS cohort,
    toInt32(cohort + intDiv(dateDiff('millisecond', first_start, moment.1), ${span})) AS position,
    sum(moment.3) AS returns,
    sum(moment.2) AS return_revenue
  FROM starts
  ARRAY JOIN arrayConcat(
    [(first_start, toDecimal64(0, 4), toUInt8(0))],
    arrayMap(event -> (event.1, event.2, toUInt8(1)), arrayFilter(event -> event.1 >= first_start, found))
  ) AS moment
  GROUP BY ${keys}, first_start, cohort, position
),
journeys AS (
  SELECT
    ${keys},
    [any(cohort)] AS cohorts,
    toUnixTimestamp64Milli(any(first_start)) AS start_ms,
    groupArrayIf((position, returns, return_revenue), returns >= ${minimum(query)}) AS visits
  FROM activity
  GROUP BY ${keys}
)`;
}

export function positionOf(time: Sql, query: RetentionQuery): Sql {
  return intervalIndex(time, query.interval, query.range, firstRowMs(query));
}

function minimum(query: RetentionQuery) {
  return param.uint32(query.minimumOccurrences);
}

/** What makes an event a start, a return, and one of the start's name. */
export function conditions(query: RetentionQuery, scope: CompileScope) {
  const names = namesOf(query.start, scope.vocabulary);
  return {
    isStart: compileMatch(query.start, scope.vocabulary),
    isReturn: compileMatch(query.return, scope.vocabulary),
    isNamed: names === null ? sql`1` : sql`event IN ${param.strings(names)}`,
  };
}

/** Events that can matter: entries by a customer's first event look at all history before the rows too. */
export function relevantEvents(query: RetentionQuery, scope: CompileScope): Sql {
  const { isStart, isReturn, isNamed } = conditions(query, scope);
  const inRows = sql`time >= ${param.time(firstRowMs(query))}`;
  const entries = query.entry === 'FIRST_EVER' ? isNamed : isStart;
  const looksBack = query.entry === 'FIRST_TIME' || query.entry === 'FIRST_EVER';
  return and([
    looksBack ? or([entries, and([inRows, isReturn])]) : and([inRows, or([isStart, isReturn])]),
    ...selection(query, scope),
  ]);
}

/** Events that enter customers, or show that they had entered before the rows. */
export function enteringEvents(query: RetentionQuery, scope: CompileScope): Sql {
  const { isStart } = conditions(query, scope);
  const inRows = sql`time >= ${param.time(firstRowMs(query))}`;
  return and([query.entry === 'FIRST_TIME' ? isStart : and([inRows, isStart]), ...selection(query, scope)]);
}

/** Returns among the rows that bear revenue. */
export function paidReturns(query: RetentionQuery, scope: CompileScope): Sql {
  const { isReturn } = conditions(query, scope);
  const inRows = sql`time >= ${param.time(firstRowMs(query))}`;
  return and([sql`has_revenue`, inRows, isReturn, ...selection(query, scope)]);
}

function selection(query: RetentionQuery, scope: CompileScope): readonly Sql[] {
  return [
    sql`time < ${param.time(query.range.toMs)}`,
    compileFilter(query.where),
    compileAudience(query.audience, scope),
  ];
}
