/** GraphQL types of published journey maps and of their dry run. */
import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { PeopleArgs } from '../api/types/customer.types.ts';
import { LifecycleStage } from '../api/types/journey.types.ts';
import { DateTime, Json, SafeInt } from '../api/types/scalars.ts';
import type { JourneyMap } from '../journey/map.ts';
import type { Problem } from '../query/problem.ts';
import type { PreviewMoveCount, PreviewStage } from './journey-map.result.ts';

@ObjectType({ simpleResolvers: true })
export class JourneyMapVersion {
  @Field(() => Int, { description: '0: the map that the server starts with.' })
  version!: number;

  @Field(() => Json, {
    description:
      'As it was published; for a VIEWER without values that may name people, as in `LifecycleStage.rule`.',
  })
  map!: unknown;

  @Field(() => String, { nullable: true, description: 'Null for version 0.' })
  savedBy!: string | null;

  @Field(() => DateTime, { nullable: true })
  savedAt!: Date | null;

  @Field(() => Int, { nullable: true, description: 'The version that it brought back.' })
  restores!: number | null;

  @Field(() => Boolean, { description: 'True for the one that holds.' })
  isCurrent!: boolean;
}

@ObjectType({ description: 'What is wrong with a journey map, and where.', simpleResolvers: true })
export class JourneyMapProblem implements Problem {
  @Field(() => String, { description: 'The place in the map: `lifecycle[2].rule.any[0].noOrderFor`.' })
  field!: string;

  @Field(() => String)
  code!: string;

  @Field(() => String, { description: 'One sentence with what is allowed.' })
  message!: string;
}

@ObjectType({ simpleResolvers: true })
export class JourneyMapStageCount implements PreviewStage {
  @Field(() => LifecycleStage)
  stage!: LifecycleStage;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'Customers in it now; null: there is no such stage now.',
  })
  before!: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'Customers in it then; null: it goes away.' })
  after!: number | null;
}

@ObjectType({ simpleResolvers: true })
export class JourneyMapMove implements PreviewMoveCount {
  @Field(() => String, { description: 'Key of the stage now.' })
  from!: string;

  @Field(() => String, { description: 'Key of the stage then.' })
  to!: string;

  @Field(() => SafeInt)
  customers!: number;
}

@ArgsType()
export class PreviewMembersArgs extends PeopleArgs {
  @Field(() => String, { nullable: true })
  from?: string | null;

  @Field(() => String, { nullable: true })
  to?: string | null;
}

@ObjectType({ description: 'What publishing a journey map would do now.', simpleResolvers: true })
export class JourneyMapPreview {
  map!: JourneyMap | null;

  @Field(() => [JourneyMapProblem], { description: 'What keeps it from being published; empty: it can be.' })
  problems!: JourneyMapProblem[];

  @Field(() => [JourneyMapProblem], { description: 'What is allowed, and perhaps not meant.' })
  warnings!: JourneyMapProblem[];

  @Field(() => Int, { description: 'The version that it is compared with, to be published on: `basedOn`.' })
  version!: number;
}
