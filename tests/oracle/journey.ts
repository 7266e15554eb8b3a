/**
 * Journeys evaluated slowly and obviously, one customer at a time over plain arrays, by the rules of
 * docs/semantics.md. Knows nothing of how the product counts.
 */
import type { JourneyStage } from '../../server/journey/map.ts';

export interface WalkEvent {
  readonly customer: string;
  readonly event: string;
  readonly timeMs: number;
  readonly channel: string;
  readonly touchpoint: string;
  readonly cents: number;
}

export interface OracleStage {
  readonly members: readonly string[];
  readonly stopped: readonly string[];
  readonly events: number;
  readonly cents: number;
  readonly medianSeconds: number | null;
  readonly channels: readonly OracleName[];
  readonly touchpoints: readonly OracleName[];
}

export interface OracleName {
  readonly name: string;
  readonly customers: number;
  readonly events: number;
  readonly cents: number;
}

export interface OracleFlow {
  readonly from: string;
  readonly to: string;
  readonly members: readonly string[];
  readonly moves: number;
  readonly medianSeconds: number | null;
}

interface Stop {
  readonly stage: number;
  readonly timeMs: number;
}

/** `events` are those that count: in the range, past the filter, of the audience. */
export function evaluateJourney(
  events: readonly WalkEvent[],
  stages: readonly JourneyStage[],
): { stages: OracleStage[]; flows: OracleFlow[] } {
  const stageOf = (event: WalkEvent): number =>
    stages.findIndex((stage) => stage.events.includes(event.event));
  const staged = events.filter((event) => stageOf(event) >= 0);
  const customers = unique(staged.map((event) => event.customer)).sort();
  const of = (customer: string): WalkEvent[] => staged.filter((event) => event.customer === customer);

  const summaries = stages.map((_, k): OracleStage => {
    const own = staged.filter((event) => stageOf(event) === k);
    const members = customers.filter((customer) => own.some((event) => event.customer === customer));
    const times = members.map((customer) => timeToAdvance(of(customer), k, stageOf));
    return {
      members,
      stopped: members.filter((_customer, i) => times[i] === null),
      events: own.length,
      cents: sum(own.map((event) => event.cents)),
      medianSeconds: median(times.filter((time) => time !== null).map((ms) => ms / 1000)),
      channels: named(own, (event) => event.channel),
      touchpoints: named(own, (event) => event.touchpoint),
    };
  });

  const flows = new Map<string, { customers: string[]; seconds: number[] }>();
  for (const customer of customers) {
    const stops = stopsOf(of(customer), stageOf);
    for (const [i, stop] of stops.entries()) {
      const next = stops[i + 1];
      if (!next) break;
      const key = `${stages[stop.stage]?.key} ${stages[next.stage]?.key}`;
      const flow = flows.get(key) ?? { customers: [], seconds: [] };
      flow.customers.push(customer);
      flow.seconds.push((next.timeMs - stop.timeMs) / 1000);
      flows.set(key, flow);
    }
  }
  return {
    stages: summaries,
    flows: [...flows].map(([key, flow]) => ({
      from: key.split(' ')[0] ?? '',
      to: key.split(' ')[1] ?? '',
      members: unique(flow.customers).sort(),
      moves: flow.seconds.length,
      medianSeconds: median(flow.seconds),
    })),
  };
}

/** Every way to go from the stage to a later one; the best is there first, and of those started last. */
function timeToAdvance(
  own: readonly WalkEvent[],
  k: number,
  stageOf: (event: WalkEvent) => number,
): number | null {
  const attempts = own.flatMap((start) =>
    stageOf(start) !== k
      ? []
      : own
          .filter((end) => stageOf(end) > k && end.timeMs >= start.timeMs)
          .map((end) => ({ start: start.timeMs, end: end.timeMs })),
  );
  const [best] = attempts.sort((a, b) => a.end - b.end || b.start - a.start);
  return best ? best.end - best.start : null;
}

/** By time, then by the map; what happens in one stage at one instant is one stop. */
export function stopsOf(own: readonly WalkEvent[], stageOf: (event: WalkEvent) => number): readonly Stop[] {
  const stops = own.map((event): Stop => ({ stage: stageOf(event), timeMs: event.timeMs }));
  return stops
    .filter((a, i) => stops.findIndex((b) => a.stage === b.stage && a.timeMs === b.timeMs) === i)
    .sort((a, b) => a.timeMs - b.timeMs || a.stage - b.stage);
}

function named(own: readonly WalkEvent[], nameOf: (event: WalkEvent) => string): OracleName[] {
  return unique(own.map(nameOf))
    .map((name) => {
      const group = own.filter((event) => nameOf(event) === name);
      return {
        name,
        customers: unique(group.map((event) => event.customer)).length,
        events: group.length,
        cents: sum(group.map((event) => event.cents)),
      };
    })
    .sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1));
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
