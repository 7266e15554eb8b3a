// Queries and mutations over fetch: typed by their document, cancellable, one error type.
import type { TypedDocumentString } from './generated.ts';
import { Problem, problemFrom, problemOf } from './problem.ts';
import { session } from './session.svelte.ts';

interface Answer<T> {
  data?: T | null;
  errors?: { message: string; extensions?: { code?: unknown; problems?: unknown } }[];
}

/** Runs a query or mutation. Rejects with a Problem, or with the signal's reason when aborted. */
export async function request<T, V>(
  document: TypedDocumentString<T, V>,
  variables: V,
  signal?: AbortSignal,
): Promise<T> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: headers(),
    body: JSON.stringify({ query: document.toString(), variables }),
    signal,
  }).catch((error: unknown) => {
    throw signal?.aborted ? error : problemFrom(error);
  });
  if (response.status === 401) {
    session.requireKey();
    throw new Problem('unauthorized');
  }
  return answered(await read<T>(response), response.status);
}

function headers(): Record<string, string> {
  const authorization = session.authorization;
  return {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json',
    ...(authorization && { authorization }),
  };
}

async function read<T>(response: Response): Promise<Answer<T>> {
  try {
    return (await response.json()) as Answer<T>;
  } catch {
    throw new Problem(response.status >= 500 ? 'offline' : 'server', '', String(response.status));
  }
}

function answered<T>(answer: Answer<T>, status: number): T {
  if (answer.errors?.length) {
    const problem = problemOf(answer.errors);
    if (problem.kind === 'unauthorized') session.requireKey();
    throw problem;
  }
  if (answer.data === undefined || answer.data === null) throw new Problem('server', '', String(status));
  return answer.data;
}
