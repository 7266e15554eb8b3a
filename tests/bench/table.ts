/** Lines of benchmark runs to the tables in docs/performance.md, between their markers. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { projectRoot } from '../../server/engine/project.ts';

const BEGIN = '<!-- bench: begin -->';
const END = '<!-- bench: end -->';

/** As line.ts writes them. */
interface Line {
  readonly name: string;
  readonly events: number;
  readonly oursMs?: number;
  readonly baseline?: string;
  readonly baselineMs?: number;
  readonly ratio?: number;
  readonly oursBytes?: number;
  readonly of?: string;
  readonly value?: number;
  readonly target?: string;
  readonly holds?: boolean;
  readonly failed?: string;
}

/** Replaces what stands between the markers; a line measured twice counts as it was measured last. */
export async function writeTables(files: readonly string[]): Promise<void> {
  const newest = new Map<string, Line>();
  for (const file of files) {
    const text = await readFile(resolve(process.env['INIT_CWD'] ?? '.', file), 'utf8');
    for (const row of text.split('\n').filter((row) => row.startsWith('{'))) {
      const line = JSON.parse(row) as Line;
      newest.set(JSON.stringify([line.name, line.events, line.baseline]), line);
    }
  }
  const page = join(projectRoot(), 'docs/performance.md');
  const before = await readFile(page, 'utf8');
  const [from, to] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md has lost its markers ${BEGIN} and ${END}.`);
  const after = `${before.slice(0, from)}${BEGIN}\n\n${tables([...newest.values()])}\n\n${before.slice(to)}`;
  const config = await resolveConfig(page);
  await writeFile(page, await format(after, { ...config, parser: 'markdown' }));
}

function tables(lines: readonly Line[]): string {
  const judged = lines.filter((line) => line.target !== undefined);
  const timed = lines.filter((line) => line.oursMs !== undefined);
  const sized = lines.filter((line) => line.oursBytes !== undefined);
  return [
    '### Against the targets',
    table(
      ['what', 'events', 'figure', 'measured', 'target', 'holds'],
      judged.map((line) => [
        line.name,
        count(line.events),
        line.of ?? '',
        measured(line),
        target(line),
        line.holds ? 'yes' : '**no**',
      ]),
    ),
    '### All times',
    table(
      ['what', 'events', 'ms', 'against', 'ms', 'ratio'],
      timed.map((line) => [
        line.name,
        count(line.events),
        number(line.oursMs),
        line.baseline ?? '',
        number(line.baselineMs),
        number(line.ratio),
      ]),
    ),
    '### Most memory',
    table(
      ['what', 'events', 'MB'],
      sized.map((line) => [line.name, count(line.events), megabytes(line.oursBytes ?? 0)]),
    ),
  ].join('\n\n');
}

function measured(line: Line): string {
  if (line.failed !== undefined) return line.failed;
  return line.oursBytes === undefined ? number(line.value) : `${megabytes(line.value ?? 0)} MB`;
}

function target(line: Line): string {
  if (line.oursBytes === undefined) return line.target ?? '';
  const [sign = '', bytes = '0'] = (line.target ?? '').split(' ');
  return `${sign} ${megabytes(Number(bytes))} MB`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, head.map(() => '---'), ...rows];
  return all.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}

/** Three digits are all that a noisy machine can say. */
function number(value = 0): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

function count(events: number): string {
  return events >= 1e6 ? `${number(events / 1e6)} million` : events.toLocaleString('en-US');
}

function megabytes(bytes: number): string {
  return Math.round(bytes / 1e6).toLocaleString('en-US');
}
