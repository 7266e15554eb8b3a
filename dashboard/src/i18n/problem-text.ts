// What the server said is wrong, in the reader's language where the dictionary knows its code, else as it was said.
import type { FieldProblem, Problem } from '../api/problem.ts';
import { t } from './text.svelte.ts';

const known = (code: string): string | undefined => {
  const sentences: Record<string, string> = t().building.problems;
  return Object.hasOwn(sentences, code) ? sentences[code] : undefined;
};

const sentence = ({ code, message }: FieldProblem): string => known(code) ?? message;

/** All of it as one text; each sentence once. Reactive through the dictionary. */
export function problemText(problem: Problem): string {
  if (problem.fields.length === 0) return known(problem.code) ?? problem.detail;
  return [...new Set(problem.fields.map(sentence))].join(' ');
}

/** What is wrong with a field of the question, by the beginning of its path; `isExact`: with the field as a whole. */
export function fieldProblem(problem: Problem | null, path: string, isExact = false): string | undefined {
  const found = problem?.fields.find(({ field }) => (isExact ? field === path : field.startsWith(path)));
  return found && sentence(found);
}
