/** How ingestion does, over GraphQL; holds no rule. */
import { Ctx, FieldResolver, Float, Query, Resolver } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { SafeInt } from '../../api/types/scalars.ts';
import { ingestionPerSecond, ingestionRate, ingestionTotals } from './status.service.ts';
import { IngestionStatus } from './status.types.ts';

@Resolver(() => IngestionStatus)
export class IngestionStatusResolver {
  @Query(() => IngestionStatus)
  ingestion(@Ctx() { ingestion, scope }: Context): Promise<IngestionStatus> {
    return ingestionTotals(ingestion, scope);
  }

  @FieldResolver(() => Float, { description: 'Over the last ten seconds.' })
  eventsPerSecond(@Ctx() { scope }: Context): Promise<number> {
    return ingestionRate(scope);
  }

  @FieldResolver(() => [SafeInt], {
    description: 'Events that arrived in each of the last 60 seconds, the oldest first.',
  })
  perSecond(@Ctx() { scope }: Context): Promise<readonly number[]> {
    return ingestionPerSecond(scope);
  }
}
