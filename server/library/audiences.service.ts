/** What is shown of saved audiences: how many customers one holds, who they are, what keeps it from being used. */
import type { CustomerPage, InsightScope, PeoplePage } from '../insights/scope.ts';
import { compileAudience, normaliseAudience } from '../query/audience.ts';
import { customersTable } from '../query/events.ts';
import { InputError } from '../query/problem.ts';
import { sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { AudienceBook, AudienceFrame } from './audience-library.ts';
import type { StoredAudience } from './audience-store.ts';
import type { Audience } from './audiences.types.ts';

export function frameOf(scope: InsightScope): AudienceFrame {
  return { compile: scope.compile, lifecycleStages: scope.journeyMap.lifecycle.map(({ key }) => key) };
}

export function shownAudience(audience: StoredAudience, book: AudienceBook, scope: InsightScope): Audience {
  const { id, name, definition, membersId, createdMs } = audience;
  const found = keysOf(id, book, scope);
  const problem = found instanceof InputError ? (found.problems[0]?.message ?? found.message) : null;
  return { id, name, definition, isStatic: membersId !== null, createdAt: new Date(createdMs), problem };
}

const counting = new WeakMap<InsightScope, Promise<unknown>>();

/** One count after the other: a list of audiences may be long, and each is a statement of its own. */
export function audienceSize(id: string, book: AudienceBook, scope: InsightScope): Promise<number> {
  const keys = keysOf(id, book, scope);
  if (keys instanceof InputError) return Promise.resolve(0);
  const before = counting.get(scope) ?? Promise.resolve();
  const size = before.then(() => scope.people.count(keys, scope));
  counting.set(
    scope,
    size.catch(() => {}),
  );
  return size;
}

export async function audienceMembers(
  id: string,
  book: AudienceBook,
  page: PeoplePage,
  scope: InsightScope,
): Promise<CustomerPage> {
  const keys = keysOf(id, book, scope);
  if (keys instanceof InputError) return { totalCount: 0, edges: [], hasNextPage: false };
  return scope.people.connection(keys, page, scope);
}

/** `SELECT customer_key ...` of its customers, or what keeps it from being used. */
function keysOf(id: string, book: AudienceBook, scope: InsightScope): Sql | InputError {
  const { compile, lifecycleStages } = frameOf(scope);
  try {
    const audience = normaliseAudience(
      { id },
      { ...compile.vocabulary, audiences: book },
      lifecycleStages,
      'audience',
    );
    return sql`SELECT customer_key FROM ${customersTable(compile)} WHERE ${compileAudience(audience, compile)}`;
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}
