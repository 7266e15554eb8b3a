/** Attribution over GraphQL: input to question, answer to types. */
import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { runAttribution } from './attribution.service.ts';
import { Attribution, AttributionInput } from './attribution.types.ts';

@Resolver(() => Attribution)
export class AttributionResolver {
  @Query(() => Attribution, { description: 'Which touchpoints the conversions are owed to.' })
  attribution(
    @Arg('input', () => AttributionInput) input: AttributionInput,
    @Ctx() { scope }: Context,
  ): Promise<Attribution> {
    return runAttribution(input, scope);
  }
}
