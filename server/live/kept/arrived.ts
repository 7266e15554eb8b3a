/** The events of inserts that were heard of: as the look told them, or read where it did not. */
import type { Engine } from '../../engine/port.ts';
import type { ArrivalRow } from '../arrivals.sql.ts';
import { arrivalOf } from './arrival.ts';
import type { Arrival } from './arrival.ts';
import { arrivedEvents } from './kept.sql.ts';
import type { Told } from './kept.sql.ts';

/** By insert; as many of each as can be seen. */
export async function readArrived(
  heard: readonly ArrivalRow[],
  engine: Engine,
  isMerged: boolean,
): Promise<ReadonlyMap<string, readonly Arrival[]>> {
  const heardAt = performance.now();
  const isTold = ({ told, events }: ArrivalRow): boolean => told.length === events;
  const toRead = heard.filter((row) => !isTold(row)).map(({ batch }) => batch);
  const found = new Map<string, Arrival[]>();
  for (const { batch, told } of heard.filter(isTold)) {
    found.set(
      batch,
      told.map((event) => arrivalOf(event as Told, heardAt)),
    );
  }
  if (toRead.length === 0) return found;
  for (const batch of toRead) found.set(batch, []);
  const { rows } = await engine.query(arrivedEvents(toRead, isMerged));
  for (const { batch, told } of rows) found.get(batch)?.push(arrivalOf(told, heardAt));
  return found;
}
