/**
 * A bare server as a process of its own: whoever subscribes gets a number and so many bytes, and again, in one loop,
 * when the parent says so. No queries, no store, no limits: what telling everybody takes of this machine at least.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { instant } from './viewers.ts';

const bytes = Number(process.argv[2]);
const viewers: { socket: WebSocket; id: string }[] = [];

const payloadOf = (number: number): string => {
  const start = `{"value":${number},"rest":"`;
  return `${start}${'-'.repeat(Math.max(0, bytes - start.length - 2))}"}`;
};

const server = new WebSocketServer({
  port: 0,
  host: '127.0.0.1',
  handleProtocols: ([first]) => first ?? false,
});
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const { type, id } = JSON.parse((data as Buffer).toString()) as { type: string; id: string };
    if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
    if (type === 'ping') socket.send('{"type":"pong"}');
    if (type !== 'subscribe') return;
    viewers.push({ socket, id });
    socket.send(`{"id":"${id}","type":"next","payload":${payloadOf(0)}}`);
  });
});
process.once('disconnect', () => process.exit());
process.on('message', (number: number) => {
  const at = instant();
  const payload = payloadOf(number);
  for (const { socket, id } of viewers) socket.send(`{"id":"${id}","type":"next","payload":${payload}}`);
  process.send?.(at);
});
await once(server, 'listening');
process.send?.((server.address() as AddressInfo).port);
