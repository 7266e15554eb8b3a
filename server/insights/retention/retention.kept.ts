/**
 * How the rows of the retention statements are kept up to date. Facts do not depend on where the range begins, so
 * that a rolling one goes on with them; which of them lie in its rows is looked at when they are counted.
 */
import { isMatchOfEventsAlone, isOfEventsAlone } from '../../query/arrived-match.ts';
import { knownMatch } from '../../query/known-match.ts';
import { namesOf } from '../../query/event-match.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter, noFilter } from '../../query/filter.ts';
import { intervalNames, isRegular } from '../../query/interval-names.ts';
import { factAt } from '../../query/kept.ts';
import type { ArrivedEvent, CustomerFacts, FactsQuery, Kept } from '../../query/kept.ts';
import { startOfInterval } from '../../query/period.ts';
import type { Interval } from '../../query/period.ts';
import { empty, said } from '../../query/sql.ts';
import { factRows } from './facts.sql.ts';
import { conditions } from './journeys.sql.ts';
import {
  enteringKind,
  factWidth,
  looksBack,
  NAMED,
  PAID,
  RetentionMatrix,
  RETURN,
  START,
} from './matrix.kept.ts';
import type { FactsPlan, MatrixForm } from './matrix.kept.ts';
import { firstRowMs } from './retention.query.ts';
import type { RetentionQuery } from './retention.query.ts';
import type { RetentionRow } from './retention.row.ts';

/** Not where the answer may change without an event (audiences, traits), nor for a breakdown. */
export function keptRetention(
  query: RetentionQuery,
  form: MatrixForm,
  scope: CompileScope,
): Kept<RetentionRow> | undefined {
  const { mode, entry, alignment, range, rows, columns, minimumOccurrences } = query;
  const isKept =
    query.audience === null &&
    isOfEventsAlone(query.where) &&
    isMatchOfEventsAlone(query.start) &&
    isMatchOfEventsAlone(query.return) &&
    isRegular(firstRowMs(query), range.toMs, query.interval, range);
  if (!isKept) return undefined;
  return {
    facts: retentionFacts({ query, form, width: factWidth(query, form), baseMs: baseOf(query) }, scope),
    shape: JSON.stringify([form, mode, entry, alignment, rows[0], rows.length, columns, minimumOccurrences]),
    edges: [],
    open: () => new RetentionMatrix(query, form),
  };
}

function retentionFacts(plan: FactsPlan, scope: CompileScope): FactsQuery {
  const { query, form, width, baseMs } = plan;
  const { interval, range } = query;
  const { isStart, isReturn, isNamed } = conditions(query, scope);
  const words = [
    isStart,
    isReturn,
    query.entry === 'FIRST_EVER' ? isNamed : empty,
    compileFilter(query.where),
  ];
  const calendar = [interval, range.timeZone, range.weekStart];
  return {
    shape: JSON.stringify([
      'retention',
      form === 'sets',
      width,
      ...calendar,
      String(baseMs),
      ...words.map(said),
    ]),
    width,
    isSet: form === 'sets',
    sinceMs: looksBack(query) ? -Infinity : firstRowMs(query),
    untilMs: range.toMs,
    rows: (current, part) => factRows(plan, part, current),
    ofEvent: ofEvent(plan, scope),
    beginOf: (ms) => (ms < baseMs ? 0 : Math.max(startOfInterval(ms, interval, range), 0)),
  };
}

/** An interval that holds many of the rows', so that a rolling range's facts are read anew only when it passes one. */
const LONGER = {
  HOUR: 'DAY',
  DAY: 'MONTH',
  WEEK: 'MONTH',
  MONTH: 'YEAR',
  QUARTER: 'YEAR',
  YEAR: 'YEAR',
} as const satisfies Record<Interval, Interval>;

function baseOf(query: RetentionQuery): number {
  if (!looksBack(query)) return -Infinity;
  const longerMs = startOfInterval(firstRowMs(query), LONGER[query.interval], query.range);
  return startOfInterval(longerMs, query.interval, query.range);
}

/** Absent where properties decide. */
function ofEvent(
  { query, form, width, baseMs }: FactsPlan,
  { vocabulary }: CompileScope,
): FactsQuery['ofEvent'] {
  const isStart = knownMatch(query.start, vocabulary);
  const isReturn = knownMatch(query.return, vocabulary);
  if (!isStart || !isReturn || query.where !== noFilter) return undefined;
  const names = query.entry === 'FIRST_EVER' ? namesOf(query.start, vocabulary) : [];
  const named = names && new Set(names);
  const nameOf = intervalNames(query.interval, query.range);
  const entering = enteringKind(query);
  const kindOf = (event: ArrivedEvent): number => {
    const returns = isReturn(event);
    return (
      (isStart(event) ? START : 0) +
      (returns ? RETURN : 0) +
      (named === null || named.has(event.event) ? NAMED : 0) +
      (returns && event.hasRevenue && form !== 'sets' ? PAID : 0)
    );
  };
  return (event, known, out) => {
    const kind = kindOf(event);
    if (event.timeMs < baseMs) {
      if ((kind & entering) !== 0 && !isKnownBefore(known))
        out.push(factAt(0, entering), ...[0, 0].slice(0, width - 1));
      return;
    }
    if (kind === 0) return;
    out.push(factAt(nameOf(event.timeMs), kind));
    if (width > 1) out.push((kind & RETURN) === 0 ? 0 : event.amount);
    if (width > 2) out.push(event.timeMs);
  };
}

/** Whether it is known already that the customer did something before the facts begin. */
function isKnownBefore({ values, begin, end }: CustomerFacts): boolean {
  return begin < end && (values[begin] ?? 0) < factAt(1, 0);
}
