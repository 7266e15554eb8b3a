/**
 * Turns as they stand in the store: what the newest one says, and the few rows that are written about it. Holds
 * no rules about who may do what.
 */
import { EngineError } from '../../engine/port.ts';
import type { Engine } from '../../engine/port.ts';
import { int, param, sql } from '../../query/sql.ts';
import { processText } from './this-program.ts';

/** The newest turn. */
export interface TurnState {
  /** 0: there has been none. */
  readonly turn: number;
  readonly owner: string;
  /** Where the owner runs, as it said itself. */
  readonly process: string;
  /** `ended`: its work was done. `left`: somebody must look what came of it. Empty: it goes on. */
  readonly end: '' | 'ended' | 'left';
  /** Whose turn is next; empty: anybody's. */
  readonly next: string;
  /** Since the owner was last heard of, by the store's clock. */
  readonly silentMs: number;
  /** Since its end. */
  readonly endedMs: number;
  readonly isDoubted: boolean;
  /** Who, other than the asker, has been waiting longest; empty: nobody. */
  readonly wisher: string;
  /** The store's clock, milliseconds since 1970. */
  readonly nowMs: number;
}

type Row = Readonly<
  Record<'turn' | 'silent' | 'ended' | 'now', string> &
    Record<'owner' | 'process' | 'end' | 'next' | 'wisher', string>
> & { readonly doubted: number };

const SECONDS = 5;
/** As in the table's definition. */
const TURNS_IN_PARTITION = 10_000;

export class TurnLog {
  readonly owner: string;
  private readonly engine: Engine;
  private readonly process = processText();

  constructor(engine: Engine, owner: string) {
    this.engine = engine;
    this.owner = owner;
  }

  async read(): Promise<TurnState> {
    const { rows } = await within(this.engine.query<Row>(this.newest(), { maxSeconds: SECONDS }));
    const row = rows[0] as Row;
    return {
      turn: Number(row.turn),
      owner: row.owner,
      process: row.process,
      end: row.end as TurnState['end'],
      next: row.next,
      silentMs: Number(row.silent),
      endedMs: Number(row.ended),
      isDoubted: row.doubted === 1,
      wisher: row.wisher,
      nowMs: Number(row.now),
    };
  }

  /** Of all who try to take a turn one does; who it was is read afterwards. */
  async take(turn: number): Promise<void> {
    const row = { turn, kind: 'taken', owner: this.owner, process: this.process };
    const options = { deduplicationToken: `turn-${turn}`, maxSeconds: SECONDS };
    await within(this.engine.insert('turns', [row], options));
    if (turn % TURNS_IN_PARTITION === 0) await this.dropOld(turn);
  }

  alive(turn: number): Promise<void> {
    return this.say({ turn, kind: 'alive' });
  }

  wish(turn: number, since: number): Promise<void> {
    return this.say({ turn, kind: 'wish', since });
  }

  doubt(turn: number): Promise<void> {
    return this.say({ turn, kind: 'doubt' });
  }

  end(turn: number, kind: 'ended' | 'left', next: string): Promise<void> {
    return this.say({ turn, kind, next });
  }

  /** Whatever was begun in a turn before this one ends now; resolves once it has. */
  async endStatements(before: number): Promise<void> {
    const number = sql`toUInt64OrZero(extract(query_id, '^turn-([0-9]+)-'))`;
    const statement = sql`KILL QUERY WHERE current_database = currentDatabase() AND startsWith(query_id, 'turn-')
  AND ${number} < ${int(before)} SYNC`;
    await within(this.engine.command('turns.end_statements', statement, { maxSeconds: 60 }));
  }

  private async say(row: object): Promise<void> {
    const options = { maxSeconds: SECONDS };
    await within(this.engine.insert('turns', [{ owner: this.owner, ...row }], options));
  }

  private newest() {
    const me = param.string(this.owner);
    return {
      name: 'turns.newest',
      sql: sql`WITH (SELECT max(turns.turn) FROM turns) AS newest
SELECT newest AS turn,
  anyIf(turns.owner, kind = 'taken') AS owner,
  anyIf(turns.process, kind = 'taken') AS process,
  anyIf(toString(kind), kind IN ('ended', 'left')) AS end,
  anyIf(turns.next, kind IN ('ended', 'left')) AS next,
  toUnixTimestamp64Milli(now64(3)) AS now,
  now - toUnixTimestamp64Milli(maxIf(at, kind IN ('taken', 'alive'))) AS silent,
  now - toUnixTimestamp64Milli(maxIf(at, kind IN ('ended', 'left'))) AS ended,
  countIf(kind = 'doubt') > 0 AS doubted,
  argMinIf(turns.owner, since, kind = 'wish' AND turns.owner != ${me}) AS wisher
FROM turns WHERE turns.turn = newest`,
    };
  }

  private async dropOld(turn: number): Promise<void> {
    const old = turn / TURNS_IN_PARTITION - 2;
    if (old < 0) return;
    const statement = sql`ALTER TABLE turns DROP PARTITION ${int(old)}`;
    await within(this.engine.command('turns.drop_old', statement, { maxSeconds: SECONDS }));
  }
}

/** No answer in time is no answer. */
async function within<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'TIMEOUT') throw error;
    throw new EngineError('UNAVAILABLE', error.message, { cause: error });
  }
}
