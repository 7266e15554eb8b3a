/**
 * How the walk's rows are kept up to date: of each event of a stage a fact at its instant, of the stage's number as
 * kind. Facts are the stops themselves, of every range alike; a rolling range's start looks at a customer again when
 * it passes the first of them.
 */
import { isOfEventsAlone } from '../../query/arrived-match.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter, noFilter } from '../../query/filter.ts';
import { factAt, KINDS, timeOfFact } from '../../query/kept.ts';
import type { CustomerFacts, FactsQuery, Kept, Totals } from '../../query/kept.ts';
import { quantileExactInclusive, SortedValues } from '../../query/sorted-values.ts';
import { int, said, sql } from '../../query/sql.ts';
import type { JourneyQuery } from './journey.query.ts';
import { stagedEvents, stagesByEvent } from './journey.sql.ts';
import { ADVANCED, STOPPED } from './move.ts';
import type { MoveRow } from './move.ts';

/** Not where the answer may change without an event: of an audience, or by what customers are. */
export function keptWalk(query: JourneyQuery, scope: CompileScope): Kept<MoveRow> | undefined {
  if (query.audience !== null || !isOfEventsAlone(query.where)) return undefined;
  return {
    facts: stops(query, scope),
    shape: 'walk',
    edges: [query.range.fromMs, query.range.toMs],
    open: () => new WalkTotals(),
  };
}

function stops(query: JourneyQuery, { vocabulary }: CompileScope): FactsQuery {
  const { names, numbers } = stagesByEvent(vocabulary);
  const stages = new Map(names.map((name, i) => [name, Number(numbers[i])]));
  return {
    shape: JSON.stringify(['journey', names, numbers, said(compileFilter(query.where))]),
    width: 1,
    isSet: true,
    sinceMs: query.range.fromMs,
    untilMs: query.range.toMs,
    rows: (scope, { sinceMs: fromMs, untilMs: toMs, whose }) => {
      const part = { ...query, range: { ...query.range, fromMs, toMs } };
      return sql`SELECT customer_key, toUnixTimestamp64Milli(time) * ${int(KINDS)} + stage AS fact FROM (
${stagedEvents(part, scope, { whose })}
)`;
    },
    ofEvent:
      query.where === noFilter
        ? ({ event, timeMs }, _known, out) => {
            const stage = stages.get(event);
            if (stage !== undefined) out.push(factAt(timeMs, stage));
          }
        : undefined,
  };
}

/** Stages are 1 to 30, ADVANCED 0 and STOPPED 31. */
const STAGES = 32;

class WalkTotals implements Totals<MoveRow> {
  /** By origin * STAGES + target. */
  private readonly customers = new Float64Array(STAGES * STAGES);
  private readonly moves = new Float64Array(STAGES * STAGES);
  /** Milliseconds of each move; none for STOPPED, which takes no time. */
  private readonly times: (SortedValues | undefined)[] = [];
  /** Which customer last made a kind of move, counted up. */
  private readonly madeBy = new Float64Array(STAGES * STAGES);
  private customer = 0;
  /** Of the customer that is looked at: when each stage last was, for those not yet advanced from. */
  private readonly lastMs = new Float64Array(STAGES);

  count(facts: CustomerFacts, edges: readonly number[], weight: 1 | -1): void {
    const { values, end } = facts;
    const toFact = factAt(edges[1] ?? Infinity, 0);
    this.customer += 1;
    /** Bits of the stages that the customer was in; and of those not yet advanced from. */
    let [known, open] = [0, 0];
    let [stageBefore, msBefore] = [0, 0];
    for (let i = firstAtOrAfter(facts, edges[0] ?? -Infinity); i < end; i += 1) {
      const fact = values[i] ?? 0;
      if (fact >= toFact) break;
      const ms = timeOfFact(fact);
      const stage = fact - ms * KINDS;
      if (stageBefore > 0) this.countMove(stageBefore * STAGES + stage, ms - msBefore, weight);
      open = this.advance(open, stage, ms, weight);
      if ((known & (1 << stage)) === 0) open |= 1 << stage;
      known |= 1 << stage;
      this.lastMs[stage] = ms;
      [stageBefore, msBefore] = [stage, ms];
    }
    for (let stage = 1; open >> stage > 0; stage += 1) {
      if ((open & (1 << stage)) !== 0) this.countMove(stage * STAGES + STOPPED, 0, weight);
    }
  }

  /** A stop enters the range once its end passes it, and leaves it once its start does. */
  until(facts: CustomerFacts, edges: readonly number[], out: number[]): void {
    edges.forEach((edge, i) => {
      const next = firstAtOrAfter(facts, edge);
      out[i] = next < facts.end ? timeOfFact(facts.values[next] ?? 0) + 1 : Infinity;
    });
  }

  rows(): readonly MoveRow[] {
    const rows: MoveRow[] = [];
    this.moves.forEach((moves, kind) => {
      if (moves === 0) return;
      const target = kind % STAGES;
      const times = this.times[kind];
      rows.push({
        origin: (kind - target) / STAGES,
        target,
        customers: String(this.customers[kind]),
        moves: String(moves),
        median: times ? quantileExactInclusive(times, 0.5) : 0,
      });
    });
    return rows;
  }

  /** From every stage before this one that the customer has not advanced from; the stages that are left. */
  private advance(open: number, stage: number, ms: number, weight: 1 | -1): number {
    for (let from = 1; from < stage; from += 1) {
      if ((open & (1 << from)) === 0) continue;
      this.countMove(from * STAGES + ADVANCED, ms - (this.lastMs[from] ?? 0), weight);
    }
    return (open >> stage) << stage;
  }

  private countMove(kind: number, ms: number, weight: 1 | -1): void {
    this.moves[kind] = (this.moves[kind] ?? 0) + weight;
    if (this.madeBy[kind] !== this.customer) this.customers[kind] = (this.customers[kind] ?? 0) + weight;
    this.madeBy[kind] = this.customer;
    if (kind % STAGES === STOPPED) return;
    const times = (this.times[kind] ??= new SortedValues());
    if (weight === 1) times.add(ms);
    else times.remove(ms);
  }
}

/** Where the facts from an instant on begin. */
function firstAtOrAfter({ values, begin, end }: CustomerFacts, ms: number): number {
  const first = factAt(ms, 0);
  let [low, high] = [begin, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < first) low = middle + 1;
    else high = middle;
  }
  return low;
}
