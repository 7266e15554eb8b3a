/**
 * Calls that may go on, as they come over WebSocket or as server-sent events: read, checked, and told apart into
 * live queries, which go to the hub, and all others. Knows no socket.
 */
import { getOperationAST, GraphQLError, OperationTypeNode, subscribe } from 'graphql';
import type { ExecutionArgs, ExecutionResult, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Role, Viewer } from '../access/role.ts';
import type { Caller } from '../answers/turns.ts';
import type { LiveQuery } from '../live/live-query.ts';
import { liveOperation } from '../live/operation.ts';
import type { SharedAnswer } from '../live/shared-answer.ts';
import type { Context } from './context.ts';
import { createDocuments } from './documents.ts';
import { isCallersFault, publicError } from './errors.ts';
import type { ErrorLog } from './errors.ts';
import type { Execute } from './execution/execute.ts';
import { refusedFor } from './guard.ts';
import { CLOCK_FIELDS, LIVE_FIELDS } from './schema.ts';

export interface CallDeps {
  readonly schema: GraphQLSchema;
  readonly execute: Execute;
  readonly createContext: CreateContext;
  readonly log: ErrorLog;
}

/** What resolvers are given with one call, or one run of a live answer. */
export type CreateContext = (signal?: AbortSignal, caller?: Caller, viewer?: Viewer) => Promise<Context>;

/** On whose behalf a call is made. */
export interface CallerWithRights {
  readonly viewer: Viewer;
  readonly caller: Caller;
}

export interface AskedCall {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

export type Call =
  | { readonly kind: 'unreadable'; readonly errors: readonly GraphQLError[] }
  | { readonly kind: 'wrong'; readonly errors: readonly GraphQLError[]; readonly args: ExecutionArgs }
  | { readonly kind: 'live'; readonly query: LiveQuery<SharedAnswer>; readonly args: ExecutionArgs }
  | PlainCall;

/** One that is executed: an endless feed, or a question or change answered once. */
export interface PlainCall {
  readonly kind: 'feed' | 'once' | 'mutation';
  readonly args: ExecutionArgs;
}

export interface Calls {
  /** What the role may not ask comes back as unreadable, with the reason. */
  read(asked: AskedCall, role: Role): Call;
  /** Executes a call that is not live. */
  perform(
    call: PlainCall,
    signal: AbortSignal,
    from: CallerWithRights,
  ): Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult>>;
  /** The result with errors as callers may see them. */
  readonly publicly: (result: ExecutionResult) => ExecutionResult;
}

const FIELDS = { liveFields: new Set(LIVE_FIELDS), clockFields: new Set(CLOCK_FIELDS) };

export function createCalls({ schema, execute, createContext, log }: CallDeps): Calls {
  const documents = createDocuments(schema);
  const formatError = (error: unknown): GraphQLFormattedError => publicError(error, log);
  // An answer is shared by those of one role; it is worked out for nobody by name.
  const liveFor = (role: Role) => {
    const contextFor = (signal: AbortSignal) => createContext(signal, undefined, { name: role, role });
    return { ...FIELDS, execute, createContext: contextFor, rights: role, formatError, isCallersFault };
  };
  return {
    read({ query: source, operationName, variables }, role) {
      const document = documents(source);
      if (!('kind' in document)) return { kind: 'unreadable', errors: document };
      const operation = getOperationAST(document, operationName)?.operation;
      if (!operation) return { kind: 'unreadable', errors: [new GraphQLError('No operation of that name.')] };
      const args = { schema, document, operationName, variableValues: variables };
      const refused = refusedFor(role, args);
      if (refused) return { kind: 'unreadable', errors: [asGraphQLError(formatError(refused))] };
      if (operation !== OperationTypeNode.SUBSCRIPTION)
        return { kind: operation === OperationTypeNode.MUTATION ? 'mutation' : 'once', args };
      try {
        const query = liveOperation(args, liveFor(role));
        return query ? { kind: 'live', query, args } : { kind: 'feed', args };
      } catch (error) {
        return { kind: 'wrong', errors: [asGraphQLError(formatError(error))], args };
      }
    },
    async perform({ kind, args }, signal, { viewer, caller }) {
      try {
        const contextValue = await createContext(signal, caller, viewer);
        const whole = { ...args, contextValue };
        // Awaited here, so that what fails is said in our words.
        return (await (kind === 'feed' ? subscribe(whole) : execute(whole))) as ExecutionResult;
      } catch (error) {
        return { errors: [asGraphQLError(formatError(error))] };
      }
    },
    publicly: (result) => {
      if (!result.errors) return result;
      const errors = result.errors.map((error) =>
        'originalError' in error ? asGraphQLError(formatError(error)) : error,
      );
      return { ...result, errors };
    },
  };
}

/** An error of our own making; carries a code as all others do. */
export function limitError(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

function asGraphQLError(formatted: GraphQLFormattedError): GraphQLError {
  const { message, path, extensions } = formatted;
  return new GraphQLError(message, { path, extensions });
}
