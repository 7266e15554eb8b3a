/**
 * Ordered steps, one value per attempt: for funnels with exclusions or optional steps, and for trends. Passes
 * run from the last moment to the first: `time_c_k` holds the time of step k on the chain c that begins with
 * the next event of its first step. The rest of a chain does not depend on where it started, so each event
 * inherits the times of the chain after it; only the window is cut at the start. `hit_c` carries the first
 * barrier that stands between two steps of the chain in the same way.
 */
import { int, join, name, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { shiftedBack } from './attempts.sql.ts';
import { gradeChains } from './chain-choice.sql.ts';
import { chainsOf, suffixesOf } from './chains.ts';
import type { Suffix } from './chains.ts';
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
  const arrays = sql`SELECT ${keys}, times, masks${join(nextBarriers, sql``)}\nFROM (${unpacked(moments, keys, query)})`;
  const suffixes = suffixesOf(chainsOf(query.steps));
  // Of equally good chains the first counts: the one that takes the earlier step.
  const chains = suffixes.filter((suffix) => suffix.isWhole).sort(byEarlierSteps);
  const started = atStarts(walkChains(arrays, suffixes, gaps, plan), chains, gaps, keys);
  return gradeChains(started, { chains, withHits: gaps.length > 0 }, plan);
}

function byEarlierSteps(a: Suffix, b: Suffix): number {
  const place = a.steps.findIndex((k, i) => k !== b.steps[i]);
  return place === -1
    ? a.steps.length - b.steps.length
    : (a.steps[place] ?? 0) - (b.steps[place] ?? Infinity);
}

/** Steps (1-based) after which some exclusion holds. */
function gapsWithExclusion(query: FunnelQuery): readonly number[] {
  const gaps = new Set(query.exclusions.flatMap((exclusion) => gapsOf(exclusion, query)));
  return [...gaps].map((gap) => gap + 1).sort((a, b) => a - b);
}

function barrier(k: number): Sql {
  return name('barrier', k);
}

/** The time of step k on a chain. */
export function timeOn(suffix: Suffix, k: number): Sql {
  return name(`time_${suffix.id}`, k);
}

/** The first hit on a chain: the barrier's time and, in the lowest five bits, the step before it. */
export function hitOn(suffix: Suffix): Sql {
  return name('hit', suffix.id);
}

/** Adds the columns of every chain that may follow the first step. */
function walkChains(
  arrays: Sql,
  suffixes: readonly Suffix[],
  gaps: readonly number[],
  { keys, query }: MatchPlan,
): Sql {
  const barriers = gaps.map((k) => sql`, ${barrier(k)}`);
  const always = sql`${keys}, times, masks${join(barriers, sql``)}`;
  let rows = arrays;
  for (let first = query.steps.length; first > 1; first -= 1) {
    const carried = suffixes.filter((suffix) => suffix.first > first && suffix.neededBy < first);
    const found = suffixes.filter((suffix) => suffix.first === first);
    const columns = [
      ...carried.flatMap((suffix) => columnsOf(suffix, gaps)),
      ...found.flatMap((suffix) => passesOf(suffix, gaps)),
    ];
    rows = sql`SELECT ${join([always, ...columns], sql`, `)}\nFROM (${rows})`;
  }
  return rows;
}

function columnsOf(suffix: Suffix, gaps: readonly number[]): readonly Sql[] {
  const times = suffix.steps.map((k) => timeOn(suffix, k));
  return gaps.length > 0 ? [...times, hitOn(suffix)] : times;
}

/** One pass per column: the step's own time, and what its events inherit from the chain after them. */
function passesOf(suffix: Suffix, gaps: readonly number[]): readonly Sql[] {
  const { first, rest } = suffix;
  const isStep = sql`bitTest(m, ${int(first - 1)})`;
  const inherited = (value: Sql): Sql =>
    sql`arrayReverseFill(v -> v > 0, arrayMap((m, e) -> if(${isStep}, if(e = 0, ${NEVER}, e), 0), masks, ${value}))`;
  const own = sql`arrayReverseFill(v -> v > 0, arrayMap((m, t) -> if(${isStep}, t, 0), masks, times)) AS ${timeOn(suffix, first)}`;
  const later = (rest?.steps ?? []).map(
    (k) => sql`${inherited(shiftedBack(timeOn(rest as Suffix, k)))} AS ${timeOn(suffix, k)}`,
  );
  const hit = gaps.length > 0 ? [sql`${inherited(firstHit(first, rest, gaps))} AS ${hitOn(suffix)}`] : [];
  return [own, ...later, ...hit];
}

/**
 * At each moment taken as step `k`: the first hit from there on. A barrier before the chain's next step hits;
 * else whatever hits later. Later hits are later in time, so that the window needs to be asked of one only.
 */
function firstHit(k: number, rest: Suffix | null, gaps: readonly number[]): Sql {
  const hits = rest ? shiftedBack(hitOn(rest)) : null;
  if (!gaps.includes(k)) return hits ?? sql`arrayMap(t -> toUInt64(0), times)`;
  const stop = shiftedBack(barrier(k));
  const packed = sql`bitShiftLeft(b, 5) + ${int(k)}`;
  if (!rest || !hits) return sql`arrayMap(b -> if(b > 0, ${packed}, 0), ${stop})`;
  const next = shiftedBack(timeOn(rest, rest.first));
  return sql`arrayMap((b, n, h) -> if(b > 0 AND (n = 0 OR b < n), ${packed}, h), ${stop}, ${next}, ${hits})`;
}

/** One place per attempt: `at_1`, and the chains' columns as they stand just after the start. */
function atStarts(rows: Sql, chains: readonly Suffix[], gaps: readonly number[], keys: Sql): Sql {
  const atStart = (value: Sql): Sql => sql`arrayFilter((v, m) -> bitTest(m, 0), ${value}, masks)`;
  const columns = chains.flatMap((chain) => [
    ...chain.steps.map(
      (k) => sql`${atStart(shiftedBack(timeOn(chain, k)))} AS ${name(`start_${chain.id}`, k)}`,
    ),
    ...(gaps.length > 0 ? [sql`${atStart(firstHit(1, chain, gaps))} AS ${name('stop', chain.id)}`] : []),
  ]);
  const all = [keys, sql`${atStart(sql`times`)} AS at_1`, ...columns];
  return sql`SELECT ${join(all, sql`, `)}\nFROM (${rows})`;
}
