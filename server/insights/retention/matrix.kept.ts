/**
 * The retention matrix counted customer by customer from what is kept of each: in which intervals the customer
 * started and came back, how often, and for how much. What facts say is said here; how they come about stands in
 * retention.kept.ts. Knows neither events nor SQL.
 */
import { kindOfFact, timeOfFact } from '../../query/kept.ts';
import type { CustomerFacts, Totals } from '../../query/kept.ts';
import { decimalText } from '../../query/money.ts';
import { SortedValues } from '../../query/sorted-values.ts';
import { reachOf, ROLLING_MS } from './retention.query.ts';
import type { RetentionQuery } from './retention.query.ts';
import type { RetentionRow } from './retention.row.ts';
import { Visits } from './visits.kept.ts';
import type { Visit } from './visits.kept.ts';

/** Bits of a fact's kind: what the event is. A fact's time is where its event's interval begins. */
export const START = 1;
export const RETURN = 2;
/** Of the start's name, whether it matches or not. */
export const NAMED = 4;
/** A return that bears revenue. */
export const PAID = 8;

/**
 * Which statement's rows: those of sets, without or with what was paid, or those of single visits. Facts of sets are
 * one number, others have the amount of a return (ten-thousandths) beside, and the exact time where `needsTimes`.
 */
export type MatrixForm = 'sets' | 'payments' | 'visits';

/** Numbers a fact. */
export function factWidth(query: RetentionQuery, form: MatrixForm): 1 | 2 | 3 {
  if (form === 'sets') return 1;
  return needsTimes(query) ? 3 : 2;
}

/** Whether the order within an interval matters. */
function needsTimes({ entry, alignment }: RetentionQuery): boolean {
  return entry === 'FIRST_EVER' || alignment === 'ROLLING';
}

/** What facts are made by, from stored events and from arriving ones alike. */
export interface FactsPlan {
  readonly query: RetentionQuery;
  readonly form: MatrixForm;
  readonly width: 1 | 2 | 3;
  /** Of what came before it is only known that it did: one fact at 1970. -Infinity: nothing is read from before. */
  readonly baseMs: number;
}

/** Whether what came before the rows decides who enters in them. */
export function looksBack({ entry }: RetentionQuery): boolean {
  return entry === 'FIRST_TIME' || entry === 'FIRST_EVER';
}

/** What of an event enters a customer, or shows that the customer came too early. */
export function enteringKind({ entry }: RetentionQuery): number {
  return entry === 'FIRST_EVER' ? NAMED : START;
}

export class RetentionMatrix implements Totals<RetentionRow> {
  private readonly step: number;
  private readonly slots: ReadonlyMap<number, number>;
  private readonly firstMs: number;
  private readonly reach: number;
  private readonly width: number;
  /** Column of an interval so far after the row's own. */
  private readonly columns: Int32Array;
  private readonly customers: Float64Array;
  /** Of a cell that a row tells of: how often it was touched. */
  private readonly present: Float64Array;
  private readonly events: Float64Array;
  private readonly amounts: Float64Array;
  /** ROLLING: when members started, by row. */
  private readonly starts: readonly SortedValues[];
  /** Of the customer that is looked at. */
  private readonly visits = new Visits();
  private startMs = Infinity;
  private startSlot = -1;
  private namedMs = Infinity;

  constructor(
    private readonly query: RetentionQuery,
    private readonly form: MatrixForm,
  ) {
    const { rows, columns, alignment } = query;
    this.step = factWidth(query, form);
    // Where a zone skips a whole day, its start is the next one's, and that one's events are of the later row.
    this.slots = new Map(rows.map((ms, i) => [Math.max(ms, 0), i]));
    this.firstMs = Math.max(rows[0] ?? 0, 0);
    this.reach = reachOf(query);
    this.width = columns.length + 1;
    this.columns = Int32Array.from([0, ...columns.flatMap((size, i) => new Array<number>(size).fill(i + 1))]);
    const cells = rows.length * this.width;
    this.customers = new Float64Array(cells);
    this.present = new Float64Array(cells);
    this.events = new Float64Array(cells);
    this.amounts = new Float64Array(cells);
    this.starts = alignment === 'ROLLING' ? rows.map(() => new SortedValues()) : [];
  }

  count(facts: CustomerFacts, _edges: readonly number[], weight: 1 | -1): void {
    if (this.query.alignment === 'ROLLING') {
      this.countRolling(facts, weight);
      return;
    }
    const { visits } = this;
    if (!this.readVisits(facts)) return;
    for (let i = 0; i < visits.count; i += 1) {
      const visit = visits.at(i);
      if (visit.starts === 0) continue;
      this.lay(visit.slot, weight);
      if (this.query.entry !== 'RECURRING') return;
    }
  }

  until(): void {
    // Rows begin and end with calendar intervals: no customer's part changes with the clock alone.
  }

