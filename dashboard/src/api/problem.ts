// What went wrong with a call, in a form the page can say: kinds have sentences in the dictionaries.

export type ProblemKind = 'offline' | 'unauthorized' | 'forbidden' | 'refused' | 'server';

/** What is wrong with one field of a question: its path in the input, and the server's sentence. */
export interface FieldProblem {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/** A failed call. `detail` is the server's own safe sentence, if it gave one. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly detail: string;
  readonly code: string;
  /** Field by field, where the question itself is wrong. */
  readonly fields: readonly FieldProblem[];

  constructor(kind: ProblemKind, detail = '', code = '', fields: readonly FieldProblem[] = []) {
    super(detail || kind);
    this.kind = kind;
    this.detail = detail;
    this.code = code;
    this.fields = fields;
  }
}

/** How long to wait before asking again; up to twice as long, so that not all pages ask at once. */
export const RETRY_MS = 4_000;

/** True for what may be over when asked again. */
export const mayPass = ({ kind }: Problem): boolean => kind === 'server' || kind === 'offline';

interface GraphQLErrorLike {
  message: string;
  extensions?: { code?: unknown; problems?: unknown };
}

const REFUSED = /TOO_MANY_WRONG_KEYS|BAD_USER_INPUT|VALIDATION|PARSE|BAD_REQUEST|LIMIT|INVALID|COST|DEPTH/;

/** Reads the errors of a GraphQL answer. */
export function problemOf(errors: readonly GraphQLErrorLike[]): Problem {
  const first = errors[0];
  const code = String(first?.extensions?.code ?? '');
  if (/UNAUTHENTICATED|UNAUTHORIZED/.test(code)) return new Problem('unauthorized', first?.message, code);
  if (code === 'FORBIDDEN') return new Problem('forbidden', first?.message, code);
  const fields = fieldsOf(first?.extensions?.problems);
  return new Problem(REFUSED.test(code) ? 'refused' : 'server', first?.message, code, fields);
}

function fieldsOf(raw: unknown): FieldProblem[] {
  if (!Array.isArray(raw)) return [];
  return raw.filter(
    (entry: unknown): entry is FieldProblem =>
      typeof entry === 'object' &&
      entry !== null &&
      'field' in entry &&
      'code' in entry &&
      'message' in entry,
  );
}

/** Reads anything thrown: an abort stays an abort, a failed connection is `offline`. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (Array.isArray(error)) return problemOf(error as GraphQLErrorLike[]);
  if (isCloseLike(error)) {
    if (error.code === 4401 || error.code === 4403) return new Problem('unauthorized');
    return new Problem(error.code === 4400 ? 'refused' : 'offline', error.reason ?? '');
  }
  return new Problem('offline');
}

/** A WebSocket's close event, in whatever shape the library hands it on. */
export function isCloseLike(value: unknown): value is { code: number; reason?: string } {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'number';
}
