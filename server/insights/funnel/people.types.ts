/** GraphQL arguments of who stands behind numbers of a funnel that are no step's. */
import { ArgsType, Field, Float, Int } from 'type-graphql';
import { PeopleArgs } from '../../api/types/customer.types.ts';
import { PropertyScopeEnum } from '../../api/types/selection.types.ts';
import type { PropertyScope } from '../../query/filter.ts';

/** Who went from one step to another, and how long it took: bins of `timeToConvert` open with `from` and `to`. */
@ArgsType()
export class ConvertedArgs extends PeopleArgs {
  @Field(() => Int, { nullable: true, defaultValue: 0 })
  fromStep?: number;

  @Field(() => Int, { nullable: true, description: 'Default: the last.' })
  toStep?: number;

  @Field(() => Float, { nullable: true })
  atLeastSeconds?: number;

  @Field(() => Float, { nullable: true })
  underSeconds?: number;
}

/** Who entered with a value that correlations speak of. */
@ArgsType()
export class CarryingArgs extends PeopleArgs {
  @Field(() => PropertyScopeEnum, { nullable: true, defaultValue: 'EVENT' })
  of?: PropertyScope;

  @Field(() => String)
  property!: string;

  @Field(() => String)
  value!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Those who converted, or those who did not; absent: both.',
  })
  converted?: boolean;
}
