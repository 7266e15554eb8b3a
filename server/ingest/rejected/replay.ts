/**
 * Sends rejected events again, the way they came, and takes those that are counted now out of the list: the
 * row that says so comes after the event is stored, so that a crash between the two leaves it listed and known.
 * One replay after the other. Knows no GraphQL.
 */
import { createHash } from 'node:crypto';
import type { Engine } from '../../engine/port.ts';
import { InputError } from '../../query/problem.ts';
import { utcText } from '../../query/sql.ts';
import type { Traits } from '../identity-request.ts';
import type { Ingestion, Message, Receipt } from '../ingest.service.ts';
import { textList } from '../text-list.ts';
import { checkFields, checkIds, eventProblem, isOfFile, unknownIds } from './replay-check.ts';
import { replayMessage } from './replay-message.ts';
import type { MessageReaders } from './replay-message.ts';
import { compileKept, compileLeft, compileThere, dropLeft, dropOlder } from './rejected.sql.ts';
import type { KeptRow } from './rejected.sql.ts';

/** Payloads of so many are in memory together. */
const TOGETHER = 1_000;
const LIMITS = { maxSeconds: 60 };

export interface ReplayDeps {
  readonly engine: Engine;
  readonly ingestion: Pick<Ingestion, 'take' | 'identify'>;
  readonly readers: MessageReaders;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

type Fields = Readonly<Record<string, unknown>>;

/** What became of some rows. */
class Outcome {
  accepted = 0;
  duplicates = 0;
  /** Ids of those that leave the list, and whether they were identities. */
  readonly left = new Map<string, boolean>();
  /** Why not, by id; of those that stay, and of those that are kept anew. */
  readonly rejected = new Map<string, string>();
}

interface Sent {
  readonly row: KeptRow;
  readonly message: Message;
}

export class Replay {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly deps: ReplayDeps) {}

  /** Throws InputError for more than 10,000, or for ids that no rejected event has or had. */
  run(ids: readonly string[], fields: unknown, signal?: AbortSignal): Promise<Receipt> {
    const distinct = checkIds(ids);
    const set = checkFields(fields);
    const turn = this.last.then(() => this.replayAll(distinct, set, signal));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async replayAll(ids: readonly string[], set: Fields, signal?: AbortSignal): Promise<Receipt> {
    const there = await this.thoseThere(ids);
    const outcomes: Outcome[] = [];
    for (let i = 0; i < there.length; i += TOGETHER) {
      outcomes.push(await this.replaySome(there.slice(i, i + TOGETHER), set, signal));
    }
    if (outcomes.some(({ left }) => left.size > 0)) await this.command('rejected.drop_left', dropLeft);
    const reasons = new Map(outcomes.flatMap(({ rejected }) => [...rejected]));
    return {
      accepted: outcomes.reduce((sum, { accepted }) => sum + accepted, 0),
      duplicates: outcomes.reduce((sum, { duplicates }) => sum + duplicates, ids.length - there.length),
      rejected: ids.flatMap((id, index) => {
        const reason = reasons.get(id);
        return reason === undefined ? [] : [{ index, reason }];
      }),
    };
  }

  /** Without those that were replayed before. */
  private async thoseThere(ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length === 0) return [];
    const list = textList(ids);
    const there = await this.idsOf(compileThere(list));
    const missing = ids.filter((id) => !there.has(id));
    if (missing.length === 0) return ids;
    const left = await this.idsOf(compileLeft(list));
    const unknown = missing.filter((id) => !left.has(id));
    if (unknown.length > 0) throw unknownIds(unknown);
    return ids.filter((id) => there.has(id));
  }

