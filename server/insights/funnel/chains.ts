/**
 * Which steps an attempt may take, when some may be skipped: every chain of steps after the first, and the
 * ends that chains share, so that each is walked once. Steps are counted from 1 here. Pure.
 */
import type { FunnelStep } from './funnel.query.ts';

type Skippable = Pick<FunnelStep, 'isOptional'>;

/** The end of one chain or of several. */
export interface Suffix {
  readonly id: number;
  readonly steps: readonly number[];
  readonly first: number;
  readonly rest: Suffix | null;
  /** True when it may follow the first step at once: a whole chain. */
  readonly isWhole: boolean;
  /** The earliest step that a chain takes just before this end. */
  readonly neededBy: number;
}

/** The steps after the first, one list per way to skip; a way that only stops earlier is none of its own. */
export function chainsOf(steps: readonly Skippable[]): readonly (readonly number[])[] {
  const ways = steps
    .slice(1)
    .reduceRight<readonly (readonly number[])[]>(
      (later, step, i) => [
        ...later.map((way) => [i + 2, ...way]),
        ...(step.isOptional ? later.filter((way) => way.length > 0) : []),
      ],
      [[]],
    );
  return ways;
}

/** The chains' ends, the shared ones once; those of later first steps first. */
export function suffixesOf(chains: readonly (readonly number[])[]): readonly Suffix[] {
  const found = new Map<string, Suffix>();
  const visit = (steps: readonly number[], before: number): Suffix | null => {
    const [first, ...others] = steps;
    if (first === undefined) return null;
    const rest = visit(others, first);
    const key = steps.join();
    const known = found.get(key);
    const suffix: Suffix = {
      id: known?.id ?? found.size + 1,
      steps,
      first,
      rest,
      isWhole: before === 1 || (known?.isWhole ?? false),
      neededBy: Math.min(before, known?.neededBy ?? before),
    };
    found.set(key, suffix);
    return suffix;
  };
  for (const chain of chains) visit(chain, 1);
  return [...found.values()].sort((a, b) => b.first - a.first || a.id - b.id);
}

/** Which steps can come next after step k: those that may be skipped, up to the first that may not. */
export function nextSteps(steps: readonly Skippable[], k: number): readonly number[] {
  const later = steps.slice(k);
  const required = later.findIndex((step) => !step.isOptional);
  return later.slice(0, required === -1 ? later.length : required + 1).map((_, i) => k + 1 + i);
}

/** How many columns the passes over these steps need: what bounds the size of the statement. */
export function passCount(steps: readonly Skippable[]): number {
  return suffixesOf(chainsOf(steps)).reduce((sum, suffix) => sum + suffix.steps.length + 1, 0);
}
