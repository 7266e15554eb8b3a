/** Counts, times and people of funnel steps compared with what a case states; what it leaves out is not asked. */
export interface StepAnswer {
  readonly customers: number;
  readonly averageSeconds: number | null;
  readonly medianSeconds: number | null;
  readonly reached?: PeopleAnswer;
  readonly dropped?: PeopleAnswer;
}

interface PeopleAnswer {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string }[];
}

type ByStep<T> = Readonly<Record<string, T>>;

export interface StepsExpectation {
  readonly steps?: readonly ({
    readonly count?: number;
    readonly averageSeconds?: number | null;
    readonly medianSeconds?: number | null;
  } | null)[];
  readonly customersAtStep?: ByStep<readonly string[]>;
  readonly customersIncludeAtStep?: ByStep<readonly string[]>;
  readonly droppedBeforeStep?: ByStep<readonly string[]>;
  readonly customersCountAtStep?: ByStep<number>;
  readonly droppedCountBeforeStep?: ByStep<number>;
}

export function compareSteps(
  expected: StepsExpectation,
  steps: readonly StepAnswer[],
  label: string,
): readonly string[] {
  const problems: string[] = [];
  const note = (what: string, want: unknown, got: unknown): void => {
    problems.push(`${label} ${what}: expected ${JSON.stringify(want)}, got ${JSON.stringify(got)}`);
  };
  if (expected.steps && expected.steps.length !== steps.length)
    note('steps', expected.steps.length, steps.length);
  expected.steps?.forEach((want, i) => {
    const got = steps[i];
    if (!want) return;
    if (want.count !== undefined && got?.customers !== want.count)
      note(`step ${i + 1}`, want.count, got?.customers);
    for (const key of ['averageSeconds', 'medianSeconds'] as const) {
      const value = want[key];
      if (value !== undefined && !isNear(got?.[key], value)) note(`step ${i + 1} ${key}`, value, got?.[key]);
    }
  });
  const each = <T>(byStep: ByStep<T> | undefined, check: (at: string, want: T, got?: StepAnswer) => void) => {
    for (const [at, want] of Object.entries(byStep ?? {})) check(at, want, steps[Number(at) - 1]);
  };
  each(expected.customersAtStep, (at, want, got) => {
    if (!isSame(want, got?.reached)) note(`customers at ${at}`, want, ids(got?.reached));
  });
  each(expected.customersIncludeAtStep, (at, want, got) => {
    const reached = ids(got?.reached);
    if (!want.every((id) => reached.includes(String(id)))) note(`customers at ${at} include`, want, reached);
  });
  each(expected.droppedBeforeStep, (at, want, got) => {
    if (!isSame(want, got?.dropped)) note(`dropped before ${at}`, want, ids(got?.dropped));
  });
  each(expected.customersCountAtStep, (at, want, got) => {
    if (got?.reached?.totalCount !== want) note(`people at ${at}`, want, got?.reached?.totalCount);
  });
  each(expected.droppedCountBeforeStep, (at, want, got) => {
    if (got?.dropped?.totalCount !== want) note(`dropped before ${at}`, want, got?.dropped?.totalCount);
  });
  return problems;
}

/** Within the tolerance of the cases. */
export function isNear(got: number | null | undefined, want: number | null): boolean {
  if (want === null || got === null || got === undefined) return got === want;
  return Math.abs(got - want) < 0.011;
}

export function ids(people: Pick<PeopleAnswer, 'nodes'> | undefined): readonly string[] {
  return (people?.nodes ?? []).map(({ id }) => id).sort();
}

export function isSame(want: readonly string[], people: Pick<PeopleAnswer, 'nodes'> | undefined): boolean {
  return JSON.stringify(want.map(String).sort()) === JSON.stringify(ids(people));
}
