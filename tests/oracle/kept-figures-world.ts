/** Random questions and streams of events for tests of kept figures: edges meet events to the millisecond. */
import fc from 'fast-check';
import { INTERVALS, startOfInterval } from '../../server/query/period.ts';
import type { Interval } from '../../server/query/period.ts';
import type { RangeRequest, WeekStart } from '../../server/query/time-range.ts';
import type { StoredEvent } from '../support/events.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** About how long each is, and how many hours the range is. */
const LENGTHS: Record<Interval, { readonly ms: number; readonly hours: number }> = {
  HOUR: { ms: HOUR, hours: 5 },
  DAY: { ms: DAY, hours: 3 * 24 },
  WEEK: { ms: 7 * DAY, hours: 17 * 24 },
  MONTH: { ms: 30 * DAY, hours: 70 * 24 },
  QUARTER: { ms: 91 * DAY, hours: 200 * 24 },
  YEAR: { ms: 365 * DAY, hours: 800 * 24 },
};

const moment = fc.record({
  customer: fc.nat(7),
  event: fc.constantFrom('page_view', 'purchase', 'purchase', 'return', 'signup'),
  channel: fc.constantFrom('', 'web', 'store'),
  /** In ranges before the present, some to come. */
  back: fc.constantFrom(-0.2, -0.05, 0, 0.02, 0.3, 0.5, 0.8, 0.98, 1, 1, 1.01, 1.5, 1.99, 2, 2.1, 4),
  /** On an interval's start, or so far from where it is. */
  off: fc.constantFrom('start', -1, 0, 0, 1, 2, 600_000, 899_999, 7_000_000),
  order: fc.constantFrom('', 'a', 'b'),
  session: fc.constantFrom('', 's', 't'),
  amount: fc.constantFrom(null, 0, 0.1, 12.345, 99.9999, 1_000_000.01, -0.0001, -20, -3.25),
});
type Moment = typeof moment extends fc.Arbitrary<infer T> ? T : never;

export const story = fc.record({
  day: fc.constantFrom('2017-10-16', '2018-02-19', '2025-04-01', '2025-10-27', '2024-12-31', '2026-04-06'),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe'),
  weekStart: fc.constantFrom<WeekStart>('MONDAY', 'SUNDAY', 'SATURDAY'),
  interval: fc.constantFrom(...INTERVALS, 'HOUR' as const, 'DAY' as const),
  /** The range's end moves with the clock, or not; or it is a few minutes long. */
  range: fc.constantFrom('last', 'last', 'last', 'last', 'fixed', 'short'),
  isByRows: fc.boolean(),
  /** Events are read through joined ids. */
  isMerged: fc.boolean(),
  isFiltered: fc.constantFrom(false, false, true),
  moments: fc.array(moment, { minLength: 5, maxLength: 60 }),
  steps: fc.array(
    fc.record({
      arrives: fc.array(moment, { maxLength: 6 }),
      /** By how much time goes on, in intervals; or until the range begins where an event is, or just after. */
      moves: fc.constantFrom<number | 'at' | 'after'>(
        0,
        0,
        1e-9,
        0.01,
        0.3,
        1,
        2.2,
        'at',
        'at',
        'after',
        'after',
      ),
      which: fc.nat(40),
    }),
    { minLength: 4, maxLength: 7 },
  ),
});
export type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

export const filter = { property: 'kind', values: ['shoes'] };

/** What is asked and what happens, as time goes on. */
export class FigureWorld {
  nowMs: number;
  readonly request: {
    readonly range: RangeRequest;
    readonly interval: Interval;
    readonly where: typeof filter | null;
  };
  readonly lengthMs: number;
  private readonly times: number[] = [];
  private told = 0;

  constructor(
    private readonly story: Story,
    private readonly name: string,
  ) {
    const { timeZone, weekStart, interval } = story;
    this.nowMs = Date.parse(`${story.day}T05:30:00Z`);
    const hours = story.range === 'short' ? 0.2 : LENGTHS[interval].hours;
    this.lengthMs = hours * HOUR;
    const frame = { timeZone, weekStart };
    const fixed = { from: new Date(this.nowMs - this.lengthMs), to: new Date(this.nowMs + HOUR), ...frame };
    const last = { last: `PT${this.lengthMs / 60_000}M`, ...frame };
    this.request = {
      range: story.range === 'fixed' ? fixed : last,
      interval,
      where: story.isFiltered ? filter : null,
    };
  }

  events(moments: readonly Moment[]): StoredEvent[] {
    return moments.map((said) => {
      this.told += 1;
      const timeMs = this.timeOf(said);
      this.times.push(timeMs);
      return {
        id: `${this.name}-${this.told}`,
        customerId: `${this.name}-${said.customer}`,
        event: said.event,
        channel: said.channel,
        timeMs,
        orderId: said.order,
        sessionId: said.session,
        revenue: said.amount,
        properties: this.told % 2 ? { kind: 'shoes' } : {},
      };
    });
  }

  goOn({ moves, which }: Story['steps'][number]): void {
    if (typeof moves === 'number') {
      this.nowMs += Math.ceil(moves * LENGTHS[this.story.interval].ms);
      return;
    }
    const ranges = which % 3 === 0 ? 2 : 1;
    const at = this.times[which % this.times.length] ?? 0;
    const nowMs = at + ranges * this.lengthMs + (moves === 'after' ? 1 : 0);
    if (nowMs > this.nowMs && nowMs < this.nowMs + 2 * this.lengthMs) this.nowMs = nowMs;
  }

  private timeOf({ back, off }: Moment): number {
    const near = Math.round(this.nowMs - back * this.lengthMs);
    if (typeof off === 'number') return near + off;
    return startOfInterval(near, this.story.interval, this.story);
  }
}
