/** GraphQL types of saved audiences. */
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime, Json } from '../api/types/scalars.ts';

@ObjectType({ description: 'A set of customers, saved under a name.', simpleResolvers: true })
export class Audience {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Json, {
    description: 'As it was saved. Of a static audience only a record of where its members came from.',
  })
  definition!: unknown;

  @Field(() => Boolean, {
    description: 'The customers as they were when it was saved, whatever they did since.',
  })
  isStatic!: boolean;

  @Field(() => DateTime, { description: 'When it was first saved.' })
  createdAt!: Date;

  @Field(() => String, {
    nullable: true,
    description:
      'Why it cannot be used any more, for example because a stage is gone from the journey map; it has no members then. Null: it can.',
  })
  problem!: string | null;
}
