/** Metrics over GraphQL: input to question, answer to types. */
import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { seriesPoints } from '../../api/types/answer.types.ts';
import { runMetric } from './metric.service.ts';
import { Metric, MetricInput } from './metric.types.ts';

@Resolver(() => Metric)
export class MetricResolver {
  @Query(() => Metric)
  async metric(
    @Arg('input', () => MetricInput) input: MetricInput,
    @Ctx() { scope }: Context,
  ): Promise<Metric> {
    const { total, previous, series, meta } = await runMetric(input, scope);
    return { total, previous, series: seriesPoints(series), meta };
  }
}
