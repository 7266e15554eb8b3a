/** A file sent over HTTP is imported in the background; what cannot be is refused with a sentence. */
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { storePrint } from '../support/store-print.ts';

const MAX_BYTES = 3_000_000;
let engine: Engine;
let server: TestServer;
const folder = join(tmpdir(), `waymark-uploads-${randomUUID()}`);
beforeAll(async () => {
  engine = await testEngine();
  // Left by a process that is gone.
  await mkdir(folder);
  await writeFile(join(folder, `${Buffer.from('{"pid":1,"started":"never"}').toString('base64url')}.x`), 'x');
  server = await serveTest(engine, { uploads: { folder, maxBytes: MAX_BYTES }, adminKey: 'a key of tests' });
});
afterAll(async () => {
  await server.close();
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const AUTHORIZED = { authorization: 'Bearer a key of tests' };
const OCTETS = { ...AUTHORIZED, 'content-type': 'application/octet-stream' };
const files = (): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

interface Answered {
  readonly status: number;
  readonly id?: string;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

async function send(
  query: string,
  body: string | Uint8Array,
  headers: Record<string, string> = OCTETS,
): Promise<Answered> {
  const response = await fetch(`${server.url}/imports?${query}`, { method: 'POST', body, headers });
  return { status: response.status, ...((await response.json()) as object) };
}

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly file: string;
  readonly accepted: number;
  readonly rejected: number;
  readonly problem: string | null;
}

async function shown(id: string | undefined): Promise<Shown | undefined> {
  const { data } = await server.ask(
    '{ imports { nodes { id file state accepted rejected problem } } }',
    {},
    AUTHORIZED,
  );
  return (data as { imports: { nodes: Shown[] } }).imports.nodes.find((one) => one.id === id);
}

async function ended(id: string | undefined): Promise<Shown> {
  const isOpen = async (): Promise<boolean> =>
    ['READING', 'STORING'].includes((await shown(id))?.state ?? '');
  await expect.poll(isOpen, { timeout: 60_000, interval: 50 }).toBe(false);
  await expect.poll(files, { timeout: 10_000 }).toEqual([]);
  return (await shown(id))!;
}

const csv = (name: string, rows: number): string =>
  [
    'wer,event,time',
    ...Array.from(
      { length: rows },
      (_, i) => `${name}-${i},view,2026-01-01T00:00:${String(i % 60).padStart(2, '0')}Z`,
    ),
  ].join('\n');

it('removes what a process that is gone had left', () => {
  expect(files()).toEqual([]);
});

it('answers with the id of an import once the file is whole', async () => {
  const sent = await send('name=/tmp/shop%0A.csv.gz&map.customerId=wer', gzipSync(csv('u', 500)));
  expect(sent).toEqual({ status: 202, id: expect.stringMatching(/^\d+$/) as string });
  expect(await ended(sent.id)).toMatchObject({
    state: 'DONE',
    file: 'shop.csv.gz',
    accepted: 500,
    problem: null,
  });
});

it('says what is there and what is needed where it is no file of events', async () => {
  expect(await send('name=odd.csv', csv('u', 1))).toEqual({
    status: 400,
    errors: [
      {
        message:
          'No column is known to hold the customer; columns are wer, event, time. Say which with map.customerId=COLUMN.',
        extensions: { code: 'MISSING_COLUMN' },
      },
    ],
  });
  const empty = await send('name=none.csv', '');
  expect(empty).toMatchObject({ status: 400, errors: [{ message: 'none.csv is empty.' }] });
  expect(await send('name=list.json', '[1]')).toMatchObject({
    status: 400,
    errors: [{ message: 'list.json is a JSON array; write one object a line (NDJSON).' }],
  });
  expect(files()).toEqual([]);
});

it('takes no more than there is room for, said or not', async () => {
  const large = Buffer.alloc(MAX_BYTES + 1, 'x');
  expect(await send('name=large.csv', large)).toMatchObject({
    status: 413,
    errors: [{ message: expect.stringContaining('3,000,000 bytes') as string }],
  });
  expect((await streamed(large)).status).toBe(413);
  expect(files()).toEqual([]);
  const sent = await send('name=small.csv&map.customerId=wer', csv('small', 3));
  expect(await ended(sent.id)).toMatchObject({ state: 'DONE', accepted: 3 });
});

/** Sends a body whose length is not told; waits for the answer, or goes away after so many bytes. */
function streamed(body: Buffer, leaveAfter?: number): Promise<{ status: number }> {
  return new Promise((resolve, reject) => {
    const call = request(
      `${server.url}/imports?name=s.csv`,
      { method: 'POST', headers: OCTETS },
      (answer) => {
        answer.resume();
        resolve({ status: answer.statusCode ?? 0 });
      },
    );
    call.on('error', reject);
    if (leaveAfter === undefined) call.end(body);
    else call.write(body.subarray(0, leaveAfter), () => resolve({ status: 0 }));
    if (leaveAfter !== undefined) {
      const leave = (): void => void (files().length > 0 ? call.destroy() : setImmediate(leave));
      call.off('error', reject).on('error', () => {});
      leave();
    }
  });
}

it('keeps the file to its owner, and removes it when the sender goes away', async () => {
  const before = await storePrint(engine);
  await streamed(Buffer.from(csv('gone', 5000)), 1000);
  for (const file of files()) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  await expect.poll(files, { timeout: 10_000 }).toEqual([]);
  expect(await storePrint(engine)).toEqual(before);
});

it('refuses what a form of another page could send, and who has no key', async () => {
  for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded']) {
    const answer = await send('name=a.csv', csv('u', 1), { ...AUTHORIZED, 'content-type': type });
    expect(answer).toMatchObject({ status: 415, errors: [{ extensions: { code: 'BAD_CONTENT_TYPE' } }] });
  }
  expect(await send('name=a.csv', new Uint8Array([1]), AUTHORIZED)).toMatchObject({ status: 415 });
  expect(await send('name=a.csv', csv('u', 1), { 'content-type': 'text/csv' })).toMatchObject({
    status: 401,
  });
  const foreign = { ...OCTETS, origin: 'https://elsewhere.example' };
  expect(await send('name=a.csv', csv('u', 1), foreign)).toMatchObject({ status: 403 });
  expect(files()).toEqual([]);
});
