/**
 * Viewers who stay: by the public graphql-ws client, which comes back whenever its connection breaks. Each
 * remembers what it was told last, and whether it was told the same twice in a row over one connection.
 */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { until } from './until.ts';

interface Told {
  readonly data?: unknown;
  readonly errors?: readonly unknown[];
  readonly extensions?: { readonly stale?: unknown };
}

export class SteadyViewer {
  /** What it was told last, as JSON; undefined before the first time and after a failure. */
  last: string | undefined;
  repeated = 0;
  connections = 0;
  /** Subscriptions that the server ended. */
  ended = 0;
  private before: string | undefined;
  private readonly client: ReturnType<typeof createClient>;

  constructor(
    address: string,
    readonly query: string,
  ) {
    this.client = createClient({
      url: `${address.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: Infinity,
      shouldRetry: () => true,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 200)),
      on: {
        connected: () => {
          this.connections += 1;
          this.before = undefined;
        },
      },
    });
    this.client.subscribe(
      { query: `subscription ${query}` },
      {
        next: (told) => this.take(told as Told),
        error: () => (this.ended += 1),
        complete: () => (this.ended += 1),
      },
    );
  }

  private take(told: Told): void {
    const text = JSON.stringify(told);
    if (text === this.before) this.repeated += 1;
    this.before = text;
    this.last = told.errors || told.extensions?.stale ? undefined : JSON.stringify(told.data);
  }

  async leave(): Promise<void> {
    await this.client.dispose();
  }
}

/** So many viewers, taking turns with the questions; `address` is where they come to. */
export function steadyViewers(address: string, questions: readonly string[], count: number): SteadyViewer[] {
  return Array.from(
    { length: count },
    (_, i) => new SteadyViewer(address, questions[i % questions.length] ?? ''),
  );
}

/** Resolves once each viewer shows what a fresh question answers. */
export async function allShowThePresent(viewers: readonly SteadyViewer[], address: string): Promise<void> {
  const questions = [...new Set(viewers.map(({ query }) => query))];
  const behind = async (): Promise<number> => {
    const fresh = new Map<string, string>();
    for (const query of questions) {
      const response = await fetch(`${address}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: `query ${query}` }),
      });
      fresh.set(query, JSON.stringify(((await response.json()) as { data: unknown }).data));
    }
    return viewers.filter(({ query, last }) => last !== fresh.get(query)).length;
  };
  let left = viewers.length;
  await until('every viewer shows the present', async () => (left = await behind()) === 0, 30_000).catch(
    (error: unknown) => {
      throw new Error(`${left} of ${viewers.length} viewers do not show the present`, { cause: error });
    },
  );
}
