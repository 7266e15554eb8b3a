/** `waymark import`: files of events into the store; beside a running server, or alone. */
import { Command, InvalidArgumentError } from 'commander';
import { readConfig, settingsHelp } from '../config.ts';
import type { Engine } from '../engine/port.ts';
import { importProblem } from '../ingest/import/import-error.ts';
import { importFile } from '../ingest/import/import.service.ts';
import type { ImportResult } from '../ingest/import/import.service.ts';
import { withEngine } from './engine.ts';
import { createLog } from './log.ts';
import { showProgress } from './progress.ts';

type FieldMap = Readonly<Record<string, string>>;

const HELP = `
Formats: CSV, NDJSON and Parquet, plain, gzip or Zstandard, told by content.
Fields are found by common names (customer_id or user_id, event or event_type, time or timestamp, channel,
order_id, revenue, session_id, event_id); every other column becomes a property. A file may be imported again:
nothing counts twice. Bad rows are kept aside with their reasons.

  waymark import events.csv.gz
  waymark import visits.parquet --map customer_id=household --map event=action
`;

export function importCommand(): Command {
  return new Command('import')
    .description('import files of events')
    .argument('<file...>', 'CSV, NDJSON or Parquet')
    .option('--map <field=column>', 'which column is a field; may be given several times', collectMap, {})
    .addHelpText('after', HELP)
    .addHelpText('after', settingsHelp)
    .action((files: string[], { map }: { map: FieldMap }) => runImport(files, map));
}

function collectMap(text: string, map: FieldMap): FieldMap {
  const parts = /^([^=]+)=(.+)$/.exec(text);
  const [, field, column] = parts ?? [];
  if (field === undefined || column === undefined) {
    throw new InvalidArgumentError('It is written field=column, for example customer_id=household.');
  }
  return { ...map, [field.trim()]: column };
}

async function runImport(files: readonly string[], map: FieldMap): Promise<void> {
  const config = readConfig(process.env);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await withEngine(config, createLog(config.LOG_LEVEL), async (engine) => {
      for (const file of files) {
        if (!(await importOne(engine, file, map, stop.signal))) process.exitCode = 1;
        if (stop.signal.aborted) break;
      }
    });
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** False where the file could not be imported, with the reason told. */
async function importOne(engine: Engine, path: string, map: FieldMap, signal: AbortSignal): Promise<boolean> {
  const show = showProgress(path, 'rows');
  const begun = Date.now();
  try {
    const result = await importFile({
      engine,
      path,
      map,
      signal,
      onProgress: ({ rows, share }) => show({ done: rows, share: Math.min(share, 0.999) }),
    });
    show({ done: result.rows, share: 1 });
    if (result.isUndone) {
      process.stderr.write(`\n${path}: it was cancelled; nothing of it is kept.\n`);
      return false;
    }
    process.stdout.write(summary(path, result, (Date.now() - begun) / 1000));
    return true;
  } catch (error) {
    process.stderr.write(`\n${path}: ${sentenceOf(error, signal)}\n`);
    return false;
  }
}

function summary(path: string, result: ImportResult, seconds: number): string {
  const { id, rows, accepted, duplicates, rejected, leftOut, completed } = result;
  const lines = [
    ...completed.map((file) => `${file}: the import that was interrupted before is now complete.`),
    ...(leftOut.length > 0 ? [`${path}: left out, being nested: ${leftOut.join(', ')}.`] : []),
    `${path}: ${count(rows)} rows in ${seconds.toFixed(1)} s (${count(rows / seconds)}/s): ` +
      `${count(accepted)} accepted, ${count(duplicates)} already known, ${count(rejected)} rejected.`,
    ...(accepted > 0 ? [`Import ${id}: waymark undo-import ${id} takes it back.`] : []),
    ...(rejected > 0
      ? ['Rejected rows stand in `rejectedEvents` with their reasons, and can be replayed.']
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function sentenceOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'interrupted; run it again to complete it. Nothing counts twice.';
  return importProblem(error) ?? (error instanceof Error ? error.message : String(error));
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
