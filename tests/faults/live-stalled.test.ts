/** One viewer that stops reading, among many: nobody else notices, and it is told the newest when it reads on. */
import { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { metrics } from '../../server/live/metrics.ts';
import { testEngine } from '../support/engine.ts';
import { acknowledged } from '../support/raw-socket.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { steadyViewers } from '../support/steady-viewers.ts';
import { until } from '../support/until.ts';

const CHANGES = 6;
const FOLLOWED = 90;
const QUESTION = `{ overview(input: { range: { last: "P60D" }, interval: HOUR }, every: "PT0.1S") {
  orders { value series { start value } } } }`;

let engine: Engine;
let server: TestServer;

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

const UNSENT = 16 * 1024;

/** The server's end of the connection. */
function serverEnd(port: number): Socket {
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  const sockets = handles.filter((handle): handle is Socket => handle instanceof Socket);
  const found = sockets.find(
    ({ remotePort, localPort }) => remotePort === port && localPort === serverPort(),
  );
  if (!found) throw new Error('the server has no such connection');
  return found;
}
const serverPort = (): number => Number(new URL(server.url).port);

const ordersOf = (payload: string): number => Number(/"value":(\d+)/.exec(payload)?.[1]);

/** Ten thousand signs of life, none of which is read. */
async function asksForSigns({ socket, send }: RawSocket, end: Socket): Promise<void> {
  const before = end.bytesRead;
  for (let i = 0; i < 5000; i += 1) {
    send({ type: 'ping' });
    socket.ping('are you there');
  }
  await until('the server has read them', () => end.bytesRead - before >= 5000 * (15 + 6 + 13 + 6));
}

it('a stalled viewer changes nothing for the others, and costs no more than one answer for each query', async () => {
  const others = steadyViewers(server.url, [QUESTION], 30);
  const stalled = await acknowledged(server);
  for (let i = 0; i < FOLLOWED; i += 1)
    stalled.send({ id: String(i), type: 'subscribe', payload: { query: `subscription ${QUESTION}` } });
  await until('it has its first answers', () => stalled.received.length > FOLLOWED);
  await until('all have their first answer', () => others.every(({ last }) => last !== undefined));
  const { localPort } = (stalled.socket as unknown as { _socket: Socket })._socket;
  const end = serverEnd(localPort ?? 0);
  const longest = Math.max(...stalled.received.map((message) => JSON.stringify(message).length));
  stalled.socket.pause();
  const skippedBefore = (await metrics.skipped.get()).values[0]?.value ?? 0;
  for (let change = 1; change <= CHANGES; change += 1) {
    await server.query('mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }', {
      events: [{ event: 'order_completed', customerId: 'ann', orderId: `o${change}`, revenue: 1 }],
    });
    await until(
      'all others were told',
      () => others.every(({ last }) => ordersOf(last ?? '') === change),
      20_000,
    );
    // What the system did not take: a part of one answer beyond the bound, whatever else is new.
    expect(end.writableLength).toBeLessThan(UNSENT + longest + 1024);
  }
  await asksForSigns(stalled, end);
  expect(end.writableLength).toBeLessThan(UNSENT + longest + 2048);
  expect((await metrics.skipped.get()).values[0]?.value ?? 0).toBeGreaterThan(skippedBefore);
  stalled.socket.resume();
  const newest = new Map<unknown, number>();
  await until('it was told the newest of all', () => {
    for (const { id, payload } of stalled.received) newest.set(id, ordersOf(JSON.stringify(payload ?? '')));
    return [...newest].filter(([, orders]) => orders === CHANGES).length === FOLLOWED;
  });
  expect(stalled.received.length).toBeLessThan(FOLLOWED * CHANGES);
  stalled.socket.terminate();
  await Promise.all(others.map((viewer) => viewer.leave()));
});
