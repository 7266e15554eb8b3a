/** Events as lists show them. */
import { Field, Float, ID, ObjectType } from 'type-graphql';
import type { CustomerEvent, EventPage } from '../../insights/customers/customers.service.ts';
import { PageInfo } from './answer.types.ts';
import { Customer } from './customer.types.ts';
import { DateTime, Json, SafeInt } from './scalars.ts';

@ObjectType('Event', { simpleResolvers: true })
export class EventType implements CustomerEvent {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  event!: string;

  @Field(() => DateTime)
  time!: Date;

  @Field(() => DateTime)
  receivedAt!: Date;

  @Field(() => Customer)
  customer!: Customer;

  @Field(() => String)
  channel!: string;

  @Field(() => String, { nullable: true })
  orderId!: string | null;

  @Field(() => Float, { nullable: true })
  revenue!: number | null;

  @Field(() => String, { nullable: true })
  sessionId!: string | null;

  @Field(() => Json)
  properties!: unknown;
}

@ObjectType({ simpleResolvers: true })
export class EventEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => EventType)
  node!: EventType;
}

@ObjectType({ simpleResolvers: true })
export class EventConnection {
  @Field(() => SafeInt)
  totalCount!: number;

  @Field(() => [EventEdge])
  edges!: EventEdge[];

  @Field(() => [EventType])
  nodes!: EventType[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

export function eventConnection(page: EventPage): EventConnection {
  const edges = page.edges.map(({ cursor, node }) => ({ cursor, node }));
  return {
    totalCount: page.totalCount,
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: { hasNextPage: page.hasNextPage, endCursor: edges.at(-1)?.cursor ?? null },
  };
}
