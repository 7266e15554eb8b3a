/** GraphQL types of moves. */
import { Field, ID, ObjectType } from 'type-graphql';
import { Customer } from '../api/types/customer.types.ts';
import { DateTime } from '../api/types/scalars.ts';

@ObjectType({ description: 'A customer went from one lifecycle stage to another.', simpleResolvers: true })
export class LifecycleMove {
  @Field(() => Customer)
  customer!: Customer;

  @Field(() => String, { nullable: true, description: 'Null: the customer was first seen.' })
  from!: string | null;

  @Field(() => String)
  to!: string;

  @Field(() => DateTime, {
    description: 'When it happened; where that cannot be told, when it was found.',
  })
  at!: Date;

  @Field(() => String, { description: 'Pass as `after` to go on behind this one.' })
  cursor!: string;
}

@ObjectType({ description: 'A customer entered a saved audience.', simpleResolvers: true })
export class AudienceEntry {
  @Field(() => ID)
  audienceId!: string;

  @Field(() => Customer)
  customer!: Customer;

  @Field(() => DateTime, { description: 'When it was found.' })
  at!: Date;

  @Field(() => String, { description: 'Pass as `after` to go on behind this one.' })
  cursor!: string;
}
