// The timeline of one customer: events by day, the lane of each channel, the stage at each instant. Pure.
import type { CustomerHeadQuery, CustomerTimelineQuery } from '../../api/generated.ts';
import { categoryIndex } from '../../charts/colors.ts';

export type Head = NonNullable<CustomerHeadQuery['customer']>;
export type TimelineEvent = NonNullable<CustomerTimelineQuery['customer']>['events']['nodes'][number];

export interface TimelineDay {
  /** The day's name in the zone; days are told apart by it. */
  day: string;
  events: TimelineEvent[];
}

/** Events (newest first) in runs of one day. */
export function byDay(events: readonly TimelineEvent[], dayOf: (time: string) => string): TimelineDay[] {
  const days: TimelineDay[] = [];
  for (const event of events) {
    const day = dayOf(event.time);
    const last = days.at(-1);
    if (last?.day === day) last.events.push(event);
    else days.push({ day, events: [event] });
  }
  return days;
}

/** The place of each day's first event, the first of all at `from`. */
export function startsOf(days: readonly TimelineDay[], from: number): number[] {
  let at = from;
  return days.map(({ events }) => (at += events.length) - events.length);
}

/** The channels as lanes, in the fixed order of their colours. */
export function lanesOf(head: Head, events: readonly TimelineEvent[]): string[] {
  const names = new Set([
    ...head.channels.map((channel) => channel.name),
    ...events.map((event) => event.channel),
  ]);
  return [...names].sort((a, b) => categoryIndex(a) - categoryIndex(b) || a.localeCompare(b));
}

/** The key of the lifecycle stage in force at an instant; null before the first. */
export function stageAt(history: Head['lifecycleHistory'], time: string): string | null {
  const at = Date.parse(time);
  let found: { at: number; to: string } | null = null;
  for (const change of history) {
    const when = Date.parse(change.at);
    if (when <= at && (found === null || when >= found.at)) found = { at: when, to: change.to };
  }
  return found?.to ?? null;
}

/** What nearly every event carries: said last. */
const COMMONPLACE = new Set(['country', 'city', 'device', 'currency', 'os', 'browser', 'language']);

/** What an event says of itself, as pairs of text; what nearly every event carries stands last. */
export function details(properties: unknown): { key: string; value: string }[] {
  if (properties === null || typeof properties !== 'object') return [];
  const pairs = Object.entries(properties).flatMap(([key, value]) => {
    const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
    return text === '' ? [] : [{ key, value: text }];
  });
  return [
    ...pairs.filter((pair) => !COMMONPLACE.has(pair.key)),
    ...pairs.filter((pair) => COMMONPLACE.has(pair.key)),
  ];
}

/** The reason without the stage's name in front, where that stands beside it already. */
export function reasonOf(customer: Pick<Head, 'lifecycleReason' | 'lifecycleStage'>): string {
  const prefix = `${customer.lifecycleStage.name}: `;
  return customer.lifecycleReason.startsWith(prefix)
    ? customer.lifecycleReason.slice(prefix.length)
    : customer.lifecycleReason;
}
