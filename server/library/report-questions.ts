/** Which analysis reads a report's question: the very check that the question itself meets when it is asked. */
import type { AttributionRequest } from '../insights/attribution/attribution.query.ts';
import { readAttribution } from '../insights/attribution/attribution.service.ts';
import type { CustomersRequest } from '../insights/customers/customers.query.ts';
import { readCustomers } from '../insights/customers/customers.service.ts';
import type { FunnelRequest } from '../insights/funnel/funnel.query.ts';
import { readFunnel } from '../insights/funnel/funnel.service.ts';
import type { JourneyRequest } from '../insights/journey/journey.query.ts';
import { readJourney } from '../insights/journey/journey.service.ts';
import type { LifecycleRequest } from '../insights/lifecycle/lifecycle.query.ts';
import { readLifecycle } from '../insights/lifecycle/lifecycle.service.ts';
import type { MetricRequest } from '../insights/metric/metric.query.ts';
import { readMetric } from '../insights/metric/metric.service.ts';
import type { OverviewRequest } from '../insights/overview/overview.query.ts';
import { readOverview } from '../insights/overview/overview.service.ts';
import type { PathsRequest } from '../insights/paths/paths.query.ts';
import { readPaths } from '../insights/paths/paths.service.ts';
import type { RetentionRequest } from '../insights/retention/retention.query.ts';
import { readRetention } from '../insights/retention/retention.service.ts';
import type { RfmRequest } from '../insights/rfm/rfm.query.ts';
import { readRfm } from '../insights/rfm/rfm.service.ts';
import type { InsightScope } from '../insights/scope.ts';
import type { ReportKind } from './reports.validate.ts';

interface Question {
  /** Name of the GraphQL input that the question is. */
  readonly input: string;
  /** Throws InputError with every problem found. The question has the form of `input` already. */
  readonly read: (question: object, scope: InsightScope) => unknown;
}

/** What GraphQL made of a question has the form of the analysis's request. */
const question = <Request>(
  input: string,
  read: (request: Request, scope: InsightScope) => unknown,
): Question => ({ input, read: (coerced, scope) => read(coerced as Request, scope) });

export const QUESTIONS: Readonly<Record<ReportKind, Question>> = {
  FUNNEL: question<FunnelRequest>('FunnelInput', readFunnel),
  RETENTION: question<RetentionRequest>('RetentionInput', readRetention),
  LIFECYCLE: question<LifecycleRequest>('LifecycleInput', readLifecycle),
  JOURNEY: question<JourneyRequest>('JourneyInput', readJourney),
  PATHS: question<PathsRequest>('PathsInput', readPaths),
  ATTRIBUTION: question<AttributionRequest>('AttributionInput', readAttribution),
  OVERVIEW: question<OverviewRequest>('OverviewInput', readOverview),
  METRIC: question<MetricRequest>('MetricInput', readMetric),
  RFM: question<RfmRequest>('RfmInput', readRfm),
  CUSTOMERS: question<CustomersRequest>('CustomersInput', readCustomers),
};
