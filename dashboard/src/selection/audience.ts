// Which customers are looked at: by saved audience, lifecycle stage, and what they did or did not do; all of it, any
// of it, or none of it. As it stands in the address and as the API takes it. Pure.
import type { AudienceInput, BehaviorInput, FilterInput } from '../api/generated.ts';
import { checkMatch, isRecord, isText, matchInput } from './match.ts';
import type { Match } from './match.ts';

export interface Behaviour {
  /** Null while the viewer has not chosen: not asked yet. */
  match: Match | null;
  /** True: who did not. */
  isNot: boolean;
  /** At least so many times, 0 only with `most`; without meaning for `isNot`. */
  times: number;
  /** At most so many times. */
  most?: number;
  /** Looking back so many days from now; null: all time. */
  days: number | null;
}

/** One thing said of customers. */
export type Part =
  { readonly saved: string } | { readonly stages: readonly string[] } | { readonly did: Behaviour };

export interface Audience {
  /** The id of a saved audience. */
  saved?: string;
  /** Keys of lifecycle stages; any of them. Empty: every stage. */
  stages: string[];
  did: Behaviour[];
  /** At least one of these must hold too. */
  any?: Part[];
  /** And none of these. */
  none?: Part[];
}

export const EVERYBODY: Audience = { stages: [], did: [] };
export const LOOK_BACK_DAYS = [7, 30, 90, 365] as const;
export const MOST_PARTS = 20;
export const MOST_TIMES = 1000;
export const MOST_DAYS = 3650;

/** The audience as the API takes it, with conditions on traits; undefined for everybody. */
export function audienceInput(audience: Audience, traits?: FilterInput): AudienceInput | undefined {
  const did = audience.did.filter((one) => !one.isNot).flatMap(behaviourInput);
  const didNot = audience.did.filter((one) => one.isNot).flatMap(behaviourInput);
  const any = (audience.any ?? []).flatMap(partInput);
  const none = (audience.none ?? []).flatMap(partInput);
  const count = audience.stages.length + did.length + didNot.length + any.length + none.length;
  if (!traits && !audience.saved && count === 0) return undefined;
  const [left] = none;
  return {
    ...(audience.saved && { id: audience.saved }),
    ...(traits && { where: traits }),
    ...(audience.stages.length && { lifecycleStages: audience.stages }),
    ...(did.length && { did }),
    ...(didNot.length && { didNot }),
    ...(any.length && { anyOf: any }),
    ...(left && { except: none.length > 1 ? { anyOf: none } : left }),
  };
}

function partInput(part: Part): AudienceInput[] {
  if ('saved' in part) return [{ id: part.saved }];
  if ('stages' in part) return part.stages.length ? [{ lifecycleStages: [...part.stages] }] : [];
  const behaviour = behaviourInput(part.did);
  return behaviour.length ? [part.did.isNot ? { didNot: behaviour } : { did: behaviour }] : [];
}

function behaviourInput({ match, isNot, times, most, days }: Behaviour): BehaviorInput[] {
  if (!match) return [];
  return [
    {
      match: matchInput(match),
      ...(!isNot && times !== 1 && { atLeast: times }),
      ...(!isNot && most !== undefined && { atMost: most }),
      ...(days !== null && { within: `P${days}D` }),
    },
  ];
}

/** The audience that stood in the address; what cannot be used is left out. */
export function checkAudience(raw: unknown): Audience {
  if (!isRecord(raw)) return EVERYBODY;
  const list = <T>(entry: unknown, check: (one: unknown) => T[]): T[] =>
    Array.isArray(entry) ? entry.slice(0, MOST_PARTS).flatMap(check) : [];
  const any = list(raw['any'], checkPart);
  const none = list(raw['none'], checkPart);
  return {
    stages: checkStages(raw['stages']),
    did: list(raw['did'], checkBehaviour),
    ...(isText(raw['saved']) && raw['saved'] && { saved: raw['saved'] }),
    ...(any.length && { any }),
    ...(none.length && { none }),
  };
}

const checkStages = (raw: unknown): string[] =>
  Array.isArray(raw) ? raw.filter(isText).slice(0, MOST_PARTS) : [];

function checkPart(raw: unknown): Part[] {
  if (!isRecord(raw)) return [];
  if (isText(raw['saved']) && raw['saved']) return [{ saved: raw['saved'] }];
  if ('did' in raw) return checkBehaviour(raw['did']).map((did) => ({ did }));
  const stages = checkStages(raw['stages']);
  return stages.length ? [{ stages }] : [];
}

function checkBehaviour(raw: unknown): Behaviour[] {
  if (!isRecord(raw)) return [];
  const isTimes = (value: number) => Number.isInteger(value) && value >= 0 && value <= MOST_TIMES;
  const most = isTimes(Number(raw['most'] ?? NaN)) ? Number(raw['most']) : undefined;
  const times = Number(raw['times'] ?? NaN);
  const isAtLeast = isTimes(times) && times <= (most ?? MOST_TIMES) && (times > 0 || most !== undefined);
  const days = Number(raw['days']);
  return [
    {
      match: checkMatch(raw['match']),
      isNot: raw['isNot'] === true,
      times: isAtLeast ? times : Math.min(1, most ?? 1),
      ...(most !== undefined && { most }),
      days: Number.isInteger(days) && days >= 1 && days <= MOST_DAYS ? days : null,
    },
  ];
}
