/** When a message happened, where clocks are wrong: corrected, said so, and never another event for it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { sendBatch, trackedOf } from '../support/tracking.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const HOUR = 3_600_000;

let engine: Engine;
let server: TestServer;
let nowMs = NOW;

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine, { now: () => nowMs });
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

const at = (ms: number): string => new Date(ms).toISOString();
const asStored = (ms: number): string => at(ms).replace('T', ' ').replace('Z', '');

interface Case {
  readonly name: string;
  readonly message: object;
  readonly sentAt?: unknown;
  readonly expected: number;
  /** What `sent_time` keeps. */
  readonly kept?: number;
}

const CASES: readonly Case[] = [
  { name: 'no time: on arrival', message: {}, expected: NOW },
  { name: 'clocks agree', message: { timestamp: at(NOW - HOUR) }, sentAt: at(NOW), expected: NOW - HOUR },
  {
    name: 'nine seconds on the way are no wrong clock',
    message: { timestamp: at(NOW - HOUR) },
    sentAt: at(NOW - 9_000),
    expected: NOW - HOUR,
  },
  {
    name: 'a clock that is two hours behind',
    message: { timestamp: at(NOW - 2 * HOUR - 60_000) },
    sentAt: at(NOW - 2 * HOUR),
    expected: NOW - 60_000,
    kept: NOW - 2 * HOUR - 60_000,
  },
  {
    name: 'a clock that is three days ahead',
    message: { timestamp: at(NOW + 72 * HOUR) },
    sentAt: at(NOW + 72 * HOUR + 500),
    expected: NOW - 500,
    kept: NOW + 72 * HOUR,
  },
  {
    name: 'a device that thinks it is 1970',
    message: { originalTimestamp: '1970-01-01T00:01:00.000Z' },
    sentAt: '1970-01-01T00:01:05.000Z',
    expected: NOW - 5_000,
    kept: 60_000,
  },
  {
    name: 'sentAt of the message before that of the batch',
    message: { timestamp: at(NOW - HOUR), sentAt: at(NOW) },
    sentAt: at(NOW - 5 * HOUR),
    expected: NOW - HOUR,
  },
  {
    name: 'both times: set on purpose, or corrected before',
    message: { timestamp: at(NOW - 100 * HOUR), originalTimestamp: at(NOW - 5 * HOUR) },
    sentAt: at(NOW - 5 * HOUR),
    expected: NOW - 100 * HOUR,
  },
  {
    name: 'no instant in sentAt',
    message: { timestamp: at(NOW - HOUR) },
    sentAt: 'yesterday',
    expected: NOW - HOUR,
  },
  {
    name: 'a correction to before 1970 is none',
    message: { timestamp: at(NOW - HOUR) },
    sentAt: '9999-01-01T00:00:00Z',
    expected: NOW - HOUR,
  },
  {
    name: 'ahead of a day, with nothing to correct by',
    message: { timestamp: at(NOW + 48 * HOUR) },
    expected: NOW,
    kept: NOW + 48 * HOUR,
  },
];

describe('the time of a message', () => {
  it.each(CASES)('$name', async ({ name, message, sentAt, expected, kept }) => {
    const sent = { type: 'track', event: 'Seen', userId: name, ...message };
    expect((await sendBatch(server, [sent], { sentAt })).body).toMatchObject({ accepted: 1 });
    const [row] = await trackedOf(engine, name);
    expect(row?.time).toBe(asStored(expected));
    expect(row?.properties['sent_time']).toBe(kept === undefined ? undefined : at(kept));
  });

  it('gives a message without an id the same id when it is sent again later by a wrong clock', async () => {
    const sent = { type: 'track', event: 'Seen', userId: 'again', timestamp: at(NOW - 30 * HOUR) };
    const first = await sendBatch(server, [sent], { sentAt: at(NOW - 29 * HOUR) });
    nowMs = NOW + HOUR;
    const again = await sendBatch(server, [sent], { sentAt: at(NOW - 28 * HOUR + 1_234) });
    nowMs = NOW;
    expect([first.body, again.body]).toMatchObject([{ accepted: 1 }, { accepted: 0, duplicates: 1 }]);
    expect((await trackedOf(engine, 'again')).map(({ time }) => time)).toEqual([asStored(NOW - HOUR)]);
  });
});
