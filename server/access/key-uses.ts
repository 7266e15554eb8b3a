/** When each key was last used: noted in memory at every call, written at most once a minute, all keys at once. */
import type { Engine } from '../engine/port.ts';
import { readUses, writeUses } from './key-store.ts';

interface UsesLog {
  warn(details: object, message: string): void;
}

const WRITE_MS = 60_000;

export class KeyUses {
  readonly #last = new Map<string, number>();
  readonly #unwritten = new Set<string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly engine: Engine,
    private readonly log: UsesLog,
  ) {}

  note(id: string, nowMs: number): void {
    this.#last.set(id, nowMs);
    this.#unwritten.add(id);
    this.#timer ??= setTimeout(() => void this.write(), WRITE_MS).unref();
  }

  /** Milliseconds since 1970, by whichever server. */
  async all(): Promise<ReadonlyMap<string, number>> {
    const all = new Map(await readUses(this.engine));
    for (const [id, ms] of this.#last) all.set(id, Math.max(ms, all.get(id) ?? 0));
    return all;
  }

  /** Writes what was not yet; what the store does not take is tried again with the next use. */
  async write(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const uses = new Map([...this.#unwritten].map((id) => [id, this.#last.get(id) ?? 0]));
    if (uses.size === 0) return;
    this.#unwritten.clear();
    try {
      await writeUses(this.engine, uses);
    } catch (error) {
      for (const id of uses.keys()) this.#unwritten.add(id);
      this.log.warn({ err: error }, 'cannot write when keys were last used');
    }
  }
}
