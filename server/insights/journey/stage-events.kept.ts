/** How much happened in each stage, counted customer by customer. The same numbers as in stage-events.sql.ts. */
import { factAt, kindOfFact } from '../../query/kept.ts';
import type { CustomerFacts, Totals } from '../../query/kept.ts';
import { decimalText } from '../../query/money.ts';
import type { StageRow } from './journey.row.ts';
import { factsFrom, STEP, untilNext } from './staged-facts.ts';

export class StageTotals implements Totals<StageRow> {
  /** By stage. */
  private readonly events: number[] = [];
  private readonly amounts: number[] = [];

  count(facts: CustomerFacts, edges: readonly number[], weight: 1 | -1): void {
    const { values, end } = facts;
    const toFact = factAt(edges[1] ?? Infinity, 0);
    for (let i = factsFrom(facts, edges[0] ?? -Infinity); i < end; i += STEP) {
      const fact = values[i] ?? 0;
      if (fact >= toFact) break;
      const stage = kindOfFact(fact);
      this.events[stage] = (this.events[stage] ?? 0) + weight;
      this.amounts[stage] = (this.amounts[stage] ?? 0) + weight * (values[i + 1] ?? 0);
    }
  }

  until(facts: CustomerFacts, edges: readonly number[], out: number[]): void {
    untilNext(facts, edges, out);
  }

  rows(): readonly StageRow[] {
    const rows: StageRow[] = [];
    // Stages that nobody was in are holes, or empty again.
    this.events.forEach((events, stage) => {
      if (events === 0) return;
      rows.push({ stage, events: String(events), revenue: decimalText(this.amounts[stage] ?? 0) });
    });
    return rows;
  }
}
