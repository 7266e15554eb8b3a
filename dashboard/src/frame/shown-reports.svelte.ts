// The saved reports that a television may show, as they are now: what somebody pins or renames is seen so soon.
import { ReportsDocument } from '../api/generated.ts';
import { onceQuery } from '../api/once.svelte.ts';
import { who } from '../keys/who.svelte.ts';
import { sentenceOf } from '../reports/picture.ts';
import type { Report } from '../reports/picture.ts';
import { reportKey } from './programme.ts';

const AGAIN_MS = 60_000;

interface ShownReports {
  /** Null while they are not known. */
  readonly list: readonly Report[] | null;
  /** What the report of an address is called, what it is and of which time; null where it is none. */
  at(path: string): { name: string; about: string } | null;
}

/** Asked while the component lives. */
export function shownReports(): ShownReports {
  const once = onceQuery(ReportsDocument, () => ({}));
  const list = $derived.by(() => {
    if (!once.data) return once.error && !once.loading ? [] : null;
    const seesPeople = who.may('people');
    return once.data.reports.filter(
      ({ problem, kind }) => problem === null && (seesPeople || kind !== 'CUSTOMERS'),
    );
  });
  $effect(() => {
    const timer = setInterval(() => once.reload(), AGAIN_MS);
    return () => clearInterval(timer);
  });
  return {
    get list() {
      return list;
    },
    at(path) {
      const report = list?.find(({ id }) => `/${reportKey(id)}` === path);
      return report ? { name: report.name, about: sentenceOf(report) } : null;
    },
  };
}
