/** GraphQL types of correlations, as the contract names them. */
import { ArgsType, Field, Float, Int, ObjectType } from 'type-graphql';
import { SafeInt } from '../../api/types/scalars.ts';
import { PropertyScopeEnum } from '../../api/types/selection.types.ts';
import type { PropertyScope } from '../../query/filter.ts';
import type { CorrelationResult } from './correlations.result.ts';

@ObjectType({ simpleResolvers: true })
export class Correlation implements CorrelationResult {
  @Field(() => String)
  property!: string;

  @Field(() => String)
  value!: string;

  @Field(() => Float, {
    description: 'Conversion rate of those with the value, as a multiple of that of all who entered.',
  })
  lift!: number;

  @Field(() => Float, {
    description: 'Odds of converting with the value over those without; above 1 it goes with converting.',
  })
  oddsRatio!: number;

  @Field(() => Float, {
    description: 'How likely by chance, corrected for all values compared (Benjamini and Hochberg).',
  })
  pValue!: number;

  @Field(() => SafeInt, { description: 'Of those who entered, who carry the value.' })
  withValue!: number;

  @Field(() => SafeInt, { description: 'Of those, who converted.' })
  converted!: number;
}

@ArgsType()
export class CorrelationsArgs {
  @Field(() => PropertyScopeEnum, {
    nullable: true,
    defaultValue: 'EVENT',
    description: 'Properties of the event that began the best attempt, or traits of the customer.',
  })
  of?: PropertyScope;

  @Field(() => Int, { nullable: true, defaultValue: 10, description: '1 to 100.' })
  limit?: number;
}