  rows(): readonly RetentionRow[] {
    const rows: RetentionRow[] = [];
    for (let cell = 0; cell < this.present.length; cell += 1) {
      if (this.present[cell] === 0) continue;
      const period = cell % this.width;
      const cohort = (cell - period) / this.width;
      rows.push({
        cohort,
        period,
        customers: String(this.customers[cell]),
        events: String(this.events[cell]),
        revenue: decimalText(this.amounts[cell] ?? 0),
        last_start_ms: String(period === 0 ? this.lastStart(cohort) : 0),
      });
    }
    return rows;
  }

  private lastStart(cohort: number): number {
    const starts = this.starts[cohort];
    return starts && starts.size > 0 ? starts.at(starts.size - 1) : 0;
  }

  /** False where the customer entered before the rows, or at another event of the name. */
  private readVisits({ values, begin, end }: CustomerFacts): boolean {
    const { visits, step, firstMs } = this;
    const entering = looksBack(this.query) ? enteringKind(this.query) : 0;
    this.clear();
    for (let i = begin; i < end; i += step) {
      const first = values[i] ?? 0;
      const kind = kindOfFact(first);
      const startsMs = timeOfFact(first);
      if (startsMs < firstMs) {
        if ((kind & entering) !== 0) return false;
        continue;
      }
      const slot = this.slots.get(startsMs);
      if (slot === undefined) continue;
      if (step === 3) this.noteTime(kind, slot, values[i + 2] ?? 0);
      const visit = visits.in(slot);
      if ((kind & START) !== 0) visit.starts += 1;
      if ((kind & RETURN) !== 0) visit.returns += 1;
      if ((kind & PAID) !== 0) visit.paid += 1;
      if (step > 1) visit.amount += values[i + 1] ?? 0;
    }
    return this.query.entry !== 'FIRST_EVER' || this.startMs === this.namedMs;
  }

  /** Visits lie so many whole periods after the first start, whatever the calendar says. */
  private countRolling(facts: CustomerFacts, weight: 1 | -1): void {
    if (!this.readVisits(facts) || this.startSlot < 0) return;
    const { values, begin, end } = facts;
    const { visits, startSlot, startMs } = this;
    const span = ROLLING_MS[this.query.interval] ?? 1;
    visits.clear();
    for (let i = begin; i < end; i += this.step) {
      const at = values[i + 2] ?? 0;
      if ((kindOfFact(values[i] ?? 0) & RETURN) === 0 || at < startMs) continue;
      const visit = visits.in(startSlot + Math.floor((at - startMs) / span));
      visit.returns += 1;
      visit.amount += values[i + 1] ?? 0;
    }
    this.lay(startSlot, weight);
    if (weight === 1) this.starts[startSlot]?.add(startMs);
    else this.starts[startSlot]?.remove(startMs);
  }

  private noteTime(kind: number, slot: number, at: number): void {
    if ((kind & NAMED) !== 0 && at < this.namedMs) this.namedMs = at;
    if ((kind & START) === 0 || at >= this.startMs) return;
    this.startMs = at;
    this.startSlot = slot;
  }

  private clear(): void {
    this.visits.clear();
    this.startMs = Infinity;
    this.startSlot = -1;
    this.namedMs = Infinity;
  }

  /** Lays a row over the visits at or after its interval. */
  private lay(cohort: number, weight: 1 | -1): void {
    const { visits, columns, reach, query } = this;
    const first = cohort * this.width;
    let [last, run] = [0, 0];
    this.countCustomer(first, weight);
    for (let i = 0; i < visits.count; i += 1) {
      const visit = visits.at(i);
      const offset = visit.slot - cohort;
      if (offset < 0 || visit.returns < query.minimumOccurrences) continue;
      const isSeen = offset <= reach;
      const column = columns[Math.min(offset, reach)] ?? 0;
      if (isSeen) this.countVisit(first + column, visit, weight);
      if (isSeen && column > last && query.mode === 'ON') this.countCustomer(first + column, weight);
      if (isSeen && column === run + 1) run = column;
      last = column;
      if (!isSeen) break;
    }
    const reached = { ON: 0, ON_OR_AFTER: last, EVERY: run }[query.mode];
    if (reached > 0) this.countCustomer(first + reached, weight);
  }

  private countCustomer(cell: number, weight: number): void {
    bump(this.customers, cell, weight);
    bump(this.present, cell, weight);
  }

  private countVisit(cell: number, { returns, paid, amount }: Visit, weight: number): void {
    if (this.form === 'sets' || (this.form === 'payments' && paid === 0)) return;
    bump(this.present, cell, weight);
    bump(this.amounts, cell, weight * amount);
    if (this.form === 'visits') bump(this.events, cell, weight * returns);
  }
}

function bump(values: Float64Array, at: number, by: number): void {
  values[at] = (values[at] ?? 0) + by;
}
