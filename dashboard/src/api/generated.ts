/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type AttributionInput = {
  audience?: AudienceInput | null | undefined;
  /** The event property or built-in that names what earns credit. */
  by?: string;
  conversion: EventMatchInput;
  /** How long before the conversion. */
  lookback?: string;
  models?: Array<AttributionModel>;
  /** When the conversions happened. */
  range: RangeInput;
  /** Which touchpoints may earn credit. Default: any event before the conversion. */
  touchpoints?: EventMatchInput | null | undefined;
  /** Of conversions and touchpoints alike. */
  where?: FilterInput | null | undefined;
};

export type AttributionModel =
  /** All to the first touchpoint. */
  | 'FIRST_TOUCH'
  /** All to the last touchpoint. */
  | 'LAST_TOUCH'
  /** Equal parts to each touchpoint. */
  | 'LINEAR'
  /** By removal effect in a first-order Markov chain over paths to a conversion or none. */
  | 'MARKOV'
  /** 40 % to the first, 40 % to the last, 20 % to those between; halves where there are two. */
  | 'POSITION_BASED'
  /** By age: a touchpoint weighs half as much as one seven days later. */
  | 'TIME_DECAY';

/** A set of customers. The parts given must all hold. */
export type AudienceInput = {
  anyOf?: Array<AudienceInput> | null | undefined;
  did?: Array<BehaviorInput> | null | undefined;
  didNot?: Array<BehaviorInput> | null | undefined;
  except?: AudienceInput | null | undefined;
  /** A saved audience. */
  id?: string | number | null | undefined;
  lifecycleStages?: Array<string> | null | undefined;
  where?: FilterInput | null | undefined;
};

export type BehaviorInput = {
  atLeast?: number | null | undefined;
  atMost?: number | null | undefined;
  match: EventMatchInput;
  /** Looking back from now; all time when absent. */
  within?: string | null | undefined;
};

export type BreakdownAttribution =
  /** One funnel per value, from only the events that carry it; a customer may be in several. */
  | 'ALL_STEPS'
  /** The value on the customer's earliest event that matches a step and has one. */
  | 'FIRST_TOUCH'
  | 'LAST_TOUCH'
  /** One funnel per value on the events of step `step`; a customer may be in several. */
  | 'STEP';

export type BreakdownInput = {
  /** For funnels: which event gives the value. */
  attribution?: BreakdownAttribution | null | undefined;
  /** The largest values are kept; the rest are summed as `other`. */
  limit?: number | null | undefined;
  of?: PropertyScope | null | undefined;
  /** One, or several taken together. */
  properties: Array<string>;
  /** For STEP: which step's event gives the value (0-based). */
  step?: number | null | undefined;
};

/** Largest or newest first. */
export type CustomerOrder =
  | 'FIRST_SEEN'
  | 'LAST_SEEN'
  | 'ORDERS'
  | 'REVENUE';

export type CustomersInput = {
  audience?: AudienceInput | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
  /** A part of an id, of an id that was joined, or of a trait's value; upper and lower case are alike. */
  search?: string | null | undefined;
};

/** Matches an event by name, journey stage or channel (those given must all hold), and by `where`. Empty: any event. */
export type EventMatchInput = {
  anyOf?: Array<EventMatchInput> | null | undefined;
  channels?: Array<string> | null | undefined;
  events?: Array<string> | null | undefined;
  label?: string | null | undefined;
  stage?: string | null | undefined;
  where?: FilterInput | null | undefined;
};

/** One condition (`property`, `op`, `values`), or a combination of others. Exactly one form per node. */
export type FilterInput = {
  all?: Array<FilterInput> | null | undefined;
  any?: Array<FilterInput> | null | undefined;
  not?: FilterInput | null | undefined;
  of?: PropertyScope | null | undefined;
  op?: FilterOp | null | undefined;
  /** A built-in (`channel`, `event`, `revenue`, `country`, `device`, ...) or a key of the event's properties / the customer's traits. */
  property?: string | null | undefined;
  /** Several values mean any of them. Numbers and times are written as strings. */
  values?: Array<string> | null | undefined;
};

export type FilterOp =
  | 'BETWEEN'
  | 'CONTAINS'
  | 'GT'
  | 'GTE'
  | 'IS'
  | 'IS_NOT'
  | 'IS_NOT_SET'
  | 'IS_SET'
  | 'LT'
  | 'LTE'
  | 'MATCHES'
  | 'NOT_CONTAINS'
  | 'STARTS_WITH';

/** Whoever does `match` after `fromStep` and before `toStep` leaves the funnel at `fromStep`. */
export type FunnelExclusionInput = {
  fromStep: number;
  match: EventMatchInput;
  toStep: number;
};

export type FunnelInput = {
  /** Default: every customer. */
  audience?: AudienceInput | null | undefined;
  breakdown?: BreakdownInput | null | undefined;
  exclude?: Array<FunnelExclusionInput> | null | undefined;
  /** Event properties that must keep one value through all steps (for example `productId`). */
  holdConstant?: Array<string> | null | undefined;
  order?: FunnelOrder | null | undefined;
  range: RangeInput;
  /** 1 to 20. */
  steps: Array<FunnelStepInput>;
  /** Applies to every event of the funnel, before anything else. */
  where?: FilterInput | null | undefined;
  /** Time allowed from the first step to the last, counted per attempt. */
  window?: string | null | undefined;
};

export type FunnelOrder =
  /** All steps, in any order. */
  | 'ANY'
  /** Steps in order; other events may come between. */
  | 'ORDERED'
  /** Steps in order with no other event between. */
  | 'STRICT';

export type FunnelStepInput = {
  match: EventMatchInput;
  occurrence?: StepOccurrence | null | undefined;
  /** A customer may skip it; later steps count all the same. */
  optional?: boolean | null | undefined;
};

export type GrowthStatus =
  | 'DORMANT'
  | 'NEW'
  | 'RESURRECTING'
  | 'RETURNING';

export type ImportState =
  | 'DONE'
  /** Nothing of it counts; `problem` says why. */
  | 'FAILED'
  /** Being read and checked; nothing counts yet. */
  | 'READING'
  /** Being stored; what is stored counts. */
  | 'STORING'
  /** Taken back, or cancelled. */
  | 'UNDONE';

export type Interval =
  | 'DAY'
  | 'HOUR'
  | 'MONTH'
  | 'QUARTER'
  | 'WEEK'
  | 'YEAR';

/** The journey as it is really walked: a network with loops, not a line. */
export type JourneyInput = {
  audience?: AudienceInput | null | undefined;
  range: RangeInput;
  /** Which events count. */
  where?: FilterInput | null | undefined;
};

export type LifecycleInput = {
  /** The event that counts as activity in `growth`. Default: any. */
  activity?: EventMatchInput | null | undefined;
  /** Who is in which stage at this instant. Default: now. */
  at?: string | null | undefined;
  audience?: AudienceInput | null | undefined;
  /** By trait, or by the event property on the first (FIRST_TOUCH) or last (LAST_TOUCH) event up to `at` that has it. */
  breakdown?: BreakdownInput | null | undefined;
  interval?: Interval;
  /** For `history`, `transitions` and `growth`. Default: the 90 days up to `at`. */
  range?: RangeInput | null | undefined;
  /** Which events the rules and `growth` may see. */
  where?: FilterInput | null | undefined;
};

export type Measure =
  /** Revenue of orders / orders. */
  | 'AVERAGE_ORDER_VALUE'
  | 'CUSTOMERS'
  | 'EVENTS'
  | 'EVENTS_PER_CUSTOMER'
  /** One per order id of a customer; a purchase without an id is its own. */
  | 'ORDERS'
  /** Sum of `revenue`; returns are negative. */
  | 'REVENUE'
  /** Different session ids of a customer's events. */
  | 'SESSIONS';

export type MetricInput = {
  audience?: AudienceInput | null | undefined;
  breakdown?: BreakdownInput | null | undefined;
  interval?: Interval;
  /** Default: any event. */
  match?: EventMatchInput | null | undefined;
  measure: Measure;
  range: RangeInput;
  where?: FilterInput | null | undefined;
};

export type OverviewInput = {
  audience?: AudienceInput | null | undefined;
  interval?: Interval;
  range: RangeInput;
  where?: FilterInput | null | undefined;
};

/** KNOWN by the end of the range; NEW: first order ever in it; ACTIVE: any event in it; BUYERS: an order in it; REPEAT_BUYERS: two or more orders by its end; CHURNED: had ordered before it, not lost at its start, lost at its end. */
export type OverviewPeople =
  | 'ACTIVE'
  | 'BUYERS'
  | 'CHURNED'
  | 'KNOWN'
  | 'NEW'
  | 'REPEAT_BUYERS';

/** How the end of a period is told from what has passed. */
export type PaceBasis =
  /** An average stays as it is. */
  | 'AS_IT_IS'
  /** By the share of the time that has passed: there were too few orders before. */
  | 'LINEAR'
  /** By how the period before went on from the same point to its end. */
  | 'PERIOD_BEFORE'
  /** By the share that should be there by now, as orders came by weekday and hour in the four weeks before. */
  | 'WEEK_PATTERN';

export type PathNodeKind =
  /** Events without a channel are left out. */
  | 'CHANNEL'
  | 'EVENT'
  /** The value of `property`; events without it are left out. */
  | 'PROPERTY'
  /** The key of the journey stage; events of no stage are left out. */
  | 'STAGE'
  /** A page view's path, a screen view's name, otherwise the event's name. */
  | 'TOUCHPOINT';

export type PathsInput = {
  audience?: AudienceInput | null | undefined;
  endAt?: string | null | undefined;
  /** Names of nodes, as shown, whose events are left out before paths are formed. */
  exclude?: Array<string> | null | undefined;
  /** Patterns with `*`; nodes that match become one node named by the pattern. */
  groups?: Array<string> | null | undefined;
  /** Which events take part; default: any. */
  match?: EventMatchInput | null | undefined;
  /** The largest are shown; up to 1000. */
  maxEdges?: number | null | undefined;
  /** Only edges of at most so many paths. */
  maxPaths?: number | null | undefined;
  /** Nodes, not edges; up to 50. */
  maxSteps?: number | null | undefined;
  /** Only edges of at least so many paths. */
  minPaths?: number | null | undefined;
  node?: PathNodeKind;
  /** For PROPERTY: which event property names the nodes. */
  property?: string | null | undefined;
  range: RangeInput;
  /** A longer gap starts a new path. */
  sessionGap?: string | null | undefined;
  /** Only paths from here / up to here; with both, the middle of long ones is one node `...`. Slashes at the end do not count. */
  startAt?: string | null | undefined;
  where?: FilterInput | null | undefined;
};

export type PropertyScope =
  | 'CUSTOMER'
  | 'EVENT';

/** Either `last` (a rolling range that ends now) or `from` with an optional `to` (default: now). */
export type RangeInput = {
  from?: string | null | undefined;
  last?: string | null | undefined;
  /** Moves the range back by so much, to compare with: of a range that goes on, the part that had passed then. */
  offset?: string | null | undefined;
  /** IANA name. Sets where days, weeks and months begin; never the length of a window. */
  timeZone?: string | null | undefined;
  to?: string | null | undefined;
  weekStart?: WeekStart | null | undefined;
};

/** Which field of Query answers a report: `FUNNEL` is `funnel(input: ...)`. */
export type ReportKind =
  | 'ATTRIBUTION'
  | 'CUSTOMERS'
  | 'FUNNEL'
  | 'JOURNEY'
  | 'LIFECYCLE'
  | 'METRIC'
  | 'OVERVIEW'
  | 'PATHS'
  | 'RETENTION'
  | 'RFM';

export type RetentionAlignment =
  | 'CALENDAR'
  /** Periods of 24 hours (or 7 x 24) counted from each customer's own start. */
  | 'ROLLING';

