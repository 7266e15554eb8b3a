/** The forms that a table is written in for other tools, and what a file of it is called. */
import { arrow } from './arrow.ts';
import { parquet } from './parquet.ts';
import type { Batches, Column } from './table.ts';
import { csv, json, ndjson } from './text.ts';

interface Format {
  readonly contentType: string;
  readonly write: (columns: readonly Column[], batches: Batches) => AsyncGenerator<string | Uint8Array>;
}

export const FORMATS = {
  csv: { contentType: 'text/csv; charset=utf-8; header=present', write: csv },
  json: { contentType: 'application/json; charset=utf-8', write: json },
  ndjson: { contentType: 'application/x-ndjson; charset=utf-8', write: ndjson },
  arrow: { contentType: 'application/vnd.apache.arrow.file', write: arrow },
  parquet: { contentType: 'application/vnd.apache.parquet', write: parquet },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;
export const FORMAT_NAMES = Object.keys(FORMATS) as FormatName[];

export function isFormat(name: string): name is FormatName {
  return Object.hasOwn(FORMATS, name);
}

/** `csv, json, ndjson, arrow or parquet`. */
export function formatsInWords(): string {
  return `${FORMAT_NAMES.slice(0, -1).join(', ')} or ${FORMAT_NAMES.at(-1) ?? ''}`;
}

const LONGEST_NAME = 100;

/** E.g. `waymark-from-look-to-order.csv`: letters and digits of any language, with hyphens between. */
export function fileNameOf(name: string, part: string | null, format: FormatName): string {
  const words = ['waymark', name, part ?? ''].join(' ').replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-');
  const slug = [...words.toLowerCase()].slice(0, LONGEST_NAME).join('');
  return `${slug.replace(/-+$/, '')}.${format}`;
}

/** A file to be kept under that name, in any language (RFC 6266, RFC 5987). */
export function dispositionOf(fileName: string): string {
  const plain = fileName.replaceAll(/[^\x21-\x7e]/g, '_');
  const encoded = encodeURIComponent(fileName).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
