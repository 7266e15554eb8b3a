/**
 * Errors as callers see them: known ones carry a code and a safe sentence, unknown ones become "Internal
 * server error" and are logged with the request. No SQL, path or key leaves in an error.
 *
 * The table of all codes stands in docs/errors.md.
 */
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import { EngineError } from '../engine/port.ts';
import type { EngineErrorCode } from '../engine/port.ts';
import { InputError, inputError } from '../query/problem.ts';

export interface ErrorLog {
  error(details: object, message: string): void;
}

const ENGINE_ERRORS: Partial<Record<EngineErrorCode, readonly [code: string, message: string]>> = {
  CANCELLED: ['CANCELLED', 'The query was cancelled.'],
  TIMEOUT: ['QUERY_TOO_SLOW', 'The query took too long; ask for a shorter range or fewer parts.'],
  MEMORY: ['QUERY_TOO_LARGE', 'The query needs too much memory; ask for a shorter range or fewer parts.'],
  TOO_COMPLEX: [
    'QUERY_TOO_LARGE',
    'The query has too many or too long parts; ask for fewer steps, conditions or values.',
  ],
  UNAVAILABLE: ['UNAVAILABLE', 'The store is not available right now; try again in a moment.'],
  BUSY: ['BUSY', 'Too many questions wait for their turn; try again in a moment.'],
  STORAGE: ['UNAVAILABLE', 'The store cannot take more right now; try again later.'],
};

/** An error of a class of ours, found through whatever wrapped it. */
function known(error: unknown): GraphQLError | null {
  const origin = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  if (origin instanceof InputError) {
    return new GraphQLError(origin.message, {
      extensions: { code: 'BAD_USER_INPUT', problems: origin.problems },
    });
  }
  if (origin instanceof EngineError && origin.code === 'BAD_PATTERN') {
    return known(
      inputError('values', 'BAD_PATTERN', 'A value of MATCHES is not a regular expression (RE2).'),
    );
  }
  if (origin instanceof EngineError) {
    const [code, message] = ENGINE_ERRORS[origin.code] ?? [];
    if (!code || !message) return null;
    // Where it is known when to try again, its own words say why.
    if (!('retryAfterSeconds' in origin)) return new GraphQLError(message, { extensions: { code } });
    const { retryAfterSeconds } = origin;
    return new GraphQLError(origin.message, { extensions: { code, retryAfterSeconds } });
  }
  return origin instanceof GraphQLError ? origin : null;
}

/** What leaves the server for an error that happened in a resolver or before it. */
export function publicError(error: unknown, log: ErrorLog): GraphQLFormattedError {
  const wrapper = error instanceof GraphQLError ? error : null;
  const place = { locations: wrapper?.locations, path: wrapper?.path };
  const found = known(error);
  if (found) {
    const { http: _status, ...extensions } = found.extensions;
    return { message: found.message, ...place, extensions: { code: 'BAD_USER_INPUT', ...extensions } };
  }
  log.error({ err: wrapper?.originalError ?? error }, 'unexpected error in a resolver');
  return { message: 'Internal server error', ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

/** True when asking again cannot help: the input itself is wrong. */
export function isCallersFault(error: GraphQLError): boolean {
  const { originalError } = error;
  const isPattern = originalError instanceof EngineError && originalError.code === 'BAD_PATTERN';
  return originalError == null || originalError instanceof InputError || isPattern;
}
