// Annotations as a last column of the table behind a chart over time. Pure.
import { table } from '../ui/table.ts';
import type { TableData } from '../ui/table.ts';
import { marksOn } from './time-marks.ts';
import type { Note, TimeAxis } from './time-marks.ts';

/** The table as it is where there are none, or where its rows are not the points of the axis. */
export function withNotes<Row>(
  data: TableData<Row>,
  axis: TimeAxis,
  notes: readonly Note[],
  label: string,
): TableData<Row> {
  const marks = marksOn(axis, notes);
  if (marks.length === 0 || data.rows.length !== axis.at.length) return data;
  const texts = new Map(
    marks.map(({ index, notes: list }) => [data.rows[index], list.map(({ text }) => text).join(' · ')]),
  );
  return table([...data.columns, { key: 'notes', label, value: (row) => texts.get(row) ?? null }], data.rows);
}
