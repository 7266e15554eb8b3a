/**
 * Webhooks: saved, listed, tried; and delivered where this server has the lease. Each is delivered on its own, so that
 * one that fails keeps no other waiting. Knows no GraphQL.
 */
import { randomUUID } from 'node:crypto';
import type { Log } from '../../engine/log.ts';
import type { Engine } from '../../engine/port.ts';
import { inputError } from '../../query/problem.ts';
import type { FollowingDeps } from '../following.ts';
import type { Companion } from '../host.ts';
import type { MoveFilter, Position, Subject } from '../movement.ts';
import { checkName, readUrl } from './address.ts';
import { Delivering, fresh, WEBHOOK_SETTINGS } from './delivering.ts';
import type { WebhookSettings } from './delivering.ts';
import { newSecret, send } from './send.ts';
import * as store from './webhook-store.ts';
import type { Delivery, Progress, StoredWebhook } from './webhook-store.ts';

export type { WebhookSettings };

export interface WebhookDraft {
  /** Replaces the webhook with this id. */
  readonly id: string | null;
  readonly url: string;
  readonly filter: MoveFilter;
  readonly isActive: boolean;
  readonly withNewSecret: boolean;
}

export interface ShownWebhook {
  readonly webhook: StoredWebhook;
  readonly progress: Progress | null;
  /** Only where it was made just now. */
  readonly secret: string | null;
}

export interface WebhooksDeps {
  readonly engine: Engine;
  readonly log: Log;
  readonly following: FollowingDeps;
  readonly webhooks?: Partial<WebhookSettings> | undefined;
  /** Where a subject's moves go on from now, once it is followed. */
  readonly ready: (subject: Subject) => Promise<Position>;
  readonly nudge: () => void;
}

const LOOK_MS = 5_000;
const MOST = 100;

export class Webhooks implements Companion {
  readonly #settings: WebhookSettings;
  readonly #delivering = new Map<string, Delivering>();
  #book: readonly StoredWebhook[] = [];
  #progress: ReadonlyMap<string, Progress> = new Map();
  #lookedAt = -Infinity;

  constructor(private readonly deps: WebhooksDeps) {
    this.#settings = { ...WEBHOOK_SETTINGS, ...deps.webhooks };
  }

  async list(): Promise<readonly ShownWebhook[]> {
    await this.#look();
    return this.#book.map((webhook) => this.#shown(webhook, null));
  }

