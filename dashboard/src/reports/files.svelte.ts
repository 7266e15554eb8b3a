// Saved reports as files for other tools: the forms there are, their stable addresses, and the report whose window
// is open.
import type { Report } from './picture.ts';

export const FORMATS = ['csv', 'json', 'ndjson', 'arrow', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];

let open = $state.raw<Pick<Report, 'id' | 'name'> | null>(null);

export const files = {
  get open(): Pick<Report, 'id' | 'name'> | null {
    return open;
  },
  show(report: Pick<Report, 'id' | 'name'>): void {
    open = report;
  },
  close(): void {
    open = null;
  },
};

/** On this server, e.g. `/reports/ID.csv`. */
export const filePath = (id: string, format: Format): string => `/reports/${id}.${format}`;
