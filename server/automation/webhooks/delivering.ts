/**
 * Delivers the moves of one webhook, in order, each at least once: what is not answered with success is sent again,
 * later and later, for a day. Runs at one server at a time.
 */
import { randomUUID } from 'node:crypto';
import type { Log } from '../../engine/log.ts';
import type { Engine } from '../../engine/port.ts';
import { ended, tellAfter } from '../following.ts';
import type { FollowingDeps, ToldMove } from '../following.ts';
import { audienceOf } from '../movement.ts';
import { send } from './send.ts';
import type { Sent } from './send.ts';
import { writeDelivery, writeProgress } from './webhook-store.ts';
import type { Progress, StoredWebhook } from './webhook-store.ts';

export interface WebhookSettings {
  /** Private addresses and http are allowed. */
  readonly allowPrivate: boolean;
  /** The first pause after a failure; doubled with each. */
  readonly retryMs: number;
  /** After so long without success nothing is tried any more. */
  readonly giveUpMs: number;
}

export const WEBHOOK_SETTINGS: WebhookSettings = {
  allowPrivate: false,
  retryMs: 5_000,
  giveUpMs: 24 * 3_600_000,
};

export interface DeliveringDeps {
  readonly engine: Engine;
  readonly log: Log;
  readonly following: FollowingDeps;
  readonly settings: WebhookSettings;
  /** Called when it is paused: it asks for nothing any more. */
  readonly onPaused: () => void;
}

/** Moves in one request. */
const MOST_MOVES = 100;
const LONGEST_PAUSE_MS = 3_600_000;
/** How long to wait where the store does not answer. */
const STORE_MS = 1_000;
const GONE = 410;

export class Delivering {
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;
  #progress: Progress;

  constructor(
    private readonly deps: DeliveringDeps,
    readonly webhook: StoredWebhook,
    progress: Progress,
  ) {
    this.#progress = progress;
    this.#running = this.#run();
  }

  /** Resolves once nothing is under way any more. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    const unwatch = this.deps.following.tail.watch();
    while (!signal.aborted && this.#progress.paused === '') {
      try {
        await pause((this.#progress.nextTryMs ?? 0) - Date.now(), signal);
        if (!signal.aborted) await this.#next(signal);
      } catch (error) {
        if (signal.aborted) break;
        this.deps.log.warn(
          { err: error },
          'a webhook could not be delivered for want of the store; trying again',
        );
        await pause(STORE_MS, signal);
      }
    }
    unwatch();
  }

  async #next(signal: AbortSignal): Promise<void> {
    const { following, settings } = this.deps;
    const { told, upTo } = await tellAfter(following, this.#progress, this.webhook, MOST_MOVES);
    if (signal.aborted) return;
    if (told.length === 0) {
      // Written down with the next delivery: until then it is looked through once more after a restart.
      this.#progress = { ...this.#progress, ...upTo };
      if (upTo.n === ended(upTo).n) await following.tail.beyond(upTo.batch, signal);
      return;
    }
    const body = JSON.stringify(letterOf(this.webhook, told));
    const { url, secret, id } = this.webhook;
    const sent = await send({ url, secret, webhookId: id, body }, settings.allowPrivate, signal);
    // Cut off by this server's end: nothing is known of it, and whoever goes on sends it again.
    if (signal.aborted && sent.status === 0) return;
    const attempt = this.#progress.failures + 1;
    this.#progress = sent.problem === '' ? this.#delivered(upTo) : this.#failed(sent);
    await writeProgress(this.deps.engine, this.#progress);
    await writeDelivery(this.deps.engine, {
      ...{ id: randomUUID(), webhookId: id, atMs: Date.now(), isTest: false, moves: told.length, attempt },
      ...sent,
    });
    if (this.#progress.paused !== '') this.deps.onPaused();
  }

  #delivered(upTo: Pick<Progress, 'batch' | 'n'>): Progress {
    const deliveredMs = Date.now();
    return { ...fresh(this.#progress), ...upTo, deliveredMs };
  }

  #failed({ status, problem }: Sent): Progress {
    const { retryMs, giveUpMs } = this.deps.settings;
    const nowMs = Date.now();
    const failingSinceMs = this.#progress.failingSinceMs ?? nowMs;
    const failures = this.#progress.failures + 1;
    const waitMs = Math.min(retryMs * 2 ** Math.min(failures - 1, 30), LONGEST_PAUSE_MS);
    const isOver = nowMs - failingSinceMs >= giveUpMs || status === GONE;
    const since = new Date(failingSinceMs).toISOString();
    const paused = isOver ? `Nothing was taken since ${since}: ${problem} Save it as active to go on.` : '';
    const nextTryMs = isOver ? null : Math.round(nowMs + waitMs * (0.5 + Math.random() / 2));
    return {
      ...this.#progress,
      failingSinceMs,
      failures,
      nextTryMs,
      paused,
      version: versionAfter(this.#progress),
    };
  }
}

/** As it is when nothing has gone wrong. */
export function fresh(progress: Progress): Progress {
  return {
    ...progress,
    ...{ failingSinceMs: null, failures: 0, nextTryMs: null, paused: '' },
    version: versionAfter(progress),
  };
}

function versionAfter({ version }: Pick<Progress, 'version'>): number {
  return Math.max(Date.now(), version + 1);
}

/** What is sent. `id` of a move is its cursor: the same move sent twice has the same. */
function letterOf({ id, subject }: StoredWebhook, told: readonly ToldMove[]): object {
  const audience = audienceOf(subject);
  const moves = told.map(({ cursor, at, customer, before, after }) => ({
    id: cursor,
    at: at.toISOString(),
    customer: { id: customer.id },
    ...(audience === null ? { from: before || null, to: after } : { audience: { id: audience } }),
  }));
  return { webhook: id, kind: audience === null ? 'lifecycleChanged' : 'audienceEntered', moves };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
