// The list as it stands in the address, and what of all reports it shows. Pure.
import type { ReportKind } from '../../api/generated.ts';
import { checkWord } from '../../selection/match.ts';

export const KINDS = [
  'FUNNEL',
  'RETENTION',
  'LIFECYCLE',
  'JOURNEY',
  'PATHS',
  'ATTRIBUTION',
  'OVERVIEW',
  'METRIC',
  'RFM',
  'CUSTOMERS',
] as const satisfies readonly ReportKind[];
export const ORDERS = ['newest', 'name'] as const;

export interface ListState {
  find: string;
  kind: ReportKind | 'ALL';
  order: (typeof ORDERS)[number];
}

export const DEFAULTS: ListState = { find: '', kind: 'ALL', order: 'newest' };

/** The parts that can be used of what stood in the address. */
export function checkList(raw: Record<string, unknown>): Partial<ListState> {
  const kind = checkWord(raw['kind'], KINDS);
  const order = checkWord(raw['order'], ORDERS);
  return {
    ...(typeof raw['find'] === 'string' && { find: raw['find'].slice(0, 200) }),
    ...(kind && { kind }),
    ...(order && { order }),
  };
}

interface Listed {
  name: string;
  kind: ReportKind;
}

/** Those whose name has all the words, of the kind; given the last changed first. */
export function listed<T extends Listed>(reports: readonly T[], state: ListState, language: string): T[] {
  const words = state.find.toLocaleLowerCase(language).split(/\s+/).filter(Boolean);
  const fitting = reports.filter(({ name, kind }) => {
    const text = name.toLocaleLowerCase(language);
    return (state.kind === 'ALL' || kind === state.kind) && words.every((word) => text.includes(word));
  });
  if (state.order === 'newest') return fitting;
  return fitting.sort((a, b) => a.name.localeCompare(b.name, language, { numeric: true }));
}
