/**
 * Takes events, or all that is kept of a customer, out of the store again. What is to go is written down first,
 * so that whoever comes next finishes what was begun; every step may be done twice. No writer may write
 * meanwhile. Knows neither files nor GraphQL.
 */
import type { Engine } from '../../engine/port.ts';
import type { Sql } from '../../query/sql.ts';
import { param, sql } from '../../query/sql.ts';
import { announceChange } from '../announce.ts';
import { addCounts } from '../counts.ts';
import * as customer from './customer.sql.ts';
import { withoutIds, withoutIdsAnywhere } from './definitions.ts';
import * as events from './events.sql.ts';
import type { Removed } from './events.sql.ts';
import * as log from './removals-log.ts';
import type { Found, RemovalRecord } from './removals-log.ts';
import { ownTurn } from '../turns/turn-within.ts';
import type { Turn } from '../turns/turn-within.ts';

export interface RemovalDeps {
  readonly engine: Engine;
  readonly turn?: Turn | undefined;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
  /** Acknowledged events that are not in the store yet: they could bring an erased customer back. */
  readonly waiting?: (() => number | Promise<number>) | undefined;
  /** Called when event ids that counted may come again, and all that was answered may have changed. */
  readonly onRemoved?: (() => void) | undefined;
}

/** Nothing can be erased as long as events wait that may be the customer's. */
export class EventsWaitError extends Error {
  override readonly name = 'EventsWaitError';
  constructor(readonly waiting: number) {
    super(
      `${waiting.toLocaleString('en')} events that were acknowledged wait to be stored; some may be this customer's. ` +
        'Erase again once `ingestion` shows none waiting.',
    );
  }
}

const MAX_SECONDS = 24 * 3600;
const EMPTY_REPORT = { input: '{}', view: '' };

/** All events of an import and its rejected rows; resolves to how many events went. */
export async function removeImport(deps: RemovalDeps, importId: number): Promise<number> {
  return alone(deps, async (own) => {
    await finishOpen(own);
    const record = await log.beginRemoval(own.engine, { kind: 'import', importId }, nowOf(own));
    const { events } = await run(own, record);
    return events;
  });
}

/**
 * Everything kept of the customer that an id leads to, under all its ids. False where nothing is known of the
 * id. Throws EventsWaitError.
 */
export async function eraseCustomer(deps: RemovalDeps, id: string): Promise<boolean> {
  return alone(deps, async (own) => {
    const { engine } = own;
    const waiting = (await own.waiting?.()) ?? 0;
    if (waiting > 0) throw new EventsWaitError(waiting);
    await finishOpen(own);
    const { rows } = await engine.query(customer.idsOf(id));
    const record = await log.beginRemoval(engine, { kind: 'customer' }, nowOf(own));
    const { removalId } = record.removed;
    await engine.insert(
      'removing_customers',
      rows.map(({ customer_id }) => ({ removal_id: removalId, customer_id })),
    );
    return Object.values(await run(own, record)).some((count) => count > 0);
  });
}

/** Finishes what was begun by a process that is gone. */
export async function resumeRemovals(deps: RemovalDeps): Promise<void> {
  if ((await log.openRemovals(deps.engine)).length === 0) return;
  await alone(deps, finishOpen);
}

/** Does the work while nobody writes, through the engine of that turn. */
function alone<T>(deps: RemovalDeps, work: (own: RemovalDeps) => Promise<T>): Promise<T> {
  const turn: Turn = deps.turn ?? ownTurn(deps.engine);
  return turn.alone(() => work({ ...deps, engine: turn.engine }));
}

const nowOf = ({ now }: RemovalDeps): number => (now ?? Date.now)();

async function finishOpen(deps: RemovalDeps): Promise<void> {
  for (const record of await log.openRemovals(deps.engine)) await run(deps, record);
}

async function run(deps: RemovalDeps, begun: RemovalRecord): Promise<Found> {
  const { engine } = deps;
  const work = new Work(engine, begun);
  await work.endStatements();
  await work.removeEvents();
  if (begun.removed.kind === 'import') await work.removeRejectedRows(begun.removed.importId);
  else await work.removeCustomer();
  await announceChange(engine);
  deps.onRemoved?.();
  await work.end();
  return work.found;
}

/** One removal under way. */
class Work {
  private record: RemovalRecord;

  constructor(
    private readonly engine: Engine,
    record: RemovalRecord,
  ) {
    this.record = record;
  }

  get found(): Found {
    return this.record.found;
  }

  private get removed(): Removed {
    return this.record.removed;
  }

  private get name(): string {
    return `removal.step_${this.removed.removalId}`;
  }

