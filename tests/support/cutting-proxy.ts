/** A way to a server on which answers get lost: what is sent arrives, what comes back may be cut off. */
import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface CuttingProxy {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  /** Answers that were cut off so far. */
  readonly cuts: () => number;
  close(): Promise<void>;
}

/** Cuts the connection instead of passing on every `nth` answer's first bytes. */
export async function cuttingProxy(target: () => string, nth: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let answers = 0;
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(new URL(target()).port), '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => (client.destroy(), upstream.destroy()));
    }
    client.pipe(upstream);
    upstream.on('data', (bytes) => {
      answers += 1;
      if (answers % nth !== 0) return void client.write(bytes);
      cuts += 1;
      client.destroy();
      upstream.destroy();
    });
    upstream.on('end', () => client.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
