/**
 * Ordered steps, one value per attempt: for funnels with exclusions or optional steps, and for trends. Passes
 * run from the last moment to the first: `e_c_k` holds the time of step k on the chain c that begins with the
 * next event of its first step. The rest of a chain does not depend on where it started, so each event
 * inherits the times of the chain after it; only the window is cut at the start. `x_c_k` carries the next
 * barrier after step k along the chain in the same way.
 */
import { int, join, name, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { at, shiftedBack } from './attempts.sql.ts';
import { chainsOf, suffixesOf } from './chains.ts';
import type { Suffix } from './chains.ts';
import { gradeChains } from './chain-choice.sql.ts';
import type { FunnelQuery } from './funnel.query.ts';
import { gapsOf, NEVER, unpacked } from './moments.sql.ts';
import type { MatchPlan } from './plan.ts';

/** `keys`, `at_1` ... `at_n`, `grade`: one place per attempt. */
export function compileOrderedAttempts(moments: Sql, plan: MatchPlan): Sql {
  const { keys, query } = plan;
  const gaps = gapsWithExclusion(query);
  const nextBarriers = gaps.map(
    (k) =>
      sql`, arrayReverseFill(v -> v > 0, arrayMap((b, t) -> if(bitTest(b, ${int(k - 1)}), t, 0), barriers, times)) AS ${barrier(k)}`,
  );
  const arrays = sql`SELECT ${keys}, times, masks${join(nextBarriers, sql``)} FROM (${unpacked(moments, keys, query)})`;
  const suffixes = suffixesOf(chainsOf(query.steps));
  const chains = suffixes.filter((suffix) => suffix.isWhole);
  const started = atStarts(walkChains(arrays, suffixes, gaps, plan), chains, gaps, keys);
  const columns = chains.map((chain) => ({
    chain,
    time: (k: number) => startTime(chain, k),
    barrier: (k: number) => startBarrier(chain, k),
  }));
  return gradeChains(started, { chains: columns, gaps }, plan);
}

/** Steps (1-based) after which some exclusion holds. */
function gapsWithExclusion(query: FunnelQuery): readonly number[] {
  const gaps = new Set(query.exclusions.flatMap((exclusion) => gapsOf(exclusion, query)));
  return [...gaps].map((gap) => gap + 1).sort((a, b) => a - b);
}

function barrier(k: number): Sql {
  return name('barrier', k);
}

/** Adds the columns of every chain that may follow the first step. */
function walkChains(
  arrays: Sql,
  suffixes: readonly Suffix[],
  gaps: readonly number[],
  { keys, query }: MatchPlan,
): Sql {
  const always = sql`${keys}, times, masks${join(
    gaps.map((k) => sql`, ${barrier(k)}`),
    sql``,
  )}`;
  let rows = arrays;
  for (let first = query.steps.length; first > 1; first -= 1) {
    const carried = suffixes.filter((suffix) => suffix.first > first && suffix.neededBy < first);
    const found = suffixes.filter((suffix) => suffix.first === first);
    const columns = [
      ...carried.flatMap((suffix) => columnsOf(suffix, gaps)),
      ...found.flatMap((suffix) => passesOf(suffix, gaps)),
    ];
    rows = sql`SELECT ${join([always, ...columns], sql`, `)} FROM (${rows})`;
  }
  return rows;
}

function timeOn(suffix: Suffix, k: number): Sql {
  return name(`e_${suffix.id}`, k);
}

function barrierOn(suffix: Suffix, k: number): Sql {
  return name(`x_${suffix.id}`, k);
}

function startTime(chain: Suffix, k: number): Sql {
  return name(`time_${chain.id}`, k);
}

function startBarrier(chain: Suffix, k: number): Sql {
  return name(`stop_${chain.id}`, k);
}

function columnsOf(suffix: Suffix, gaps: readonly number[]): readonly Sql[] {
  return [
    ...suffix.steps.map((k) => timeOn(suffix, k)),
    ...suffix.steps.filter((k) => gaps.includes(k)).map((k) => barrierOn(suffix, k)),
  ];
}

function passesOf(suffix: Suffix, gaps: readonly number[]): readonly Sql[] {
  const { first, rest } = suffix;
  const isStep = sql`bitTest(m, ${int(first - 1)})`;
  const inherited = (value: Sql): Sql =>
    sql`arrayReverseFill(v -> v > 0, arrayMap((m, e) -> if(${isStep}, if(e = 0, ${NEVER}, e), 0), masks, ${shiftedBack(value)}))`;
  const own = sql`arrayReverseFill(v -> v > 0, arrayMap((m, t) -> if(${isStep}, t, 0), masks, times)) AS ${timeOn(suffix, first)}`;
  const ownBarrier = gaps.includes(first)
    ? [sql`${inherited(barrier(first))} AS ${barrierOn(suffix, first)}`]
    : [];
  if (!rest) return [own, ...ownBarrier];
  const later = rest.steps.map((k) => sql`${inherited(timeOn(rest, k))} AS ${timeOn(suffix, k)}`);
  const laterBarriers = rest.steps
    .filter((k) => gaps.includes(k))
    .map((k) => sql`${inherited(barrierOn(rest, k))} AS ${barrierOn(suffix, k)}`);
  return [own, ...later, ...ownBarrier, ...laterBarriers];
}

/** One place per attempt, in the columns that `gradeChains` reads. */
function atStarts(rows: Sql, chains: readonly Suffix[], gaps: readonly number[], keys: Sql): Sql {
  const atStart = (value: Sql): Sql => sql`arrayFilter((v, m) -> bitTest(m, 0), ${value}, masks)`;
  const firstGap = gaps.includes(1) ? [sql`${atStart(shiftedBack(barrier(1)))} AS ${name('gap', 1)}`] : [];
  const columns = chains.flatMap((chain) => [
    ...chain.steps.map((k) => sql`${atStart(shiftedBack(timeOn(chain, k)))} AS ${startTime(chain, k)}`),
    ...chain.steps
      .filter((k) => gaps.includes(k))
      .map((k) => sql`${atStart(shiftedBack(barrierOn(chain, k)))} AS ${startBarrier(chain, k)}`),
  ]);
  const all = [keys, sql`${atStart(sql`times`)} AS ${at(1)}`, ...firstGap, ...columns];
  return sql`SELECT ${join(all, sql`, `)} FROM (${rows})`;
}
