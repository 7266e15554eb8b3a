/**
 * Which ids are surely not stored, told from memory: nearly every event is new, and to look for its id in the engine
 * takes as long as to store it. Holds only while nobody but who asks here stores ids; so it is told when somebody
 * else does, and learns all of them anew. Knows nothing of events.
 */
import { setImmediate } from 'node:timers/promises';
import type { Log } from '../../engine/log.ts';
import type { Engine } from '../../engine/port.ts';
import { sql } from '../../query/sql.ts';
import { isWellFormed } from '../json.ts';
import { hashesIn } from './hash-stream.ts';
import { hashId } from './id-hash.ts';
import { IdFilter } from './id-filter.ts';

/** Where others write time and again, what was learned is forgotten as often: then that takes a tenth of the time. */
const REST = 9;
const SECONDS = 600;
const GIVE_BACK_MS = 4;

export class AbsentIds {
  readonly #engine: Engine;
  readonly #log: Log;
  /** Everything claimed since the last `forget`; once it is learned, everything stored before as well. */
  #filter: IdFilter | null = null;
  #isLearned = false;
  /** Hashes claimed while there is no filter: high, low. */
  #claimed: number[] = [];
  #learning: AbortController | null = null;
  /** Not before, by performance.now. */
  #learnAt = 0;
  readonly #hash = { high: 0, low: 0 };

  constructor(engine: Engine, log: Log) {
    this.#engine = engine;
    this.#log = log;
  }

  /** Those that may be stored. All of them may be from now on: whoever claims them stores them, or tries to. */
  claim(ids: readonly string[]): readonly string[] {
    const maybe = ids.filter((id) => !this.#isSurelyAbsent(id));
    if (!this.#isLearned) this.#learn();
    return maybe;
  }

  /** Others may have stored ids. Nothing that was claimed is being stored at this moment. */
  forget(): void {
    this.#learning?.abort();
    this.#learning = null;
    this.#filter = null;
    this.#isLearned = false;
    this.#claimed = [];
  }

  #isSurelyAbsent(id: string): boolean {
    // What stands for half a character is stored as something else.
    if (!isWellFormed(id)) return false;
    hashId(id, this.#hash);
    const { high, low } = this.#hash;
    const filter = this.#filter;
    if (!filter) {
      this.#claimed.push(high, low);
      return false;
    }
    // What is sent again and again takes no more room.
    if (filter.has(high, low)) return false;
    filter.add(high, low);
    return this.#isLearned;
  }

  /** Begins where nothing speaks against it; what fails begins again with a later claim. */
  #learn(): void {
    const begun = performance.now();
    if (this.#learning || begun < this.#learnAt) return;
    const learning = new AbortController();
    this.#learning = learning;
    this.#read(learning.signal)
      .then(() => {
        if (!learning.signal.aborted) this.#isLearned = true;
      })
      .catch((error: unknown) => {
        if (!learning.signal.aborted) this.#log.debug({ error: String(error) }, 'stored ids were not read');
      })
      .finally(() => {
        this.#learnAt = performance.now() + REST * (performance.now() - begun);
        if (this.#learning === learning) this.#learning = null;
      });
  }

  async #read(signal: AbortSignal): Promise<void> {
    const options = { signal, maxSeconds: SECONDS, maxThreads: 1 };
    const { rows } = await this.#engine.query<{ ids: string }>(COUNT, options);
    if (signal.aborted) return;
    const filter = (this.#filter ??= this.#withClaimed(Number(rows[0]?.ids ?? 0)));
    let since = performance.now();
    for await (const hashes of hashesIn(this.#engine.streamBytes(ALL, options))) {
      for (let at = 0; at + 8 <= hashes.byteLength; at += 8) {
        filter.add(hashes.getUint32(at + 4, true), hashes.getUint32(at, true));
      }
      if (performance.now() - since < GIVE_BACK_MS) continue;
      await setImmediate();
      since = performance.now();
    }
  }

  #withClaimed(ids: number): IdFilter {
    const filter = new IdFilter(ids);
    const claimed = this.#claimed;
    for (let i = 0; i < claimed.length; i += 2) filter.add(claimed[i] as number, claimed[i + 1] as number);
    this.#claimed = [];
    return filter;
  }
}

const COUNT = { name: 'ingest.ids_count', sql: sql`SELECT count() AS ids FROM known_ids` };
const ALL = { name: 'ingest.ids', sql: sql`SELECT id_hash FROM known_ids` };
