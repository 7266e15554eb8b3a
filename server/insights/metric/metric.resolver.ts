/** Metrics over GraphQL: input to question, answer to types. */
import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { seriesPoints } from '../../api/types/answer.types.ts';
import { runMetric, runMetricBreakdown } from './metric.service.ts';
import { Metric, MetricInput, MetricSeries } from './metric.types.ts';

@Resolver(() => Metric)
export class MetricResolver {
  @Query(() => Metric)
  async metric(
    @Arg('input', () => MetricInput) input: MetricInput,
    @Ctx() { scope }: Context,
  ): Promise<Metric> {
    const { query, total, previous, series, meta } = await runMetric(input, scope);
    return { query, total, previous, series: seriesPoints(series), meta };
  }

  @FieldResolver(() => [MetricSeries], {
    description: 'One per value of the breakdown, largest first; empty without one.',
  })
  async breakdown(@Root() { query }: Metric, @Ctx() { scope }: Context): Promise<MetricSeries[]> {
    const groups = await runMetricBreakdown(query, scope);
    return groups.map(({ values, isOther, total, series }) => ({
      values: [...values],
      isOther,
      total,
      series: seriesPoints(series),
    }));
  }
}
