/** Webhooks, how far they are, and what was sent, as they are kept in the engine. Holds no rule. */
import type { Engine } from '../../engine/port.ts';
import { int, or, param, sql, utcText } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import type { MoveFilter, Position, Subject } from '../movement.ts';

export interface StoredWebhook extends MoveFilter {
  readonly id: string;
  readonly url: string;
  readonly isActive: boolean;
  readonly secret: string;
  readonly createdMs: number;
  /** Rises with every change. */
  readonly version: number;
}

/** How far a webhook is, and how it fares. */
export interface Progress extends Position {
  readonly webhookId: string;
  readonly deliveredMs: number | null;
  readonly failingSinceMs: number | null;
  readonly failures: number;
  readonly nextTryMs: number | null;
  /** Why nothing is tried any more; empty: it is. */
  readonly paused: string;
  readonly version: number;
}

export interface Delivery {
  readonly id: string;
  readonly webhookId: string;
  readonly atMs: number;
  readonly isTest: boolean;
  readonly moves: number;
  readonly attempt: number;
  readonly status: number;
  readonly problem: string;
  readonly tookMs: number;
}

interface WebhookRow {
  readonly id: string;
  readonly url: string;
  readonly subject: string;
  readonly before: string;
  readonly after: string;
  readonly is_active: number;
  readonly secret: string;
  readonly created_ms: number;
  readonly version: number;
}

const SECONDS = 10;
const numbers = sql`SETTINGS output_format_json_quote_64bit_integers = 0`;

const webhooksQuery: SqlQuery<WebhookRow> = {
  name: 'automation.webhooks',
  isLight: true,
  isVolatile: true,
  sql: sql`SELECT id, url, subject, before, after, is_active, secret, toUnixTimestamp64Milli(created_at) AS created_ms, version
FROM webhooks FINAL WHERE NOT is_deleted ORDER BY created_at, id ${numbers}`,
};

export async function readWebhooks(engine: Engine): Promise<readonly StoredWebhook[]> {
  const { rows } = await engine.query(webhooksQuery, { maxSeconds: SECONDS });
  return rows.map(({ id, url, subject, before, after, is_active, secret, created_ms, version }) => ({
    ...{ id, url, secret, version },
    subject: subject as Subject,
    before: before || null,
    after: after || null,
    isActive: is_active === 1,
    createdMs: created_ms,
  }));
}

export async function writeWebhook(
  engine: Engine,
  webhook: StoredWebhook,
  isDeleted: boolean,
): Promise<void> {
  const { id, url, subject, before, after, isActive, secret, createdMs, version } = webhook;
  const row = {
    ...{ id, url, subject, secret, version },
    before: before ?? '',
    after: after ?? '',
    is_active: isActive ? 1 : 0,
    is_deleted: isDeleted ? 1 : 0,
    created_at: utcText(createdMs),
  };
  await engine.insert('webhooks', [row], { maxSeconds: SECONDS });
}

const progressQuery: SqlQuery<Omit<Progress, 'webhookId'> & { readonly webhook_id: string }> = {
  name: 'automation.webhook_progress',
  isLight: true,
  isVolatile: true,
  sql: sql`SELECT webhook_id, batch, n, toUnixTimestamp64Milli(delivered_at) AS deliveredMs, toUnixTimestamp64Milli(failing_since) AS failingSinceMs,
  failures, toUnixTimestamp64Milli(next_try_at) AS nextTryMs, paused, version
FROM webhook_positions FINAL ${numbers}`,
};

/** By the webhook's id. */
export async function readProgress(engine: Engine): Promise<ReadonlyMap<string, Progress>> {
  const { rows } = await engine.query(progressQuery, { maxSeconds: SECONDS });
  return new Map(rows.map(({ webhook_id, ...row }) => [webhook_id, { webhookId: webhook_id, ...row }]));
}

export async function writeProgress(engine: Engine, progress: Progress): Promise<void> {
  const { webhookId, batch, n, deliveredMs, failingSinceMs, failures, nextTryMs, paused, version } = progress;
  const text = (ms: number | null): string | null => (ms === null ? null : utcText(ms));
  const row = {
    ...{ webhook_id: webhookId, batch, n, failures, paused, version },
    delivered_at: text(deliveredMs),
    failing_since: text(failingSinceMs),
    next_try_at: text(nextTryMs),
  };
  await engine.insert('webhook_positions', [row], { maxSeconds: SECONDS });
}

export async function writeDelivery(engine: Engine, delivery: Delivery): Promise<void> {
  const { id, webhookId, atMs, isTest, moves, attempt, status, problem, tookMs } = delivery;
  const row = {
    ...{ id, webhook_id: webhookId, at: utcText(atMs), is_test: isTest ? 1 : 0 },
    ...{ moves, attempt, status, problem, took_ms: tookMs },
  };
  await engine.insert('webhook_deliveries', [row], { maxSeconds: SECONDS });
}

interface DeliveryRow {
  readonly id: string;
  readonly at_ms: number;
  readonly is_test: number;
  readonly moves: number;
  readonly attempt: number;
  readonly status: number;
  readonly problem: string;
  readonly took_ms: number;
}

/** The newest first; `after`: instant and id of the last of the page before. */
export async function readDeliveries(
  engine: Engine,
  webhookId: string,
  most: number,
  after: readonly string[] | null,
): Promise<readonly Delivery[]> {
  const [at, id] = after ?? [];
  const last = param.time(Number(at ?? 0));
  const behind = after
    ? sql` AND ${or([sql`at < ${last}`, sql`at = ${last} AND toString(id) < ${param.string(id ?? '')}`])}`
    : sql``;
  const query: SqlQuery<DeliveryRow> = {
    name: 'automation.webhook_deliveries',
    isLight: true,
    isVolatile: true,
    sql: sql`SELECT toString(id) AS id, toUnixTimestamp64Milli(at) AS at_ms, is_test, moves, attempt, status, problem, took_ms
FROM webhook_deliveries WHERE webhook_id = ${param.string(webhookId)}${behind}
ORDER BY at DESC, toString(id) DESC LIMIT ${int(most)} ${numbers}`,
  };
  const { rows } = await engine.query(query, { maxSeconds: SECONDS });
  return rows.map(({ at_ms, is_test, took_ms, ...row }) => ({
    ...row,
    ...{ webhookId, atMs: at_ms, isTest: is_test === 1, tookMs: took_ms },
  }));
}
