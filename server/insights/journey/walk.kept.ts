/**
 * The walk's moves counted customer by customer from their stops: from each to the next, and what became of the
 * customer in each stage. The same moves as in walk.sql.ts.
 */
import { factAt, KINDS, timeOfFact } from '../../query/kept.ts';
import type { CustomerFacts, Totals } from '../../query/kept.ts';
import { quantileExactInclusive, SortedValues } from '../../query/sorted-values.ts';
import { ADVANCED, STOPPED } from './journey.row.ts';
import type { MoveRow } from './journey.row.ts';
import { factsFrom, STEP, untilNext } from './staged-facts.ts';

/** Stages are 1 to 30, ADVANCED 0 and STOPPED 31. */
const STAGES = 32;

export class WalkTotals implements Totals<MoveRow> {
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
    let before = -1;
    for (let i = factsFrom(facts, edges[0] ?? -Infinity); i < end; i += STEP) {
      const fact = values[i] ?? 0;
      if (fact >= toFact) break;
      // Several events of one stage at one instant are one stop.
      if (fact === before) continue;
      before = fact;
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

  until(facts: CustomerFacts, edges: readonly number[], out: number[]): void {
    untilNext(facts, edges, out);
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
