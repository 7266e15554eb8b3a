/**
 * Strict order: after a step, the customer's very next event must take the next one. Every event of the
 * first step starts an attempt; its k-th event after decides step k + 1. No passes are needed.
 */
import { int, join, name, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { allAt, at, attemptTimes, cleanGrade, shiftedBack } from './attempts.sql.ts';
import type { MatchPlan } from './plan.ts';
import { unpacked } from './moments.sql.ts';
import { windowEnd } from './window.sql.ts';

/** `keys`, `at_1` ... `at_n`, `grade`: one place per attempt. */
export function compileStrictAttempts(moments: Sql, plan: MatchPlan): Sql {
  const { keys, query } = plan;
  const later = query.steps.slice(1).map((_, i) => i + 2);
  const arrays = unpacked(moments, keys, query);
  const following = later.map((k) => {
    const matching = sql`arrayMap((m, t) -> if(bitTest(m, ${int(k - 1)}), t, 0), ${shiftedBack(sql`masks`, k - 1)}, ${shiftedBack(sql`times`, k - 1)})`;
    return sql`, arrayFilter((t, m) -> bitTest(m, 0), ${matching}, masks) AS ${name('next', k)}`;
  });
  const begun = sql`SELECT ${keys}, arrayFilter((t, m) -> bitTest(m, 0), times, masks) AS at_1${join(following, sql``)}\nFROM (${arrays})`;
  const attempts = later.reduce((from, k) => {
    const kept = sql`s > 0 AND t > 0 AND t <= ${windowEnd(sql`a`, query)}`;
    const cut = sql`arrayMap((a, s, t) -> if(${kept}, t, 0), at_1, ${at(k - 1)}, ${name('next', k)})`;
    const before = later.filter((j) => j < k).map((j) => sql`, ${at(j)}`);
    const after = later.filter((j) => j > k).map((j) => sql`, ${name('next', j)}`);
    return sql`SELECT ${keys}, at_1${join(before, sql``)}, ${cut} AS ${at(k)}${join(after, sql``)}\nFROM (${from})`;
  }, begun);
  const times = attemptTimes(query);
  return sql`SELECT ${keys}, ${allAt(query)}, arrayMap((${join(times, sql`, `)}) -> ${cleanGrade(times)}, ${allAt(query)}) AS grade\nFROM (${attempts})`;
}
