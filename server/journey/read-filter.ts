/**
 * Checks the shape of a filter from plain data, where no schema has: what the API's types refuse is refused
 * here with words. What the filter means is read where every filter is.
 */
import { FILTER_OPS, normaliseFilter, PROPERTY_SCOPES } from '../query/filter.ts';
import type { FilterRequest } from '../query/filter.ts';
import type { Findings } from './findings.ts';

const FIELDS = ['all', 'any', 'not', 'property', 'of', 'op', 'values'];
const MAX_DEPTH = 20;

export function readFilter(value: unknown, field: string, findings: Findings): void {
  const before = findings.count;
  shape(value, field, findings, 0);
  if (findings.count > before) return;
  findings.attempt(() => normaliseFilter(value as FilterRequest, field));
}

function shape(value: unknown, field: string, findings: Findings, depth: number): void {
  const given = findings.object(value, field, FIELDS);
  if (!given || depth > MAX_DEPTH) return;
  for (const kind of ['all', 'any']) {
    if (given[kind] === undefined) continue;
    findings
      .list(given[kind], `${field}.${kind}`, 1)
      .forEach((part, i) => shape(part, `${field}.${kind}[${i}]`, findings, depth + 1));
  }
  if (given['not'] !== undefined) shape(given['not'], `${field}.not`, findings, depth + 1);
  if (given['property'] !== undefined) findings.text(given['property'], `${field}.property`);
  oneOf(given['op'], FILTER_OPS, `${field}.op`, findings);
  oneOf(given['of'], PROPERTY_SCOPES, `${field}.of`, findings);
  if (given['values'] === undefined) return;
  findings.list(given['values'], `${field}.values`, 0).forEach((entry, i) => {
    if (typeof entry === 'string') return;
    const message = `Values are texts: write "${String(entry)}" in quotation marks.`;
    findings.add(`${field}.values[${i}]`, 'NOT_A_TEXT', message);
  });
}

function oneOf(value: unknown, allowed: readonly string[], field: string, findings: Findings): void {
  if (value === undefined || allowed.some((one) => one === value)) return;
  findings.add(field, 'BAD_FILTER', `This is one of ${allowed.join(', ')}.`);
}