  private async replaySome(ids: readonly string[], set: Fields, signal?: AbortSignal): Promise<Outcome> {
    const { engine, readers } = this.deps;
    const { rows } = await engine.query(compileKept(textList(ids)), { ...LIMITS, signal });
    const sent = rows.map((row) => ({
      row,
      message: replayMessage({ ...row, received_ms: Number(row.received_ms) }, set, readers),
    }));
    const outcome = new Outcome();
    await this.sendEvents(sent, outcome, signal);
    await Promise.all(sent.map((one) => this.sendIdentity(one, outcome)));
    await this.leave(outcome.left);
    await this.keepReasons(rows, outcome);
    return outcome;
  }

  private async sendEvents(sent: readonly Sent[], outcome: Outcome, signal?: AbortSignal): Promise<void> {
    const fit = new Map<string, Sent[]>();
    for (const one of sent) {
      const problem = eventProblem(one.message, one.row.source, this.deps.now());
      if (problem !== null) outcome.rejected.set(one.row.id, problem);
      else if (one.message.kind === 'event') {
        const source = takenAs(one.row.source);
        fit.set(source, [...(fit.get(source) ?? []), one]);
      }
    }
    for (const [source, some] of fit) {
      const receipt = await this.deps.ingestion.take(
        some.map(({ message }) => message),
        source,
        signal,
      );
      outcome.accepted += receipt.accepted;
      outcome.duplicates += receipt.duplicates;
      for (const { row } of some) outcome.left.set(row.id, false);
      // Those that only the store refused are kept anew.
      for (const { index, reason } of receipt.rejected) {
        const id = some[index]?.row.id;
        if (id !== undefined) outcome.rejected.set(id, reason);
      }
    }
  }

  /** Of identities only what nobody has said since is news. */
  private async sendIdentity({ row, message }: Sent, outcome: Outcome): Promise<void> {
    if (message.kind !== 'identity') return;
    const { customerId, anonymousId, traits } = message;
    try {
      await this.deps.ingestion.identify(
        customerId as string | null,
        anonymousId as string | null,
        traits as Traits | null,
        { keepsCustomer: true, fillsIn: true, isCounted: false },
      );
      outcome.accepted += 1;
      outcome.left.set(row.id, true);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      outcome.rejected.set(row.id, error.problems.map(({ message }) => message).join(' '));
    }
  }

  /** From here on they are not rejected any more. */
  private async leave(left: ReadonlyMap<string, boolean>): Promise<void> {
    if (left.size === 0) return;
    const gone = await this.idsOf(compileLeft(textList([...left.keys()])));
    const rows = [...left]
      .filter(([id]) => !gone.has(id))
      .map(([id, isIdentity]) => ({ id, identified: +isIdentity }));
    if (rows.length === 0) return;
    const deduplicationToken = createHash('sha256')
      .update(rows.map(({ id }) => id).join())
      .digest('hex');
    await this.deps.engine.insert('rejected_left', rows, { ...LIMITS, deduplicationToken });
  }

  /** Those that stay say what is wrong with them now. */
  private async keepReasons(rows: readonly KeptRow[], { left, rejected }: Outcome): Promise<void> {
    const replayed_at = utcText(this.deps.now());
    const changed = rows.flatMap(({ received_ms: _, ...row }) => {
      const reason = left.has(row.id) ? undefined : rejected.get(row.id);
      return reason === undefined || reason === row.reason ? [] : [{ ...row, reason, replayed_at }];
    });
    if (changed.length === 0) return;
    await this.deps.engine.insert('rejected_events', changed, LIMITS);
    await this.command('rejected.drop_older', dropOlder);
  }

  private async idsOf(query: ReturnType<typeof compileLeft>): Promise<ReadonlySet<string>> {
    const { rows } = await this.deps.engine.query(query, LIMITS);
    return new Set(rows.map(({ id }) => id));
  }

  private command(name: string, statement: typeof dropLeft): Promise<void> {
    return this.deps.engine.command(name, statement, LIMITS);
  }
}

/** Rows of one file have a source each; kept anew, they are known by their form. */
function takenAs(source: string): string {
  return isOfFile(source) ? 'file' : source;
}
