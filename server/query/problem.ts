/**
 * What is wrong with an input, said so that the caller can mend it: the field, and what is allowed.
 * Services throw InputError with all problems at once; the API turns it into one BAD_USER_INPUT error.
 */
export interface Problem {
  /** Path of the field, for example `steps[2].match.where`. */
  readonly field: string;
  /** Machine-readable, for example `TOO_MANY_STEPS`. */
  readonly code: string;
  /** One plain sentence with what is allowed. */
  readonly message: string;
}

/** A rule over a whole query: what it is called and what it finds. */
export interface Rule<Query> {
  readonly code: string;
  readonly check: (query: Query) => readonly { field: string; message: string }[];
}

export class InputError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map((p) => `${p.field}: ${p.message}`).join(' '));
    this.name = 'InputError';
  }
}

export function inputError(field: string, code: string, message: string): InputError {
  return new InputError([{ field, code, message }]);
}

/** Every problem that the rules find; none means the query may run. */
export function problemsOf<Query>(query: Query, rules: readonly Rule<Query>[]): readonly Problem[] {
  return rules.flatMap((rule) => rule.check(query).map((found) => ({ ...found, code: rule.code })));
}

export function assertValid<Query>(query: Query, rules: readonly Rule<Query>[]): void {
  const problems = problemsOf(query, rules);
  if (problems.length > 0) throw new InputError(problems);
}
