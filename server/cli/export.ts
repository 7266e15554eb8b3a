/** `waymark export`: a saved report as a file for other tools; beside a running server, or alone. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import type { Logger } from 'pino';
import { OPEN_VIEWER } from '../access/role.ts';
import { createCalls } from '../api/calls.ts';
import type { CallerWithRights } from '../api/calls.ts';
import { createExecute } from '../api/execution/execute.ts';
import { createReportTables } from '../api/report-tables.ts';
import { createSchema } from '../api/schema.ts';
import { readConfig, settingsHelp } from '../config.ts';
import type { Config } from '../config.ts';
import type { Engine } from '../engine/port.ts';
import { FORMAT_NAMES, FORMATS, isFormat } from '../export/formats.ts';
import type { FormatName } from '../export/formats.ts';
import type { ReportTables } from '../export/report-tables.ts';
import type { Batches } from '../export/table.ts';
import type { StoredReport } from '../library/report-store.ts';
import { createServices } from '../services.ts';
import { withEngine } from './engine.ts';
import { openJourneyMap } from './journey-map.ts';
import { createLog } from './log.ts';
import { showProgress } from './progress.ts';

const HELP = `
The same rows as /reports/ID.csv of a server, with the rights of an ADMIN. To standard output unless --out names a
file, whose ending is the format unless --format says it. Some kinds of report have more than one table: --part names
another than the first (LIFECYCLE: stages, history, transitions, growth).

  waymark export "From look to order"
  waymark export 3f0c1c52-6b1f-4f0e-9a53-0d6c3f3b8a11 --out funnel.parquet
  waymark export "Lifecycle" --part history --format ndjson
`;
/** Who stands before the store itself may ask everything. */
const FROM: CallerWithRights = { viewer: OPEN_VIEWER, caller: ['command'] };

interface ExportOptions {
  readonly format?: FormatName;
  readonly out?: string;
  readonly part?: string;
}

export function exportCommand(): Command {
  return new Command('export')
    .description('write a saved report as a file')
    .argument('<report>', "the report's id or its exact name")
    .addOption(new Option('--format <format>', 'default: csv').choices(FORMAT_NAMES))
    .option('--out <file>', 'where to write; it is there once it is whole')
    .option('--part <name>', 'another of its tables')
    .addHelpText('after', HELP)
    .addHelpText('after', settingsHelp)
    .action((report: string, options: ExportOptions) => runExport(report, options));
}

async function runExport(wanted: string, options: ExportOptions): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.LOG_LEVEL);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await withEngine(config, log, async (engine) => {
      const { tables, close } = await openTables(config, engine, log);
      try {
        await exportOne(tables, wanted, options, stop.signal);
      } catch (error) {
        // Who reads no further has what was wanted.
        if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return;
        const sentence = stop.signal.aborted ? 'interrupted; nothing is kept.' : sentenceOf(error, tables);
        process.stderr.write(`waymark: ${sentence}\n`);
        process.exitCode = 1;
      } finally {
        await close();
      }
    });
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function openTables(
  config: Config,
  engine: Engine,
  log: Logger,
): Promise<{ tables: ReportTables; close: () => Promise<void> }> {
  const services = await createServices({ engine, journeyMap: openJourneyMap(config.JOURNEY_MAP), log });
  const schema = await createSchema();
  const { createContext } = services;
  const calls = createCalls({ schema, execute: createExecute(schema), createContext, log });
  const tables = createReportTables({ schema, calls, createContext, log });
  return { tables, close: () => services.close() };
}

async function exportOne(
  tables: ReportTables,
  wanted: string,
  { format, out, part }: ExportOptions,
  signal: AbortSignal,
): Promise<void> {
  const report = foundIn(await tables.all(FROM), wanted);
  const table = await tables.open(report, part ?? null, FROM, signal);
  const show = showProgress(report.name, 'rows');
  // On a screen the rows themselves are what moves.
  const told = out !== undefined || !process.stdout.isTTY;
  const batches = counted(table.batches, (done) => {
    if (told && done < table.rows) show({ done, share: done / table.rows });
  });
  const pieces = FORMATS[format ?? formatOf(out)].write(table.columns, batches.rows);
  await writeTo(out, pieces, signal);
  if (told) show({ done: batches.done(), share: 1 });
}

/** Names need not be the only one; ids are. */
function foundIn(reports: readonly StoredReport[], wanted: string): StoredReport {
  const byId = reports.find(({ id }) => id === wanted);
  const byName = reports.filter(({ name }) => name === wanted.trim());
  const [only, ...others] = byId ? [byId] : byName;
  if (!only) throw new UnclearReportError(`There is no report with the id or the name "${wanted}".`);
  if (others.length === 0) return only;
  const list = byName.map(({ id, kind }) => `  ${id}  ${kind}`).join('\n');
  throw new UnclearReportError(
    `${byName.length} reports are called "${wanted}"; say which by its id:\n${list}`,
  );
}

class UnclearReportError extends Error {
  override readonly name = 'UnclearReportError';
}

function sentenceOf(error: unknown, tables: ReportTables): string {
  if (error instanceof UnclearReportError) return error.message;
  const isOfFile = error instanceof Error && 'syscall' in error;
  return isOfFile ? error.message : tables.refusalOf(error).message;
}

function formatOf(out: string | undefined): FormatName {
  const ending = extname(out ?? '')
    .slice(1)
    .toLowerCase();
  return isFormat(ending) ? ending : 'csv';
}

function counted(batches: Batches, tell: (done: number) => void) {
  let done = 0;
  async function* rows(): Batches {
    for await (const batch of batches) {
      yield batch;
      tell((done += batch.length));
    }
  }
  return { rows: rows(), done: () => done };
}

/** A file takes its name once it is whole: what was broken off is never taken for all. */
async function writeTo(
  out: string | undefined,
  pieces: AsyncGenerator<string | Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const body = Readable.from(pieces, { objectMode: false });
  if (out === undefined) return pipeline(body, process.stdout, { signal, end: false });
  const begun = `${out}.part`;
  try {
    await pipeline(body, createWriteStream(begun), { signal });
    await rename(begun, out);
  } catch (error) {
    await rm(begun, { force: true });
    throw error;
  }
}
