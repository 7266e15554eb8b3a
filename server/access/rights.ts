/**
 * Who may do what: one table of every field of Query, Mutation and Subscription, every type and every HTTP
 * address. What is not listed nobody but ADMIN may ask for, and a test fails until it is. Knows neither GraphQL nor
 * HTTP: it is asked by name.
 */
import { personalPart } from './personal.ts';
import type { Role } from './role.ts';

/** What a role may do, in the order of how much it takes. */
export const RIGHTS = {
  /** Whoever has a key. */
  enter: ['VIEWER', 'ANALYST', 'WRITER', 'ADMIN'],
  /** Dashboards and aggregates: nothing that tells of one person. */
  look: ['VIEWER', 'ANALYST', 'ADMIN'],
  /** Customers one by one, their events, what was sent of them. */
  people: ['ANALYST', 'ADMIN'],
  /** Reports, audiences, annotations, targets. */
  save: ['ANALYST', 'ADMIN'],
  /** Events and identities in. */
  send: ['WRITER', 'ADMIN'],
  /** Keys, imports, what is taken out again, webhooks, the journey map. */
  administer: ['ADMIN'],
} as const satisfies Record<string, readonly Role[]>;

export type Right = keyof typeof RIGHTS;

/** An address that asks for no key: health, and the dashboard's own files, which hold no data. */
type RouteRight = Right | 'open';

type Listed<R extends string> = Partial<Record<R, string>>;

/** A field of a root by its name, any other as `Type.field`, on top of what its types ask for. */
const FIELDS: Record<'Query' | 'Mutation' | 'Subscription' | 'beneath', Listed<Right>> = {
  Query: {
    enter: 'viewer',
    look: `overview metric funnel retention lifecycle journey paths attribution rfm catalog journeyMap
      ingestion audiences report reports pinnedReports annotations targets journeyMapVersions`,
    people: `customer customers rejectedEvents rejectedReasons imports automationCursor`,
    save: 'journeyMapPreview',
    administer: 'apiKeys erasures webhooks webhookDeliveries',
  },
  Mutation: {
    save: `saveAudience saveCustomers renameAudience deleteAudience saveReport renameReport deleteReport
      restoreReport pinReport unpinReport annotate deleteAnnotation saveTarget deleteTarget`,
    send: 'ingest identify',
    administer: `mergeCustomers replayRejected undoImport cancelImport eraseCustomer saveJourneyMap
      restoreJourneyMap saveWebhook deleteWebhook testWebhook createApiKey revokeApiKey`,
  },
  Subscription: {
    look: `overview metric funnel retention lifecycle journey paths attribution rfm ingestion annotations
      targets`,
    people: 'events imports audienceEntered audienceEntries lifecycleChanged',
  },
  beneath: {
    // A definition may name people by what only they have.
    people: 'Audience.definition Audience.members',
  },
};

/** Whoever asks for anything of a type needs this, wherever it stands. */
const TYPES: Listed<Right> = {
  enter: 'Viewer',
  look: `AnswerMeta PageInfo SeriesPoint NamedCount Kpi Overview Metric MetricSeries Catalog CatalogEvent
    CatalogProperty JourneyMap JourneyStage LifecycleStage Histogram HistogramBin Correlation Funnel
    FunnelSeries FunnelStep FunnelTrendPoint Retention RetentionAverage RetentionCell RetentionCohort
    RetentionSeries Lifecycle LifecycleCount LifecyclePoint LifecycleSeries LifecycleStageShare
    LifecycleTransition GrowthPoint Journey JourneyFlow JourneyStageSummary PathGraph PathNode PathEdge
    Attribution AttributionCredit AttributionRow Rfm RfmCell RfmSegment IngestionStatus Audience Report
    Annotation Target TargetProgress JourneyMapVersion`,
  people: `Customer CustomerConnection CustomerEdge CustomerRfm LifecycleChange LifecycleMove AudienceEntry
    Event EventConnection EventEdge RejectedEvent RejectedEventConnection RejectedReason Import
    ImportConnection`,
  save: 'JourneyMapPreview JourneyMapProblem JourneyMapStageCount JourneyMapMove',
  send: 'IngestReceipt Rejection',
  administer: `ApiKey NewApiKey Erasure ErasureConnection Webhook WebhookLifecycle WebhookDelivery
    WebhookDeliveryConnection`,
};

/** Addresses; what may be asked at those of GraphQL stands above. The dashboard's pages and files are open. */
const ROUTES: Listed<RouteRight> = {
  open: '/healthz /readyz /config.json *',
  enter: '/graphql /graphql/stream',
  look: '/metrics /reports/:id.:format',
  send: `/v1/batch /v1/b /v1/import /v1/track /v1/t /v1/identify /v1/i /v1/page /v1/p /v1/screen /v1/s
    /v1/alias /v1/a /v1/group /v1/g /beacon/v1/batch`,
  administer: '/imports',
};

const ROOTS: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);
const fields = byName({
  ...prefixed('Query'),
  ...prefixed('Mutation'),
  ...prefixed('Subscription'),
  beneath: FIELDS.beneath,
});
const types = byName({ types: TYPES });
const routes = byName({ routes: ROUTES });

/**
 * What a field asks for: of a root, what is listed for it; of any other, what its type, the type of its values
 * and its own entry ask for, each.
 */
export function rightsOfField(type: string, field: string, valueType: string | null): readonly Right[] {
  const own = fields.get(`${type}.${field}`);
  if (ROOTS.has(type)) return [own ?? 'administer'];
  const all = [rightOfType(type), valueType === null ? undefined : rightOfType(valueType), own];
  return all.filter((right) => right !== undefined);
}

/** Null where the table does not know the address: then nobody may. */
export function rightOfRoute(url: string): RouteRight | null {
  return routes.get(url) ?? null;
}

/** Whether the table knows the field of a root, or the type. */
export function isListed(name: string): boolean {
  return fields.has(name) || types.has(name);
}

export function may(role: Role, right: Right): boolean {
  return (RIGHTS[right] as readonly Role[]).includes(role);
}

/**
 * Whether a role may ask a field of Query with such an input. A question that somebody saved is shown to those who
 * may ask it: others would read from it whom it asks for.
 */
export function mayAsk(role: Role, field: string, input: unknown): boolean {
  const isOpen = rightsOfField('Query', field, null).every((right) => may(role, right));
  return isOpen && (may(role, 'people') || personalPart(input) === null);
}

/** `ANALYST or ADMIN`. */
export function rolesWith(right: Right): string {
  return RIGHTS[right].join(' or ');
}

function rightOfType(type: string): Right {
  return types.get(type) ?? 'administer';
}

function prefixed(root: 'Query' | 'Mutation' | 'Subscription'): Record<string, Listed<Right>> {
  const entries = Object.entries(FIELDS[root]).map(([right, names]) => [
    right,
    words(names)
      .map((name) => `${root}.${name}`)
      .join(' '),
  ]);
  return { [root]: Object.fromEntries(entries) as Listed<Right> };
}

/** Every name once: two entries for one would be a table that contradicts itself. */
function byName<R extends string>(tables: Record<string, Listed<R>>): ReadonlyMap<string, R> {
  const found = new Map<string, R>();
  for (const table of Object.values(tables)) {
    for (const [right, names] of Object.entries(table) as [R, string][]) {
      for (const name of words(names)) {
        if (found.has(name)) throw new TypeError(`two rights for ${name}`);
        found.set(name, right);
      }
    }
  }
  return found;
}

function words(names: string): string[] {
  return names.split(/\s+/).filter((name) => name !== '');
}
