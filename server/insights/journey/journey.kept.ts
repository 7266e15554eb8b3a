/**
 * How the journey's rows are kept up to date: of each event of a stage a fact at its instant. Facts are of every range
 * alike; a rolling range's start looks at a customer again when it passes the first of them.
 */
import { isOfEventsAlone } from '../../query/arrived-match.ts';
import { revenue } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter, noFilter } from '../../query/filter.ts';
import { factAt, KINDS } from '../../query/kept.ts';
import type { FactsQuery, Kept, Totals } from '../../query/kept.ts';
import { int, said, sql } from '../../query/sql.ts';
import type { JourneyQuery } from './journey.query.ts';
import type { MoveRow, StageRow } from './journey.row.ts';
import { stagedEvents, stagesByEvent } from './journey.sql.ts';
import { StageTotals } from './stage-events.kept.ts';
import { STEP } from './staged-facts.ts';
import { WalkTotals } from './walk.kept.ts';

export function keptWalk(query: JourneyQuery, scope: CompileScope): Kept<MoveRow> | undefined {
  return keptOf(query, scope, 'walk', () => new WalkTotals());
}

export function keptStageEvents(query: JourneyQuery, scope: CompileScope): Kept<StageRow> | undefined {
  return keptOf(query, scope, 'stages', () => new StageTotals());
}

/** Not where the answer may change without an event: of an audience, or by what customers are. */
function keptOf<Row>(
  query: JourneyQuery,
  scope: CompileScope,
  shape: string,
  open: () => Totals<Row>,
): Kept<Row> | undefined {
  if (query.audience !== null || !isOfEventsAlone(query.where)) return undefined;
  const { fromMs, toMs } = query.range;
  return { facts: stagedFacts(query, scope), shape, edges: [fromMs, toMs], open };
}

function stagedFacts(query: JourneyQuery, { vocabulary }: CompileScope): FactsQuery {
  const { names, numbers } = stagesByEvent(vocabulary);
  const stages = new Map(names.map((name, i) => [name, Number(numbers[i])]));
  return {
    shape: JSON.stringify(['journey', names, numbers, said(compileFilter(query.where))]),
    width: STEP,
    isSet: false,
    sinceMs: query.range.fromMs,
    untilMs: query.range.toMs,
    rows: (scope, { sinceMs: fromMs, untilMs: toMs, whose }) => {
      const part = { ...query, range: { ...query.range, fromMs, toMs } };
      const more = sql`, reinterpretAsInt64(${revenue}) AS amount`;
      return sql`SELECT customer_key, toUnixTimestamp64Milli(time) * ${int(KINDS)} + stage AS fact, amount AS beside_1
FROM (
${stagedEvents(part, scope, { more, whose })}
)`;
    },
    ofEvent:
      query.where === noFilter
        ? ({ event, timeMs, amount }, _known, out) => {
            const stage = stages.get(event);
            if (stage !== undefined) out.push(factAt(timeMs, stage), amount);
          }
        : undefined,
  };
}
