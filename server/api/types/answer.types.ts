/** GraphQL types that answers share: what an answer says of itself, pages, points of a series. */
import { ArgsType, Field, Float, Int, ObjectType } from 'type-graphql';
import type { Meta } from '../../insights/scope.ts';
import type { Point } from '../../query/series.ts';
import { DateTime, SafeInt } from './scalars.ts';

@ObjectType({ description: 'What it took, and how fresh it is.', simpleResolvers: true })
export class AnswerMeta implements Meta {
  @Field(() => DateTime, { description: 'Every event received up to here is in the answer.' })
  asOf!: Date;

  @Field(() => SafeInt)
  rowsRead!: number;

  @Field(() => SafeInt)
  bytesRead!: number;

  @Field(() => Float)
  elapsedMs!: number;

  @Field(() => Boolean)
  cached!: boolean;

  @Field(() => String, {
    description: 'What was counted, in one plain sentence, with every default that applied.',
  })
  definition!: string;

  @Field(() => String, { nullable: true, description: 'The statement that was run, for ANALYST and ADMIN.' })
  sql!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class SeriesPoint {
  @Field(() => DateTime)
  start!: Date;

  @Field(() => Float)
  value!: number;

  @Field(() => Boolean, { description: 'False while the interval has not ended.' })
  complete!: boolean;
}

/** Points as worked out to points as shown. */
export function seriesPoints(points: readonly Point[]): SeriesPoint[] {
  return points.map(({ startMs, value, complete }) => ({ start: new Date(startMs), value, complete }));
}

@ObjectType({ simpleResolvers: true })
export class NamedCount {
  @Field(() => String)
  name!: string;

  @Field(() => SafeInt)
  customers!: number;

  @Field(() => SafeInt)
  events!: number;

  @Field(() => Float)
  revenue!: number;
}

/** Arguments of every list that a number opens into: `(first: Int = 50, after: String)`. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, defaultValue: 50 })
  first!: number;

  @Field(() => String, { nullable: true })
  after?: string;
}