  /** Throws InputError for what cannot be saved. */
  async save(draft: WebhookDraft): Promise<ShownWebhook> {
    const url = readUrl(draft.url, this.#settings.allowPrivate);
    await checkName(url, this.#settings.allowPrivate);
    await this.#look();
    const before = draft.id === null ? null : this.#known(draft.id);
    if (!before && this.#book.length >= MOST) {
      throw inputError('url', 'TOO_MANY_WEBHOOKS', `Up to ${MOST} webhooks are kept; delete one first.`);
    }
    const secret = before && !draft.withNewSecret ? null : newSecret();
    const webhook: StoredWebhook = {
      ...draft.filter,
      id: before?.id ?? randomUUID(),
      url: url.href,
      isActive: draft.isActive,
      secret: secret ?? before?.secret ?? '',
      createdMs: before?.createdMs ?? Date.now(),
      version: Math.max(Date.now(), (before?.version ?? 0) + 1),
    };
    await this.#stop(webhook.id);
    await this.#place(webhook, before);
    await store.writeWebhook(this.deps.engine, webhook, false);
    await this.#look();
    this.deps.nudge();
    return this.#shown(webhook, secret);
  }

  /** False where there is none. */
  async delete(id: string): Promise<boolean> {
    await this.#look();
    const webhook = this.#book.find((each) => each.id === id);
    if (!webhook) return false;
    await this.#stop(id);
    await store.writeWebhook(
      this.deps.engine,
      { ...webhook, secret: '', version: webhook.version + 1 },
      true,
    );
    await this.#look();
    return true;
  }

  /** Sends a message without moves, now; what became of it stands in the log too. */
  async test(id: string, signal?: AbortSignal): Promise<Delivery> {
    await this.#look();
    const { url, secret } = this.#known(id);
    const body = JSON.stringify({ webhook: id, kind: 'test', moves: [] });
    const sent = await send({ url, secret, webhookId: id, body }, this.#settings.allowPrivate, signal);
    const about = { id: randomUUID(), webhookId: id, atMs: Date.now(), isTest: true, moves: 0, attempt: 1 };
    const delivery = { ...about, ...sent };
    await store.writeDelivery(this.deps.engine, delivery);
    return delivery;
  }

  /** The newest first. */
  async deliveries(id: string, first: number, after: readonly string[] | null): Promise<readonly Delivery[]> {
    return store.readDeliveries(this.deps.engine, id, first, after);
  }

  async subjects(): Promise<readonly Subject[]> {
    if (performance.now() - this.#lookedAt > LOOK_MS) await this.#look();
    return [...new Set(this.#wanted().map(({ subject }) => subject))];
  }

  /** Delivers what is active, each on its own. */
  async work(): Promise<void> {
    const wanted = new Map(this.#wanted().map((webhook) => [webhook.id, webhook]));
    for (const [id, { webhook }] of [...this.#delivering]) {
      if (wanted.get(id)?.version !== webhook.version) await this.#stop(id);
    }
    for (const webhook of wanted.values()) {
      const progress = this.#progress.get(webhook.id);
      if (this.#delivering.has(webhook.id) || !progress) continue;
      const { engine, log, following } = this.deps;
      const onPaused = (): void => void (this.#lookedAt = -Infinity);
      const deps = { engine, log, following, settings: this.#settings, onPaused };
      this.#delivering.set(webhook.id, new Delivering(deps, webhook, progress));
    }
  }

  async rest(): Promise<void> {
    await Promise.all([...this.#delivering.keys()].map((id) => this.#stop(id)));
    this.#lookedAt = -Infinity;
  }

  /** Where a new one begins, and one that follows something else now; one that was paused tries at once. */
  async #place(webhook: StoredWebhook, before: StoredWebhook | null): Promise<void> {
    const known = before ? this.#progress.get(before.id) : undefined;
    const isSame =
      before?.subject === webhook.subject &&
      before.before === webhook.before &&
      before.after === webhook.after;
    const none = { webhookId: webhook.id, deliveredMs: null, failingSinceMs: null, version: 0 };
    const progress: Progress =
      known && isSame
        ? known
        : {
            ...none,
            failures: 0,
            nextTryMs: null,
            paused: '',
            ...known,
            ...(await this.deps.ready(webhook.subject)),
          };
    await store.writeProgress(this.deps.engine, fresh(progress));
  }

  #wanted(): readonly StoredWebhook[] {
    return this.#book.filter(({ id, isActive }) => isActive && !this.#progress.get(id)?.paused);
  }

  async #look(): Promise<void> {
    const [book, progress] = await Promise.all([
      store.readWebhooks(this.deps.engine),
      store.readProgress(this.deps.engine),
    ]);
    this.#book = book;
    this.#progress = progress;
    this.#lookedAt = performance.now();
  }

  async #stop(id: string): Promise<void> {
    const delivering = this.#delivering.get(id);
    this.#delivering.delete(id);
    await delivering?.stop();
  }

  #shown(webhook: StoredWebhook, secret: string | null): ShownWebhook {
    return { webhook, progress: this.#progress.get(webhook.id) ?? null, secret };
  }

  #known(id: string): StoredWebhook {
    const known = this.#book.find((webhook) => webhook.id === id);
    if (known) return known;
    throw inputError('id', 'UNKNOWN_WEBHOOK', `There is no webhook with the id "${id.slice(0, 60)}".`);
  }
}
