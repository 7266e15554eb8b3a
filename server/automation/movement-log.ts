/**
 * The log of moves as it is kept in the engine: one batch after the other, each written once. Of two writers who
 * follow the same batch one is refused, by the batch's deduplication token. Knows not what moves mean.
 */
import type { Engine } from '../engine/port.ts';
import { utcText } from '../query/sql.ts';
import type { Found, Move, MoveFilter, Position } from './movement.ts';
import * as statements from './movements.sql.ts';

/** Another server writes the log. */
export class NotTheWriterError extends Error {
  override readonly name = 'NotTheWriterError';
}

const SECONDS = 20;
/** Moves in one batch: one insert is one part, seen whole or not at all. */
export const MOST_IN_BATCH = 10_000;

export class MovementLog {
  #last: number | null = null;

  constructor(
    private readonly engine: Engine,
    private readonly writer: string,
  ) {}

  /** Where the log ends. */
  async end(): Promise<Position> {
    const { rows } = await this.engine.query(statements.newest, { maxSeconds: SECONDS });
    return rows[0] ? { batch: rows[0].batch, n: rows[0].n } : { batch: 0, n: 0 };
  }

  async after(position: Position, filter: MoveFilter, most: number): Promise<readonly Move[]> {
    const { rows } = await this.engine.query(statements.movesAfter(position, filter, most), {
      maxSeconds: SECONDS,
    });
    return rows.map(({ at_ms, ...row }) => ({ ...row, atMs: at_ms }));
  }

  /** Begins to write: whoever wrote before is refused from now on. `term` is this one's alone. */
  async begin(term: number): Promise<void> {
    const { batch } = await this.end();
    const mark = { subject: '', customer_key: 0, before: '', after: '', at: utcText(Date.now()) };
    // Where the log is empty, what follows nothing is told apart by the term.
    await this.#write(batch, [mark], batch === 0 ? `empty-${term}` : String(batch));
    await this.#apply();
  }

  /** In order of time. Throws NotTheWriterError; then nothing of it is in the log. */
  async append(found: readonly Found[]): Promise<void> {
    const sorted = [...found].sort((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1));
    for (let from = 0; from < sorted.length; from += MOST_IN_BATCH) {
      const rows = sorted.slice(from, from + MOST_IN_BATCH).map(({ subject, key, before, after, atMs }) => ({
        subject,
        customer_key: key,
        before,
        after,
        at: utcText(atMs),
      }));
      if (this.#last === null) throw new NotTheWriterError('The log was not begun.');
      await this.#write(this.#last, rows, String(this.#last));
      await this.#applyBatch(this.#last);
    }
  }

  async #write(last: number, rows: readonly object[], place: string): Promise<void> {
    const batch = Math.max(last + 1, Date.now());
    await this.engine.insert(
      'movements',
      rows.map((row, n) => ({ batch, n, writer: this.writer, ...row })),
      { deduplicationToken: `after-${place}`, maxSeconds: SECONDS },
    );
    const { rows: written } = await this.engine.query(statements.writerOf(batch), { maxSeconds: SECONDS });
    if (written[0]?.writer !== this.writer) {
      this.#last = null;
      throw new NotTheWriterError('Another server writes the log of moves now.');
    }
    this.#last = batch;
  }

  /** What stands in the log and was not applied, after a crash. */
  async #apply(): Promise<void> {
    const { rows } = await this.engine.query(statements.lastApplied, { maxSeconds: SECONDS });
    await this.#applyBatch(rows[0]?.batch ?? 0);
  }

  async #applyBatch(batch: number): Promise<void> {
    await this.engine.command('automation.apply', statements.applyFrom(batch), { maxSeconds: 600 });
  }
}
