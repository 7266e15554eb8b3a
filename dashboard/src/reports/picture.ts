// What every picture of a report is given: the report, its frame, its zone; and the range in words.
import type { ReportPartsFragment } from '../api/generated.ts';
import type { Snippet } from 'svelte';
import { Format } from '../format/format.ts';
import { t } from '../i18n/text.svelte.ts';
import { isoSeconds } from '../selection/iso-duration.ts';
import { deployment } from '../state/deployment.svelte.ts';
import { PRESETS } from '../state/range.svelte.ts';
import { view } from '../state/view.svelte.ts';
import { isZone } from '../state/zone.ts';
import { asRecord } from './question.ts';

export type Report = ReportPartsFragment;

/** How the picture stands on its page. */
export interface Frame {
  title: string;
  definition: string;
  /** CSS height of the picture. */
  height: string;
  actions?: Snippet;
  class?: string;
}

export interface PictureProps {
  report: Report;
  frame: Frame;
}

/** Dates in the zone in which the report's days begin. */
export function formatOf({ input }: Pick<Report, 'input'>): Format {
  const { timeZone } = asRecord(asRecord(input)['range']);
  const zone = typeof timeZone === 'string' && isZone(timeZone) ? timeZone : 'UTC';
  return new Format({ locale: view.locale, currency: deployment.currency, timeZone: zone });
}

/** "Funnel, last 30 days, with filters"; reactive through the dictionary. */
export function sentenceOf(report: Pick<Report, 'kind' | 'input'>): string {
  const words = t().reports;
  const { where, audience } = asRecord(report.input);
  const isFiltered = [where, audience].some((part) => Object.keys(asRecord(part)).length > 0);
  const parts = [spanOf(report), isFiltered ? words.filtered : ''].filter(Boolean);
  return parts.reduce((text, part) => words.sentence(text, part), words.kinds[report.kind]);
}

function spanOf(report: Pick<Report, 'input'>): string {
  const words = t().reports;
  const question = asRecord(report.input);
  const { last, from, to } = asRecord(question['range']);
  const fmt = formatOf(report);
  const day = (at: string, before = 0) => fmt.day(Date.parse(at) - before);
  if (typeof last === 'string') {
    const preset = Object.entries(PRESETS).find(([, { last: length }]) => length === last)?.[0];
    const known: Record<string, string> = t().frame.range.presets;
    return (preset && known[preset]) ?? words.last(fmt.duration(isoSeconds(last)));
  }
  // the end is not part of the range
  if (typeof from === 'string' && typeof to === 'string') return words.until(day(from), day(to, 1));
  if (typeof from === 'string') return words.since(day(from));
  return typeof question['at'] === 'string' ? words.at(fmt.dayTime(question['at'])) : '';
}
