/** GraphQL types of erasures. */
import { Field, ID, ObjectType } from 'type-graphql';
import { PageInfo } from '../../api/types/answer.types.ts';
import { DateTime, SafeInt } from '../../api/types/scalars.ts';

@ObjectType({
  description: 'That a customer was erased, and how much; nothing of who it was.',
  simpleResolvers: true,
})
export class Erasure {
  @Field(() => ID)
  id!: string;

  @Field(() => DateTime)
  at!: Date;

  @Field(() => SafeInt)
  events!: number;

  @Field(() => SafeInt, { description: 'Ids of the customer that had traits.' })
  traits!: number;

  @Field(() => SafeInt, { description: 'Ids that led to the customer, and its own.' })
  identities!: number;

  @Field(() => SafeInt, { description: 'Saved static audiences that the customer was in.' })
  audiences!: number;

  @Field(() => SafeInt)
  rejectedEvents!: number;

  @Field(() => SafeInt, { description: 'Rows of files that were being imported.' })
  importRows!: number;
}

@ObjectType({ simpleResolvers: true })
export class ErasureConnection {
  @Field(() => SafeInt)
  totalCount!: number;

  @Field(() => [Erasure], { description: 'The newest first.' })
  nodes!: Erasure[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}
