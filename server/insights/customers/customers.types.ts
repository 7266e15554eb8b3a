/** GraphQL types of the customers slice; Customer itself is shared. */
import { ArgsType, Field, InputType, ObjectType } from 'type-graphql';
import { PageArgs } from '../../api/types/answer.types.ts';
import { CustomerOrderEnum } from '../../api/types/customer.types.ts';
import { DateTime } from '../../api/types/scalars.ts';
import { AudienceInput, EventMatchInput } from '../../api/types/selection.types.ts';
import type { CustomerOrder } from '../../query/customer-order.ts';
import type { CustomersRequest } from './customers.query.ts';

@InputType()
export class CustomersInput implements CustomersRequest {
  @Field(() => AudienceInput, { nullable: true })
  audience?: AudienceInput;

  @Field(() => String, {
    nullable: true,
    description:
      "A part of an id, of an id that was joined, or of a trait's value; upper and lower case are alike.",
  })
  search?: string;

  @Field(() => CustomerOrderEnum, { nullable: true, defaultValue: 'LAST_SEEN' })
  orderBy?: CustomerOrder;
}

@ArgsType()
export class EventsArgs extends PageArgs {
  @Field(() => EventMatchInput, { nullable: true })
  match?: EventMatchInput;
}

@ObjectType({ description: 'A customer went from one lifecycle stage to another.', simpleResolvers: true })
export class LifecycleChange {
  @Field(() => DateTime)
  at!: Date;

  @Field(() => String, { nullable: true, description: 'Null where the customer was first seen.' })
  from!: string | null;

  @Field(() => String)
  to!: string;
}
