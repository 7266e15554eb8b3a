// A list of customers as CSV text: what the list shows and every trait, a column each. Pure.
import type { CustomerRowFragment } from '../api/generated.ts';
import { csvHead, csvRows } from '../format/csv.ts';
import type { CsvCell } from '../format/csv.ts';
import { customerName } from '../ui/people.ts';

export interface PeopleCsvWords {
  id: string;
  name: string;
  stage: string;
  orders: string;
  revenue: string;
  firstSeen: string;
  lastSeen: string;
  /** The name of a stage in the reader's language. */
  stageName: (stage: CustomerRowFragment['lifecycleStage']) => string;
}

const MOST_TRAITS = 100;
const AT_ONCE = 1000;

/** In parts, so that a long list is never one text. */
export function peopleCsv(people: readonly CustomerRowFragment[], words: PeopleCsvWords): string[] {
  const traits = traitsOf(people);
  const { id, name, stage, orders, revenue, firstSeen, lastSeen } = words;
  const parts = [csvHead([id, name, stage, orders, revenue, firstSeen, lastSeen, ...traits])];
  for (let at = 0; at < people.length; at += AT_ONCE) {
    const rows = people
      .slice(at, at + AT_ONCE)
      .map((one) => [
        one.id,
        customerName(one),
        words.stageName(one.lifecycleStage),
        one.orders,
        one.revenue,
        one.firstSeen,
        one.lastSeen,
        ...traits.map((trait) => cell(record(one.traits)[trait])),
      ]);
    parts.push(csvRows(rows));
  }
  return parts;
}

/** Traits that any of them has, by name. */
function traitsOf(people: readonly CustomerRowFragment[]): string[] {
  const found = new Set<string>();
  for (const { traits } of people) for (const key of Object.keys(record(traits))) found.add(key);
  return [...found].sort().slice(0, MOST_TRAITS);
}

function record(traits: unknown): Record<string, unknown> {
  return traits !== null && typeof traits === 'object' ? (traits as Record<string, unknown>) : {};
}

function cell(value: unknown): CsvCell {
  if (value === undefined || value === null) return null;
  return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value);
}
