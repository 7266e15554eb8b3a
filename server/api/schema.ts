/**
 * The GraphQL schema: every slice's resolvers, one line each, and under Subscription every analytic field of
 * Query with the same arguments, type and resolver, so that any query becomes live by writing `subscription`.
 */
import 'reflect-metadata';
import { GraphQLObjectType, GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import type { GraphQLFieldConfigMap } from 'graphql';
import { buildSchema } from 'type-graphql';
import type { NonEmptyArray } from 'type-graphql';
import { KeysResolver } from '../access/keys.resolver.ts';
import { AutomationResolver } from '../automation/automation.resolver.ts';
import { WebhooksResolver } from '../automation/webhooks/webhooks.resolver.ts';
import { ImportsResolver } from '../ingest/import/imports.resolver.ts';
import { IngestResolver } from '../ingest/ingest.resolver.ts';
import { RejectedResolver } from '../ingest/rejected/rejected.resolver.ts';
import { IngestionStatusResolver } from '../ingest/status/status.resolver.ts';
import { RemovalResolver } from '../ingest/removal/removal.resolver.ts';
import { AttributionResolver, AttributionRowResolver } from '../insights/attribution/attribution.resolver.ts';
import { CatalogResolver } from '../insights/catalog/catalog.resolver.ts';
import { CustomersResolver, EventResolver } from '../insights/customers/customers.resolver.ts';
import { FeedResolver } from '../insights/customers/feed.resolver.ts';
import {
  FunnelPeopleResolver,
  FunnelResolver,
  FunnelSeriesResolver,
  FunnelStepResolver,
  FunnelTrendPointResolver,
} from '../insights/funnel/funnel.resolver.ts';
import {
  JourneyFlowResolver,
  JourneyResolver,
  JourneyStageSummaryResolver,
} from '../insights/journey/journey.resolver.ts';
import { MetricResolver } from '../insights/metric/metric.resolver.ts';
import { PathEdgeResolver, PathNodeResolver, PathsResolver } from '../insights/paths/paths.resolver.ts';
import { OverviewResolver } from '../insights/overview/overview.resolver.ts';
import {
  GrowthPointResolver,
  LifecycleResolver,
  LifecycleSeriesResolver,
  LifecycleStageShareResolver,
  LifecycleTransitionResolver,
} from '../insights/lifecycle/lifecycle.resolver.ts';
import {
  RetentionCellResolver,
  RetentionCohortResolver,
  RetentionResolver,
  RetentionSeriesResolver,
} from '../insights/retention/retention.resolver.ts';
import {
  CustomerRfmResolver,
  RfmCellResolver,
  RfmResolver,
  RfmSegmentResolver,
} from '../insights/rfm/rfm.resolver.ts';
import { AnnotationsResolver } from '../library/annotations.resolver.ts';
import { AudiencesResolver } from '../library/audiences.resolver.ts';
import { ReportsResolver } from '../library/reports.resolver.ts';
import { TargetsResolver } from '../library/targets.resolver.ts';
import {
  JourneyMapPreviewResolver,
  JourneyMapResolver,
  LifecycleStageResolver,
} from '../library/journey-map.resolver.ts';
import { Duration } from './types/scalars.ts';
import { ViewerResolver } from './viewer.resolver.ts';

/** A new analysis is one line here. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- the type that type-graphql asks for
const resolvers: NonEmptyArray<Function> = [
  ViewerResolver,
  KeysResolver,
  JourneyMapResolver,
  JourneyMapPreviewResolver,
  LifecycleStageResolver,
  CatalogResolver,
  CustomersResolver,
  EventResolver,
  LifecycleResolver,
  LifecycleSeriesResolver,
  LifecycleStageShareResolver,
  LifecycleTransitionResolver,
  GrowthPointResolver,
  FeedResolver,
  AutomationResolver,
  WebhooksResolver,
  AudiencesResolver,
  ReportsResolver,
  AnnotationsResolver,
  TargetsResolver,
  IngestResolver,
  IngestionStatusResolver,
  RejectedResolver,
  ImportsResolver,
  RemovalResolver,
  FunnelPeopleResolver,
  FunnelResolver,
  FunnelSeriesResolver,
  FunnelStepResolver,
  FunnelTrendPointResolver,
  RetentionResolver,
  RetentionSeriesResolver,
  RetentionCohortResolver,
  RetentionCellResolver,
  JourneyResolver,
  JourneyStageSummaryResolver,
  JourneyFlowResolver,
  MetricResolver,
  OverviewResolver,
  PathsResolver,
  PathEdgeResolver,
  PathNodeResolver,
  AttributionResolver,
  AttributionRowResolver,
  RfmResolver,
  RfmSegmentResolver,
  RfmCellResolver,
  CustomerRfmResolver,
];

/** Query fields that also exist under Subscription. */
export const LIVE_FIELDS = [
  'overview',
  'metric',
  'funnel',
  'retention',
  'lifecycle',
  'journey',
  'paths',
  'attribution',
  'rfm',
  'annotations',
  'targets',
  'ingestion',
];

/** Of those, the ones that change with the clock alone: asked anew each `every`, whether anything arrived or not. */
export const CLOCK_FIELDS = ['ingestion'];

/** type-graphql asks for one; our subscriptions bring their own iterables and have no topics. */
const noTopics = {
  publish: (): void => {},
  subscribe: (topic: string): never => {
    throw new TypeError(`no topic ${topic}`);
  },
};

export async function createSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({ resolvers, pubSub: noTopics, validate: false });
  return withLiveFields(schema);
}

/** The text that stands in schema.graphql. */
export function schemaText(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}

function withLiveFields(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  const queries = config.query?.toConfig().fields ?? {};
  const live: GraphQLFieldConfigMap<unknown, unknown> = {};
  for (const name of LIVE_FIELDS) {
    const field = queries[name];
    if (field)
      live[name] = { ...field, args: { ...field.args, every: { type: Duration, defaultValue: 'PT1S' } } };
  }
  const own = config.subscription?.toConfig().fields ?? {};
  if (Object.keys(live).length + Object.keys(own).length === 0) return schema;
  const subscription = new GraphQLObjectType({
    name: 'Subscription',
    description:
      'Each sends the full answer at once, and again whenever it has changed, at most once per `every`.',
    fields: { ...live, ...own },
  });
  const types = config.types.filter((type) => type.name !== subscription.name);
  return new GraphQLSchema({ ...config, types, subscription });
}
