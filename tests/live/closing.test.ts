import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { expect, it } from 'vitest';
import { testEngine } from '../support/engine.ts';
import { watch } from '../support/live.ts';
import { serveTest } from '../support/server.ts';

it('a server that stops does not wait for viewers who come straight back', async () => {
  const engine = await testEngine();
  const server = await serveTest(engine);
  const address = `${server.url.replace('http', 'ws')}/graphql`;
  const viewer = watch(server, 'subscription { lifecycle(input: {}) { stages { customers } } }');
  await viewer.next();
  const returning: Promise<string>[] = [];
  const comeBack = (): void => {
    const socket = new WebSocket(address, 'graphql-transport-ws');
    returning.push(
      new Promise((resolve) => {
        socket.on('close', () => resolve('closed'));
        socket.on('error', () => resolve('refused'));
      }),
    );
  };
  const steady = new WebSocket(address, 'graphql-transport-ws');
  await new Promise((resolve) => steady.once('open', resolve));
  steady.on('close', () => Array.from({ length: 5 }, comeBack));
  await server.close();
  expect(returning).toHaveLength(5);
  await Promise.all(returning);
  await viewer.leave();
  await engine.close();
});

it('a server that stops does not wait for connections on which nothing was ever asked', async () => {
  const engine = await testEngine();
  const server = await serveTest(engine);
  const silent = connect(Number(new URL(server.url).port), '127.0.0.1');
  await new Promise((resolve) => silent.once('connect', resolve));
  const closed = new Promise((resolve) => silent.once('close', resolve));
  await server.close();
  await closed;
  await engine.close();
});
