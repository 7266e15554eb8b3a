/**
 * Collects what is wrong with a journey map while it is read, so that all problems are told at once. Reads
 * plain values (texts, lists, objects); knows nothing of stages or rules.
 */
import { InputError } from '../query/problem.ts';
import type { Problem } from '../query/problem.ts';

export class Findings {
  private readonly problems: Problem[] = [];

  add(field: string, code: string, message: string): void {
    this.problems.push({ field, code, message });
  }

  get count(): number {
    return this.problems.length;
  }

  throwIfAny(): void {
    if (this.problems.length > 0) throw new InputError(this.problems);
  }

  /** Runs a reader of the shared query shapes and keeps the problems that it throws. */
  attempt<T>(read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.problems.push(...error.problems);
      return null;
    }
  }

  /** An object with no other fields than `fields`; null and a problem otherwise. */
  object(value: unknown, field: string, fields: readonly string[]): Readonly<Record<string, unknown>> | null {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.add(field, 'NOT_AN_OBJECT', `This must be an object with ${fields.join(', ')}.`);
      return null;
    }
    for (const key of Object.keys(value)) {
      if (fields.includes(key)) continue;
      this.add(
        `${field}.${key}`,
        'UNKNOWN_FIELD',
        `There is no field "${key}" here; there are ${fields.join(', ')}.`,
      );
    }
    return value as Readonly<Record<string, unknown>>;
  }

  list(value: unknown, field: string, fewest: number): readonly unknown[] {
    if (Array.isArray(value) && value.length >= fewest) return value;
    this.add(
      field,
      'NOT_A_LIST',
      `This must be a list with at least ${fewest} ${fewest === 1 ? 'entry' : 'entries'}.`,
    );
    return [];
  }

  text(value: unknown, field: string, longest = 200): string {
    if (typeof value === 'string' && value.trim() !== '' && value.length <= longest) return value;
    this.add(field, 'NOT_A_TEXT', `This must be a text of 1 to ${longest} characters.`);
    return '';
  }

  texts(value: unknown, field: string, fewest: number): readonly string[] {
    return this.list(value, field, fewest).map((entry, i) => this.text(entry, `${field}[${i}]`));
  }
}
