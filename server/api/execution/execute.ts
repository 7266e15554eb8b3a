/**
 * Executes queries and live runs by a plan kept for each document, so that a cell of a matrix costs reading and
 * serialising its properties and nothing else. Data, errors, their order, paths and nulls are those of graphql-js
 * (execute.test.ts holds them together), which executes whatever has no plan: mutations, and
 * questions about the schema.
 */
import {
  execute as executeAny,
  getArgumentValues,
  getVariableValues,
  GraphQLError,
  locatedError,
  OperationTypeNode,
  responsePathAsArray,
} from 'graphql';
import type {
  DocumentNode,
  ExecutionArgs,
  ExecutionResult,
  GraphQLResolveInfo,
  GraphQLSchema,
} from 'graphql';
import { isPlainSchema, planFields, planOperation } from './plan.ts';
import type { FieldPlan, OperationPlan, Shape } from './plan.ts';

type Path = GraphQLResolveInfo['path'];
type MaybePromise<T> = T | Promise<T>;
type Values = Record<string, unknown>;
type Call = (args: Values, context: unknown, info: GraphQLResolveInfo) => unknown;

export type Execute = (args: ExecutionArgs) => MaybePromise<ExecutionResult>;

/** As many wrong variables are named as by graphql-js. */
const MAX_VARIABLE_ERRORS = 50;

/** An executor that remembers the plans of the documents it saw for as long as somebody else holds them. */
export function createExecute(schema: GraphQLSchema): Execute {
  const isPlain = isPlainSchema(schema);
  const plans = new WeakMap<DocumentNode, Map<string, OperationPlan | null>>();
  const fieldsOf = new WeakMap<OperationPlan, readonly FieldPlan[]>();

  const planned = (document: DocumentNode, operationName?: string | null): OperationPlan | null => {
    let known = plans.get(document);
    if (!known) plans.set(document, (known = new Map<string, OperationPlan | null>()));
    const name = operationName ?? '';
    let plan = known.get(name);
    if (plan === undefined) known.set(name, (plan = planOperation(document, operationName)));
    return plan;
  };

  return (args) => {
    const plan = isPlain ? planned(args.document, args.operationName) : null;
    const rootType = plan && schema.getRootType(plan.operation.operation);
    if (!plan || !rootType || plan.operation.operation === OperationTypeNode.MUTATION)
      return executeAny(args);
    const { coerced, errors } = getVariableValues(
      schema,
      plan.operation.variableDefinitions ?? [],
      args.variableValues ?? {},
      { maxErrors: MAX_VARIABLE_ERRORS },
    );
    if (!coerced) return { errors };
    let fields = fieldsOf.get(plan);
    if (!fields) {
      fields = planFields(plan, rootType, coerced);
      if (!plan.isConditional) fieldsOf.set(plan, fields);
    }
    return new Execution(schema, plan, coerced, args).run(fields);
  };
}

