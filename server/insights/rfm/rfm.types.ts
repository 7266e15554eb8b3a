/** GraphQL types of recency, frequency and monetary value. What they say is the contract's. */
import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import { AnswerMeta } from '../../api/types/answer.types.ts';
import { DateTime, SafeInt } from '../../api/types/scalars.ts';
import { AudienceInput, RangeInput } from '../../api/types/selection.types.ts';
import type { RfmQuery, RfmRequest } from './rfm.query.ts';
import type { CustomerScores, ScoreCell, SegmentShare } from './rfm.result.ts';
import type { Segment } from './segments.ts';

@InputType({
  description:
    'Recency, frequency and monetary value, each in quintiles; segments are the eleven usual ones (champions, loyal, ..., lost).',
})
export class RfmInput implements RfmRequest {
  @Field(() => DateTime, {
    nullable: true,
    description: "Recency is counted back from here. Default: the range's end, at most now.",
  })
  at?: Date;

  @Field(() => RangeInput, {
    nullable: true,
    description: 'Which orders and revenue count. Default: all up to `at`.',
  })
  range?: RangeInput;

  @Field(() => AudienceInput, { nullable: true })
  audience?: AudienceInput;
}

@ObjectType({ simpleResolvers: true })
export class RfmSegment implements SegmentShare {
  query!: RfmQuery;

  @Field(() => String)
  name!: Segment;

  @Field(() => SafeInt)
  customers!: number;

  @Field(() => Float, { description: 'Of all customers known at `at`.' })
  share!: number;

  @Field(() => Float)
  revenue!: number;
}

@ObjectType({ simpleResolvers: true })
export class RfmCell implements ScoreCell {
  query!: RfmQuery;

  @Field(() => Int, { description: '1 to 5; 5 ordered last.' })
  recency!: number;

  @Field(() => Int, { description: '1 to 5; 5 ordered most often.' })
  frequency!: number;

  @Field(() => SafeInt)
  customers!: number;

  @Field(() => Float, { description: 'Revenue per customer; 0 where there is none.' })
  averageMonetary!: number;
}

@ObjectType({ simpleResolvers: true })
export class Rfm {
  query!: RfmQuery;

  @Field(() => [RfmSegment], { description: 'Every segment, also empty ones, always in one order.' })
  segments!: RfmSegment[];

  @Field(() => [RfmCell], { description: 'All 25, by recency and frequency.' })
  cells!: RfmCell[];

  @Field(() => AnswerMeta)
  meta!: AnswerMeta;
}

@ObjectType({ description: 'Among all customers, by all orders up to now.', simpleResolvers: true })
export class CustomerRfm implements CustomerScores {
  @Field(() => Float, { description: 'Since the last order; parts of days count.' })
  recencyDays!: number;

  @Field(() => SafeInt, { description: 'Orders.' })
  frequency!: number;

  @Field(() => Float, { description: 'Revenue, returns deducted.' })
  monetary!: number;

  @Field(() => Int)
  r!: number;

  @Field(() => Int)
  f!: number;

  @Field(() => Int)
  m!: number;

  @Field(() => String)
  segment!: Segment;
}
