// What the page that is open could save as a report. A page offers; the bar at the top reads.
import type { ReportKind } from '../api/generated.ts';

export interface Offer {
  kind: ReportKind;
  /** The question; null while it is not known. Without names that only translate what the store calls things. */
  input: object | null;
  /** The page's state, of which a report keeps how the answer is shown. */
  state: object;
}

let offered = $state.raw<(() => Offer[]) | null>(null);

/** To be called as a page begins; `read` is reactive. The offer ends with the page. */
export function offerReports(read: () => Offer[]): void {
  $effect(() => {
    offered = read;
    return () => {
      if (offered === read) offered = null;
    };
  });
}

/** The offers of the page that is open. */
export const offers = (): Offer[] => offered?.() ?? [];
