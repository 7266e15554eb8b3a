/**
 * A GraphQL subscription of an analytic field as a live query: executed as a query would be, time and again,
 * so that fields at any depth (lists of customers too) are live. What an answer says of itself (`meta`) does
 * not make it a new answer.
 */
import { getArgumentValues, getOperationAST, Kind, OperationTypeNode } from 'graphql';
import type { ExecutionArgs, ExecutionResult, FieldNode, GraphQLFormattedError } from 'graphql';
import { everyMsOf } from './every.ts';
import type { LiveAnswer, LiveQuery } from './live-query.ts';
import { metaPlacesOf, withoutMeta } from './meta-places.ts';
import type { MetaPlaces } from './meta-places.ts';
import { sameQuestion } from './same-question.ts';
import { SharedAnswer } from './shared-answer.ts';

/** What a run tells beside its answer. */
export interface LiveContext {
  /** In how many milliseconds time alone may change what was answered; Infinity: not known. */
  readonly due: { readonly inMs: number; readonly news: number | undefined };
}

export interface LiveOperationDeps {
  /** Fields of Subscription that are answered by running them again. */
  readonly liveFields: ReadonlySet<string>;
  /** Those of them whose answers change with the clock alone. */
  readonly clockFields: ReadonlySet<string>;
  readonly execute: (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;
  /** What resolvers are given in one run. */
  readonly createContext: (signal: AbortSignal) => Promise<LiveContext>;
  /** Equal for viewers with the same rights. */
  readonly rights: string;
  readonly formatError: (error: unknown) => GraphQLFormattedError;
  readonly isCallersFault: (error: NonNullable<ExecutionResult['errors']>[number]) => boolean;
}

/** Null when the operation is not a subscription of a live field. Throws InputError for a bad `every`. */
export function liveOperation(args: ExecutionArgs, deps: LiveOperationDeps): LiveQuery<SharedAnswer> | null {
  const field = liveField(args, deps.liveFields);
  if (!field) return null;
  let places: MetaPlaces | undefined;
  return {
    key: `${deps.rights} ${sameQuestion(args)}`,
    everyMs: everyMs(args, field),
    movesWithTheClock: deps.clockFields.has(field.name.value),
    run: async (signal) => {
      try {
        const contextValue = await deps.createContext(signal);
        const result = await deps.execute({ ...args, contextValue });
        places ??= metaPlacesOf(args.schema, args.document, args.operationName);
        const { inMs: dueInMs, news } = contextValue.due;
        const known = news === Infinity ? undefined : news;
        return { ...answerOf(result, places, deps), dueInMs, news: known };
      } catch (error) {
        return failure({ errors: [deps.formatError(error)] }, false);
      }
    },
    stale: ({ result }, { result: { errors } }) =>
      new SharedAnswer({ ...result, extensions: { ...result.extensions, stale: staleness(errors) } }),
  };
}

function answerOf(
  result: ExecutionResult,
  places: MetaPlaces,
  { formatError, isCallersFault }: LiveOperationDeps,
): LiveAnswer<SharedAnswer> {
  if (result.errors) {
    const errors = result.errors.map(formatError);
    return failure({ ...result, errors }, result.errors.some(isCallersFault));
  }
  const fingerprint = JSON.stringify(withoutMeta(result.data, places));
  const { data } = result;
  // Where nothing is left out, that is the answer's text already.
  const text = places.size === 0 ? `{"data":${fingerprint}}` : undefined;
  return { value: new SharedAnswer({ data }, text), fingerprint, isFinal: false };
}

function failure(result: SharedAnswer['result'], isFinal: boolean): LiveAnswer<SharedAnswer> {
  return { value: new SharedAnswer(result), fingerprint: null, isFinal };
}

/** Why an answer could not be brought up to date. */
function staleness(errors: readonly GraphQLFormattedError[] = []): object {
  const [first] = errors;
  return { code: first?.extensions?.['code'], message: first?.message };
}

function liveField(
  { document, operationName }: Pick<ExecutionArgs, 'document' | 'operationName'>,
  liveFields: ReadonlySet<string>,
): FieldNode | null {
  const operation = getOperationAST(document, operationName);
  const selection =
    operation?.operation === OperationTypeNode.SUBSCRIPTION
      ? operation.selectionSet.selections[0]
      : undefined;
  return selection?.kind === Kind.FIELD && liveFields.has(selection.name.value) ? selection : null;
}

function everyMs({ schema, variableValues }: ExecutionArgs, field: FieldNode): number {
  const definition = schema.getSubscriptionType()?.getFields()[field.name.value];
  if (!definition) throw new TypeError(`no Subscription field ${field.name.value}`);
  return everyMsOf(getArgumentValues(definition, field, variableValues)['every']);
}
