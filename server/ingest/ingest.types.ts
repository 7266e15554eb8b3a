/** GraphQL types of ingestion. */
import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateTime, Json } from '../api/types/scalars.ts';
import type { EventRequest } from './event.ts';
import type { Receipt } from './ingest.service.ts';

@InputType()
export class EventInput implements EventRequest {
  @Field(() => ID, {
    nullable: true,
    description: 'Makes a retry harmless: an id seen before is not counted again.',
  })
  id?: string;

  @Field(() => String)
  event!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A known customer, or an anonymous visitor; at least one.',
  })
  customerId?: string;

  @Field(() => String, { nullable: true })
  anonymousId?: string;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When it happened; on arrival when absent. More than a day ahead counts as on arrival, and `sent_time` keeps what was sent.',
  })
  time?: Date;

  @Field(() => String, { nullable: true })
  channel?: string;

  @Field(() => String, { nullable: true })
  orderId?: string;

  @Field(() => Float, { nullable: true })
  revenue?: number;

  @Field(() => String, { nullable: true })
  sessionId?: string;

  @Field(() => Json, { nullable: true })
  properties?: unknown;
}

@ObjectType({ simpleResolvers: true })
export class Rejection {
  @Field(() => Int, { description: 'Place of the event in the call, from 0.' })
  index!: number;

  @Field(() => String)
  reason!: string;
}

@ObjectType({
  description: 'What became of each event; all accepted ones are stored.',
  simpleResolvers: true,
})
export class IngestReceipt implements Receipt {
  @Field(() => Int)
  accepted!: number;

  @Field(() => Int, { description: 'Their ids were counted before.' })
  duplicates!: number;

  @Field(() => [Rejection], { description: 'Kept aside with their reasons.' })
  rejected!: Rejection[];
}