export type RetentionEntry =
  /** The period of the first event ever of that name; customers whose first does not match the filters are left out. */
  | 'FIRST_EVER'
  /** The period of the customer's first start event in the range. */
  | 'FIRST_IN_RANGE'
  /** The period of the customer's first event ever that matches `start`, filters included. */
  | 'FIRST_TIME'
  /** Every period with a start event. */
  | 'RECURRING';

export type RetentionInput = {
  alignment?: RetentionAlignment | null | undefined;
  audience?: AudienceInput | null | undefined;
  /** Instead of `periods`: columns of so many intervals each, one after the other. */
  brackets?: Array<number> | null | undefined;
  breakdown?: BreakdownInput | null | undefined;
  entry?: RetentionEntry | null | undefined;
  interval?: Interval;
  measure?: RetentionMeasure | null | undefined;
  /** A period counts only with at least so many return events in it. */
  minimumOccurrences?: number | null | undefined;
  mode?: RetentionMode | null | undefined;
  /** Columns after the first. */
  periods?: number | null | undefined;
  /** Rows are the whole intervals that it touches. */
  range: RangeInput;
  /** Default: the same as `start`. */
  return?: EventMatchInput | null | undefined;
  start: EventMatchInput;
  where?: FilterInput | null | undefined;
};

export type RetentionMeasure =
  | 'CUSTOMERS'
  | 'EVENTS'
  | 'REVENUE';

export type RetentionMode =
  /** Active in every period up to it. */
  | 'EVERY'
  /** Active in that very period. */
  | 'ON'
  /** Active in that period or any later one (unbounded). */
  | 'ON_OR_AFTER';

/** Recency, frequency and monetary value, each in quintiles; segments are the eleven usual ones (champions, loyal, ..., lost). */
export type RfmInput = {
  /** Recency is counted back from here. Default: the range's end, at most now. */
  at?: string | null | undefined;
  audience?: AudienceInput | null | undefined;
  /** Which orders and revenue count. Default: all up to `at`. */
  range?: RangeInput | null | undefined;
};

export type Role =
  /** Everything. */
  | 'ADMIN'
  /** Also drills into customers and saves reports. */
  | 'ANALYST'
  /** Sees dashboards and aggregates, no personal data. */
  | 'VIEWER'
  /** Sends events only. */
  | 'WRITER';

export type StepOccurrence =
  | 'ANY'
  /** Only the customer's first event of that name ever, if it matches. */
  | 'FIRST_EVER'
  /** Only the customer's first event ever that matches. */
  | 'FIRST_MATCHING';

/** A key figure of the overview. */
export type TargetKpi =
  | 'ACTIVE_CUSTOMERS'
  | 'AVERAGE_ORDER_VALUE'
  | 'CHURN_RATE'
  | 'CONVERSION_RATE'
  | 'CUSTOMERS'
  | 'NEW_CUSTOMERS'
  | 'ORDERS'
  | 'REPEAT_PURCHASE_RATE'
  | 'REVENUE';

export type TargetPeriod =
  | 'DAY'
  | 'MONTH'
  | 'QUARTER'
  | 'WEEK'
  | 'YEAR';

export type WeekStart =
  | 'MONDAY'
  | 'SATURDAY'
  | 'SUNDAY';

export type CatalogQueryVariables = Exact<{ [key: string]: never; }>;


export type CatalogQuery = { catalog: { channels: Array<string>, firstEventAt: string | null, lastEventAt: string | null, totalEvents: number, totalCustomers: number, events: Array<{ name: string, stage: string | null, count: number, lastSeen: string }> } };

export type JourneyMapQueryVariables = Exact<{ [key: string]: never; }>;


export type JourneyMapQuery = { journeyMap: { stages: Array<{ key: string, name: string, color: string, description: string, events: Array<string> }>, lifecycle: Array<{ key: string, name: string, color: string, description: string, isLost: boolean }> } };

export type CustomerRowFragment = { id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } };

export type CustomerPageFragment = { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } };

export type AnnotationsSubscriptionVariables = Exact<{
  range: RangeInput;
}>;


export type AnnotationsSubscription = { annotations: Array<{ id: string, at: string, text: string }> };

export type AnnotateMutationVariables = Exact<{
  at: string;
  text: string;
}>;


export type AnnotateMutation = { annotate: { id: string, at: string, text: string } };

export type DeleteAnnotationMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteAnnotationMutation = { deleteAnnotation: boolean };

export type FeedEventFragment = { id: string, event: string, time: string, channel: string, revenue: number | null, customer: { id: string, traits: unknown } };

export type EventFeedSubscriptionVariables = Exact<{
  maxPerSecond: number;
}>;


export type EventFeedSubscription = { events: { id: string, event: string, time: string, channel: string, revenue: number | null, customer: { id: string, traits: unknown } } };

export type LastEventsQueryVariables = Exact<{
  first: number;
}>;


export type LastEventsQuery = { customers: { nodes: Array<{ events: { nodes: Array<{ id: string, event: string, time: string, channel: string, revenue: number | null, customer: { id: string, traits: unknown } }> } }> } };

export type WhoQueryVariables = Exact<{ [key: string]: never; }>;


export type WhoQuery = { viewer: { name: string, role: Role } };

export type KeyRowFragment = { id: string, name: string, role: Role, createdAt: string, lastUsedAt: string | null, expiresAt: string | null };

export type ApiKeysQueryVariables = Exact<{ [key: string]: never; }>;


export type ApiKeysQuery = { apiKeys: Array<{ id: string, name: string, role: Role, createdAt: string, lastUsedAt: string | null, expiresAt: string | null }> };

export type CreateApiKeyMutationVariables = Exact<{
  name: string;
  role: Role;
  expiresAt?: string | null | undefined;
}>;


export type CreateApiKeyMutation = { createApiKey: { secret: string, key: { id: string, name: string, role: Role, createdAt: string, lastUsedAt: string | null, expiresAt: string | null } } };

export type RevokeApiKeyMutationVariables = Exact<{
  id: string | number;
}>;


export type RevokeApiKeyMutation = { revokeApiKey: boolean };

export type RetentionSubscriptionVariables = Exact<{
  input: RetentionInput;
  isBroken: boolean;
}>;


export type RetentionSubscription = { retention: { cohorts: Array<{ start: string, size: number, cells: Array<{ period: number, customers: number, rate: number, value: number, lifetimeValue: number | null, complete: boolean }> }>, average: Array<{ period: number, rate: number, low: number, high: number, value: number }>, breakdown?: Array<{ values: Array<string>, isOther: boolean, cohorts: Array<{ start: string, size: number, cells: Array<{ period: number, customers: number, rate: number, value: number, lifetimeValue: number | null, complete: boolean }> }>, average: Array<{ period: number, rate: number, low: number, high: number, value: number }> }>, meta: { asOf: string, definition: string, elapsedMs: number } } };

export type CohortRowFragment = { start: string, size: number, cells: Array<{ period: number, customers: number, rate: number, value: number, lifetimeValue: number | null, complete: boolean }> };

export type CohortMeanFragment = { period: number, rate: number, low: number, high: number, value: number };

