/** Every code that the source knows stands in docs/errors.md, and every code there is known to the source. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Where codes are given: inputError(field, code, ...), { code: ... } of rules and problems, limitError(code, ...), rules made by a function. */
const GIVEN = [
  /inputError\(\s*(?:[^,()]|\([^()]*\))+,\s*'([A-Z_]+)'/g,
  /\bcode: '([A-Z_]+)'/g,
  /\blimitError\('([A-Z_]+)'/g,
  /\b(?:count|names)\('\w+', '([A-Z_]+)'/g,
  /\badd\(\s*(?:[^,()]|\([^()]*\))+,\s*'([A-Z_]+)'/g,
  /\? '([A-Z_]+)' : '[A-Z_]+'/g,
  /\? '[A-Z_]+' : '([A-Z_]+)'/g,
  /^\s*'([A-Z_]+)',$/gm,
  /: \['([A-Z_]+)', '/g,
];
/** Given by Apollo Server. */
const APOLLO = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'];
/** Texts of the same form that are no codes. */
const FILES = readdirSync('server', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join('server', file), 'utf8'));

const codesBy = (patterns: readonly RegExp[]): Set<string> =>
  new Set(
    FILES.flatMap((text) =>
      patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, code]) => code ?? '')),
    ),
  );
const table = [
  ...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*)\s*\|/gm),
].flatMap(([, cell]) => [...(cell ?? '').matchAll(/[A-Z_]+/g)].map(([code]) => code));

it('the table has every code of the source', () => {
  const given = [...codesBy(GIVEN.slice(0, 4))].filter((code) => code.length > 3);
  expect(given.length).toBeGreaterThan(50);
  expect(given.filter((code) => !table.includes(code))).toEqual([]);
});

it('the source has every code of the table, once each', () => {
  const given = codesBy(GIVEN);
  expect(table.filter((code) => !given.has(code) && !APOLLO.includes(code))).toEqual([]);
  expect(new Set(table).size).toBe(table.length);
});
