/**
 * Saved reports as tables: a report's question is asked as anybody asks it, through GraphQL, under the caller's rights
 * and in the caller's turn, so that its numbers are those of the page. Lists of customers, which may be long, come
 * some at a time. Knows neither formats nor HTTP.
 */
import { forbidden } from '../access/doors.ts';
import { Lane } from '../answers/lane.ts';
import type { Caller } from '../answers/turns.ts';
import type { Calls, CallerWithRights, CreateContext } from '../api/calls.ts';
import { publicError } from '../api/errors.ts';
import type { ErrorLog } from '../api/errors.ts';
import type { CustomersRequest } from '../insights/customers/customers.query.ts';
import { everybody, keysOfList } from '../insights/customers/everybody.ts';
import type { CustomerKeys, ListedCustomer } from '../insights/customers/everybody.ts';
import type { InsightScope } from '../insights/scope.ts';
import type { StoredReport } from '../library/report-store.ts';
import { isFor } from '../library/reports.service.ts';
import type { Coerce } from '../library/reports.service.ts';
import { CUSTOMER_COLUMNS, partsOf, planOf } from './report-parts.ts';
import type { Row, Table } from './table.ts';

export interface ReportTablesDeps {
  readonly calls: Calls;
  readonly createContext: CreateContext;
  readonly coerce: Coerce;
  readonly log: ErrorLog;
}

/** A report that is not given, with a code and a sentence as all errors of the API have. */
export class ReportRefused extends Error {
  override readonly name = 'ReportRefused';
  constructor(
    readonly code: string,
    message: string,
    readonly extensions: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** Lists whose keys are read at once; the rest waits its turn. */
const LISTS_AT_ONCE = 2;
const MOST_WAITING = 100;

export class ReportTables {
  readonly #lane = new Lane({ atOnce: LISTS_AT_ONCE, mostWaiting: MOST_WAITING });

  constructor(private readonly deps: ReportTablesDeps) {}

  /** All that the caller may ask, the last changed first. */
  async all({ viewer, caller }: CallerWithRights): Promise<readonly StoredReport[]> {
    const { reports } = await this.deps.createContext(undefined, caller, viewer);
    return (await reports.all()).filter((report) => isFor(viewer.role, report));
  }

  /** Throws ReportRefused where there is none with the id, or its question is not for the caller. */
  async find(id: string, { viewer, caller }: CallerWithRights): Promise<StoredReport> {
    const { reports } = await this.deps.createContext(undefined, caller, viewer);
    const report = await reports.find(id);
    if (!report) throw new ReportRefused('UNKNOWN_REPORT', 'There is no report with this id.');
    if (isFor(viewer.role, report)) return report;
    const { code, message } = forbidden(viewer.role, 'people', 'this report');
    throw new ReportRefused(code, message);
  }

  /**
   * One of the report's tables, the first where no other is named. Throws ReportRefused for a name that its kind does
   * not have and where its question is not answered; `refusalOf` says of all else what callers may know.
   */
  async open(
    report: StoredReport,
    part: string | null,
    from: CallerWithRights,
    signal: AbortSignal,
  ): Promise<Table> {
    const name = checkPart(report, part);
    if (report.kind === 'CUSTOMERS') return this.#customers(report.input, from, signal);
    const plan = planOf(report.kind, name, report.input as Readonly<Record<string, unknown>>);
    const data = await this.#ask(plan.document, report.input, from, signal);
    const rows = plan.rowsOf(data);
    return { columns: plan.columns, batches: only(rows), rows: rows.length, asOf: plan.asOf(data) };
  }

  refusalOf(error: unknown): ReportRefused {
    if (error instanceof ReportRefused) return error;
    const { message, extensions = {} } = publicError(error, this.deps.log);
    return new ReportRefused(String(extensions['code']), message, extensions);
  }

  async #ask(
    query: string,
    input: object,
    from: CallerWithRights,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>>> {
    const { calls } = this.deps;
    const call = calls.read({ query, variables: { input } }, from.viewer.role);
    const result =
      call.kind === 'once' ? await calls.perform(call, signal, from) : { errors: errorsOf(call) };
    if (Symbol.asyncIterator in result) throw new TypeError('a question is answered once');
    const { data, errors } = calls.publicly(result);
    const [error] = errors ?? [];
    if (!error && data) return data;
    if (!error) throw new TypeError('neither an answer nor an error');
    const { code = 'BAD_USER_INPUT' } = error.extensions as { code?: string };
    throw new ReportRefused(code, error.message, error.extensions);
  }

  async #customers(input: object, { viewer, caller }: CallerWithRights, signal: AbortSignal): Promise<Table> {
    const { scope } = await this.deps.createContext(signal, caller, viewer);
    const request = this.deps.coerce('CustomersInput', input) as CustomersRequest;
    const keys = await this.#keys(request, caller, scope);
    const asOf = new Date(scope.compile.nowMs).toISOString();
    return { columns: CUSTOMER_COLUMNS, batches: customerRows(keys, scope), rows: keys.length, asOf };
  }

  async #keys(request: CustomersRequest, caller: Caller, scope: InsightScope): Promise<CustomerKeys> {
    const place = this.#lane.enter({ caller });
    try {
      await admitted(place.admitted, scope.signal);
      return await keysOfList(request, scope);
    } finally {
      place.leave();
    }
  }
}

function errorsOf(call: ReturnType<Calls['read']>) {
  return 'errors' in call ? call.errors : [];
}

function checkPart({ kind }: StoredReport, part: string | null): string {
  const parts = partsOf(kind);
  const found = part === null ? parts[0] : parts.find((name) => name === part);
  if (found !== undefined) return found;
  const message = `A report of the kind ${kind} has the parts ${parts.join(', ')}.`;
  throw new ReportRefused('UNKNOWN_PART', message);
}

/** Rejects with the signal's reason where that comes first. */
async function admitted(turn: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  let stop = (): void => {};
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal?.addEventListener('abort', stop, { once: true });
  });
  await Promise.race([turn, aborted]);
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
}

async function* only(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  yield rows;
}

async function* customerRows(keys: CustomerKeys, scope: InsightScope): AsyncGenerator<readonly Row[]> {
  for await (const customers of everybody(keys, scope)) yield customers.map(rowOf);
}

/** As CUSTOMER_COLUMNS stand. */
function rowOf({ id, lifecycleStage, orders, revenue, firstSeen, lastSeen, traits }: ListedCustomer): Row {
  return [id, lifecycleStage, orders, revenue, firstSeen.toISOString(), lastSeen.toISOString(), traits];
}
