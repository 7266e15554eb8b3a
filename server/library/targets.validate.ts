/** What a target must keep to. Pure. */
import { inputError } from '../query/problem.ts';
import { resolveRange } from '../query/time-range.ts';
import type { Target, TargetKpi } from './targets.query.ts';

const RATES: readonly TargetKpi[] = ['CONVERSION_RATE', 'REPEAT_PURCHASE_RATE', 'CHURN_RATE'];
const MOST = 1e15;

export function checkTarget(target: Target, nowMs: number): Target {
  const { kpi, value, timeZone } = target;
  const most = RATES.includes(kpi) ? 1 : MOST;
  if (!(value > 0 && value <= most)) {
    const allowed = most === 1 ? 'above 0 and at most 1 (1 is 100 %)' : 'above 0 and at most 10^15';
    throw inputError('value', 'BAD_TARGET', `A target of this key figure is a number ${allowed}.`);
  }
  // Refuses a zone that is none.
  try {
    resolveRange({ last: 'P1D', timeZone }, nowMs);
  } catch {
    const message = `"${timeZone.slice(0, 60)}" is not an IANA time zone such as Europe/Berlin.`;
    throw inputError('timeZone', 'BAD_TIME_ZONE', message);
  }
  return target;
}
