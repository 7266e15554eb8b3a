/** GraphQL types of annotations. */
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../api/types/scalars.ts';

@ObjectType({
  description: 'What happened at an instant, for all who look at a time chart.',
  simpleResolvers: true,
})
export class Annotation {
  @Field(() => ID)
  id!: string;

  @Field(() => DateTime)
  at!: Date;

  @Field(() => String)
  text!: string;
}
