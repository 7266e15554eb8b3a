/**
 * Rules in the form that is evaluated: conditions on tracks. A track is a running count (or sum) of one
 * signal over one window; it changes only when an event arrives or leaves the window, which is what makes a
 * stage computable at any instant, and all instants of a range at once. Equal tracks stand once.
 */
import { parseDuration } from '../query/duration.ts';
import type { Span } from '../query/duration.ts';
import { normaliseMatch } from '../query/event-match.ts';
import type { EventMatch } from '../query/event-match.ts';
import type { EventVocabulary } from '../query/events.ts';
import { noFilter, normaliseFilter } from '../query/filter.ts';
import type { Filter, FilterRequest } from '../query/filter.ts';
import { vocabularyOf } from './map.ts';
import type { JourneyMap } from './map.ts';
import { isCatchAll } from './rule.ts';
import type { Bounds, LifecycleRule, Narrowed } from './rule.ts';

/** What a track counts (revenue: what it sums). */
export type Signal =
  /** Orders, each at the time of its first event; `orders` is an index into the plan's. */
  | { readonly kind: 'order'; readonly orders: number }
  | { readonly kind: 'firstOrder'; readonly orders: number }
  /** Orders that came `after` or longer after the one before. */
  | { readonly kind: 'comeback'; readonly orders: number; readonly after: Span }
  | { readonly kind: 'revenue'; readonly where: Filter }
  | { readonly kind: 'match'; readonly match: EventMatch };

export interface Track {
  /** Index into the plan's signals. */
  readonly signal: number;
  /** Null: all time. */
  readonly window: Span | null;
}

export type Condition =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | Leaf;

export type Leaf =
  | {
      readonly kind: 'track';
      readonly track: number;
      readonly op: 'atLeast' | 'atMost';
      readonly value: number;
    }
  | { readonly kind: 'trait'; readonly trait: number }
  /** The stage before stage `own` is one of these; numbers from 1 in the map's order. */
  | { readonly kind: 'before'; readonly own: number; readonly stages: readonly number[] };

/** All that must be known of a customer to tell the stage, and how. */
export interface StagePlan {
  /** Which of the order events each sequence of orders is made of. */
  readonly orders: readonly Filter[];
  readonly signals: readonly Signal[];
  readonly tracks: readonly Track[];
  readonly traits: readonly Filter[];
  /** What each rule that is not made of others stands for, but `stageBefore`. */
  readonly simple: readonly Condition[];
  /** In the map's order; the first that holds is the stage. */
  readonly stages: readonly { readonly key: string; readonly condition: Condition }[];
  /**
   * True where a rule asks for the stage before. A stage then follows from the customer's whole history: the
   * rules are looked at once at every instant at which one of `simple` begins or ceases to hold, in order of
   * time. At such a look the stage before is, for the stage that the customer is in, the one it
   * was entered from, and for every other stage the one that the customer is in.
   */
  readonly looksBack: boolean;
}

const plans = new WeakMap<JourneyMap, Planner>();

export function planStages(map: JourneyMap): StagePlan {
  return plannerOf(map).plan;
}

/** The condition that a rule of this map (or a part of one) stands for. */
export function conditionOf(rule: LifecycleRule, map: JourneyMap): Condition {
  return plannerOf(map).condition(rule, NO_STAGE);
}

/** What the stage is whose rule this is does not matter where the stage before is known (Facts.before). */
const NO_STAGE = 0;

/** Maps never change, so each is planned once. */
function plannerOf(map: JourneyMap): Planner {
  const known = plans.get(map);
  if (known) return known;
  const planner = new Planner(map);
  plans.set(map, planner);
  return planner;
}

/** The bounds that rules are short for; a `did` without any means at least once. */
export function boundsOf(bounds: Bounds): Bounds {
  return bounds.atLeast === undefined && bounds.atMost === undefined ? { ...bounds, atLeast: 1 } : bounds;
}

class Planner {
  private readonly orders = new Register<Filter>();
  private readonly signals = new Register<Signal>();
  private readonly tracks = new Register<Track>();
  private readonly traits = new Register<Filter>();
  private readonly simple = new Register<Condition>();
  private readonly vocabulary: EventVocabulary;
  private readonly keys: readonly string[];
  private looksBack = false;
  readonly plan: StagePlan;

  constructor(map: JourneyMap) {
    this.vocabulary = vocabularyOf(map);
    this.keys = map.lifecycle.map(({ key }) => key);
    const stages = map.lifecycle.map(({ key, rule }, i) => ({ key, condition: this.condition(rule, i + 1) }));
    this.plan = {
      orders: this.orders.entries,
      signals: this.signals.entries,
      tracks: this.tracks.entries,
      traits: this.traits.entries,
      simple: this.simple.entries,
      stages,
      looksBack: this.looksBack,
    };
  }