class Execution {
  readonly #errors: GraphQLError[] = [];
  /** Places that an error made null; the root is `undefined`. */
  readonly #nulled = new Set<Path | undefined>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly plan: OperationPlan,
    private readonly variableValues: Values,
    private readonly args: ExecutionArgs,
  ) {}

  run(fields: readonly FieldPlan[]): MaybePromise<ExecutionResult> {
    const failed = (error: unknown): ExecutionResult => {
      this.#note(error as GraphQLError, undefined);
      return this.#result(null);
    };
    try {
      const data = this.#object(fields, this.args.rootValue, undefined);
      if (!isPromise(data)) return this.#result(data);
      return data.then((whole) => this.#result(whole), failed);
    } catch (error) {
      return failed(error);
    }
  }

  #result(data: Values | null): ExecutionResult {
    return this.#errors.length === 0 ? { data } : { errors: this.#errors, data };
  }

  #object(fields: readonly FieldPlan[], source: unknown, path: Path | undefined): MaybePromise<Values> {
    const values: Values = {};
    let isWaiting = false;
    try {
      for (const field of fields) {
        const value = this.#field(field, source, path);
        values[field.key] = value;
        if (isPromise(value)) isWaiting = true;
      }
    } catch (error) {
      if (!isWaiting) throw error;
      // What was begun is waited for, so that nothing goes on, or fails, after the answer.
      return settled(values).finally(() => {
        throw error;
      });
    }
    return isWaiting ? settled(values) : values;
  }

  #field(field: FieldPlan, source: unknown, prev: Path | undefined): unknown {
    const scalar = isObject(source) ? scalarOf(field, source) : undefined;
    if (scalar !== undefined) return scalar;
    const path = { prev, key: field.key, typename: field.parentType.name };
    try {
      const result = this.#resolve(field, source, path);
      const completed = isPromise(result)
        ? result.then((value) => this.#complete(field, field.shape, value, path))
        : this.#complete(field, field.shape, result, path);
      return this.#guarded(completed, field, field.shape, path);
    } catch (error) {
      return this.#fail(error, field, field.shape, path);
    }
  }

  #resolve({ definition, nodes, parentType }: FieldPlan, source: unknown, path: Path): unknown {
    const { resolve, name } = definition;
    const property = !resolve && isObject(source) ? source[name] : undefined;
    if (!resolve && typeof property !== 'function' && definition.args.length === 0) return property;
    const args = getArgumentValues(definition, nodes[0], this.variableValues);
    const info: GraphQLResolveInfo = {
      fieldName: name,
      fieldNodes: nodes,
      returnType: definition.type,
      parentType,
      path,
      schema: this.schema,
      fragments: this.plan.fragments,
      rootValue: this.args.rootValue,
      operation: this.plan.operation,
      variableValues: this.variableValues,
    };
    const context: unknown = this.args.contextValue;
    if (resolve) return resolve(source, args, context, info);
    return typeof property === 'function' ? (property as Call).call(source, args, context, info) : property;
  }

  #complete(field: FieldPlan, shape: Shape, value: unknown, path: Path): unknown {
    if (value instanceof Error) throw value;
    if (value == null) {
      if (shape.isNullable) return null;
      throw new Error(`Cannot return null for non-nullable field ${nameOf(field)}.`);
    }
    if (shape.kind === 'object') return this.#object(shape.fields(), value, path);
    if (shape.kind === 'list') return this.#list(field, shape.item, value, path);
    const serialized: unknown = shape.type.serialize(value);
    if (serialized == null) throw new Error(`A value of ${nameOf(field)} is none of ${shape.type.name}.`);
    return serialized;
  }

  #list(field: FieldPlan, shape: Shape, list: unknown, prev: Path): MaybePromise<unknown[]> {
    if (!isList(list)) {
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${nameOf(field)}".`);
    }
    const values: unknown[] = [];
    let isWaiting = false;
    try {
      const row = shape.kind === 'object' ? shape.fields() : [];
      const isFlat = row.length > 0 && row.every(({ leaf }) => leaf);
      for (const item of list) {
        const flat = isFlat ? rowOfScalars(row, item) : null;
        if (flat) {
          values.push(flat);
          continue;
        }
        const value = this.#item(field, shape, item, { prev, key: values.length, typename: undefined });
        if (isPromise(value)) isWaiting = true;
        values.push(value);
      }
    } catch (error) {
      // Items before it may fail as well, and nobody else listens to them.
      if (isWaiting) void Promise.allSettled(values);
      throw error;
    }
    return isWaiting ? Promise.all(values) : values;
  }

  #item(field: FieldPlan, shape: Shape, item: unknown, path: Path): unknown {
    try {
      const completed = isPromise(item)
        ? item.then((value) => this.#complete(field, shape, value, path))
        : this.#complete(field, shape, item, path);
      return this.#guarded(completed, field, shape, path);
    } catch (error) {
      return this.#fail(error, field, shape, path);
    }
  }

  #guarded(completed: unknown, field: FieldPlan, shape: Shape, path: Path): unknown {
    if (!isPromise(completed)) return completed;
    return completed.then(undefined, (error: unknown) => this.#fail(error, field, shape, path));
  }

  /** Null in place of the value, or the nearest place above that may be null. */
  #fail(error: unknown, field: FieldPlan, shape: Shape, path: Path): null {
    const located = locatedError(error, field.nodes, responsePathAsArray(path));
    if (!shape.isNullable) throw located;
    this.#note(located, path);
    return null;
  }

  /** Errors below what is null already are not told. */
  #note(error: GraphQLError, path: Path | undefined): void {
    for (let place = path; place; place = place.prev) if (this.#nulled.has(place)) return;
    if (this.#nulled.has(undefined)) return;
    this.#nulled.add(path);
    this.#errors.push(error);
  }
}

async function settled(values: Values): Promise<Values> {
  const keys = Object.keys(values);
  const whole = await Promise.all(Object.values(values));
  return Object.fromEntries(keys.map((key, i) => [key, whole[i]]));
}

/** A row of scalars that nothing is wrong with; null for any other, which is then completed step by step. */
function rowOfScalars(fields: readonly FieldPlan[], item: unknown): Values | null {
  if (!isObject(item) || item instanceof Error || isPromise(item)) return null;
  const values: Values = {};
  for (const field of fields) {
    const value = scalarOf(field, item);
    if (value === undefined) return null;
    values[field.key] = value;
  }
  return values;
}

/** What a property holds, serialised; undefined if that takes more than reading it, or fails. */
function scalarOf({ leaf, definition, shape }: FieldPlan, source: Values): unknown {
  if (!leaf) return undefined;
  const value = source[definition.name];
  if (value == null) return shape.isNullable ? null : undefined;
  if (typeof value === 'function' || (typeof value === 'object' && !(value instanceof Date)))
    return undefined;
  try {
    return leaf.serialize(value) ?? undefined;
  } catch {
    return undefined;
  }
}

function nameOf({ parentType, definition }: FieldPlan): string {
  return `${parentType.name}.${definition.name}`;
}

function isObject(value: unknown): value is Values {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function isList(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}
