/**
 * The stage of one customer at an instant, told in the program from the customer's facts, and until when it holds:
 * the same stages as in SQL (stage.sql.ts, stage-changes.sql.ts). Facts come from stage-facts.sql.ts.
 */
import type { CustomerFacts } from '../query/kept.ts';
import { planStages } from './conditions.ts';
import type { Condition, Leaf, StagePlan } from './conditions.ts';
import { factKinds } from './fact-kinds.ts';
import type { JourneyMap } from './map.ts';
import { markTest } from './mark-tests.ts';
import type { Test } from './mark-tests.ts';
import { readingOf } from './marks.ts';
import { SignalTimes } from './signal-times.ts';

/** Tells the stages of one customer after the other. */
export interface StageTeller {
  /** What follows is about this customer. The facts are read here and not held on to. */
  load(facts: CustomerFacts): void;
  /** The number of the stage, from 1; 0 for a customer not yet seen. Sets `untilMs`. */
  stageAt(ms: number): number;
  /** No other stage comes after the instant last asked for and before this one, unless other facts do. */
  readonly untilMs: number;
}

export interface TellerOptions {
  /** See MarkReading; does not matter where rules look back. Default: true, as stages at given instants are told. */
  readonly countsEach?: boolean;
}

/** For maps of which `stageFacts` has facts; throws for others. */
export function stageTeller(map: JourneyMap, { countsEach = true }: TellerOptions = {}): StageTeller {
  const plan = planStages(map);
  const kinds = factKinds(plan);
  if (!kinds) throw new Error('Rules that facts do not tell.');
  const signals = new SignalTimes(plan, kinds);
  return plan.looksBack ? new MovesTeller(plan, signals) : new PlainTeller(plan, signals, countsEach);
}

class PlainTeller implements StageTeller {
  untilMs = Infinity;
  private readonly tests: readonly Test[];

  constructor(
    plan: StagePlan,
    private readonly signals: SignalTimes,
    countsEach: boolean,
  ) {
    const soon = (ms: number): void => {
      if (ms < this.untilMs) this.untilMs = ms;
    };
    const leaf = trackTests({ plan, signals, countsEach, soon });
    this.tests = plan.stages.map(({ condition }) => testOf(condition, leaf));
  }

  load(facts: CustomerFacts): void {
    this.signals.load(facts);
  }

  /** Only what was looked at bears upon the answer: conditions after the first that holds do not end it. */
  stageAt(ms: number): number {
    const { tests, signals } = this;
    this.untilMs = Infinity;
    if (signals.firstAt > ms) {
      this.untilMs = signals.firstAt;
      return 0;
    }
    for (let i = 0; i < tests.length; i += 1) if ((tests[i] as Test)(ms)) return i + 1;
    return 0;
  }
}

/** Rules that look back: gone through from first sight on, as far as was asked for (StagePlan.looksBack). */
class MovesTeller implements StageTeller {
  untilMs = Infinity;
  private readonly simple: readonly Test[];
  private readonly tests: readonly Test[];
  private readonly movedAt: number[] = [];
  private readonly stages: number[] = [];
  private readonly truths: (boolean | null)[];
  private stage = 0;
  private before = 0;
  private nextMs = 0;

  constructor(
    plan: StagePlan,
    private readonly signals: SignalTimes,
  ) {
    const soon = (ms: number): void => {
      if (ms < this.nextMs) this.nextMs = ms;
    };
    const track = trackTests({ plan, signals, countsEach: false, soon });
    const leaf = (condition: Leaf): Test => {
      if (condition.kind !== 'before') return track(condition);
      const stages = new Set(condition.stages);
      return () => stages.has(this.stage === condition.own ? this.before : this.stage);
    };
    this.simple = plan.simple.map((condition) => testOf(condition, track));
    this.tests = plan.stages.map(({ condition }) => testOf(condition, leaf));
    this.truths = plan.simple.map(() => null);
  }

  load(facts: CustomerFacts): void {
    this.signals.load(facts);
    this.movedAt.length = 0;
    this.stages.length = 0;
    this.truths.fill(null);
    this.stage = 0;
    this.before = 0;
    this.nextMs = this.signals.firstAt;
  }

  stageAt(ms: number): number {
    while (this.nextMs <= ms) this.step(this.nextMs);
    let i = this.movedAt.length;
    while (i > 0 && (this.movedAt[i - 1] as number) > ms) i -= 1;
    this.untilMs = this.movedAt[i] ?? this.nextMs;
    return i === 0 ? 0 : (this.stages[i - 1] as number);
  }

  /** One look where a simple condition has turned. */
  private step(ms: number): void {
    this.nextMs = Infinity;
    let hasTurned = this.movedAt.length === 0;
    this.simple.forEach((test, i) => {
      const holds = test(ms);
      if (holds !== this.truths[i]) hasTurned = true;
      this.truths[i] = holds;
    });
    if (!hasTurned) return;
    const entered = this.tests.findIndex((test) => test(ms)) + 1;
    if (entered === this.stage) return;
    this.before = this.stage;
    this.stage = entered;
    this.movedAt.push(ms);
    this.stages.push(entered);
  }
}

type LeafTest = (condition: Leaf) => Test;

function trackTests(reading: Parameters<typeof markTest>[1]): LeafTest {
  return (condition) => {
    if (condition.kind !== 'track') throw new Error(`A condition that facts do not tell: ${condition.kind}.`);
    const { mark, isOpposite } = readingOf(condition, reading.plan);
    if (!mark) return () => isOpposite;
    const isOn = markTest(mark, reading);
    return isOpposite ? (ms) => !isOn(ms) : isOn;
  };
}

function testOf(condition: Condition, leaf: LeafTest): Test {
  if (condition.kind === 'not') {
    const part = testOf(condition.part, leaf);
    return (ms) => !part(ms);
  }
  if (!('parts' in condition)) return leaf(condition);
  const parts = condition.parts.map((part) => testOf(part, leaf));
  const [only, ...more] = parts;
  // None at all hold for everybody, as in SQL.
  if (!only) return () => true;
  if (more.length === 0) return only;
  const ends = condition.kind === 'any';
  return (ms) => {
    for (let i = 0; i < parts.length; i += 1) if ((parts[i] as Test)(ms) === ends) return ends;
    return !ends;
  };
}
