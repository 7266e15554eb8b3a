/** Files in every form and state: read whole, bad rows kept aside, each event once. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { param, sql } from '../../server/query/sql.ts';
import { openImportDesk } from '../support/import-desk.ts';
import type { ImportDesk } from '../support/import-desk.ts';

let desk: ImportDesk;
beforeAll(async () => {
  desk = await openImportDesk();
});
afterAll(() => desk.close());

const importText: ImportDesk['importText'] = (...file) => desk.importText(...file);
const eventsOf: ImportDesk['eventsOf'] = (customerId) => desk.eventsOf(customerId);

async function rejectedOf(file: string): Promise<readonly (readonly [string, string])[]> {
  const { rows } = await desk.engine.query<{ source: string; reason: string }>({
    name: 'test.rejected',
    sql: sql`SELECT source, reason FROM rejected_events WHERE source LIKE ${param.string(`%/${file} row %`)} ORDER BY source`,
  });
  return rows.map(({ source, reason }) => [source.slice(source.indexOf(' row ') + 5), reason]);
}

describe('CSV', () => {
  it('takes a header of common names; what is left is properties with their types', async () => {
    const csv = [
      'event_id,customer_id,event_time,event_type,order_id,quantity,price,zip,revenue,note',
      'c1,csv-a,2026-01-01T10:00:00.123Z,purchase,o1,2,1.5,00501,3.00,"said ""hi"", left"',
      'c2,csv-a,2026-01-02 10:00:00 UTC,return,,,,,-3.005,"two\nlines"',
      'c3,csv-a,1767434400,view,,1,2.25,12345,,中文',
    ].join('\n');
    expect(await importText('types.csv', csv)).toMatchObject({
      rows: 3,
      accepted: 3,
      duplicates: 0,
      rejected: 0,
    });
    const rows = await eventsOf('csv-a');
    expect(rows.map(({ event, at, order_id, revenue }) => [event, at, order_id, revenue])).toEqual([
      ['purchase', '2026-01-01 10:00:00.123', 'o1', '3'],
      ['return', '2026-01-02 10:00:00.000', '', '-3.005'],
      ['view', '2026-01-03 10:00:00.000', '', null],
    ]);
    expect(rows.map(({ properties }) => JSON.parse(properties) as unknown)).toEqual([
      { note: 'said "hi", left', price: 1.5, quantity: 2, zip: '00501' },
      { note: 'two\nlines' },
      { note: '中文', price: 2.25, quantity: 1, zip: '12345' },
    ]);
  });

  it('keeps bad rows aside by number and takes their neighbours', async () => {
    const csv = [
      'user_id,event,timestamp,amount,message_id',
      'bad-a,view,2026-01-01,,m1',
      ',view,2026-01-01,,m2',
      'null,view,2026-01-01,,m3',
      'bad-a,,2026-01-01,,m4',
      'bad-a,view,2026-02-30,,m5',
      'bad-a,view,0000-00-00,,m6',
      'bad-a,view,1950-12-31,,m7',
      'bad-a,view,2100-12-31,,m8',
      'bad-a,view,,,m9',
      'bad-a,view,2026-01-01,x12,m10',
      'bad-a,view,2026-01-01,,m11,too many',
      'bad-a,view',
      '"bad"-a,view,2026-01-01,,m12',
      'bad-a,view,20260101,,m13',
      '',
      'bad-a,view,2026-01-02,,m14',
      'bad-a,"never closed,2026-01-01,,m15',
      'bad-a,view,2026-01-03,,m16',
    ].join('\r\n');
    expect(await importText('bad.csv', csv)).toMatchObject({
      rows: 17,
      accepted: 4,
      duplicates: 0,
      rejected: 13,
    });
    expect((await eventsOf('bad-a')).map(({ event_id }) => event_id)).toEqual(['m1', 'm14', 'm16', 'm8']);
    const notInstant = 'time is not an instant such as 2026-01-31T23:59:59Z.';
    expect(Object.fromEntries(await rejectedOf('bad.csv'))).toEqual({
      2: 'An event needs a customerId or an anonymousId.',
      3: 'customerId "null" is not an id.',
      4: 'The event has no name.',
      5: notInstant,
      6: notInstant,
      7: 'time is not after 1970-01-01T00:00:00Z.',
      9: 'The event has no time.',
      10: 'revenue is not a number.',
      11: 'The row has 6 fields where the header has 5.',
      12: 'The row has 2 fields where the header has 5.',
      13: 'Text follows a closing quote.',
      14: notInstant,
      16: 'A quote is not closed.',
    });
    expect(await importText('bad.csv', csv)).toMatchObject({ accepted: 0, duplicates: 4, rejected: 13 });
    expect((await rejectedOf('bad.csv')).length).toBe(13);
  });

  it('counts what is more than a day ahead on arrival, once, however often it is read', async () => {
    const csv = 'user_id,event,time,note\nahead,view,2199-01-01T10:00:00.5Z,n\nahead,view,2199-01-02,\n';
    const first = Date.UTC(2026, 5, 1);
    expect(await importText('ahead.csv', csv, { now: () => first })).toMatchObject({ accepted: 2 });
    const later = await importText('ahead.csv', csv, { now: () => first + 86_400_000 });
    expect(later).toMatchObject({ accepted: 0, duplicates: 2 });
    const rows = await eventsOf('ahead');
    expect(rows.map(({ at }) => at)).toEqual(['2026-06-01 00:00:00.000', '2026-06-01 00:00:00.000']);
    const properties = rows.map((row) => JSON.parse(row.properties) as { sent_time: string });
    expect(properties.sort((a, b) => a.sent_time.localeCompare(b.sent_time))).toEqual([
      { note: 'n', sent_time: '2199-01-01T10:00:00.500Z' },
      { sent_time: '2199-01-02T00:00:00.000Z' },
    ]);
  });

  it.each([
    ['semicolons and a byte order mark', '\ufeffuser_id;event;time\nv;view;2026-01-01\n'],
    ['tabs, no final line end', 'user_id\tevent\ttime\nv\tview\t2026-01-01'],
    ['UTF-16', Buffer.from('\ufeffuser_id,event,time\nv,view,2026-01-01\n', 'utf16le')],
    ['other case and blanks', ' User ID ,Event Name,Event Time\nv,view,2026-01-01\n'],
  ])('reads %s', async (_, content) => {
    const result = await importText('variant.csv', content);
    expect(result).toMatchObject({ rows: 1, rejected: 0 });
    expect((await eventsOf('v')).length).toBe(1);
  });

  it('is told what is what', async () => {
    const csv = 'wer,was,wann\nmapped,view,2026-01-01\n';
    await expect(importText('map.csv', csv)).rejects.toThrow(
      'No column is known to hold the customer; columns are wer, was, wann. Say which with --map customerId=COLUMN.',
    );
    const map = { customer_id: 'wer', event: 'was', time: 'wann' };
    expect(await importText('map.csv', csv, { map })).toMatchObject({ accepted: 1 });
    await expect(importText('map.csv', csv, { map: { ...map, time: 'x' } })).rejects.toThrow(
      'There is no column "x"',
    );
    await expect(importText('map.csv', csv, { map: { who: 'wer' } })).rejects.toThrow(
      'There is no field "who"',
    );
  });

  it('refuses a file without header, an empty one, an array, and a torn archive', async () => {
    await expect(importText('no-header.csv', 'ann,view,2026-01-01\n')).rejects.toThrow(/No column is known/);
    await expect(importText('empty.csv', '')).rejects.toThrow(/is empty/);
    await expect(importText('array.json', '[{"a":1}]')).rejects.toThrow(/one object a line/);
    const torn = gzipSync('user_id,event,time\n' + 'torn,view,2026-01-01\n'.repeat(99_999)).subarray(0, 900);
    await expect(importText('torn.csv.gz', torn)).rejects.toThrow(/is not whole/);
    expect(await eventsOf('torn')).toEqual([]);
    const { rows } = await desk.engine.query({
      name: 'test.left',
      sql: sql`SELECT count() AS left FROM import_rows`,
    });
    expect(rows).toEqual([{ left: '0' }]);
  });

  it('takes a header alone as no events', async () => {
    expect(await importText('header.csv', 'user_id,event,time\n')).toMatchObject({ rows: 0, accepted: 0 });
  });

  it('takes names of columns as names, whatever they hold', async () => {
    const names = [
      "a') , (select 'PWNED",
      'x`; drop table events; --',
      '{p1:String}',
      '__proto__',
      'a.b',
      "it's \\",
    ];
    const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(',');
    const csv = `user_id,event,time,${quoted}\nodd-names,view,2026-01-01,a,b,c,d,e,f\n`;
    expect(await importText('names.csv', csv)).toMatchObject({ accepted: 1 });
    const [row] = await eventsOf('odd-names');
    expect(JSON.parse(row?.properties ?? '')).toMatchObject({ "a') , (select 'PWNED": 'a', "it's \\": 'f' });
  });
});

describe('NDJSON', () => {
  it('finds fields by name and keeps every other value with its type', async () => {
    const lines = [
      {
        userId: 'nd',
        event: 'view',
        timestamp: '2026-01-01T00:00:00Z',
        properties: { a: 1, b: { c: [1, 'x'] } },
        d: true,
      },
      {
        userId: 'nd',
        event: 'purchase',
        timestamp: 1_767_312_000_123,
        revenue: 12.5,
        orderId: 77,
        price: null,
      },
      { anonymousId: 'nd', event: 'late', time: '2026-01-03', session: 's' },
    ].map((line) => JSON.stringify(line));
    const content = [
      ...lines,
      'no json',
      '[1]',
      '',
      '{"userId":{"x":1},"event":"e","time":"2026-01-01"}',
    ].join('\n');
    expect(await importText('a.ndjson', content)).toMatchObject({ rows: 6, accepted: 3, rejected: 3 });
    const rows = await eventsOf('nd');
    expect(rows.map(({ event, at, order_id, revenue }) => [event, at, order_id, revenue])).toEqual([
      ['view', '2026-01-01 00:00:00.000', '', null],
      ['purchase', '2026-01-02 00:00:00.123', '77', '12.5'],
      ['late', '2026-01-03 00:00:00.000', '', null],
    ]);
    expect(JSON.parse(rows[0]?.properties ?? '')).toMatchObject({ a: 1, d: true });
    expect(Object.fromEntries(await rejectedOf('a.ndjson'))).toEqual({
      4: 'The line is not a JSON object.',
      5: 'The line is not a JSON object.',
      6: 'customerId is not text.',
    });
  });

  it('keeps whole numbers beyond 2^53 exact', async () => {
    const line =
      '{"user_id":9007199254740993,"event":"view","time":"2026-01-01","big":12345678901234567890,"t":"n 12345678901234567, x"}\n';
    expect(await importText('big.jsonl', line)).toMatchObject({ accepted: 1 });
    const [row] = await eventsOf('9007199254740993');
    expect(JSON.parse(row?.properties ?? '')).toEqual({
      big: '12345678901234567890',
      t: 'n 12345678901234567, x',
    });
  });
});

describe('what repeats', () => {
  it('tells apart ids that are mere numbers of different files', async () => {
    const file = (customer: string): string =>
      `id,user_id,event,time\n1,${customer},view,2026-01-01\n2,${customer},view,2026-01-02\n`;
    expect(await importText('numbers-a.csv', file('num-a'))).toMatchObject({ accepted: 2 });
    expect(await importText('numbers-b.csv', file('num-b'))).toMatchObject({ accepted: 2 });
    expect(await importText('numbers-b.csv', file('num-b'))).toMatchObject({ accepted: 0, duplicates: 2 });
  });

  it('counts a line that stands twice as two, and the file once', async () => {
    const csv = `user_id,event,time\n${'rep,view,2026-01-01\n'.repeat(3)}rep,view,2026-01-02\n`;
    expect(await importText('repeats.csv', csv)).toMatchObject({ rows: 4, accepted: 4, duplicates: 0 });
    expect(await importText('repeats.csv', csv)).toMatchObject({ accepted: 0, duplicates: 4 });
    const more = `${csv}rep,view,2026-01-01\n`;
    expect(await importText('repeats.csv', more)).toMatchObject({ accepted: 1, duplicates: 4 });
    expect((await eventsOf('rep')).length).toBe(5);
  });

  it('counts an id that stands twice once, the first of them', async () => {
    const csv =
      'id,user_id,event,time\nx1,same,view,2026-01-01\nx1,same,buy,2026-01-02\nx2,same,view,2026-01-03\n';
    expect(await importText('ids.csv', csv)).toMatchObject({ rows: 3, accepted: 2, duplicates: 1 });
    expect((await eventsOf('same')).map(({ event }) => event)).toEqual(['view', 'view']);
  });
});
