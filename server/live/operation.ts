/**
 * A GraphQL subscription of an analytic field as a live query: executed as a query would be, time and again,
 * so that fields at any depth (lists of customers too) are live. What an answer says of itself (`meta`) does
 * not make it a new answer.
 */
import { getArgumentValues, getOperationAST, Kind, OperationTypeNode, print } from 'graphql';
import type { ExecutionArgs, ExecutionResult, FieldNode, GraphQLFormattedError } from 'graphql';
import { everyMsOf } from './every.ts';
import type { LiveAnswer, LiveQuery } from './hub.ts';
import { metaPlacesOf, withoutMeta } from './meta-places.ts';

export type FormattedResult = Omit<ExecutionResult, 'errors'> & {
  readonly errors?: readonly GraphQLFormattedError[];
};

export interface LiveOperationDeps {
  /** Fields of Subscription that are answered by running them again. */
  readonly liveFields: ReadonlySet<string>;
  /** Those of them whose answers change with the clock alone. */
  readonly clockFields: ReadonlySet<string>;
  readonly execute: (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;
  /** What resolvers are given in one run. */
  readonly createContext: (signal: AbortSignal) => Promise<unknown>;
  /** Equal for viewers with the same rights. */
  readonly rights: string;
  readonly formatError: (error: unknown) => GraphQLFormattedError;
  readonly isCallersFault: (error: NonNullable<ExecutionResult['errors']>[number]) => boolean;
}

/** Null when the operation is not a subscription of a live field. Throws InputError for a bad `every`. */
export function liveOperation(
  args: ExecutionArgs,
  deps: LiveOperationDeps,
): LiveQuery<FormattedResult> | null {
  const field = liveField(args, deps.liveFields);
  if (!field) return null;
  const places = metaPlacesOf(args.schema, args.document, args.operationName);
  return {
    key: JSON.stringify([
      print(args.document),
      args.operationName ?? null,
      args.variableValues ?? {},
      deps.rights,
    ]),
    everyMs: everyMs(args, field),
    movesWithTheClock: deps.clockFields.has(field.name.value),
    run: async (signal): Promise<LiveAnswer<FormattedResult>> => {
      const result = await deps.execute({ ...args, contextValue: await deps.createContext(signal) });
      if (!result.errors) {
        const fingerprint = JSON.stringify(withoutMeta(result.data, places));
        return { value: result, fingerprint, isFinal: false };
      }
      const errors = result.errors.map(deps.formatError);
      return {
        value: { ...result, errors },
        fingerprint: null,
        isFinal: result.errors.some(deps.isCallersFault),
      };
    },
  };
}

function liveField(
  { document, operationName }: ExecutionArgs,
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
