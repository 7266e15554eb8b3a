/** GraphQL types of attribution. What they say is the contract's; how it is worked out stands elsewhere. */
import { Field, Float, InputType, ObjectType } from 'type-graphql';
import { AnswerMeta } from '../../api/types/answer.types.ts';
import { Duration, SafeInt } from '../../api/types/scalars.ts';
import {
  AudienceInput,
  EventMatchInput,
  FilterInput,
  RangeInput,
  enumOf,
} from '../../api/types/selection.types.ts';
import { ATTRIBUTION_MODELS } from './attribution.query.ts';
import type { AttributionModel, AttributionQuery, AttributionRequest } from './attribution.query.ts';

const AttributionModelEnum = enumOf(ATTRIBUTION_MODELS, 'AttributionModel', undefined, {
  FIRST_TOUCH: { description: 'All to the first touchpoint.' },
  LAST_TOUCH: { description: 'All to the last touchpoint.' },
  LINEAR: { description: 'Equal parts to each touchpoint.' },
  POSITION_BASED: {
    description: '40 % to the first, 40 % to the last, 20 % to those between; halves where there are two.',
  },
  TIME_DECAY: { description: 'By age: a touchpoint weighs half as much as one seven days later.' },
  MARKOV: {
    description: 'By removal effect in a first-order Markov chain over paths to a conversion or none.',
  },
});

@InputType()
export class AttributionInput implements AttributionRequest {
  @Field(() => EventMatchInput)
  conversion!: EventMatchInput;

  @Field(() => EventMatchInput, {
    nullable: true,
    description: 'Which touchpoints may earn credit. Default: any event before the conversion.',
  })
  touchpoints?: EventMatchInput;

  @Field(() => String, {
    defaultValue: 'channel',
    description: 'The event property or built-in that names what earns credit.',
  })
  by!: string;

  @Field(() => [AttributionModelEnum], { defaultValue: ['LAST_TOUCH'] })
  models!: AttributionModel[];

  @Field(() => Duration, { defaultValue: 'P30D', description: 'How long before the conversion.' })
  lookback!: string;

  @Field(() => RangeInput, { description: 'When the conversions happened.' })
  range!: RangeInput;

  @Field(() => FilterInput, { nullable: true, description: 'Of conversions and touchpoints alike.' })
  where?: FilterInput;

  @Field(() => AudienceInput, { nullable: true })
  audience?: AudienceInput;
}

@ObjectType({ simpleResolvers: true })
export class AttributionCredit {
  @Field(() => AttributionModelEnum)
  model!: AttributionModel;

  @Field(() => Float, { description: 'Over all rows exactly the conversions. Eight decimals.' })
  conversions!: number;

  @Field(() => Float, { description: 'Over all rows exactly the revenue. Four decimals.' })
  revenue!: number;

  @Field(() => Float, { description: 'Of all conversions.' })
  share!: number;
}

@ObjectType({ simpleResolvers: true })
export class AttributionRow {
  query!: AttributionQuery;
  kept!: readonly string[];
  place!: number;

  @Field(() => String, {
    description:
      '`(not set)` where touchpoints have no value, `(none)` for conversions without a touchpoint, `(other)` for values beyond the 100 with most touchpoints.',
  })
  name!: string;

  @Field(() => SafeInt, { description: 'Touchpoints in the lookback of a conversion, each once.' })
  touches!: number;

  @Field(() => SafeInt, { description: 'Converting customers with such a touchpoint.' })
  customers!: number;

  @Field(() => [AttributionCredit], { description: 'One per model, in the order asked for.' })
  credit!: readonly AttributionCredit[];
}

@ObjectType({ simpleResolvers: true })
export class Attribution {
  @Field(() => [AttributionRow])
  rows!: AttributionRow[];

  @Field(() => SafeInt)
  conversions!: number;

  @Field(() => Float)
  revenue!: number;

  @Field(() => AnswerMeta)
  meta!: AnswerMeta;
}