  /** `own`: the number of the stage whose rule this is (part of). */
  condition(rule: LifecycleRule, own: number): Condition {
    if ('all' in rule) return { kind: 'all', parts: rule.all.map((part) => this.condition(part, own)) };
    if ('any' in rule) return { kind: 'any', parts: rule.any.map((part) => this.condition(part, own)) };
    if ('not' in rule) return { kind: 'not', part: this.condition(rule.not, own) };
    if ('stageBefore' in rule) {
      this.looksBack = true;
      return { kind: 'before', own, stages: rule.stageBefore.map((key) => this.keys.indexOf(key) + 1) };
    }
    if (isCatchAll(rule)) return { kind: 'all', parts: [] };
    const condition = this.simpleCondition(rule);
    this.simple.indexOf(condition);
    return condition;
  }

  private simpleCondition(rule: LifecycleRule): Condition {
    if ('trait' in rule) return { kind: 'trait', trait: this.traits.indexOf(ofCustomer(rule.trait)) };
    if ('neverOrdered' in rule) return this.bounded(this.ordered({}), { atMost: 0 });
    if ('noOrderFor' in rule) return this.absent(this.ordered({}), rule.noOrderFor);
    if ('orders' in rule) return this.bounded(this.ordered(rule.orders), rule.orders);
    if ('revenue' in rule) {
      const where = normaliseFilter(rule.revenue.where, 'where');
      return this.bounded({ kind: 'revenue', where }, rule.revenue);
    }
    if ('firstOrderWithin' in rule) {
      const first: Signal = { kind: 'firstOrder', orders: this.orders.indexOf(noFilter) };
      return this.bounded(first, { atLeast: 1, within: rule.firstOrderWithin });
    }
    if ('cameBack' in rule) {
      const after = parseDuration(rule.cameBack.after, 'after');
      const comeback: Signal = { kind: 'comeback', orders: this.orders.indexOf(noFilter), after };
      return this.bounded(comeback, { atLeast: 1, within: rule.cameBack.within });
    }
    if ('did' in rule) return this.bounded(this.matching(rule.did.match), boundsOf(rule.did));
    if ('notSeenFor' in rule) {
      return this.absent(this.matching(rule.notSeenFor.match), rule.notSeenFor.for);
    }
    return { kind: 'all', parts: [] };
  }

  private ordered({ where }: Narrowed): Signal {
    return { kind: 'order', orders: this.orders.indexOf(normaliseFilter(where, 'where')) };
  }

  private matching(match: Parameters<typeof normaliseMatch>[0]): Signal {
    return { kind: 'match', match: normaliseMatch(match, this.vocabulary, 'match') };
  }

  /** Has happened, and not within the window. */
  private absent(signal: Signal, within: string): Condition {
    const parts = [this.bounded(signal, { atLeast: 1 }), this.bounded(signal, { atMost: 0, within })];
    return { kind: 'all', parts };
  }

  private bounded(signal: Signal, { atLeast, atMost, within }: Bounds): Condition {
    const window = within === undefined ? null : parseDuration(within, 'within');
    const track = this.tracks.indexOf({ signal: this.signals.indexOf(signal), window });
    const parts = (['atLeast', 'atMost'] as const).flatMap((op): Condition[] => {
      const value = op === 'atLeast' ? atLeast : atMost;
      return value === undefined ? [] : [{ kind: 'track', track, op, value }];
    });
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'all', parts };
  }
}

/** Numbers equal entries the same. */
class Register<T> {
  readonly entries: T[] = [];
  private readonly known = new Map<string, number>();

  indexOf(entry: T): number {
    const text = JSON.stringify(entry);
    const index = this.known.get(text) ?? this.entries.push(entry) - 1;
    this.known.set(text, index);
    return index;
  }
}

/** Rules write `property` without `of`: it is always the customer's. */
function ofCustomer(request: FilterRequest): Filter {
  const about = (filter: Filter): Filter => {
    if (filter.kind === 'condition') return { ...filter, of: 'CUSTOMER' };
    if (filter.kind === 'not') return { kind: 'not', part: about(filter.part) };
    return { kind: filter.kind, parts: filter.parts.map(about) };
  };
  return about(normaliseFilter(request, 'trait'));
}

/** What the tracks say of one customer at one instant. */
export interface Facts {
  /** By track. */
  readonly values: readonly number[];
  /** By signal: the newest, in milliseconds; null for none. */
  readonly lastMs: readonly (number | null)[];
  /** By trait condition. */
  readonly traits: readonly boolean[];
  /** Where rules look back: the stage, and the one before it; numbers from 1, 0 for none. */
  readonly stage?: number;
  readonly before?: number;
}

/** True of the stage that the customer is in, and, without rules that look back, of every other. */
export function holds(condition: Condition, facts: Facts): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.parts.every((part) => holds(part, facts));
    case 'any':
      return condition.parts.some((part) => holds(part, facts));
    case 'not':
      return !holds(condition.part, facts);
    case 'trait':
      return facts.traits[condition.trait] ?? false;
    case 'before':
      return condition.stages.includes(facts.before ?? 0);
    case 'track': {
      const value = facts.values[condition.track] ?? 0;
      return condition.op === 'atLeast' ? value >= condition.value : value <= condition.value;
    }
  }
}
