/**
 * How often random worlds are drawn. Usually few, since each run of the suite draws others; `TIMES=10 npx vitest run
 * tests/oracle/...` draws ten times as many.
 */
export function times(usual: number): number {
  return usual * Number(process.env['TIMES'] ?? 1);
}
