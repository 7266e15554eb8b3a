/** GraphQL types of rejected events. */
import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql';
import { PageArgs, PageInfo } from '../../api/types/answer.types.ts';
import { DateTime, Json, SafeInt } from '../../api/types/scalars.ts';
import type { Rejected, RejectedReason as Reason } from './rejected.service.ts';

@ObjectType({
  description:
    'Nothing sent is lost: what could not be accepted is kept with the reason, and can be sent again. Kept for 90 days.',
  simpleResolvers: true,
})
export class RejectedEvent implements Rejected {
  @Field(() => ID)
  id!: string;

  @Field(() => DateTime)
  receivedAt!: Date;

  @Field(() => String)
  reason!: string;

  @Field(() => Json, { description: 'As it was sent; text where it is no JSON.' })
  payload!: unknown;

  @Field(() => String, {
    description: 'Which way it came: `ingest`, `segment`, or the file and the number of its row.',
  })
  source!: string;

  @Field(() => DateTime, { nullable: true, description: 'When a replay last found another reason.' })
  replayedAt!: Date | null;
}

@ObjectType({ simpleResolvers: true })
export class RejectedEventConnection {
  @Field(() => SafeInt)
  totalCount!: number;

  @Field(() => [RejectedEvent])
  nodes!: RejectedEvent[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

@ObjectType({ description: 'Rejected events with one kind of reason.', simpleResolvers: true })
export class RejectedReason implements Reason {
  @Field(() => String, { description: 'Quoted values are left out: `customerId "…" is not an id.`' })
  reason!: string;

  @Field(() => SafeInt)
  count!: number;

  @Field(() => DateTime)
  lastAt!: Date;
}

@ArgsType()
export class RejectedEventsArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'A reason, or one of `rejectedReasons`.' })
  reason!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Text anywhere in the reason, the source or the payload, whatever the case.',
  })
  search!: string | null;
}

@ArgsType()
export class RejectedReasonsArgs {
  @Field(() => Int, { defaultValue: 50 })
  first!: number;
}
