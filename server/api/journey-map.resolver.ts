/** The retailer's own stages. */
import { Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from './context.ts';
import { JourneyMap } from './types/journey.types.ts';

@Resolver()
export class JourneyMapResolver {
  @Query(() => JourneyMap)
  journeyMap(@Ctx() { scope }: Context): JourneyMap {
    return scope.journeyMap;
  }
}