  private step(statement: Sql): Promise<void> {
    return this.engine.command(this.name, statement, { maxSeconds: MAX_SECONDS });
  }

  /** The statement of a killed process runs on in the engine: it must end before its work is looked at. */
  async endStatements(): Promise<void> {
    const isStep = sql`Settings['log_comment'] = ${param.string(this.name)}`;
    await this.engine.command('removal.end_statements', sql`KILL QUERY WHERE ${isStep} SYNC`, {
      maxSeconds: 600,
    });
  }

  async removeEvents(): Promise<void> {
    const { removed } = this;
    await this.step(events.listEvents(removed));
    const { rows } = await this.engine.query(events.countListed(removed.removalId));
    await this.note({ events: Number(rows[0]?.events ?? 0) });
    if (this.found.events > 0) {
      await this.step(events.stopWriteAnew);
      await this.step(events.maskEvents(removed));
      await this.step(events.dropIds(removed.removalId));
    }
    await this.step(events.dropCustomers(removed));
    await this.step(events.rebuildCustomers(removed));
    if (this.found.events === 0) return;
    await this.countRemoved();
    await this.step(events.writeAnew);
  }

  /** Once, however often it is told. */
  private async countRemoved(): Promise<void> {
    await addCounts(this.engine, { removed: this.found.events }, { deduplicationToken: this.name });
  }

  async removeRejectedRows(importId: number): Promise<void> {
    const { rows } = await this.engine.query(events.countRejectedRows(importId));
    const rejectedEvents = Number(rows[0]?.found ?? 0);
    await this.note({ rejectedEvents });
    if (rejectedEvents > 0) await this.step(events.dropRejectedRows(importId));
    await this.step(events.markUndone(importId));
  }

  async removeCustomer(): Promise<void> {
    const { removalId } = this.removed;
    await this.step(customer.listRejected(removalId));
    await this.rewrite();
    for (const { counted, count, remove } of customer.keepings(removalId)) {
      const { rows } = await this.engine.query(count, { maxSeconds: MAX_SECONDS });
      const found = Number(rows[0]?.found ?? 0);
      if (counted !== null) await this.note({ [counted]: found });
      if (found > 0) for (const statement of remove) await this.step(statement);
      if (found > 0 && counted === 'identities') {
        await this.engine.command('removal.reload', sql`SYSTEM RELOAD DICTIONARY identity_keys`);
      }
    }
  }

  /** Saved rules and questions that name the customer name nobody in that place. */
  private async rewrite(): Promise<void> {
    const { removalId } = this.removed;
    const options = { maxSeconds: MAX_SECONDS };
    const audiences = await this.engine.query(customer.naming(removalId), options);
    const reports = await this.engine.query(customer.namingReports(removalId), options);
    const maps = await this.engine.query(customer.namingMaps(removalId), options);
    if (audiences.rows.length + reports.rows.length + maps.rows.length === 0) return;
    const listed = await this.engine.query(customer.listedIdsOf(removalId));
    const ids = new Set(listed.rows.map(({ customer_id }) => customer_id));
    for (const { id } of audiences.rows) {
      const definition = (await this.engine.query(customer.definitionOf(id))).rows[0]?.definition ?? '{}';
      const statements = customer.replaceDefinition(id, withoutIds(definition, ids));
      for (const statement of statements) await this.step(statement);
    }
    for (const { id } of reports.rows) {
      const { input, view } = (await this.engine.query(customer.questionOf(id))).rows[0] ?? EMPTY_REPORT;
      const statements = customer.replaceQuestion(id, withoutIds(input, ids), withoutIdsAnywhere(view, ids));
      for (const statement of statements) await this.step(statement);
    }
    for (const { version, map } of maps.rows)
      await this.step(customer.replaceMap(version, withoutIds(map, ids)));
  }

  /** What was found is written down before it is removed, since a second try finds less. */
  private async note(found: Partial<Found>): Promise<void> {
    const more = Object.entries(found).map(([name, count]) => [
      name,
      Math.max(count, this.found[name as keyof Found]),
    ]);
    const record = { ...this.record, found: { ...this.found, ...(Object.fromEntries(more) as Found) } };
    this.record = await log.writeRemoval(this.engine, record, 'begun');
  }

  async end(): Promise<void> {
    const { kind, removalId } = this.removed;
    const isKnown = Object.values(this.found).some((count) => count > 0);
    if (kind === 'customer' && isKnown) await log.writeReceipt(this.engine, this.record);
    for (const statement of events.dropLists(removalId)) await this.engine.command(this.name, statement);
    this.record = await log.writeRemoval(this.engine, this.record, 'done');
  }
}
