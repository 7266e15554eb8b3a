/** The journey map as the API shows it. */
import { Field, Int, ObjectType } from 'type-graphql';
import type * as map from '../../journey/map.ts';
import type { LifecycleRule } from '../../journey/rule.ts';
import { DateTime } from './scalars.ts';

@ObjectType({ simpleResolvers: true })
export class JourneyStage implements map.JourneyStage {
  @Field(() => String)
  key!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: '`#rrggbb`.' })
  color!: string;

  @Field(() => String)
  description!: string;

  @Field(() => [String], { description: 'Names of the events that belong to the stage.' })
  events!: string[];
}

@ObjectType({
  description: "Rules are read top down; the first that holds is the customer's stage.",
  simpleResolvers: true,
})
export class LifecycleStage implements map.LifecycleStage {
  @Field(() => String)
  key!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: '`#rrggbb`.' })
  color!: string;

  @Field(() => String)
  description!: string;

  /** Shown by a resolver of its own: not everybody is told all of it. */
  rule!: LifecycleRule;

  @Field(() => Boolean, { description: 'True for stages that count as churned.' })
  isLost!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class JourneyMap {
  @Field(() => [JourneyStage])
  stages!: readonly map.JourneyStage[];

  @Field(() => [LifecycleStage])
  lifecycle!: readonly map.LifecycleStage[];

  @Field(() => [String], { description: 'Events that are a purchase, also without an order id.' })
  orderEvents!: string[];

  @Field(() => [String], { description: 'Events that take a purchase back.' })
  returnEvents!: string[];

  @Field(() => Int, {
    description:
      'Rises with every publication; 0: the map that the server starts with (JOURNEY_MAP, or built in).',
  })
  version!: number;

  @Field(() => String, { nullable: true, description: 'Who published it; null for version 0.' })
  savedBy!: string | null;

  @Field(() => DateTime, { nullable: true })
  savedAt!: Date | null;
}
