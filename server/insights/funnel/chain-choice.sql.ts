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

interface Chains {
  readonly chains: readonly Suffix[];
  readonly withHits: boolean;
}

/**
 * `keys`, `at_1` ... `at_n`, `grade` from rows of `keys`, `at_1` and, for each chain c, `start_c_k` (when it
 * took step k, uncut) and `stop_c` (the first barrier that hits it; where there are exclusions).
 */
export function gradeChains(rows: Sql, { chains, withHits }: Chains, plan: MatchPlan): Sql {
  const { keys, query } = plan;
  const hits = chains.flatMap((chain) => (withHits ? [sql`, ${stop(chain)}`] : []));
  const uncut = chains.flatMap((chain) => chain.steps.map((k) => sql`, ${start(chain, k)}`));
  const cuts = chains.flatMap((chain) =>
    chain.steps.map(
      (k) => sql`, arrayMap((v, e) -> if(v <= e, v, 0), ${start(chain, k)}, ends) AS ${cut(chain, k)}`,
    ),
  );
  const ended = sql`SELECT ${keys}, at_1${join([...uncut, ...hits], sql``)}, arrayMap(a -> ${windowEnd(sql`a`, query)}, at_1) AS ends\nFROM (${rows})`;
  const within = sql`SELECT ${keys}, at_1, ends${join([...cuts, ...hits], sql``)}\nFROM (${ended})`;
  const chosen = choose(within, { chains, withHits }, plan);
  return sql`SELECT ${keys}, ${allAt(query)}, ${gradeArray(query, withHits)} AS grade\nFROM (${chosen})`;
}

function start(chain: Suffix, k: number): Sql {
  return name(`start_${chain.id}`, k);
}

function stop(chain: Suffix): Sql {
  return name('stop', chain.id);
}

function cut(chain: Suffix, k: number): Sql {
  return name(`cut_${chain.id}`, k);
}

/** `keys`, `ends`, `at_1` ... `at_n`, and `hits` where asked: of each attempt's chains the best. */
function choose(rows: Sql, { chains, withHits }: Chains, { keys, query }: MatchPlan): Sql {
  const later = query.steps.slice(1).map((_, i) => i + 2);
  const times = later.map((k) => {
    const having = chains.filter((chain) => chain.steps.includes(k));
    return sql`, ${picked(chains, having, (chain) => cut(chain, k))} AS ${at(k)}`;
  });
  const hits = withHits ? sql`, ${picked(chains, chains, stop)} AS hits` : sql``;
  const columns = sql`${keys}, ends, at_1${join(times, sql``)}${hits}`;
  if (chains.length < 2) return sql`SELECT ${columns}\nFROM (${rows})`;
  const places = join(
    chains.map((_, i) => name('r', i + 1)),
    sql`, `,
  );
  const ranks = join(chains.map(rankOf), sql`, `);
  const choice = sql`arrayMap((${places}) -> indexOf([${places}], greatest(${places})), ${ranks})`;
  const all = chains.flatMap((chain) => [
    ...chain.steps.map((k) => sql`, ${cut(chain, k)}`),
    ...(withHits ? [sql`, ${stop(chain)}`] : []),
  ]);
  return sql`SELECT ${columns} FROM (SELECT ${keys}, ends, at_1${join(all, sql``)}, ${choice} AS choice\nFROM (${rows}))`;
}

/** The value of the chosen chain; zero where that is none of those that have it. */
function picked(all: readonly Suffix[], having: readonly Suffix[], column: (chain: Suffix) => Sql): Sql {
  const columns = join(having.map(column), sql`, `);
  if (all.length === 1) return columns;
  const values = having.map((_, i) => name('v', i + 1));
  const cases = having.map((chain, i) => sql`c = ${int(all.indexOf(chain) + 1)}, ${values[i] ?? int(0)}`);
  return sql`arrayMap((c, ${join(values, sql`, `)}) -> multiIf(${join(cases, sql`, `)}, 0), choice, ${columns})`;
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
  const columns = join(
    chain.steps.map((k) => cut(chain, k)),
    sql`, `,
  );
  return sql`arrayMap((${list}) -> ${rank}, ${columns})`;
}

/**
 * A hit inside the window decides: an attempt that went on counts up to the step after the barrier, one that
 * did not up to the step before; neither is clean. See attempts.sql.ts for the numbers.
 */
function gradeArray(query: FunnelQuery, withHits: boolean): Sql {
  const times = attemptTimes(query);
  const list = join(times, sql`, `);
  const clean = cleanGrade(times);
  if (!withHits) return sql`arrayMap((${list}) -> ${clean}, ${allAt(query)})`;
  const wentOn = query.steps.flatMap((_, i) =>
    nextSteps(query.steps, i + 1).map(
      (j) => sql`bitAnd(h, 31) = ${int(i + 1)} AND ${times[j - 1] ?? int(0)} > 0, ${int(4 * j + 1)}`,
    ),
  );
  const hit = sql`multiIf(${join([...wentOn, sql`4 * bitAnd(h, 31)`], sql`, `)})`;
  return sql`arrayMap((e, h, ${list}) -> if(h > 0 AND bitShiftRight(h, 5) <= e, ${hit}, ${clean}), ends, hits, ${allAt(query)})`;
}
