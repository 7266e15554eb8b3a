/** GraphQL types of the journey. What they say is the contract's; how it is worked out stands elsewhere. */
import { ArgsType, Field, Float, InputType, ObjectType } from 'type-graphql';
import { PeopleArgs } from '../../api/types/customer.types.ts';
import { JourneyStage } from '../../api/types/journey.types.ts';
import { SafeInt } from '../../api/types/scalars.ts';
import { AudienceInput, FilterInput, RangeInput } from '../../api/types/selection.types.ts';
import type { JourneyQuery, JourneyRequest } from './journey.query.ts';
import type { JourneyRun } from './journey.service.ts';
import type { Move } from './journey.row.ts';

@InputType({ description: 'The journey as it is really walked: a network with loops, not a line.' })
export class JourneyInput implements JourneyRequest {
  @Field(() => RangeInput)
  range!: RangeInput;

  @Field(() => FilterInput, { nullable: true, description: 'Which events count.' })
  where?: FilterInput;

  @Field(() => AudienceInput, { nullable: true })
  audience?: AudienceInput;
}

@ObjectType({ simpleResolvers: true })
export class JourneyStageSummary {
  run!: JourneyRun;
  number!: number;

  @Field(() => JourneyStage)
  stage!: JourneyStage;
}

/** Which of the stage's customers: with an event of the stage that is all of what is given. */
@ArgsType()
export class StageMembersArgs extends PeopleArgs {
  @Field(() => String, { nullable: true, description: 'A name of `channels`.' })
  channel?: string;

  @Field(() => String, { nullable: true, description: 'A name of `touchpoints`.' })
  touchpoint?: string;
}

@ObjectType({ simpleResolvers: true })
export class JourneyFlow {
  query!: JourneyQuery;
  move!: Move;

  @Field(() => String, { description: 'Key of a stage.' })
  from!: string;

  @Field(() => String, {
    description: 'Key of a stage; the same as `from` where customers came back to it with no other between.',
  })
  to!: string;

  @Field(() => SafeInt)
  customers!: number;

  @Field(() => SafeInt)
  moves!: number;

  @Field(() => Float, { nullable: true })
  medianSeconds!: number | null;
}

@ObjectType({ simpleResolvers: true })
export class Journey {
  run!: JourneyRun;
}
