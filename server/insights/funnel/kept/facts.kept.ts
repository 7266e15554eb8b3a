/** The facts of a funnel: every event that may serve a step or stands in the way, in strict order every event. */
import { eventRows, gapsOf } from '../moments.sql.ts';
import type { CompileScope } from '../../../query/events.ts';
import { factAt } from '../../../query/kept.ts';
import type { ArrivedEvent, CustomerFacts, FactsPart, FactsQuery } from '../../../query/kept.ts';
import { knownFilter, knownMatch } from '../../../query/known-match.ts';
import type { KnownMatch } from '../../../query/known-match.ts';
import { int, join, said, sql } from '../../../query/sql.ts';
import type { Sql } from '../../../query/sql.ts';
import type { FunnelQuery } from '../funnel.query.ts';
import { formOf } from './form.ts';
import type { FactForm } from './form.ts';

export function funnelFacts(query: FunnelQuery, scope: CompileScope): FactsQuery {
  const form = formOf(query);
  const rows = (now: CompileScope, part: FactsPart): Sql => factRows(query, form, now, part);
  return {
    // What the statement asks for, at no time in particular, says all that decides the facts.
    shape: `funnel ${said(rows(scope, { sinceMs: 0, untilMs: 0, whose: sql`1` }))}`,
    width: form.width,
    isSet: false,
    sinceMs: query.range.fromMs,
    untilMs: query.range.toMs,
    rows,
    ofEvent: factsOfEvent(query, form, scope),
  };
}

/** Times that rows can have lie between these. */
const LATEST_MS = Date.UTC(2106, 0, 1);

function factRows(query: FunnelQuery, form: FactForm, scope: CompileScope, part: FactsPart): Sql {
  const fromMs = Math.max(part.sinceMs, 0);
  const toMs = Math.min(part.untilMs, LATEST_MS);
  const within = { ...query, range: { ...query.range, fromMs, toMs } };
  const closing = form.closed.map(
    ([gap = 0], bit) => sql`bitTest(barrier, ${int(gap)}) * ${int(form.stepBit * 2 ** bit)}`,
  );
  const bits = join([sql`toInt64(mask)`, ...closing], sql` + `);
  const time = sql`toUnixTimestamp64Milli(time) * ${int(factAt(1, 0))}`;
  const numbers =
    form.width === 1 ? sql`${time} + ${bits} AS fact` : sql`${time} AS fact, toInt64(${bits}) AS beside_1`;
  return sql`SELECT customer_key, ${numbers}\nFROM (${eventRows(within, scope, sql``, part.whose)})`;
}

/** Undefined where an event's name and channel do not tell. */
function factsOfEvent(query: FunnelQuery, form: FactForm, scope: CompileScope): FactsQuery['ofEvent'] {
  const passes = knownFilter(query.where);
  const steps = query.steps.map(({ match }) => knownMatch(match, scope.vocabulary));
  const stops = form.closed.map(([gap = 0]) => {
    const closing = query.exclusions.filter((exclusion) => gapsOf(exclusion, query).includes(gap));
    return anyOf(closing.map(({ match }) => knownMatch(match, scope.vocabulary)));
  });
  const bits = [...steps, ...stops];
  if (!passes || bits.includes(null)) return undefined;
  const isEvery = query.order === 'STRICT';
  return (event: ArrivedEvent, _: CustomerFacts, out: number[]): void => {
    if (!passes(event)) return;
    let kind = 0;
    for (let bit = 0; bit < bits.length; bit += 1) if (bits[bit]?.(event)) kind += 2 ** bit;
    if (kind === 0 && !isEvery) return;
    if (form.width === 1) out.push(factAt(event.timeMs, kind));
    else out.push(factAt(event.timeMs, 0), kind);
  };
}

function anyOf(matches: readonly (KnownMatch | null)[]): KnownMatch | null {
  const known = matches.filter((match) => match !== null);
  return known.length < matches.length ? null : (event) => known.some((match) => match(event));
}
