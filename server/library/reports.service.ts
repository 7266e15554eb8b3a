/** What is shown of saved reports, and whether the question of one can be asked. */
import { mayAsk } from '../access/rights.ts';
import type { Role } from '../access/role.ts';
import type { InsightScope } from '../insights/scope.ts';
import { InputError } from '../query/problem.ts';
import type { Problem } from '../query/problem.ts';
import { QUESTIONS } from './report-questions.ts';
import type { StoredReport } from './report-store.ts';
import type { Report } from './reports.types.ts';
import type { ReportKind } from './reports.validate.ts';

/** Makes of JSON what GraphQL makes of an input of that name; throws InputError. */
export type Coerce = (inputName: string, json: object) => object;

/** Throws InputError, each field from `input` on, where the analysis would refuse the question. */
export function checkQuestion(kind: ReportKind, input: object, scope: InsightScope, coerce: Coerce): void {
  const { input: inputName, read } = QUESTIONS[kind];
  const question = coerce(inputName, input);
  try {
    read(question, scope);
  } catch (error) {
    if (error instanceof InputError) throw new InputError(error.problems.map(withinInput));
    throw error;
  }
}

/** What keeps the report from being answered; null: nothing. */
export function problemOf(report: Report, scope: InsightScope, coerce: Coerce): string | null {
  try {
    checkQuestion(report.kind, report.input as object, scope, coerce);
    return null;
  } catch (error) {
    if (error instanceof InputError) return error.problems[0]?.message ?? error.message;
    throw error;
  }
}

function withinInput(problem: Problem): Problem {
  return /^input\b/.test(problem.field) ? problem : { ...problem, field: `input.${problem.field}` };
}

/** Whether the report is there for a role: its question tells whom it asks for. */
export function isFor(
  role: Role,
  { kind, input, view }: Pick<StoredReport, 'kind' | 'input' | 'view'>,
): boolean {
  return mayAsk(role, kind.toLowerCase(), [input, view]);
}

export function shownReport(report: StoredReport): Report {
  const { id, name, kind, input, view, place, createdMs, updatedMs } = report;
  const times = { createdAt: new Date(createdMs), updatedAt: new Date(updatedMs) };
  return { id, name, kind, input, view, place, url: `/reports/${id}`, ...times };
}
