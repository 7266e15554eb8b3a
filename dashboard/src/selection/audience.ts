// Which customers are looked at: by lifecycle stage, and by what they did or did not do. As it stands in the
// address and as the API takes it. Pure.
import type { AudienceInput, BehaviorInput, FilterInput } from '../api/generated.ts';
import { checkMatch, isRecord, isText, matchInput } from './match.ts';
import type { Match } from './match.ts';

export interface Behaviour {
  /** Null while the viewer has not chosen: not asked yet. */
  match: Match | null;
  /** True: who did not. */
  isNot: boolean;
  /** At least so many times; without meaning for `isNot`. */
  times: number;
  /** Looking back so many days from now; null: all time. */
  days: number | null;
}

export interface Audience {
  /** The id of a saved audience. */
  saved?: string;
  /** Keys of lifecycle stages; any of them. Empty: every stage. */
  stages: string[];
  did: Behaviour[];
}

export const EVERYBODY: Audience = { stages: [], did: [] };
export const LOOK_BACK_DAYS = [7, 30, 90, 365] as const;
const MOST = 20;
const MOST_TIMES = 1000;

/** The audience as the API takes it, with conditions on traits; undefined for everybody. */
export function audienceInput(audience: Audience, traits?: FilterInput): AudienceInput | undefined {
  const did = audience.did.filter((one) => !one.isNot).flatMap(behaviourInput);
  const didNot = audience.did.filter((one) => one.isNot).flatMap(behaviourInput);
  if (!traits && !audience.saved && audience.stages.length + did.length + didNot.length === 0)
    return undefined;
  return {
    ...(audience.saved && { id: audience.saved }),
    ...(traits && { where: traits }),
    ...(audience.stages.length && { lifecycleStages: audience.stages }),
    ...(did.length && { did }),
    ...(didNot.length && { didNot }),
  };
}

function behaviourInput({ match, isNot, times, days }: Behaviour): BehaviorInput[] {
  if (!match) return [];
  return [
    {
      match: matchInput(match),
      ...(!isNot && times > 1 && { atLeast: times }),
      ...(days !== null && { within: `P${days}D` }),
    },
  ];
}

/** The audience that stood in the address; what cannot be used is left out. */
export function checkAudience(raw: unknown): Audience {
  if (!isRecord(raw)) return EVERYBODY;
  const stages = Array.isArray(raw['stages']) ? raw['stages'].filter(isText).slice(0, MOST) : [];
  const did = Array.isArray(raw['did']) ? raw['did'].slice(0, MOST).flatMap(checkBehaviour) : [];
  return { stages, did, ...(isText(raw['saved']) && raw['saved'] && { saved: raw['saved'] }) };
}

function checkBehaviour(raw: unknown): Behaviour[] {
  if (!isRecord(raw)) return [];
  const times = Number(raw['times']);
  const days = Number(raw['days']);
  return [
    {
      match: checkMatch(raw['match']),
      isNot: raw['isNot'] === true,
      times: Number.isInteger(times) && times >= 1 && times <= MOST_TIMES ? times : 1,
      days: Number.isInteger(days) && days >= 1 && days <= 3650 ? days : null,
    },
  ];
}
