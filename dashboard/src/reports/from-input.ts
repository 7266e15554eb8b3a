// Parts of a question back to what the page's controls hold. Each gives null for what no control can show. Pure.
import { EVERYBODY } from '../selection/audience.ts';
import type { Audience, Behaviour } from '../selection/audience.ts';
import { breakdownBy } from '../selection/breakdown.ts';
import type { Breakdown } from '../selection/breakdown.ts';
import { checkBreakdown } from '../selection/breakdown.ts';
import { checkConditions, isRecord } from '../selection/match.ts';
import type { Condition, Match } from '../selection/match.ts';
import { instantOf, isZone } from '../state/zone.ts';
import { asRecord } from './question.ts';

/** One value stands for a list of one, as GraphQL has it. */
export function listOf(raw: unknown): unknown[] {
  if (raw === null || raw === undefined) return [];
  return Array.isArray(raw) ? raw : [raw];
}

/** A filter of conditions that must all hold. */
export function conditionsFrom(filter: unknown): Condition[] | null {
  if (filter === null || filter === undefined) return [];
  const node = asRecord(filter);
  const parts = listOf(node['all']);
  const nodes = parts.length > 0 ? parts : [node];
  const read = nodes.map((part) => ({ ...asRecord(part), values: listOf(asRecord(part)['values']) }));
  const conditions = checkConditions(read);
  return conditions.length === nodes.length ? conditions : null;
}

/** A match of one event, stage or channel. */
export function matchFrom(match: unknown): Match | null {
  const { events, stage, channels, where, label } = asRecord(match);
  const kinds: Match[] = [
    ...listOf(events).map((value) => ({ on: 'event' as const, value: String(value) })),
    ...listOf(stage).map((value) => ({ on: 'stage' as const, value: String(value) })),
    ...listOf(channels).map((value) => ({ on: 'channel' as const, value: String(value) })),
  ];
  const conditions = conditionsFrom(where);
  const [only] = kinds;
  if (!only || kinds.length > 1 || !conditions) return null;
  return {
    ...only,
    ...(typeof label === 'string' && label && { label }),
    ...(conditions.length && { where: conditions }),
  };
}

/** Customers as the filter bar has them, with conditions on their traits apart. */
export function audienceFrom(audience: unknown): { audience: Audience; traits: Condition[] } | null {
  if (audience === null || audience === undefined) return { audience: EVERYBODY, traits: [] };
  const { id, where, lifecycleStages, did, didNot } = asRecord(audience);
  const traits = conditionsFrom(where);
  const behaviours = [
    ...listOf(did).map((one) => behaviourFrom(one, false)),
    ...listOf(didNot).map((one) => behaviourFrom(one, true)),
  ];
  if (!traits?.every(({ of }) => of === 'CUSTOMER')) return null;
  if (behaviours.includes(null)) return null;
  return {
    traits,
    audience: {
      stages: listOf(lifecycleStages).map(String),
      did: behaviours.filter((one) => one !== null),
      ...(typeof id === 'string' && { saved: id }),
    },
  };
}

function behaviourFrom(raw: unknown, isNot: boolean): Behaviour | null {
  const { match, atLeast, within } = asRecord(raw);
  const read = matchFrom(match);
  const days = typeof within === 'string' ? /^P(\d{1,4})D$/.exec(within)?.[1] : null;
  if (!read || days === undefined) return null;
  return { match: read, isNot, times: Number(atLeast ?? 1), days: days === null ? null : Number(days) };
}

/** What a breakdown leaves out is as the API has it. */
export function breakdownFrom(raw: unknown): Breakdown | null {
  if (!isRecord(raw)) return null;
  const [first] = listOf(raw['properties']);
  if (typeof first !== 'string') return null;
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null));
  return checkBreakdown({
    ...breakdownBy(first, 'EVENT'),
    limit: 10,
    ...given,
    properties: listOf(raw['properties']),
  });
}

const PRESETS: Readonly<Record<string, string>> = { P7D: '7d', P30D: '30d', P90D: '90d', P12M: '12m' };

/** The address's parameters of a range. `storeZone`: the zone in force without one. */
export function rangeParams(raw: unknown, storeZone: string): Record<string, string | null> | null {
  const { last, from, to, timeZone } = asRecord(raw);
  const zone = typeof timeZone === 'string' ? timeZone : 'UTC';
  if (!isZone(zone)) return null;
  const tz = zone === storeZone ? null : zone;
  if (typeof last === 'string') {
    const range = PRESETS[last];
    return range === undefined ? null : { range, from: null, to: null, tz };
  }
  const first = dayFrom(from, zone);
  const end = dayFrom(to, zone);
  if (first === null || end === null) return null;
  const lastDay = new Date(Date.parse(end) - 86_400_000).toISOString().slice(0, 10);
  return { range: null, from: first, to: lastDay, tz };
}

/** The day that begins at the instant in the zone; null where none does. */
function dayFrom(raw: unknown, zone: string): string | null {
  const at = typeof raw === 'string' ? Date.parse(raw) : NaN;
  if (Number.isNaN(at)) return null;
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const day = parts.format(at);
  return Date.parse(instantOf(day, zone)) === at ? day : null;
}
