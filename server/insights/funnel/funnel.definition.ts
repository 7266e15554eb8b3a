/** What a funnel counts, in one plain sentence with every default that applied. Pure. */
import { spanInWords } from '../../query/duration.ts';
import { noFilter } from '../../query/filter.ts';
import type {
  FunnelBreakdown,
  FunnelExclusion,
  FunnelOrder,
  FunnelQuery,
  FunnelStep,
} from './funnel.query.ts';

const HOW: Record<FunnelOrder, string> = {
  ORDERED: 'in this order, other events between them ignored',
  STRICT: 'in this order with no other event between them',
  ANY: 'in any order',
};

export function defineFunnel(query: FunnelQuery): string {
  const { fromMs, toMs, isRolling } = query.range;
  const labels = query.steps.map(stepInWords);
  const steps =
    labels.length === 1 ? (labels[0] ?? '') : labels.join(query.order === 'ANY' ? ' and ' : ', then ');
  const parts = [
    `Customers who did ${steps}`,
    ...(labels.length > 1
      ? [`${HOW[query.order]}, within ${spanInWords(query.window)} of the first of them`]
      : []),
    `all from ${instant(fromMs)} up to${isRolling ? ' now,' : ''} ${instant(toMs)}`,
    ...query.exclusions.map((exclusion) => exclusionInWords(exclusion, query)),
    ...(query.holdConstant.length > 0 ? [`all with the same ${query.holdConstant.join(' and ')}`] : []),
    query.audience ? 'of the chosen audience' : 'of all customers',
    query.where === noFilter ? 'over all events' : 'over the events that pass the filter',
  ];
  const breakdown = query.breakdown ? `; ${breakdownInWords(query.breakdown)}` : '';
  return `${parts.join(', ')}; each customer counts once, by the attempt that got furthest${breakdown}.`;
}

function stepInWords({ match, occurrence, isOptional }: FunnelStep): string {
  const first = {
    ANY: match.label,
    FIRST_EVER: `${match.label} (as the first event of that name ever)`,
    FIRST_MATCHING: `${match.label} (the first such event ever)`,
  }[occurrence];
  return isOptional ? `perhaps ${first}` : first;
}

function exclusionInWords({ match, fromStep, toStep }: FunnelExclusion, { order }: FunnelQuery): string {
  if (order === 'STRICT') return `${match.label} between them being an interruption like any other event`;
  if (order === 'ANY') return `without ${match.label} before all were done`;
  return `without ${match.label} after step ${fromStep + 1} and before step ${toStep + 1}`;
}

function breakdownInWords({ properties, of, limit, attribution, step }: FunnelBreakdown): string {
  const what = `broken down by ${properties.join(' and ')}`;
  const most = `the ${limit} largest values apart`;
  if (of === 'CUSTOMER') return `${what} of the customer now, ${most}`;
  const which = {
    FIRST_TOUCH: "the value on the customer's first event of any step that has one",
    LAST_TOUCH: "the value on the customer's last event of any step that has one",
    ALL_STEPS: 'from only the events that carry the value',
    STEP: `the value on the event of step ${(step ?? 0) + 1}`,
  }[attribution];
  return `${what} (${which}), ${most}`;
}

function instant(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace(/:00\.000Z$/, 'Z')
    .replace(/\.000Z$/, 'Z');
}
