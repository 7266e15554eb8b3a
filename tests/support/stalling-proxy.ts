/** A way to a server that can go dead: connections that stand but carry nothing, or none at all. */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface StallingProxy {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  /** WebSockets that stand now carry nothing any more, and nobody is told; new connections work. */
  stall(): void;
  /** Breaks all connections, and lets nobody in until `open`. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

export async function stallingProxy(target: () => string): Promise<StallingProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const webSockets = new WeakSet<Socket>();
  let isShut = false;
  const server = createServer((client) => {
    if (isShut) return void client.destroy();
    const upstream = connect(Number(new URL(target()).port), '127.0.0.1');
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => pair.forEach((end) => end.destroy()));
      socket.on('close', () => pairs.delete(pair));
    }
    client.on('data', (bytes) => {
      if (/^upgrade: websocket/im.test(bytes.toString('latin1'))) webSockets.add(client);
    });
    client.pipe(upstream).pipe(client);
  });
  const breakAll = (): void => pairs.forEach((pair) => pair.forEach((end) => end.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stall() {
      for (const [client, upstream] of pairs) {
        if (!webSockets.has(client)) {
          client.destroy();
          continue;
        }
        client.unpipe().pause();
        upstream.unpipe().pause();
      }
    },
    shut() {
      isShut = true;
      breakAll();
    },
    open: () => void (isShut = false),
    async close() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
