/**
 * In which pieces landed rows are taken, and which is next: whole parts together while they are small, a large
 * part a stretch at a time. A piece is the same again after a crash. Pure.
 */

/** Rows that were written together; they never change and disappear together. */
export interface LandedPart {
  /** As ClickHouse names it; may be given again to another part later. */
  readonly name: string;
  /** Never given again. */
  readonly id: string;
  readonly rows: number;
  readonly bytes: number;
}

export interface Slice {
  readonly key: string;
  readonly parts: readonly LandedPart[];
  /** Rows of the one part; null: all rows of all parts. */
  readonly stretch: { readonly from: number; readonly to: number } | null;
}

/** What was decided of a slice. */
export interface Plan {
  readonly key: string;
  readonly partIds: readonly string[];
  readonly duplicates: number;
  readonly rejected: number;
  readonly isStored: boolean;
}

export interface SliceLimits {
  readonly rows: number;
  readonly bytes: number;
}

export type NextStep =
  /** These are stored whole. */
  | { readonly kind: 'drop'; readonly parts: readonly LandedPart[] }
  /** With a plan: somebody has begun, and some of it may be stored. */
  | { readonly kind: 'store'; readonly slice: Slice; readonly plan: Plan | null };

/** What is to be done next with these parts, in their order; null without parts. */
export function nextStep(
  parts: readonly LandedPart[],
  plans: readonly Plan[],
  limits: SliceLimits,
): NextStep | null {
  const isStored = new Map(plans.map((plan) => [plan.key, plan.isStored]));
  const isLarge = (part: LandedPart): boolean => part.rows > limits.rows || part.bytes > limits.bytes;
  const planned = new Map(plans.flatMap((plan) => plan.partIds.map((id) => [id, plan] as const)));
  const isDone = (part: LandedPart): boolean =>
    isLarge(part)
      ? stretches(part, limits).every(({ key }) => isStored.get(key) === true)
      : planned.get(part.id)?.isStored === true;
  const done = parts.filter(isDone);
  if (done.length > 0) return { kind: 'drop', parts: done };
  const [first] = parts.filter((part) => planned.has(part.id) && !isLarge(part)).concat(parts);
  if (!first) return null;
  if (isLarge(first)) {
    const slice = stretches(first, limits).find(({ key }) => isStored.get(key) !== true);
    return slice ? { kind: 'store', slice, plan: plans.find(({ key }) => key === slice.key) ?? null } : null;
  }
  const plan = planned.get(first.id);
  if (plan) {
    const same = parts.filter(({ id }) => plan.partIds.includes(id));
    return { kind: 'store', slice: { key: plan.key, parts: same, stretch: null }, plan };
  }
  const free = parts.slice(parts.indexOf(first)).filter((part) => !planned.has(part.id));
  return { kind: 'store', slice: together(free, isLarge, limits), plan: null };
}

/** As many whole parts as fit, from the first one on. */
function together(
  parts: readonly LandedPart[],
  isLarge: (part: LandedPart) => boolean,
  limits: SliceLimits,
): Slice {
  const taken: LandedPart[] = [];
  let [rows, bytes] = [0, 0];
  for (const part of parts) {
    rows += part.rows;
    bytes += part.bytes;
    if (taken.length > 0 && (isLarge(part) || rows > limits.rows || bytes > limits.bytes)) break;
    taken.push(part);
  }
  return { key: `${taken[0]?.id} ${taken.at(-1)?.id} ${taken.length}`, parts: taken, stretch: null };
}

function stretches(part: LandedPart, limits: SliceLimits): readonly Slice[] {
  const bytesPerRow = Math.max(1, part.bytes / part.rows);
  const size = Math.max(1, Math.min(limits.rows, Math.floor(limits.bytes / bytesPerRow)));
  return Array.from({ length: Math.ceil(part.rows / size) }, (_, i) => ({
    key: `${part.id} ${i * size}`,
    parts: [part],
    stretch: { from: i * size, to: (i + 1) * size },
  }));
}
