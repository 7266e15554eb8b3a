/**
 * From the chains of each attempt to its one result: cut at the window's end; where steps may be skipped, the
 * chain that goes furthest, then takes most, then ends first; and graded by what the exclusions hit.
 */
import { int, join, name, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { allAt, at, attemptTimes, cleanGrade } from './attempts.sql.ts';
import { nextSteps } from './chains.ts';
import type { Suffix } from './chains.ts';
import type { FunnelQuery } from './funnel.query.ts';
import { NEVER } from './moments.sql.ts';
import type { MatchPlan } from './plan.ts';
import { windowEnd } from './window.sql.ts';

/** What an attempt knows of one chain: uncut times, and the next barrier after each step that has a gap. */
export interface ChainColumns {
  readonly chain: Suffix;
  readonly time: (k: number) => Sql;
  readonly barrier: (k: number) => Sql;
}

/**
 * `keys`, `at_1` ... `at_n`, `grade` from rows of `keys`, `at_1`, `gap_1` (where the first gap has an
 * exclusion) and the columns of each chain. `gaps` are the steps after which some exclusion holds.
 */
export function gradeChains(
  rows: Sql,
  { chains, gaps }: { readonly chains: readonly ChainColumns[]; readonly gaps: readonly number[] },
  plan: MatchPlan,
): Sql {
  const { keys, query } = plan;
  const firstGap = gaps.includes(1) ? sql`, ${gap(1)}` : sql``;
  const uncut = chains.flatMap(({ chain, time }) => chain.steps.map((k) => sql`, ${time(k)}`));
  const barriers = chains.flatMap(({ chain, barrier }) =>
    chain.steps.filter((k) => gaps.includes(k)).map((k) => sql`, ${barrier(k)}`),
  );
  const kept = join(barriers, sql``);
  const ended = sql`SELECT ${keys}, at_1${firstGap}${join(uncut, sql``)}${kept}, arrayMap(a -> ${windowEnd(sql`a`, query)}, at_1) AS ends FROM (${rows})`;
  const cuts = chains.flatMap(({ chain, time }) =>
    chain.steps.map((k) => sql`, arrayMap((v, e) -> if(v <= e, v, 0), ${time(k)}, ends) AS ${cut(chain, k)}`),
  );
  const within = sql`SELECT ${keys}, at_1${firstGap}, ends${kept}${join(cuts, sql``)} FROM (${ended})`;
  const chosen = choose(within, { chains, gaps, firstGap }, plan);
  return sql`SELECT ${keys}, ${allAt(query)}, ${gradeArray(query, gaps)} AS grade FROM (${chosen})`;
}

function gap(k: number): Sql {
  return name('gap', k);
}

function cut(chain: Suffix, k: number): Sql {
  return name(`cut_${chain.id}`, k);
}

/** `keys`, `ends`, `at_1` ... `at_n`, `gap_k`: of each attempt's chains the best. */
function choose(
  rows: Sql,
  parts: {
    readonly chains: readonly ChainColumns[];
    readonly gaps: readonly number[];
    readonly firstGap: Sql;
  },
  { keys, query }: MatchPlan,
): Sql {
  const { chains, gaps, firstGap } = parts;
  const later = query.steps.slice(1).map((_, i) => i + 2);
  const times = later.map((k) => sql`, ${picked(chains, k, (c) => cut(c.chain, k))} AS ${at(k)}`);
  const barriers = later
    .filter((k) => gaps.includes(k))
    .map((k) => sql`, ${picked(chains, k, (c) => c.barrier(k))} AS ${gap(k)}`);
  const columns = sql`${keys}, ends, at_1${firstGap}${join(times, sql``)}${join(barriers, sql``)}`;
  if (chains.length < 2) return sql`SELECT ${columns} FROM (${rows})`;
  const ranks = chains.map(({ chain }) => rankOf(chain));
  const arguments_ = join(
    chains.map((_, i) => name('r', i + 1)),
    sql`, `,
  );
  const choice = sql`arrayMap((${arguments_}) -> indexOf([${arguments_}], greatest(${arguments_})), ${join(ranks, sql`, `)})`;
  const all = chains.flatMap((c) => [
    ...c.chain.steps.map((k) => sql`, ${cut(c.chain, k)}`),
    ...c.chain.steps.filter((k) => gaps.includes(k)).map((k) => sql`, ${c.barrier(k)}`),
  ]);
  return sql`SELECT ${columns} FROM (SELECT ${keys}, ends, at_1${firstGap}${join(all, sql``)}, ${choice} AS choice FROM (${rows}))`;
}

/** The value of the chosen chain; zero where that chain leaves step k out. */
function picked(chains: readonly ChainColumns[], k: number, column: (chain: ChainColumns) => Sql): Sql {
  const [only] = chains;
  if (only && chains.length === 1) return column(only);
  const having = chains.flatMap((c, i) => (c.chain.steps.includes(k) ? [{ c, i }] : []));
  const values = having.map((_, i) => name('v', i + 1));
  const cases = having.map(({ i }, place) => sql`c = ${int(i + 1)}, ${values[place] ?? int(0)}`);
  return sql`arrayMap((c, ${join(values, sql`, `)}) -> multiIf(${join(cases, sql`, `)}, 0), choice, ${join(
    having.map(({ c }) => column(c)),
    sql`, `,
  )})`;
}

/** Furthest first, then most steps, then the earliest end, as one number. */
function rankOf(chain: Suffix): Sql {
  const values = chain.steps.map((k) => name('v', k));
  const list = join(values, sql`, `);
  const reach = chain.steps.map((k) => sql`${name('v', k)} > 0, ${int(k)}`).reverse();
  const taken = join(
    values.map((v) => sql`(${v} > 0)`),
    sql` + `,
  );
  const rank = sql`bitShiftLeft(toUInt64(32 * multiIf(${join(reach, sql`, `)}, 1) + ${taken}), 51) + toUInt64(${NEVER} - greatest(${list}, 0))`;
  return sql`arrayMap((${list}) -> ${rank}, ${join(
    chain.steps.map((k) => cut(chain, k)),
    sql`, `,
  )})`;
}

/**
 * The first gap with a barrier in it decides: an attempt that went on counts up to the step after it, one that
 * did not counts up to the step before; neither is clean. See attempts.sql.ts for the numbers.
 */
function gradeArray(query: FunnelQuery, gaps: readonly number[]): Sql {
  const times = attemptTimes(query);
  const time = (k: number): Sql => times[k - 1] ?? int(0);
  const hits = gaps
    .filter((k) => k < query.steps.length)
    .flatMap((k) => {
      const next = nextSteps(query.steps, k);
      const isOpen = sql`${time(k)} > 0 AND ${name('b', k)} > 0`;
      const skipped = (count: number): Sql =>
        join(
          next.slice(0, count).map((j) => sql` AND ${time(j)} = 0`),
          sql``,
        );
      const wentOn = next.map(
        (j, i) =>
          sql`${isOpen}${skipped(i)} AND ${time(j)} > 0 AND ${name('b', k)} < ${time(j)}, ${int(4 * j + 1)}`,
      );
      const stayed = sql`${isOpen}${skipped(next.length)} AND ${name('b', k)} <= e, ${int(4 * k)}`;
      return [...wentOn, stayed];
    });
  const clean = cleanGrade(times);
  const grade = hits.length === 0 ? clean : sql`multiIf(${join(hits, sql`, `)}, ${clean})`;
  const barriers = gaps.map((k) => name('b', k));
  return sql`arrayMap((e, ${join([...times, ...barriers], sql`, `)}) -> ${grade}, ends, ${join([allAt(query), ...gaps.map(gap)], sql`, `)})`;
}
