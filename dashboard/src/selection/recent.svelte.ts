// What this browser chose lately from the catalogue, newest first: offered before all else.
import { remember, remembered } from '../state/storage.ts';
import { isRecord, isText, MATCH_KINDS } from './match.ts';
import type { MatchKind, Named } from './match.ts';

const MOST = 12;
const KEY = 'recent';

function stored(): Named[] {
  try {
    const raw = JSON.parse(remembered(KEY) ?? '[]') as unknown;
    if (!Array.isArray(raw)) return [];
    return raw.flatMap((entry: unknown): Named[] =>
      isRecord(entry) && MATCH_KINDS.includes(entry['on'] as MatchKind) && isText(entry['value'])
        ? [{ on: entry['on'] as MatchKind, value: entry['value'] }]
        : [],
    );
  } catch {
    return [];
  }
}

let chosen = $state.raw<Named[]>(stored());

/** Newest first. Reactive. */
export const recentMatches = (): readonly Named[] => chosen;

export function rememberMatch({ on, value }: Named): void {
  chosen = [{ on, value }, ...chosen.filter((one) => one.on !== on || one.value !== value)].slice(0, MOST);
  remember(KEY, JSON.stringify(chosen));
}