export type CellPeopleFragment = { returned?: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, lost?: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CohortMembersQueryVariables = Exact<{
  input: RetentionInput;
  start: string;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type CohortMembersQuery = { retention: { cohorts: Array<{ start: string, members: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } };

export type CohortCellPeopleQueryVariables = Exact<{
  input: RetentionInput;
  start: string;
  period: number;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
  isReturned: boolean;
}>;


export type CohortCellPeopleQuery = { retention: { cohorts: Array<{ start: string, cells: Array<{ period: number, returned?: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, lost?: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> }> } };

export type SeriesCohortMembersQueryVariables = Exact<{
  input: RetentionInput;
  values: Array<string> | string;
  start: string;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type SeriesCohortMembersQuery = { retention: { breakdown: Array<{ cohorts: Array<{ members: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> }> } };

export type SeriesCellPeopleQueryVariables = Exact<{
  input: RetentionInput;
  values: Array<string> | string;
  start: string;
  period: number;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
  isReturned: boolean;
}>;


export type SeriesCellPeopleQuery = { retention: { breakdown: Array<{ cohorts: Array<{ cells: Array<{ returned?: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, lost?: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> }> }> } };

export type CustomersQueryVariables = Exact<{
  input: CustomersInput;
  first: number;
  after?: string | null | undefined;
}>;


export type CustomersQuery = { customers: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CustomerHeadQueryVariables = Exact<{
  id: string | number;
}>;


export type CustomerHeadQuery = { customer: { id: string, aliases: Array<string>, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleReason: string, lifecycleStage: { key: string, name: string, color: string, description: string }, lifecycleHistory: Array<{ at: string, from: string | null, to: string }>, channels: Array<{ name: string, events: number, revenue: number }> } | null };

export type CustomerTimelineQueryVariables = Exact<{
  id: string | number;
  first: number;
  after?: string | null | undefined;
}>;


export type CustomerTimelineQuery = { customer: { id: string, events: { totalCount: number, nodes: Array<{ id: string, event: string, time: string, receivedAt: string, channel: string, orderId: string | null, revenue: number | null, sessionId: string | null, properties: unknown, stage: { key: string, name: string, color: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type RfmSubscriptionVariables = Exact<{
  input: RfmInput;
}>;


export type RfmSubscription = { rfm: { segments: Array<{ name: string, customers: number, share: number, revenue: number }>, cells: Array<{ recency: number, frequency: number, customers: number, averageMonetary: number }>, meta: { definition: string } } };

export type RfmCellMembersQueryVariables = Exact<{
  input: RfmInput;
  recency: number;
  frequency: number;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type RfmCellMembersQuery = { rfm: { cells: Array<{ members: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } };

export type RfmSegmentMembersQueryVariables = Exact<{
  input: RfmInput;
  name: string;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type RfmSegmentMembersQuery = { rfm: { segments: Array<{ members: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } };

export type AudienceListQueryVariables = Exact<{ [key: string]: never; }>;


export type AudienceListQuery = { audiences: Array<{ id: string, name: string, isStatic: boolean, createdAt: string, problem: string | null, size: number }> };

export type RenameAudienceMutationVariables = Exact<{
  id: string | number;
  name: string;
}>;


export type RenameAudienceMutation = { renameAudience: { id: string, name: string } };

export type DeleteAudienceMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteAudienceMutation = { deleteAudience: boolean };

export type AudienceMembersQueryVariables = Exact<{
  audience: AudienceInput;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type AudienceMembersQuery = { customers: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type IngestionSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type IngestionSubscription = { ingestion: { accepted: number, duplicates: number, rejected: number, identified: number, waiting: number, eventsPerSecond: number, lagMs: number, perSecond: Array<number>, lastEventAt: string | null } };

export type RejectedReasonsQueryVariables = Exact<{ [key: string]: never; }>;


export type RejectedReasonsQuery = { rejectedReasons: Array<{ reason: string, count: number, lastAt: string }> };

export type RejectedEventsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  reason?: string | null | undefined;
  search?: string | null | undefined;
}>;


export type RejectedEventsQuery = { rejectedEvents: { totalCount: number, nodes: Array<{ id: string, receivedAt: string, reason: string, payload: unknown, source: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ReplayRejectedMutationVariables = Exact<{
  ids: Array<string | number> | string | number;
  set?: unknown;
}>;


export type ReplayRejectedMutation = { replayRejected: { accepted: number, duplicates: number, rejected: Array<{ reason: string }> } };

export type ImportRowFragment = { id: string, file: string, state: ImportState, rows: number, accepted: number, duplicates: number, rejected: number, progress: number, rowsPerSecond: number, startedAt: string, finishedAt: string | null, problem: string | null };

export type ImportsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type ImportsSubscription = { imports: { totalCount: number, nodes: Array<{ id: string, file: string, state: ImportState, rows: number, accepted: number, duplicates: number, rejected: number, progress: number, rowsPerSecond: number, startedAt: string, finishedAt: string | null, problem: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ImportsPageQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type ImportsPageQuery = { imports: { totalCount: number, nodes: Array<{ id: string, file: string, state: ImportState, rows: number, accepted: number, duplicates: number, rejected: number, progress: number, rowsPerSecond: number, startedAt: string, finishedAt: string | null, problem: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type UndoImportMutationVariables = Exact<{
  id: string | number;
}>;


export type UndoImportMutation = { undoImport: boolean };

export type CancelImportMutationVariables = Exact<{
  id: string | number;
}>;


export type CancelImportMutation = { cancelImport: boolean };

export type EventPropertiesQueryVariables = Exact<{
  event: string;
}>;


export type EventPropertiesQuery = { catalog: { properties: Array<{ name: string, type: string, count: number }> } };

export type RejectedIdsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  reason?: string | null | undefined;
  search?: string | null | undefined;
}>;


export type RejectedIdsQuery = { rejectedEvents: { nodes: Array<{ id: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type TrendPointFragment = { start: string, entered: number, converted: number, rate: number, complete: boolean };

export type StepPeopleFragment = { reached?: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, dropped?: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type FunnelSubscriptionVariables = Exact<{
  input: FunnelInput;
}>;


export type FunnelSubscription = { funnel: { conversionRate: number, medianSeconds: number | null, steps: Array<{ index: number, label: string, customers: number, rate: number, rateFromPrevious: number, droppedOff: number, medianSeconds: number | null, averageSeconds: number | null, p90Seconds: number | null }>, previous: { conversionRate: number, medianSeconds: number | null, steps: Array<{ index: number, customers: number, rate: number }> } | null, meta: { asOf: string, definition: string, elapsedMs: number } } };

export type FunnelPeopleQueryVariables = Exact<{
  input: FunnelInput;
  index: number;
  isReached: boolean;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type FunnelPeopleQuery = { funnel: { steps: Array<{ index: number, reached?: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, dropped?: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } };

export type FunnelSeriesSubscriptionVariables = Exact<{
  input: FunnelInput;
}>;


export type FunnelSeriesSubscription = { funnel: { breakdown: Array<{ values: Array<string>, isOther: boolean, conversionRate: number, steps: Array<{ index: number, label: string, customers: number, rate: number, rateFromPrevious: number, droppedOff: number }> }>, meta: { definition: string } } };

export type FunnelSeriesPeopleQueryVariables = Exact<{
  input: FunnelInput;
  values: Array<string> | string;
  index: number;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
  isReached: boolean;
}>;


export type FunnelSeriesPeopleQuery = { funnel: { breakdown: Array<{ steps: Array<{ reached?: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, dropped?: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> }> } };

export type FunnelTrendSubscriptionVariables = Exact<{
  input: FunnelInput;
  interval: Interval;
  fromStep: number;
  toStep: number;
}>;


export type FunnelTrendSubscription = { funnel: { trend: Array<{ start: string, entered: number, converted: number, rate: number, complete: boolean }> } };

export type FunnelTimesSubscriptionVariables = Exact<{
  input: FunnelInput;
  fromStep: number;
  toStep: number;
}>;


export type FunnelTimesSubscription = { funnel: { timeToConvert: { median: number | null, average: number | null, p90: number | null, count: number, bins: Array<{ from: number, to: number, count: number }> } } };

export type FunnelTrendPeopleQueryVariables = Exact<{
  input: FunnelInput;
  interval: Interval;
  start: string;
  fromStep: number;
  toStep: number;
  isConverted: boolean;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type FunnelTrendPeopleQuery = { funnel: { trend: Array<{ customers: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } };

export type FunnelCorrelationsSubscriptionVariables = Exact<{
  input: FunnelInput;
  of: PropertyScope;
  limit: number;
}>;


export type FunnelCorrelationsSubscription = { funnel: { steps: Array<{ customers: number }>, correlations: Array<{ property: string, value: string, lift: number, oddsRatio: number, pValue: number, withValue: number, converted: number }> } };

export type FunnelTrendBeforeQueryVariables = Exact<{
  input: FunnelInput;
  interval: Interval;
  fromStep: number;
  toStep: number;
}>;


export type FunnelTrendBeforeQuery = { funnel: { trend: Array<{ start: string, entered: number, converted: number, rate: number, complete: boolean }> } };

export type FunnelConvertedQueryVariables = Exact<{
  input: FunnelInput;
  fromStep: number;
  toStep: number;
  atLeastSeconds: number;
  underSeconds: number;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type FunnelConvertedQuery = { funnel: { converted: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } };

export type FunnelCarryingQueryVariables = Exact<{
  input: FunnelInput;
  of: PropertyScope;
  property: string;
  value: string;
  converted?: boolean | null | undefined;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type FunnelCarryingQuery = { funnel: { carrying: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } };

export type JourneySubscriptionVariables = Exact<{
  input: JourneyInput;
}>;


export type JourneySubscription = { journey: { stages: Array<{ customers: number, events: number, revenue: number, advanceRate: number, medianSecondsToAdvance: number | null, stage: { key: string, name: string, color: string, description: string, events: Array<string> }, channels: Array<{ name: string, customers: number }>, touchpoints: Array<{ name: string, customers: number, events: number }> }>, flows: Array<{ from: string, to: string, customers: number, moves: number, medianSeconds: number | null }>, meta: { definition: string } } };

export type JourneySeenSubscriptionVariables = Exact<{
  input: MetricInput;
}>;


export type JourneySeenSubscription = { metric: { total: number } };

export type JourneyStageMembersQueryVariables = Exact<{
  input: JourneyInput;
  key: string;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type JourneyStageMembersQuery = { journey: { stages: Array<{ members: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } };

export type JourneyStoppedQueryVariables = Exact<{
  input: JourneyInput;
  key: string;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type JourneyStoppedQuery = { journey: { stages: Array<{ stopped: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } };

export type JourneyFlowMembersQueryVariables = Exact<{
  input: JourneyInput;
  from: string;
  to: string;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type JourneyFlowMembersQuery = { journey: { flows: Array<{ members: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } };

export type PathsSubscriptionVariables = Exact<{
  input: PathsInput;
}>;


export type PathsSubscription = { paths: { nodes: Array<{ step: number, name: string, isOther: boolean, paths: number, customers: number, ended: number }>, edges: Array<{ step: number, from: string, to: string, paths: number, customers: number, medianSeconds: number | null }>, meta: { definition: string } } };

export type PathEdgeMembersQueryVariables = Exact<{
  input: PathsInput;
  step: number;
  from: string;
  to: string;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type PathEdgeMembersQuery = { paths: { edges: Array<{ members: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } };

export type AttributionSubscriptionVariables = Exact<{
  input: AttributionInput;
}>;


export type AttributionSubscription = { attribution: { conversions: number, revenue: number, rows: Array<{ name: string, touches: number, customers: number, credit: Array<{ model: AttributionModel, conversions: number, revenue: number, share: number }> }>, meta: { definition: string } } };

export type AttributionMembersQueryVariables = Exact<{
  input: AttributionInput;
  name: string;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type AttributionMembersQuery = { attribution: { rows: Array<{ members: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } };

export type JourneyNamedMembersQueryVariables = Exact<{
  input: JourneyInput;
  key: string;
  channel?: string | null | undefined;
  touchpoint?: string | null | undefined;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type JourneyNamedMembersQuery = { journey: { stages: Array<{ members: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } };

export type PathNodeMembersQueryVariables = Exact<{
  input: PathsInput;
  step: number;
  name: string;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type PathNodeMembersQuery = { paths: { nodes: Array<{ members: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } };

export type HistoryPointsFragment = { history: Array<{ at: string, stages: Array<{ stage: string, customers: number }> }> };

export type GrowthPointsFragment = { growth: Array<{ start: string, new: number, returning: number, resurrecting: number, dormant: number, complete: boolean }> };

export type LifecycleSubscriptionVariables = Exact<{
  input: LifecycleInput;
}>;


export type LifecycleSubscription = { lifecycle: { stages: Array<{ customers: number, share: number, revenue: number, change: number, stage: { key: string, name: string, color: string, description: string, rule: unknown, isLost: boolean } }>, transitions: Array<{ from: string | null, to: string, customers: number }>, meta: { asOf: string, definition: string, elapsedMs: number } } };

export type LifecycleHistorySubscriptionVariables = Exact<{
  input: LifecycleInput;
}>;


export type LifecycleHistorySubscription = { lifecycle: { stages: Array<{ stage: { key: string, name: string, color: string } }>, meta: { definition: string }, history: Array<{ at: string, stages: Array<{ stage: string, customers: number }> }> } };

export type LifecycleGrowthSubscriptionVariables = Exact<{
  input: LifecycleInput;
}>;


export type LifecycleGrowthSubscription = { lifecycle: { meta: { definition: string }, growth: Array<{ start: string, new: number, returning: number, resurrecting: number, dormant: number, complete: boolean }> } };

export type LifecycleStageMembersQueryVariables = Exact<{
  input: LifecycleInput;
  key: string;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type LifecycleStageMembersQuery = { lifecycle: { stages: Array<{ members: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } };

export type LifecycleMoveMembersQueryVariables = Exact<{
  input: LifecycleInput;
  from: string;
  to: string;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type LifecycleMoveMembersQuery = { lifecycle: { transitions: Array<{ members: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } };

export type LifecycleGrowthMembersQueryVariables = Exact<{
  input: LifecycleInput;
  status: GrowthStatus;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type LifecycleGrowthMembersQuery = { lifecycle: { growth: Array<{ start: string, members: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> } };

export type LifecycleGroupsSubscriptionVariables = Exact<{
  input: LifecycleInput;
}>;


export type LifecycleGroupsSubscription = { lifecycle: { breakdown: Array<{ values: Array<string>, isOther: boolean, stages: Array<{ customers: number, share: number, revenue: number, stage: { key: string } }> }>, meta: { definition: string } } };

export type LifecycleGroupMembersQueryVariables = Exact<{
  input: LifecycleInput;
  values: Array<string> | string;
  key: string;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type LifecycleGroupMembersQuery = { lifecycle: { breakdown: Array<{ stages: Array<{ members: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }> }> } };

export type LifecycleHistoryBeforeQueryVariables = Exact<{
  input: LifecycleInput;
}>;


export type LifecycleHistoryBeforeQuery = { lifecycle: { history: Array<{ at: string, stages: Array<{ stage: string, customers: number }> }> } };

export type LifecycleGrowthBeforeQueryVariables = Exact<{
  input: LifecycleInput;
}>;


export type LifecycleGrowthBeforeQuery = { lifecycle: { growth: Array<{ start: string, new: number, returning: number, resurrecting: number, dormant: number, complete: boolean }> } };

export type JourneyMapInForceQueryVariables = Exact<{ [key: string]: never; }>;


export type JourneyMapInForceQuery = { journeyMap: { version: number, savedBy: string | null, savedAt: string | null, orderEvents: Array<string>, returnEvents: Array<string>, stages: Array<{ key: string, name: string, color: string, description: string, events: Array<string> }>, lifecycle: Array<{ key: string, name: string, color: string, description: string, rule: unknown, isLost: boolean }> } };

export type JourneyMapDryRunQueryVariables = Exact<{
  map: unknown;
}>;


export type JourneyMapDryRunQuery = { journeyMapPreview: { version: number, customers: number | null, moved: number | null, problems: Array<{ field: string, code: string, message: string }>, warnings: Array<{ field: string, code: string, message: string }>, stages: Array<{ before: number | null, after: number | null, stage: { key: string, name: string, color: string } }>, moves: Array<{ from: string, to: string, customers: number }>, meta: { asOf: string, definition: string, elapsedMs: number } | null } };

export type JourneyMapDryRunMembersQueryVariables = Exact<{
  map: unknown;
  from?: string | null | undefined;
  to?: string | null | undefined;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type JourneyMapDryRunMembersQuery = { journeyMapPreview: { members: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } };

export type JourneyMapVersionsQueryVariables = Exact<{ [key: string]: never; }>;


export type JourneyMapVersionsQuery = { journeyMapVersions: Array<{ version: number, savedBy: string | null, savedAt: string | null, restores: number | null, isCurrent: boolean, map: unknown }> };

export type SaveJourneyMapMutationVariables = Exact<{
  map: unknown;
  basedOn?: number | null | undefined;
}>;


export type SaveJourneyMapMutation = { saveJourneyMap: { version: number } };

export type KpiPartsFragment = { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> };

export type OverviewKpisFragment = { revenue: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, orders: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, averageOrderValue: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, customers: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, newCustomers: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, activeCustomers: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, conversionRate: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, repeatPurchaseRate: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> } };

export type OverviewSubscriptionVariables = Exact<{
  input: OverviewInput;
}>;


export type OverviewSubscription = { overview: { meta: { asOf: string, definition: string, elapsedMs: number }, revenue: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, orders: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, averageOrderValue: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, customers: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, newCustomers: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, activeCustomers: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, conversionRate: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, repeatPurchaseRate: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> } } };

export type OverviewChurnSubscriptionVariables = Exact<{
  input: OverviewInput;
}>;


export type OverviewChurnSubscription = { overview: { churnRate: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> } } };

export type OverviewFunnelSubscriptionVariables = Exact<{
  input: FunnelInput;
}>;


export type OverviewFunnelSubscription = { funnel: { conversionRate: number, medianSeconds: number | null, steps: Array<{ index: number, label: string, customers: number, rate: number, rateFromPrevious: number, droppedOff: number, medianSeconds: number | null }>, meta: { asOf: string, definition: string, elapsedMs: number } } };

export type OverviewLifecycleSubscriptionVariables = Exact<{
  input: LifecycleInput;
}>;


export type OverviewLifecycleSubscription = { lifecycle: { stages: Array<{ customers: number, share: number, change: number, stage: { key: string, name: string, color: string, isLost: boolean } }>, meta: { asOf: string, definition: string, elapsedMs: number }, history: Array<{ at: string, stages: Array<{ stage: string, customers: number }> }> } };

export type OverviewCohortsSubscriptionVariables = Exact<{
  input: RetentionInput;
}>;


export type OverviewCohortsSubscription = { retention: { cohorts: Array<{ start: string, size: number, cells: Array<{ period: number, customers: number, rate: number, complete: boolean }> }>, average: Array<{ period: number, rate: number }>, meta: { asOf: string, definition: string, elapsedMs: number } } };

export type OverviewBeforeQueryVariables = Exact<{
  input: OverviewInput;
}>;


export type OverviewBeforeQuery = { overview: { revenue: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, orders: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, averageOrderValue: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, customers: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, newCustomers: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, activeCustomers: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, conversionRate: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> }, repeatPurchaseRate: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> } } };

export type OverviewChurnBeforeQueryVariables = Exact<{
  input: OverviewInput;
}>;


export type OverviewChurnBeforeQuery = { overview: { churnRate: { value: number, previous: number | null, change: number | null, series: Array<{ start: string, value: number, complete: boolean }> } } };

export type TargetPartsFragment = { id: string, kpi: TargetKpi, period: TargetPeriod, value: number, timeZone: string, isCeiling: boolean, progress: { from: string, to: string, value: number | null, share: number | null, expectedShare: number | null, forecast: number | null, pace: number | null, isOnTrack: boolean | null, basis: PaceBasis | null } };

export type TargetsSubscriptionVariables = Exact<{
  kpis: Array<TargetKpi> | TargetKpi;
}>;


export type TargetsSubscription = { targets: Array<{ id: string, kpi: TargetKpi, period: TargetPeriod, value: number, timeZone: string, isCeiling: boolean, progress: { from: string, to: string, value: number | null, share: number | null, expectedShare: number | null, forecast: number | null, pace: number | null, isOnTrack: boolean | null, basis: PaceBasis | null } }> };

export type ChurnTargetsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type ChurnTargetsSubscription = { targets: Array<{ id: string, kpi: TargetKpi, period: TargetPeriod, value: number, timeZone: string, isCeiling: boolean, progress: { from: string, to: string, value: number | null, share: number | null, expectedShare: number | null, forecast: number | null, pace: number | null, isOnTrack: boolean | null, basis: PaceBasis | null } }> };

export type SaveTargetMutationVariables = Exact<{
  kpi: TargetKpi;
  value: number;
  period: TargetPeriod;
  timeZone: string;
}>;


export type SaveTargetMutation = { saveTarget: { id: string } };

export type DeleteTargetMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteTargetMutation = { deleteTarget: boolean };

export type OverviewMembersQueryVariables = Exact<{
  input: OverviewInput;
  who: OverviewPeople;
  first: number;
  after?: string | null | undefined;
  orderBy?: CustomerOrder | null | undefined;
}>;


export type OverviewMembersQuery = { overview: { members: { totalCount: number, nodes: Array<{ id: string, traits: unknown, firstSeen: string, lastSeen: string, orders: number, revenue: number, lifecycleStage: { key: string, name: string, color: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } };

export type ReportPartsFragment = { id: string, name: string, kind: ReportKind, input: unknown, view: unknown, place: number | null, createdAt: string, updatedAt: string, problem: string | null };

export type ReportsQueryVariables = Exact<{ [key: string]: never; }>;


export type ReportsQuery = { reports: Array<{ id: string, name: string, kind: ReportKind, input: unknown, view: unknown, place: number | null, createdAt: string, updatedAt: string, problem: string | null }> };

export type PinnedReportsQueryVariables = Exact<{ [key: string]: never; }>;


export type PinnedReportsQuery = { pinnedReports: Array<{ id: string, name: string, kind: ReportKind, input: unknown, view: unknown, place: number | null, createdAt: string, updatedAt: string, problem: string | null }> };

export type ReportQueryVariables = Exact<{
  id: string | number;
}>;


export type ReportQuery = { report: { id: string, name: string, kind: ReportKind, input: unknown, view: unknown, place: number | null, createdAt: string, updatedAt: string, problem: string | null } | null };

export type SaveReportMutationVariables = Exact<{
  id?: string | number | null | undefined;
  name: string;
  kind: ReportKind;
  input: unknown;
  view?: unknown;
}>;


export type SaveReportMutation = { saveReport: { id: string, name: string, kind: ReportKind, input: unknown, view: unknown, place: number | null, createdAt: string, updatedAt: string, problem: string | null } };

export type RenameReportMutationVariables = Exact<{
  id: string | number;
  name: string;
}>;


export type RenameReportMutation = { renameReport: { id: string, name: string, kind: ReportKind, input: unknown, view: unknown, place: number | null, createdAt: string, updatedAt: string, problem: string | null } };

export type DeleteReportMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteReportMutation = { deleteReport: boolean };

export type RestoreReportMutationVariables = Exact<{
  id: string | number;
}>;


export type RestoreReportMutation = { restoreReport: { id: string, name: string, kind: ReportKind, input: unknown, view: unknown, place: number | null, createdAt: string, updatedAt: string, problem: string | null } };

export type PinReportMutationVariables = Exact<{
  id: string | number;
  place?: number | null | undefined;
}>;


export type PinReportMutation = { pinReport: Array<{ id: string, place: number | null }> };

export type UnpinReportMutationVariables = Exact<{
  id: string | number;
}>;


export type UnpinReportMutation = { unpinReport: Array<{ id: string, place: number | null }> };

export type ReportMetricSubscriptionVariables = Exact<{
  input: MetricInput;
  isBroken: boolean;
}>;


export type ReportMetricSubscription = { metric: { total: number, previous: number | null, series: Array<{ start: string, value: number, complete: boolean }>, breakdown?: Array<{ values: Array<string>, isOther: boolean, total: number, series: Array<{ start: string, value: number, complete: boolean }> }>, meta: { asOf: string, definition: string, elapsedMs: number } } };

export type ReportCustomersQueryVariables = Exact<{
  input: CustomersInput;
}>;


export type ReportCustomersQuery = { customers: { totalCount: number } };

export type CatalogPropertiesQueryVariables = Exact<{
  of: PropertyScope;
  event?: string | null | undefined;
}>;


export type CatalogPropertiesQuery = { catalog: { properties: Array<{ name: string, count: number }> } };

export type CatalogValuesQueryVariables = Exact<{
  property: string;
  of: PropertyScope;
  search?: string | null | undefined;
}>;


export type CatalogValuesQuery = { catalog: { values: Array<string> } };

export type SavedAudiencesQueryVariables = Exact<{ [key: string]: never; }>;


export type SavedAudiencesQuery = { audiences: Array<{ id: string, name: string, problem: string | null }> };

export type SaveAudienceMutationVariables = Exact<{
  name: string;
  definition: AudienceInput;
  isStatic: boolean;
}>;


export type SaveAudienceMutation = { saveAudience: { id: string, name: string } };

export type AudienceSizeSubscriptionVariables = Exact<{
  input: LifecycleInput;
}>;


export type AudienceSizeSubscription = { lifecycle: { stages: Array<{ customers: number }> } };

export type SaveCustomersMutationVariables = Exact<{
  name: string;
  customers: Array<string | number> | string | number;
}>;


export type SaveCustomersMutation = { saveCustomers: { id: string, name: string } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const FeedEventFragmentDoc = new TypedDocumentString(`
    fragment FeedEvent on Event {
  id
  event
  time
  channel
  revenue
  customer {
    id
    traits
  }
}
    `, {"fragmentName":"FeedEvent"}) as unknown as TypedDocumentString<FeedEventFragment, unknown>;
export const KeyRowFragmentDoc = new TypedDocumentString(`
    fragment KeyRow on ApiKey {
  id
  name
  role
  createdAt
  lastUsedAt
  expiresAt
}
    `, {"fragmentName":"KeyRow"}) as unknown as TypedDocumentString<KeyRowFragment, unknown>;
export const CohortRowFragmentDoc = new TypedDocumentString(`
    fragment CohortRow on RetentionCohort {
  start
  size
  cells {
    period
    customers
    rate
    value
    lifetimeValue
    complete
  }
}
    `, {"fragmentName":"CohortRow"}) as unknown as TypedDocumentString<CohortRowFragment, unknown>;
export const CohortMeanFragmentDoc = new TypedDocumentString(`
    fragment CohortMean on RetentionAverage {
  period
  rate
  low
  high
  value
}
    `, {"fragmentName":"CohortMean"}) as unknown as TypedDocumentString<CohortMeanFragment, unknown>;
export const CustomerRowFragmentDoc = new TypedDocumentString(`
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
    `, {"fragmentName":"CustomerRow"}) as unknown as TypedDocumentString<CustomerRowFragment, unknown>;
export const CustomerPageFragmentDoc = new TypedDocumentString(`
    fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}`, {"fragmentName":"CustomerPage"}) as unknown as TypedDocumentString<CustomerPageFragment, unknown>;
export const CellPeopleFragmentDoc = new TypedDocumentString(`
    fragment CellPeople on RetentionCell {
  returned(first: $first, after: $after, orderBy: $orderBy) @include(if: $isReturned) {
    ...CustomerPage
  }
  lost(first: $first, after: $after, orderBy: $orderBy) @skip(if: $isReturned) {
    ...CustomerPage
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`, {"fragmentName":"CellPeople"}) as unknown as TypedDocumentString<CellPeopleFragment, unknown>;
export const ImportRowFragmentDoc = new TypedDocumentString(`
    fragment ImportRow on Import {
  id
  file
  state
  rows
  accepted
  duplicates
  rejected
  progress
  rowsPerSecond
  startedAt
  finishedAt
  problem
}
    `, {"fragmentName":"ImportRow"}) as unknown as TypedDocumentString<ImportRowFragment, unknown>;
export const TrendPointFragmentDoc = new TypedDocumentString(`
    fragment TrendPoint on FunnelTrendPoint {
  start
  entered
  converted
  rate
  complete
}
    `, {"fragmentName":"TrendPoint"}) as unknown as TypedDocumentString<TrendPointFragment, unknown>;
export const StepPeopleFragmentDoc = new TypedDocumentString(`
    fragment StepPeople on FunnelStep {
  reached(first: $first, after: $after, orderBy: $orderBy) @include(if: $isReached) {
    ...CustomerPage
  }
  dropped(first: $first, after: $after, orderBy: $orderBy) @skip(if: $isReached) {
    ...CustomerPage
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`, {"fragmentName":"StepPeople"}) as unknown as TypedDocumentString<StepPeopleFragment, unknown>;
export const HistoryPointsFragmentDoc = new TypedDocumentString(`
    fragment HistoryPoints on Lifecycle {
  history {
    at
    stages {
      stage
      customers
    }
  }
}
    `, {"fragmentName":"HistoryPoints"}) as unknown as TypedDocumentString<HistoryPointsFragment, unknown>;
export const GrowthPointsFragmentDoc = new TypedDocumentString(`
    fragment GrowthPoints on Lifecycle {
  growth {
    start
    new
    returning
    resurrecting
    dormant
    complete
  }
}
    `, {"fragmentName":"GrowthPoints"}) as unknown as TypedDocumentString<GrowthPointsFragment, unknown>;
export const KpiPartsFragmentDoc = new TypedDocumentString(`
    fragment KpiParts on Kpi {
  value
  previous
  change
  series {
    start
    value
    complete
  }
}
    `, {"fragmentName":"KpiParts"}) as unknown as TypedDocumentString<KpiPartsFragment, unknown>;
export const OverviewKpisFragmentDoc = new TypedDocumentString(`
    fragment OverviewKpis on Overview {
  revenue {
    ...KpiParts
  }
  orders {
    ...KpiParts
  }
  averageOrderValue {
    ...KpiParts
  }
  customers {
    ...KpiParts
  }
  newCustomers {
    ...KpiParts
  }
  activeCustomers {
    ...KpiParts
  }
  conversionRate {
    ...KpiParts
  }
  repeatPurchaseRate {
    ...KpiParts
  }
}
    fragment KpiParts on Kpi {
  value
  previous
  change
  series {
    start
    value
    complete
  }
}`, {"fragmentName":"OverviewKpis"}) as unknown as TypedDocumentString<OverviewKpisFragment, unknown>;
export const TargetPartsFragmentDoc = new TypedDocumentString(`
    fragment TargetParts on Target {
  id
  kpi
  period
  value
  timeZone
  isCeiling
  progress {
    from
    to
    value
    share
    expectedShare
    forecast
    pace
    isOnTrack
    basis
  }
}
    `, {"fragmentName":"TargetParts"}) as unknown as TypedDocumentString<TargetPartsFragment, unknown>;
export const ReportPartsFragmentDoc = new TypedDocumentString(`
    fragment ReportParts on Report {
  id
  name
  kind
  input
  view
  place
  createdAt
  updatedAt
  problem
}
    `, {"fragmentName":"ReportParts"}) as unknown as TypedDocumentString<ReportPartsFragment, unknown>;
export const CatalogDocument = new TypedDocumentString(`
    query Catalog {
  catalog {
    events {
      name
      stage
      count
      lastSeen
    }
    channels
    firstEventAt
    lastEventAt
    totalEvents
    totalCustomers
  }
}
    `) as unknown as TypedDocumentString<CatalogQuery, CatalogQueryVariables>;
export const JourneyMapDocument = new TypedDocumentString(`
    query JourneyMap {
  journeyMap {
    stages {
      key
      name
      color
      description
      events
    }
    lifecycle {
      key
      name
      color
      description
      isLost
    }
  }
}
    `) as unknown as TypedDocumentString<JourneyMapQuery, JourneyMapQueryVariables>;
export const AnnotationsDocument = new TypedDocumentString(`
    subscription Annotations($range: RangeInput!) {
  annotations(range: $range) {
    id
    at
    text
  }
}
    `) as unknown as TypedDocumentString<AnnotationsSubscription, AnnotationsSubscriptionVariables>;
export const AnnotateDocument = new TypedDocumentString(`
    mutation Annotate($at: DateTime!, $text: String!) {
  annotate(at: $at, text: $text) {
    id
    at
    text
  }
}
    `) as unknown as TypedDocumentString<AnnotateMutation, AnnotateMutationVariables>;
export const DeleteAnnotationDocument = new TypedDocumentString(`
    mutation DeleteAnnotation($id: ID!) {
  deleteAnnotation(id: $id)
}
    `) as unknown as TypedDocumentString<DeleteAnnotationMutation, DeleteAnnotationMutationVariables>;
export const EventFeedDocument = new TypedDocumentString(`
    subscription EventFeed($maxPerSecond: Int!) {
  events(maxPerSecond: $maxPerSecond) {
    ...FeedEvent
  }
}
    fragment FeedEvent on Event {
  id
  event
  time
  channel
  revenue
  customer {
    id
    traits
  }
}`) as unknown as TypedDocumentString<EventFeedSubscription, EventFeedSubscriptionVariables>;
export const LastEventsDocument = new TypedDocumentString(`
    query LastEvents($first: Int!) {
  customers(input: {orderBy: LAST_SEEN}, first: $first) {
    nodes {
      events(first: 1) {
        nodes {
          ...FeedEvent
        }
      }
    }
  }
}
    fragment FeedEvent on Event {
  id
  event
  time
  channel
  revenue
  customer {
    id
    traits
  }
}`) as unknown as TypedDocumentString<LastEventsQuery, LastEventsQueryVariables>;
export const WhoDocument = new TypedDocumentString(`
    query Who {
  viewer {
    name
    role
  }
}
    `) as unknown as TypedDocumentString<WhoQuery, WhoQueryVariables>;
export const ApiKeysDocument = new TypedDocumentString(`
    query ApiKeys {
  apiKeys {
    ...KeyRow
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  role
  createdAt
  lastUsedAt
  expiresAt
}`) as unknown as TypedDocumentString<ApiKeysQuery, ApiKeysQueryVariables>;
export const CreateApiKeyDocument = new TypedDocumentString(`
    mutation CreateApiKey($name: String!, $role: Role!, $expiresAt: DateTime) {
  createApiKey(name: $name, role: $role, expiresAt: $expiresAt) {
    secret
    key {
      ...KeyRow
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  role
  createdAt
  lastUsedAt
  expiresAt
}`) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const RevokeApiKeyDocument = new TypedDocumentString(`
    mutation RevokeApiKey($id: ID!) {
  revokeApiKey(id: $id)
}
    `) as unknown as TypedDocumentString<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
export const RetentionDocument = new TypedDocumentString(`
    subscription Retention($input: RetentionInput!, $isBroken: Boolean!) {
  retention(input: $input) {
    cohorts {
      ...CohortRow
    }
    average {
      ...CohortMean
    }
    breakdown @include(if: $isBroken) {
      values
      isOther
      cohorts {
        ...CohortRow
      }
      average {
        ...CohortMean
      }
    }
    meta {
      asOf
      definition
      elapsedMs
    }
  }
}
    fragment CohortRow on RetentionCohort {
  start
  size
  cells {
    period
    customers
    rate
    value
    lifetimeValue
    complete
  }
}
fragment CohortMean on RetentionAverage {
  period
  rate
  low
  high
  value
}`) as unknown as TypedDocumentString<RetentionSubscription, RetentionSubscriptionVariables>;
export const CohortMembersDocument = new TypedDocumentString(`
    query CohortMembers($input: RetentionInput!, $start: DateTime!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  retention(input: $input) {
    cohorts(start: $start) {
      start
      members(first: $first, after: $after, orderBy: $orderBy) {
        ...CustomerPage
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<CohortMembersQuery, CohortMembersQueryVariables>;
export const CohortCellPeopleDocument = new TypedDocumentString(`
    query CohortCellPeople($input: RetentionInput!, $start: DateTime!, $period: Int!, $first: Int!, $after: String, $orderBy: CustomerOrder, $isReturned: Boolean!) {
  retention(input: $input) {
    cohorts(start: $start) {
      start
      cells(period: $period) {
        period
        ...CellPeople
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}
fragment CellPeople on RetentionCell {
  returned(first: $first, after: $after, orderBy: $orderBy) @include(if: $isReturned) {
    ...CustomerPage
  }
  lost(first: $first, after: $after, orderBy: $orderBy) @skip(if: $isReturned) {
    ...CustomerPage
  }
}`) as unknown as TypedDocumentString<CohortCellPeopleQuery, CohortCellPeopleQueryVariables>;
export const SeriesCohortMembersDocument = new TypedDocumentString(`
    query SeriesCohortMembers($input: RetentionInput!, $values: [String!]!, $start: DateTime!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  retention(input: $input) {
    breakdown(values: $values) {
      cohorts(start: $start) {
        members(first: $first, after: $after, orderBy: $orderBy) {
          ...CustomerPage
        }
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<SeriesCohortMembersQuery, SeriesCohortMembersQueryVariables>;
export const SeriesCellPeopleDocument = new TypedDocumentString(`
    query SeriesCellPeople($input: RetentionInput!, $values: [String!]!, $start: DateTime!, $period: Int!, $first: Int!, $after: String, $orderBy: CustomerOrder, $isReturned: Boolean!) {
  retention(input: $input) {
    breakdown(values: $values) {
      cohorts(start: $start) {
        cells(period: $period) {
          ...CellPeople
        }
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}
fragment CellPeople on RetentionCell {
  returned(first: $first, after: $after, orderBy: $orderBy) @include(if: $isReturned) {
    ...CustomerPage
  }
  lost(first: $first, after: $after, orderBy: $orderBy) @skip(if: $isReturned) {
    ...CustomerPage
  }
}`) as unknown as TypedDocumentString<SeriesCellPeopleQuery, SeriesCellPeopleQueryVariables>;
export const CustomersDocument = new TypedDocumentString(`
    query Customers($input: CustomersInput!, $first: Int!, $after: String) {
  customers(input: $input, first: $first, after: $after) {
    ...CustomerPage
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<CustomersQuery, CustomersQueryVariables>;
export const CustomerHeadDocument = new TypedDocumentString(`
    query CustomerHead($id: ID!) {
  customer(id: $id) {
    id
    aliases
    traits
    firstSeen
    lastSeen
    orders
    revenue
    lifecycleStage {
      key
      name
      color
      description
    }
    lifecycleReason
    lifecycleHistory {
      at
      from
      to
    }
    channels {
      name
      events
      revenue
    }
  }
}
    `) as unknown as TypedDocumentString<CustomerHeadQuery, CustomerHeadQueryVariables>;
export const CustomerTimelineDocument = new TypedDocumentString(`
    query CustomerTimeline($id: ID!, $first: Int!, $after: String) {
  customer(id: $id) {
    id
    events(first: $first, after: $after) {
      totalCount
      nodes {
        id
        event
        time
        receivedAt
        channel
        stage {
          key
          name
          color
        }
        orderId
        revenue
        sessionId
        properties
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CustomerTimelineQuery, CustomerTimelineQueryVariables>;
export const RfmDocument = new TypedDocumentString(`
    subscription Rfm($input: RfmInput!) {
  rfm(input: $input) {
    segments {
      name
      customers
      share
      revenue
    }
    cells {
      recency
      frequency
      customers
      averageMonetary
    }
    meta {
      definition
    }
  }
}
    `) as unknown as TypedDocumentString<RfmSubscription, RfmSubscriptionVariables>;
export const RfmCellMembersDocument = new TypedDocumentString(`
    query RfmCellMembers($input: RfmInput!, $recency: Int!, $frequency: Int!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  rfm(input: $input) {
    cells(recency: $recency, frequency: $frequency) {
      members(first: $first, after: $after, orderBy: $orderBy) {
        ...CustomerPage
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<RfmCellMembersQuery, RfmCellMembersQueryVariables>;
export const RfmSegmentMembersDocument = new TypedDocumentString(`
    query RfmSegmentMembers($input: RfmInput!, $name: String!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  rfm(input: $input) {
    segments(name: $name) {
      members(first: $first, after: $after, orderBy: $orderBy) {
        ...CustomerPage
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<RfmSegmentMembersQuery, RfmSegmentMembersQueryVariables>;
export const AudienceListDocument = new TypedDocumentString(`
    query AudienceList {
  audiences {
    id
    name
    isStatic
    createdAt
    problem
    size
  }
}
    `) as unknown as TypedDocumentString<AudienceListQuery, AudienceListQueryVariables>;
export const RenameAudienceDocument = new TypedDocumentString(`
    mutation RenameAudience($id: ID!, $name: String!) {
  renameAudience(id: $id, name: $name) {
    id
    name
  }
}
    `) as unknown as TypedDocumentString<RenameAudienceMutation, RenameAudienceMutationVariables>;
export const DeleteAudienceDocument = new TypedDocumentString(`
    mutation DeleteAudience($id: ID!) {
  deleteAudience(id: $id)
}
    `) as unknown as TypedDocumentString<DeleteAudienceMutation, DeleteAudienceMutationVariables>;
export const AudienceMembersDocument = new TypedDocumentString(`
    query AudienceMembers($audience: AudienceInput!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  customers(
    input: {audience: $audience, orderBy: $orderBy}
    first: $first
    after: $after
  ) {
    ...CustomerPage
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<AudienceMembersQuery, AudienceMembersQueryVariables>;
export const IngestionDocument = new TypedDocumentString(`
    subscription Ingestion {
  ingestion {
    accepted
    duplicates
    rejected
    identified
    waiting
    eventsPerSecond
    lagMs
    perSecond
    lastEventAt
  }
}
    `) as unknown as TypedDocumentString<IngestionSubscription, IngestionSubscriptionVariables>;
export const RejectedReasonsDocument = new TypedDocumentString(`
    query RejectedReasons {
  rejectedReasons {
    reason
    count
    lastAt
  }
}
    `) as unknown as TypedDocumentString<RejectedReasonsQuery, RejectedReasonsQueryVariables>;
export const RejectedEventsDocument = new TypedDocumentString(`
    query RejectedEvents($first: Int!, $after: String, $reason: String, $search: String) {
  rejectedEvents(first: $first, after: $after, reason: $reason, search: $search) {
    totalCount
    nodes {
      id
      receivedAt
      reason
      payload
      source
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<RejectedEventsQuery, RejectedEventsQueryVariables>;
export const ReplayRejectedDocument = new TypedDocumentString(`
    mutation ReplayRejected($ids: [ID!]!, $set: JSON) {
  replayRejected(ids: $ids, set: $set) {
    accepted
    duplicates
    rejected {
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<ReplayRejectedMutation, ReplayRejectedMutationVariables>;
export const ImportsDocument = new TypedDocumentString(`
    subscription Imports {
  imports {
    totalCount
    nodes {
      ...ImportRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment ImportRow on Import {
  id
  file
  state
  rows
  accepted
  duplicates
  rejected
  progress
  rowsPerSecond
  startedAt
  finishedAt
  problem
}`) as unknown as TypedDocumentString<ImportsSubscription, ImportsSubscriptionVariables>;
export const ImportsPageDocument = new TypedDocumentString(`
    query ImportsPage($first: Int!, $after: String) {
  imports(first: $first, after: $after) {
    totalCount
    nodes {
      ...ImportRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment ImportRow on Import {
  id
  file
  state
  rows
  accepted
  duplicates
  rejected
  progress
  rowsPerSecond
  startedAt
  finishedAt
  problem
}`) as unknown as TypedDocumentString<ImportsPageQuery, ImportsPageQueryVariables>;
export const UndoImportDocument = new TypedDocumentString(`
    mutation UndoImport($id: ID!) {
  undoImport(id: $id)
}
    `) as unknown as TypedDocumentString<UndoImportMutation, UndoImportMutationVariables>;
export const CancelImportDocument = new TypedDocumentString(`
    mutation CancelImport($id: ID!) {
  cancelImport(id: $id)
}
    `) as unknown as TypedDocumentString<CancelImportMutation, CancelImportMutationVariables>;
export const EventPropertiesDocument = new TypedDocumentString(`
    query EventProperties($event: String!) {
  catalog {
    properties(of: EVENT, event: $event) {
      name
      type
      count
    }
  }
}
    `) as unknown as TypedDocumentString<EventPropertiesQuery, EventPropertiesQueryVariables>;
export const RejectedIdsDocument = new TypedDocumentString(`
    query RejectedIds($first: Int!, $after: String, $reason: String, $search: String) {
  rejectedEvents(first: $first, after: $after, reason: $reason, search: $search) {
    nodes {
      id
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<RejectedIdsQuery, RejectedIdsQueryVariables>;
export const FunnelDocument = new TypedDocumentString(`
    subscription Funnel($input: FunnelInput!) {
  funnel(input: $input) {
    conversionRate
    medianSeconds
    steps {
      index
      label
      customers
      rate
      rateFromPrevious
      droppedOff
      medianSeconds
      averageSeconds
      p90Seconds
    }
    previous {
      conversionRate
      medianSeconds
      steps {
        index
        customers
        rate
      }
    }
    meta {
      asOf
      definition
      elapsedMs
    }
  }
}
    `) as unknown as TypedDocumentString<FunnelSubscription, FunnelSubscriptionVariables>;
export const FunnelPeopleDocument = new TypedDocumentString(`
    query FunnelPeople($input: FunnelInput!, $index: Int!, $isReached: Boolean!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  funnel(input: $input) {
    steps(index: $index) {
      index
      ...StepPeople
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}
fragment StepPeople on FunnelStep {
  reached(first: $first, after: $after, orderBy: $orderBy) @include(if: $isReached) {
    ...CustomerPage
  }
  dropped(first: $first, after: $after, orderBy: $orderBy) @skip(if: $isReached) {
    ...CustomerPage
  }
}`) as unknown as TypedDocumentString<FunnelPeopleQuery, FunnelPeopleQueryVariables>;
export const FunnelSeriesDocument = new TypedDocumentString(`
    subscription FunnelSeries($input: FunnelInput!) {
  funnel(input: $input) {
    breakdown {
      values
      isOther
      conversionRate
      steps {
        index
        label
        customers
        rate
        rateFromPrevious
        droppedOff
      }
    }
    meta {
      definition
    }
  }
}
    `) as unknown as TypedDocumentString<FunnelSeriesSubscription, FunnelSeriesSubscriptionVariables>;
export const FunnelSeriesPeopleDocument = new TypedDocumentString(`
    query FunnelSeriesPeople($input: FunnelInput!, $values: [String!]!, $index: Int!, $first: Int!, $after: String, $orderBy: CustomerOrder, $isReached: Boolean!) {
  funnel(input: $input) {
    breakdown(values: $values) {
      steps(index: $index) {
        ...StepPeople
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}
fragment StepPeople on FunnelStep {
  reached(first: $first, after: $after, orderBy: $orderBy) @include(if: $isReached) {
    ...CustomerPage
  }
  dropped(first: $first, after: $after, orderBy: $orderBy) @skip(if: $isReached) {
    ...CustomerPage
  }
}`) as unknown as TypedDocumentString<FunnelSeriesPeopleQuery, FunnelSeriesPeopleQueryVariables>;
export const FunnelTrendDocument = new TypedDocumentString(`
    subscription FunnelTrend($input: FunnelInput!, $interval: Interval!, $fromStep: Int!, $toStep: Int!) {
  funnel(input: $input) {
    trend(interval: $interval, fromStep: $fromStep, toStep: $toStep) {
      ...TrendPoint
    }
  }
}
    fragment TrendPoint on FunnelTrendPoint {
  start
  entered
  converted
  rate
  complete
}`) as unknown as TypedDocumentString<FunnelTrendSubscription, FunnelTrendSubscriptionVariables>;
export const FunnelTimesDocument = new TypedDocumentString(`
    subscription FunnelTimes($input: FunnelInput!, $fromStep: Int!, $toStep: Int!) {
  funnel(input: $input) {
    timeToConvert(fromStep: $fromStep, toStep: $toStep) {
      bins {
        from
        to
        count
      }
      median
      average
      p90
      count
    }
  }
}
    `) as unknown as TypedDocumentString<FunnelTimesSubscription, FunnelTimesSubscriptionVariables>;
export const FunnelTrendPeopleDocument = new TypedDocumentString(`
    query FunnelTrendPeople($input: FunnelInput!, $interval: Interval!, $start: DateTime!, $fromStep: Int!, $toStep: Int!, $isConverted: Boolean!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  funnel(input: $input) {
    trend(interval: $interval, start: $start, fromStep: $fromStep, toStep: $toStep) {
      customers(
        converted: $isConverted
        first: $first
        after: $after
        orderBy: $orderBy
      ) {
        ...CustomerPage
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<FunnelTrendPeopleQuery, FunnelTrendPeopleQueryVariables>;
export const FunnelCorrelationsDocument = new TypedDocumentString(`
    subscription FunnelCorrelations($input: FunnelInput!, $of: PropertyScope!, $limit: Int!) {
  funnel(input: $input, every: "PT5S") {
    steps {
      customers
    }
    correlations(of: $of, limit: $limit) {
      property
      value
      lift
      oddsRatio
      pValue
      withValue
      converted
    }
  }
}
    `) as unknown as TypedDocumentString<FunnelCorrelationsSubscription, FunnelCorrelationsSubscriptionVariables>;
export const FunnelTrendBeforeDocument = new TypedDocumentString(`
    query FunnelTrendBefore($input: FunnelInput!, $interval: Interval!, $fromStep: Int!, $toStep: Int!) {
  funnel(input: $input) {
    trend(interval: $interval, fromStep: $fromStep, toStep: $toStep) {
      ...TrendPoint
    }
  }
}
    fragment TrendPoint on FunnelTrendPoint {
  start
  entered
  converted
  rate
  complete
}`) as unknown as TypedDocumentString<FunnelTrendBeforeQuery, FunnelTrendBeforeQueryVariables>;
export const FunnelConvertedDocument = new TypedDocumentString(`
    query FunnelConverted($input: FunnelInput!, $fromStep: Int!, $toStep: Int!, $atLeastSeconds: Float!, $underSeconds: Float!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  funnel(input: $input) {
    converted(
      fromStep: $fromStep
      toStep: $toStep
      atLeastSeconds: $atLeastSeconds
      underSeconds: $underSeconds
      first: $first
      after: $after
      orderBy: $orderBy
    ) {
      ...CustomerPage
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<FunnelConvertedQuery, FunnelConvertedQueryVariables>;
export const FunnelCarryingDocument = new TypedDocumentString(`
    query FunnelCarrying($input: FunnelInput!, $of: PropertyScope!, $property: String!, $value: String!, $converted: Boolean, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  funnel(input: $input) {
    carrying(
      of: $of
      property: $property
      value: $value
      converted: $converted
      first: $first
      after: $after
      orderBy: $orderBy
    ) {
      ...CustomerPage
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<FunnelCarryingQuery, FunnelCarryingQueryVariables>;
export const JourneyDocument = new TypedDocumentString(`
    subscription Journey($input: JourneyInput!) {
  journey(input: $input) {
    stages {
      stage {
        key
        name
        color
        description
        events
      }
      customers
      events
      revenue
      advanceRate
      medianSecondsToAdvance
      channels {
        name
        customers
      }
      touchpoints {
        name
        customers
        events
      }
    }
    flows {
      from
      to
      customers
      moves
      medianSeconds
    }
    meta {
      definition
    }
  }
}
    `) as unknown as TypedDocumentString<JourneySubscription, JourneySubscriptionVariables>;
export const JourneySeenDocument = new TypedDocumentString(`
    subscription JourneySeen($input: MetricInput!) {
  metric(input: $input) {
    total
  }
}
    `) as unknown as TypedDocumentString<JourneySeenSubscription, JourneySeenSubscriptionVariables>;
export const JourneyStageMembersDocument = new TypedDocumentString(`
    query JourneyStageMembers($input: JourneyInput!, $key: String!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  journey(input: $input) {
    stages(key: $key) {
      members(first: $first, after: $after, orderBy: $orderBy) {
        ...CustomerPage
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<JourneyStageMembersQuery, JourneyStageMembersQueryVariables>;
export const JourneyStoppedDocument = new TypedDocumentString(`
    query JourneyStopped($input: JourneyInput!, $key: String!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  journey(input: $input) {
    stages(key: $key) {
      stopped(first: $first, after: $after, orderBy: $orderBy) {
        ...CustomerPage
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<JourneyStoppedQuery, JourneyStoppedQueryVariables>;
export const JourneyFlowMembersDocument = new TypedDocumentString(`
    query JourneyFlowMembers($input: JourneyInput!, $from: String!, $to: String!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  journey(input: $input) {
    flows(from: $from, to: $to) {
      members(first: $first, after: $after, orderBy: $orderBy) {
        ...CustomerPage
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<JourneyFlowMembersQuery, JourneyFlowMembersQueryVariables>;
export const PathsDocument = new TypedDocumentString(`
    subscription Paths($input: PathsInput!) {
  paths(input: $input) {
    nodes {
      step
      name
      isOther
      paths
      customers
      ended
    }
    edges {
      step
      from
      to
      paths
      customers
      medianSeconds
    }
    meta {
      definition
    }
  }
}
    `) as unknown as TypedDocumentString<PathsSubscription, PathsSubscriptionVariables>;
export const PathEdgeMembersDocument = new TypedDocumentString(`
    query PathEdgeMembers($input: PathsInput!, $step: Int!, $from: String!, $to: String!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  paths(input: $input) {
    edges(step: $step, from: $from, to: $to) {
      members(first: $first, after: $after, orderBy: $orderBy) {
        ...CustomerPage
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<PathEdgeMembersQuery, PathEdgeMembersQueryVariables>;
export const AttributionDocument = new TypedDocumentString(`
    subscription Attribution($input: AttributionInput!) {
  attribution(input: $input) {
    rows {
      name
      touches
      customers
      credit {
        model
        conversions
        revenue
        share
      }
    }
    conversions
    revenue
    meta {
      definition
    }
  }
}
    `) as unknown as TypedDocumentString<AttributionSubscription, AttributionSubscriptionVariables>;
export const AttributionMembersDocument = new TypedDocumentString(`
    query AttributionMembers($input: AttributionInput!, $name: String!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  attribution(input: $input) {
    rows(name: $name) {
      members(first: $first, after: $after, orderBy: $orderBy) {
        ...CustomerPage
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<AttributionMembersQuery, AttributionMembersQueryVariables>;
export const JourneyNamedMembersDocument = new TypedDocumentString(`
    query JourneyNamedMembers($input: JourneyInput!, $key: String!, $channel: String, $touchpoint: String, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  journey(input: $input) {
    stages(key: $key) {
      members(
        channel: $channel
        touchpoint: $touchpoint
        first: $first
        after: $after
        orderBy: $orderBy
      ) {
        ...CustomerPage
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<JourneyNamedMembersQuery, JourneyNamedMembersQueryVariables>;
export const PathNodeMembersDocument = new TypedDocumentString(`
    query PathNodeMembers($input: PathsInput!, $step: Int!, $name: String!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  paths(input: $input) {
    nodes(step: $step, name: $name) {
      members(first: $first, after: $after, orderBy: $orderBy) {
        ...CustomerPage
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<PathNodeMembersQuery, PathNodeMembersQueryVariables>;
export const LifecycleDocument = new TypedDocumentString(`
    subscription Lifecycle($input: LifecycleInput!) {
  lifecycle(input: $input) {
    stages {
      stage {
        key
        name
        color
        description
        rule
        isLost
      }
      customers
      share
      revenue
      change
    }
    transitions {
      from
      to
      customers
    }
    meta {
      asOf
      definition
      elapsedMs
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleSubscription, LifecycleSubscriptionVariables>;
export const LifecycleHistoryDocument = new TypedDocumentString(`
    subscription LifecycleHistory($input: LifecycleInput!) {
  lifecycle(input: $input) {
    stages {
      stage {
        key
        name
        color
      }
    }
    ...HistoryPoints
    meta {
      definition
    }
  }
}
    fragment HistoryPoints on Lifecycle {
  history {
    at
    stages {
      stage
      customers
    }
  }
}`) as unknown as TypedDocumentString<LifecycleHistorySubscription, LifecycleHistorySubscriptionVariables>;
export const LifecycleGrowthDocument = new TypedDocumentString(`
    subscription LifecycleGrowth($input: LifecycleInput!) {
  lifecycle(input: $input) {
    ...GrowthPoints
    meta {
      definition
    }
  }
}
    fragment GrowthPoints on Lifecycle {
  growth {
    start
    new
    returning
    resurrecting
    dormant
    complete
  }
}`) as unknown as TypedDocumentString<LifecycleGrowthSubscription, LifecycleGrowthSubscriptionVariables>;
export const LifecycleStageMembersDocument = new TypedDocumentString(`
    query LifecycleStageMembers($input: LifecycleInput!, $key: String!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  lifecycle(input: $input) {
    stages(key: $key) {
      members(first: $first, after: $after, orderBy: $orderBy) {
        ...CustomerPage
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<LifecycleStageMembersQuery, LifecycleStageMembersQueryVariables>;
export const LifecycleMoveMembersDocument = new TypedDocumentString(`
    query LifecycleMoveMembers($input: LifecycleInput!, $from: String!, $to: String!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  lifecycle(input: $input) {
    transitions(from: $from, to: $to) {
      members(first: $first, after: $after, orderBy: $orderBy) {
        ...CustomerPage
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<LifecycleMoveMembersQuery, LifecycleMoveMembersQueryVariables>;
export const LifecycleGrowthMembersDocument = new TypedDocumentString(`
    query LifecycleGrowthMembers($input: LifecycleInput!, $status: GrowthStatus!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  lifecycle(input: $input) {
    growth {
      start
      members(status: $status, first: $first, after: $after, orderBy: $orderBy) {
        ...CustomerPage
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<LifecycleGrowthMembersQuery, LifecycleGrowthMembersQueryVariables>;
export const LifecycleGroupsDocument = new TypedDocumentString(`
    subscription LifecycleGroups($input: LifecycleInput!) {
  lifecycle(input: $input, every: "PT5S") {
    breakdown {
      values
      isOther
      stages {
        stage {
          key
        }
        customers
        share
        revenue
      }
    }
    meta {
      definition
    }
  }
}
    `) as unknown as TypedDocumentString<LifecycleGroupsSubscription, LifecycleGroupsSubscriptionVariables>;
export const LifecycleGroupMembersDocument = new TypedDocumentString(`
    query LifecycleGroupMembers($input: LifecycleInput!, $values: [String!]!, $key: String!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  lifecycle(input: $input) {
    breakdown(values: $values) {
      stages(key: $key) {
        members(first: $first, after: $after, orderBy: $orderBy) {
          ...CustomerPage
        }
      }
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<LifecycleGroupMembersQuery, LifecycleGroupMembersQueryVariables>;
export const LifecycleHistoryBeforeDocument = new TypedDocumentString(`
    query LifecycleHistoryBefore($input: LifecycleInput!) {
  lifecycle(input: $input) {
    ...HistoryPoints
  }
}
    fragment HistoryPoints on Lifecycle {
  history {
    at
    stages {
      stage
      customers
    }
  }
}`) as unknown as TypedDocumentString<LifecycleHistoryBeforeQuery, LifecycleHistoryBeforeQueryVariables>;
export const LifecycleGrowthBeforeDocument = new TypedDocumentString(`
    query LifecycleGrowthBefore($input: LifecycleInput!) {
  lifecycle(input: $input) {
    ...GrowthPoints
  }
}
    fragment GrowthPoints on Lifecycle {
  growth {
    start
    new
    returning
    resurrecting
    dormant
    complete
  }
}`) as unknown as TypedDocumentString<LifecycleGrowthBeforeQuery, LifecycleGrowthBeforeQueryVariables>;
export const JourneyMapInForceDocument = new TypedDocumentString(`
    query JourneyMapInForce {
  journeyMap {
    version
    savedBy
    savedAt
    orderEvents
    returnEvents
    stages {
      key
      name
      color
      description
      events
    }
    lifecycle {
      key
      name
      color
      description
      rule
      isLost
    }
  }
}
    `) as unknown as TypedDocumentString<JourneyMapInForceQuery, JourneyMapInForceQueryVariables>;
export const JourneyMapDryRunDocument = new TypedDocumentString(`
    query JourneyMapDryRun($map: JSON!) {
  journeyMapPreview(map: $map) {
    version
    problems {
      field
      code
      message
    }
    warnings {
      field
      code
      message
    }
    customers
    moved
    stages {
      stage {
        key
        name
        color
      }
      before
      after
    }
    moves {
      from
      to
      customers
    }
    meta {
      asOf
      definition
      elapsedMs
    }
  }
}
    `) as unknown as TypedDocumentString<JourneyMapDryRunQuery, JourneyMapDryRunQueryVariables>;
export const JourneyMapDryRunMembersDocument = new TypedDocumentString(`
    query JourneyMapDryRunMembers($map: JSON!, $from: String, $to: String, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  journeyMapPreview(map: $map) {
    members(from: $from, to: $to, first: $first, after: $after, orderBy: $orderBy) {
      ...CustomerPage
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<JourneyMapDryRunMembersQuery, JourneyMapDryRunMembersQueryVariables>;
export const JourneyMapVersionsDocument = new TypedDocumentString(`
    query JourneyMapVersions {
  journeyMapVersions {
    version
    savedBy
    savedAt
    restores
    isCurrent
    map
  }
}
    `) as unknown as TypedDocumentString<JourneyMapVersionsQuery, JourneyMapVersionsQueryVariables>;
export const SaveJourneyMapDocument = new TypedDocumentString(`
    mutation SaveJourneyMap($map: JSON!, $basedOn: Int) {
  saveJourneyMap(map: $map, basedOn: $basedOn) {
    version
  }
}
    `) as unknown as TypedDocumentString<SaveJourneyMapMutation, SaveJourneyMapMutationVariables>;
export const OverviewDocument = new TypedDocumentString(`
    subscription Overview($input: OverviewInput!) {
  overview(input: $input, every: "PT0.25S") {
    ...OverviewKpis
    meta {
      asOf
      definition
      elapsedMs
    }
  }
}
    fragment KpiParts on Kpi {
  value
  previous
  change
  series {
    start
    value
    complete
  }
}
fragment OverviewKpis on Overview {
  revenue {
    ...KpiParts
  }
  orders {
    ...KpiParts
  }
  averageOrderValue {
    ...KpiParts
  }
  customers {
    ...KpiParts
  }
  newCustomers {
    ...KpiParts
  }
  activeCustomers {
    ...KpiParts
  }
  conversionRate {
    ...KpiParts
  }
  repeatPurchaseRate {
    ...KpiParts
  }
}`) as unknown as TypedDocumentString<OverviewSubscription, OverviewSubscriptionVariables>;
export const OverviewChurnDocument = new TypedDocumentString(`
    subscription OverviewChurn($input: OverviewInput!) {
  overview(input: $input, every: "PT5S") {
    churnRate {
      ...KpiParts
    }
  }
}
    fragment KpiParts on Kpi {
  value
  previous
  change
  series {
    start
    value
    complete
  }
}`) as unknown as TypedDocumentString<OverviewChurnSubscription, OverviewChurnSubscriptionVariables>;
export const OverviewFunnelDocument = new TypedDocumentString(`
    subscription OverviewFunnel($input: FunnelInput!) {
  funnel(input: $input) {
    conversionRate
    medianSeconds
    steps {
      index
      label
      customers
      rate
      rateFromPrevious
      droppedOff
      medianSeconds
    }
    meta {
      asOf
      definition
      elapsedMs
    }
  }
}
    `) as unknown as TypedDocumentString<OverviewFunnelSubscription, OverviewFunnelSubscriptionVariables>;
export const OverviewLifecycleDocument = new TypedDocumentString(`
    subscription OverviewLifecycle($input: LifecycleInput!) {
  lifecycle(input: $input) {
    stages {
      stage {
        key
        name
        color
        isLost
      }
      customers
      share
      change
    }
    ...HistoryPoints
    meta {
      asOf
      definition
      elapsedMs
    }
  }
}
    fragment HistoryPoints on Lifecycle {
  history {
    at
    stages {
      stage
      customers
    }
  }
}`) as unknown as TypedDocumentString<OverviewLifecycleSubscription, OverviewLifecycleSubscriptionVariables>;
export const OverviewCohortsDocument = new TypedDocumentString(`
    subscription OverviewCohorts($input: RetentionInput!) {
  retention(input: $input, every: "PT5S") {
    cohorts {
      start
      size
      cells {
        period
        customers
        rate
        complete
      }
    }
    average {
      period
      rate
    }
    meta {
      asOf
      definition
      elapsedMs
    }
  }
}
    `) as unknown as TypedDocumentString<OverviewCohortsSubscription, OverviewCohortsSubscriptionVariables>;
export const OverviewBeforeDocument = new TypedDocumentString(`
    query OverviewBefore($input: OverviewInput!) {
  overview(input: $input) {
    ...OverviewKpis
  }
}
    fragment KpiParts on Kpi {
  value
  previous
  change
  series {
    start
    value
    complete
  }
}
fragment OverviewKpis on Overview {
  revenue {
    ...KpiParts
  }
  orders {
    ...KpiParts
  }
  averageOrderValue {
    ...KpiParts
  }
  customers {
    ...KpiParts
  }
  newCustomers {
    ...KpiParts
  }
  activeCustomers {
    ...KpiParts
  }
  conversionRate {
    ...KpiParts
  }
  repeatPurchaseRate {
    ...KpiParts
  }
}`) as unknown as TypedDocumentString<OverviewBeforeQuery, OverviewBeforeQueryVariables>;
export const OverviewChurnBeforeDocument = new TypedDocumentString(`
    query OverviewChurnBefore($input: OverviewInput!) {
  overview(input: $input) {
    churnRate {
      ...KpiParts
    }
  }
}
    fragment KpiParts on Kpi {
  value
  previous
  change
  series {
    start
    value
    complete
  }
}`) as unknown as TypedDocumentString<OverviewChurnBeforeQuery, OverviewChurnBeforeQueryVariables>;
export const TargetsDocument = new TypedDocumentString(`
    subscription Targets($kpis: [TargetKpi!]!) {
  targets(kpis: $kpis) {
    ...TargetParts
  }
}
    fragment TargetParts on Target {
  id
  kpi
  period
  value
  timeZone
  isCeiling
  progress {
    from
    to
    value
    share
    expectedShare
    forecast
    pace
    isOnTrack
    basis
  }
}`) as unknown as TypedDocumentString<TargetsSubscription, TargetsSubscriptionVariables>;
export const ChurnTargetsDocument = new TypedDocumentString(`
    subscription ChurnTargets {
  targets(kpis: [CHURN_RATE], every: "PT5S") {
    ...TargetParts
  }
}
    fragment TargetParts on Target {
  id
  kpi
  period
  value
  timeZone
  isCeiling
  progress {
    from
    to
    value
    share
    expectedShare
    forecast
    pace
    isOnTrack
    basis
  }
}`) as unknown as TypedDocumentString<ChurnTargetsSubscription, ChurnTargetsSubscriptionVariables>;
export const SaveTargetDocument = new TypedDocumentString(`
    mutation SaveTarget($kpi: TargetKpi!, $value: Float!, $period: TargetPeriod!, $timeZone: String!) {
  saveTarget(kpi: $kpi, value: $value, period: $period, timeZone: $timeZone) {
    id
  }
}
    `) as unknown as TypedDocumentString<SaveTargetMutation, SaveTargetMutationVariables>;
export const DeleteTargetDocument = new TypedDocumentString(`
    mutation DeleteTarget($id: ID!) {
  deleteTarget(id: $id)
}
    `) as unknown as TypedDocumentString<DeleteTargetMutation, DeleteTargetMutationVariables>;
export const OverviewMembersDocument = new TypedDocumentString(`
    query OverviewMembers($input: OverviewInput!, $who: OverviewPeople!, $first: Int!, $after: String, $orderBy: CustomerOrder) {
  overview(input: $input) {
    members(who: $who, first: $first, after: $after, orderBy: $orderBy) {
      ...CustomerPage
    }
  }
}
    fragment CustomerRow on Customer {
  id
  traits
  firstSeen
  lastSeen
  orders
  revenue
  lifecycleStage {
    key
    name
    color
  }
}
fragment CustomerPage on CustomerConnection {
  totalCount
  nodes {
    ...CustomerRow
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<OverviewMembersQuery, OverviewMembersQueryVariables>;
export const ReportsDocument = new TypedDocumentString(`
    query Reports {
  reports {
    ...ReportParts
  }
}
    fragment ReportParts on Report {
  id
  name
  kind
  input
  view
  place
  createdAt
  updatedAt
  problem
}`) as unknown as TypedDocumentString<ReportsQuery, ReportsQueryVariables>;
export const PinnedReportsDocument = new TypedDocumentString(`
    query PinnedReports {
  pinnedReports {
    ...ReportParts
  }
}
    fragment ReportParts on Report {
  id
  name
  kind
  input
  view
  place
  createdAt
  updatedAt
  problem
}`) as unknown as TypedDocumentString<PinnedReportsQuery, PinnedReportsQueryVariables>;
export const ReportDocument = new TypedDocumentString(`
    query Report($id: ID!) {
  report(id: $id) {
    ...ReportParts
  }
}
    fragment ReportParts on Report {
  id
  name
  kind
  input
  view
  place
  createdAt
  updatedAt
  problem
}`) as unknown as TypedDocumentString<ReportQuery, ReportQueryVariables>;
export const SaveReportDocument = new TypedDocumentString(`
    mutation SaveReport($id: ID, $name: String!, $kind: ReportKind!, $input: JSON!, $view: JSON) {
  saveReport(id: $id, name: $name, kind: $kind, input: $input, view: $view) {
    ...ReportParts
  }
}
    fragment ReportParts on Report {
  id
  name
  kind
  input
  view
  place
  createdAt
  updatedAt
  problem
}`) as unknown as TypedDocumentString<SaveReportMutation, SaveReportMutationVariables>;
export const RenameReportDocument = new TypedDocumentString(`
    mutation RenameReport($id: ID!, $name: String!) {
  renameReport(id: $id, name: $name) {
    ...ReportParts
  }
}
    fragment ReportParts on Report {
  id
  name
  kind
  input
  view
  place
  createdAt
  updatedAt
  problem
}`) as unknown as TypedDocumentString<RenameReportMutation, RenameReportMutationVariables>;
export const DeleteReportDocument = new TypedDocumentString(`
    mutation DeleteReport($id: ID!) {
  deleteReport(id: $id)
}
    `) as unknown as TypedDocumentString<DeleteReportMutation, DeleteReportMutationVariables>;
export const RestoreReportDocument = new TypedDocumentString(`
    mutation RestoreReport($id: ID!) {
  restoreReport(id: $id) {
    ...ReportParts
  }
}
    fragment ReportParts on Report {
  id
  name
  kind
  input
  view
  place
  createdAt
  updatedAt
  problem
}`) as unknown as TypedDocumentString<RestoreReportMutation, RestoreReportMutationVariables>;
export const PinReportDocument = new TypedDocumentString(`
    mutation PinReport($id: ID!, $place: Int) {
  pinReport(id: $id, place: $place) {
    id
    place
  }
}
    `) as unknown as TypedDocumentString<PinReportMutation, PinReportMutationVariables>;
export const UnpinReportDocument = new TypedDocumentString(`
    mutation UnpinReport($id: ID!) {
  unpinReport(id: $id) {
    id
    place
  }
}
    `) as unknown as TypedDocumentString<UnpinReportMutation, UnpinReportMutationVariables>;
export const ReportMetricDocument = new TypedDocumentString(`
    subscription ReportMetric($input: MetricInput!, $isBroken: Boolean!) {
  metric(input: $input) {
    total
    previous
    series {
      start
      value
      complete
    }
    breakdown @include(if: $isBroken) {
      values
      isOther
      total
      series {
        start
        value
        complete
      }
    }
    meta {
      asOf
      definition
      elapsedMs
    }
  }
}
    `) as unknown as TypedDocumentString<ReportMetricSubscription, ReportMetricSubscriptionVariables>;
export const ReportCustomersDocument = new TypedDocumentString(`
    query ReportCustomers($input: CustomersInput!) {
  customers(input: $input, first: 0) {
    totalCount
  }
}
    `) as unknown as TypedDocumentString<ReportCustomersQuery, ReportCustomersQueryVariables>;
export const CatalogPropertiesDocument = new TypedDocumentString(`
    query CatalogProperties($of: PropertyScope!, $event: String) {
  catalog {
    properties(of: $of, event: $event) {
      name
      count
    }
  }
}
    `) as unknown as TypedDocumentString<CatalogPropertiesQuery, CatalogPropertiesQueryVariables>;
export const CatalogValuesDocument = new TypedDocumentString(`
    query CatalogValues($property: String!, $of: PropertyScope!, $search: String) {
  catalog {
    values(property: $property, of: $of, search: $search, first: 20)
  }
}
    `) as unknown as TypedDocumentString<CatalogValuesQuery, CatalogValuesQueryVariables>;
export const SavedAudiencesDocument = new TypedDocumentString(`
    query SavedAudiences {
  audiences {
    id
    name
    problem
  }
}
    `) as unknown as TypedDocumentString<SavedAudiencesQuery, SavedAudiencesQueryVariables>;
export const SaveAudienceDocument = new TypedDocumentString(`
    mutation SaveAudience($name: String!, $definition: AudienceInput!, $isStatic: Boolean!) {
  saveAudience(name: $name, definition: $definition, static: $isStatic) {
    id
    name
  }
}
    `) as unknown as TypedDocumentString<SaveAudienceMutation, SaveAudienceMutationVariables>;
export const AudienceSizeDocument = new TypedDocumentString(`
    subscription AudienceSize($input: LifecycleInput!) {
  lifecycle(input: $input) {
    stages {
      customers
    }
  }
}
    `) as unknown as TypedDocumentString<AudienceSizeSubscription, AudienceSizeSubscriptionVariables>;
export const SaveCustomersDocument = new TypedDocumentString(`
    mutation SaveCustomers($name: String!, $customers: [ID!]!) {
  saveCustomers(name: $name, customers: $customers) {
    id
    name
  }
}
    `) as unknown as TypedDocumentString<SaveCustomersMutation, SaveCustomersMutationVariables>;