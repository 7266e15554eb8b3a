import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../engine/log.ts';
import { Journal } from './journal.ts';
import type { JournalRecord } from './record.ts';

let folder: string;
let journal: Journal;
const NOW = Date.UTC(2026, 5, 1);

const open = (maxBytes = 1e9): Promise<Journal> =>
  Journal.open({ folder, maxBytes, log: silentLog, now: () => NOW });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waymark-journal-'));
  journal = await open();
});
afterEach(async () => {
  await journal.close();
  await rm(folder, { recursive: true, force: true });
});

function record(name: string, events = 1): JournalRecord {
  const event = { event: 'view', channel: '', orderId: '', sessionId: '', revenue: null, properties: {} };
  return {
    events: Array.from({ length: events }, (_, i) => ({
      ...event,
      eventId: `${name}-${i}`,
      customerId: name,
      timeMs: NOW,
    })),
    rejected: [],
    identities: [],
    identified: 0,
    plan: null,
  };
}

const namesOf = (records: readonly JournalRecord[]): unknown[] =>
  records.map(({ events }) => events[0]?.customerId);

const segments = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith('.journal')).sort();

/** Reads everything that waits, as a replay does. */
async function drained(from: Journal): Promise<unknown[]> {
  const names: unknown[] = [];
  for (let batch = await from.next(); batch; batch = await from.next()) {
    names.push(...namesOf(batch.records));
    await from.done(batch);
  }
  return names;
}

it('gives back what was appended side by side, in order, and leaves nothing on disk', async () => {
  expect(journal.isEmpty).toBe(true);
  const names = Array.from({ length: 200 }, (_, i) => `n${i}`);
  await Promise.all(names.map((name) => journal.append(record(name))));
  expect(journal.waiting).toBe(200);
  expect(journal.oldestMs).toBe(NOW);
  expect(await drained(journal)).toEqual(names);
  expect(journal.isEmpty).toBe(true);
  expect(journal.oldestMs).toBe(null);
  expect(await segments()).toEqual([]);
});

it('is read only by its owner', async () => {
  await journal.append(record('a'));
  const [name = ''] = await segments();
  expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
});

it('goes on after a restart where it was, and repeats under its id what was under way', async () => {
  for (const name of ['a', 'b']) await journal.append(record(name, 6000));
  const first = await journal.next();
  expect(namesOf(first!.records)).toEqual(['a']);
  expect(first!.isRepeated).toBe(false);
  await journal.done(first!);
  const second = await journal.next();
  await journal.append(record('c'));
  await journal.close();
  journal = await open();
  expect(journal.waiting).toBe(6001);
  const again = await journal.next();
  expect(again).toMatchObject({ id: second!.id, isRepeated: true, count: 6000 });
  expect(namesOf(again!.records)).toEqual(['b']);
  await journal.done(again!);
  expect(await drained(journal)).toEqual(['c']);
});

it('cuts off a torn tail at every byte, and keeps what was whole', async () => {
  await journal.append(record('whole'));
  await journal.append(record('torn!'));
  await journal.close();
  const [name = ''] = await segments();
  const bytes = await readFile(join(folder, name));
  for (let length = bytes.length / 2; length < bytes.length; length += 7) {
    await writeFile(join(folder, name), bytes.subarray(0, length));
    journal = await open();
    expect(namesOf((await journal.next())!.records)).toEqual(['whole']);
    expect((await stat(join(folder, name))).size).toBeLessThanOrEqual(bytes.length / 2);
    await journal.close();
    await rm(join(folder, 'position.json'), { force: true });
  }
  await appendFile(join(folder, name), Buffer.from([255, 255, 255, 255, 1, 2, 3]));
  journal = await open();
  await journal.append(record('after'));
  expect(await drained(journal)).toEqual(['whole', 'after']);
});

it('does not take a record whose bytes were changed', async () => {
  await journal.append(record('a'));
  await journal.append(record('b'));
  await journal.close();
  const [name = ''] = await segments();
  const bytes = await readFile(join(folder, name));
  bytes[bytes.length - 5]! ^= 1;
  await writeFile(join(folder, name), bytes);
  journal = await open();
  expect(await drained(journal)).toEqual(['a']);
});

it('keeps aside what cannot be read before the last segment', async () => {
  await journal.append(record('a'));
  await journal.close();
  const [name = ''] = await segments();
  await appendFile(join(folder, name), 'damage');
  journal = await open();
  await journal.close();
  await appendFile(join(folder, name), 'damage');
  await writeFile(join(folder, '000000000009-ffffffff.journal'), '');
  journal = await open();
  expect(await drained(journal)).toEqual(['a']);
  expect(await readFile(join(folder, `${name}.damaged`), 'utf8')).toBe('damage');
});

it('refuses what is beyond its bound, and takes it again once there is room', async () => {
  await journal.close();
  journal = await open(2000);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) => journal.append(record(`n${i}`))),
  );
  const refused = outcomes.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBeGreaterThan(5);
  expect(refused[0]).toMatchObject({ reason: { name: 'IngestBusyError', code: 'UNAVAILABLE' } });
  expect((await drained(journal)).length).toBe(20 - refused.length);
  await journal.append(record('again'));
  expect(await drained(journal)).toEqual(['again']);
});

it('refuses what the disk does not take, and goes on once it does', async () => {
  await journal.append(record('a'));
  await journal.close();
  journal = await open();
  await rm(folder, { recursive: true });
  await expect(journal.append(record('b'))).rejects.toMatchObject({ name: 'IngestBusyError' });
});

it('belongs to one process', async () => {
  await expect(open()).rejects.toThrow('in use');
});

it('reads a record that is longer than a batch', async () => {
  await journal.append(record('x'.repeat(2000), 9000));
  await journal.append(record('after'));
  expect(await drained(journal)).toEqual(['x'.repeat(2000), 'after']);
});

it('says in a sentence that nothing can be kept where it is told to', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  const opening = Journal.open({
    folder: join(file, 'journal'),
    maxBytes: 1e9,
    log: silentLog,
    now: () => NOW,
  });
  await expect(opening).rejects.toThrow('DATA_DIR names a folder that this program may write to.');
});
