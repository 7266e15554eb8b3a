/**
 * Documents as they were read and found valid, kept so that a page that asks the same again is neither parsed nor
 * validated again, and executes by the plan it had. Bounded; what is wrong is not kept. (Over HTTP Apollo keeps
 * its own.)
 */
import { GraphQLError, parse, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';

export type ReadDocument = (source: string) => DocumentNode | readonly GraphQLError[];

/** Longest document in tokens. */
export const MAX_TOKENS = 4000;
/** The dashboard has about fifty; those used least recently go first. */
const MAX_DOCUMENTS = 500;

export function createDocuments(schema: GraphQLSchema): ReadDocument {
  const known = new Map<string, DocumentNode>();
  return (source) => {
    const found = known.get(source);
    const document = found ?? read(source, schema);
    if (!('kind' in document)) return document;
    known.delete(source);
    known.set(source, document);
    const [oldest] = known.keys();
    if (known.size > MAX_DOCUMENTS && oldest !== undefined) known.delete(oldest);
    return document;
  };
}

function read(source: string, schema: GraphQLSchema): ReturnType<ReadDocument> {
  try {
    const document = parse(source, { maxTokens: MAX_TOKENS });
    const errors = validate(schema, document, undefined, { maxErrors: 1 });
    return errors.length > 0 ? errors : document;
  } catch (error) {
    return [error instanceof GraphQLError ? error : new GraphQLError('The query cannot be read.')];
  }
}
