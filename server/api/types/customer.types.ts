/**
 * Customers as connections show them. The fields that take a statement of their own (traits, timeline,
 * lifecycle, ...) are resolved in the customers slice, only when asked for.
 */
import { ArgsType, Field, Float, ID, ObjectType } from 'type-graphql';
import type { CustomerPage, CustomerRow, PeoplePage } from '../../insights/scope.ts';
import { CUSTOMER_ORDERS } from '../../query/customer-order.ts';
import type { CustomerOrder } from '../../query/customer-order.ts';
import { PageArgs, PageInfo } from './answer.types.ts';
import { DateTime, SafeInt } from './scalars.ts';
import { enumOf } from './selection.types.ts';

export const CustomerOrderEnum = enumOf(CUSTOMER_ORDERS, 'CustomerOrder', 'Largest or newest first.');

/** Arguments of every list of people that a number opens into. */
@ArgsType()
export class PeopleArgs extends PageArgs implements PeoplePage {
  @Field(() => CustomerOrderEnum, { nullable: true, defaultValue: 'LAST_SEEN' })
  orderBy?: CustomerOrder;
}

@ObjectType({ simpleResolvers: true })
export class Customer implements CustomerRow {
  /** Not part of the API: names the customer in statements. */
  customerKey!: string;

  @Field(() => ID)
  id!: string;

  @Field(() => DateTime)
  firstSeen!: Date;

  @Field(() => DateTime)
  lastSeen!: Date;

  @Field(() => Float)
  revenue!: number;
}

@ObjectType({ simpleResolvers: true })
export class CustomerEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => Customer)
  node!: Customer;
}

@ObjectType({ simpleResolvers: true })
export class CustomerConnection {
  @Field(() => SafeInt)
  totalCount!: number;

  @Field(() => [CustomerEdge])
  edges!: CustomerEdge[];

  @Field(() => [Customer])
  nodes!: Customer[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

export function customerConnection(page: CustomerPage): CustomerConnection {
  const edges = page.edges.map(({ cursor, node }) => ({ cursor, node }));
  return {
    totalCount: page.totalCount,
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: { hasNextPage: page.hasNextPage, endCursor: edges.at(-1)?.cursor ?? null },
  };
}
