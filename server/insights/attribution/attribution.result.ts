/**
 * Rows of the statements to the answer: each model's credit by value, shared out so that it adds up to the
 * conversions and to their revenue exactly.
 */
import { money } from '../../query/money.ts';
import { NONE, OTHER } from './attribution.query.ts';
import type { AttributionModel } from './attribution.query.ts';
import { apportion } from './apportion.result.ts';
import { CONVERSION_UNITS, REVENUE_UNITS } from './attribution.sql.ts';
import type { CreditRow, PathModel } from './attribution.sql.ts';

export interface Credit {
  readonly model: AttributionModel;
  /** To the hundred millionth. */
  readonly conversions: number;
  /** To the ten thousandth. */
  readonly revenue: number;
  /** Of all conversions. */
  readonly share: number;
}

export interface CreditedValue {
  /** Among the values kept, from 1; 0 for the rest. */
  readonly place: number;
  readonly name: string;
  readonly touches: number;
  readonly customers: number;
  /** One per model, in the order asked for. */
  readonly credit: readonly Credit[];
}

export interface AttributionAnswer {
  /** Largest first. */
  readonly rows: readonly CreditedValue[];
  readonly conversions: number;
  readonly revenue: number;
}

const CONVERSION_STEPS = 1e8;
const REVENUE_STEPS = 1e4;

interface Counted {
  readonly models: readonly AttributionModel[];
  readonly pathModels: readonly PathModel[];
  /** Values that stand apart; a row's `value` is the place in it, from 1. */
  readonly kept: readonly string[];
  readonly rows: readonly CreditRow[];
  /** Removal effects by place, where the Markov model was asked for. */
  readonly effects: readonly number[] | null;
}

interface Amounts {
  readonly conversions: readonly number[];
  readonly revenue: readonly number[];
}

export function attributionAnswer(counted: Counted): AttributionAnswer {
  const { models, kept, rows } = counted;
  const conversions = sum(rows.map((row) => Number(row.begun)));
  const revenue = money(sum(rows.map((row) => Number(row.begun_revenue))) / REVENUE_STEPS);
  const places = [0, ...kept.map((_, i) => i + 1)];
  const byPlace = new Map(rows.map((row) => [row.value, row]));
  const credits = models.map((model) => {
    const amounts = model === 'MARKOV' ? markovAmounts(counted, places) : pathAmounts(counted, model, places);
    return {
      model,
      conversions: apportion(conversions, amounts.conversions, CONVERSION_STEPS),
      revenue: apportion(revenue, amounts.revenue, REVENUE_STEPS),
    };
  });
  const values = places.map((place): CreditedValue => {
    const row = byPlace.get(place);
    return {
      place,
      name: kept[place - 1] ?? OTHER,
      touches: Number(row?.touches ?? 0),
      customers: Number(row?.customers ?? 0),
      credit: credits.map((credit) => {
        const own = credit.conversions[place] ?? 0;
        return {
          model: credit.model,
          conversions: own,
          revenue: credit.revenue[place] ?? 0,
          share: conversions === 0 ? 0 : own / conversions,
        };
      }),
    };
  });
  const present = values.filter((value) => value.customers > 0 || value.credit.some(isAny));
  return { rows: present.sort(largestFirst), conversions, revenue };
}

function isAny({ conversions, revenue }: Credit): boolean {
  return conversions !== 0 || revenue !== 0;
}

/** By the credit of the first model, then touches, then name. */
function largestFirst(a: CreditedValue, b: CreditedValue): number {
  const [first, second] = [a.credit[0], b.credit[0]];
  return (
    (second?.conversions ?? 0) - (first?.conversions ?? 0) ||
    b.touches - a.touches ||
    (a.name < b.name ? -1 : 1)
  );
}

function pathAmounts({ pathModels, rows }: Counted, model: PathModel, places: readonly number[]): Amounts {
  const m = pathModels.indexOf(model);
  const byPlace = new Map(rows.map((row) => [row.value, row]));
  const amount = (column: string, units: number) =>
    places.map((place) => Number(byPlace.get(place)?.[`${column}_${m}`] ?? 0) / units);
  return { conversions: amount('credit', CONVERSION_UNITS), revenue: amount('revenue', REVENUE_UNITS) };
}

/** Conversions without a touchpoint stay where they are; the others are shared out by removal effect. */
function markovAmounts({ rows, kept, effects }: Counted, places: readonly number[]): Amounts {
  const whole = sum(effects ?? []);
  const share = (place: number): number => (whole === 0 ? 0 : (effects?.[place] ?? 0) / whole);
  const total = (column: keyof CreditRow): number => sum(rows.map((row) => Number(row[column])));
  const none = kept.indexOf(NONE) + 1;
  const amount = (all: keyof CreditRow, untouched: keyof CreditRow, units: number) => {
    const apart = total(untouched);
    const rest = total(all) - apart;
    return places.map((place) => (rest * share(place) + (place === none ? apart : 0)) / units);
  };
  return {
    conversions: amount('begun', 'untouched', 1),
    revenue: amount('begun_revenue', 'untouched_revenue', REVENUE_STEPS),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
