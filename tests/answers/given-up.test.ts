/** Calls that nobody waits for any more, over HTTP and over a socket: their statements end, running or waiting. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Engine } from '../../server/engine/port.ts';
import { countingEngine } from '../support/counting.ts';
import type { CountingEngine } from '../support/counting.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const FUNNEL = `query ($input: FunnelInput!) { funnel(input: $input) { steps { customers } } }`;
const over = (last: string) => ({
  input: { steps: [{ match: { events: ['view'] } }], range: { last } },
});

let engine: Engine;
let counted: CountingEngine;
let server: TestServer;

beforeEach(async () => {
  engine = await testEngine();
  counted = countingEngine(engine);
  server = await serveTest(counted, { answering: { heavyAtOnce: 1 } });
});

afterEach(async () => {
  await server.close();
  await engine.close();
});

const lane = () => server.services.answers.size.heavy;

interface Socket {
  /** Sent by the server so far. */
  readonly heard: { readonly type: string; readonly id?: string }[];
  send(message: object): void;
  ask(id: string, last: string): void;
  terminate(): void;
}

async function openSocket(): Promise<Socket> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const heard: Socket['heard'] = [];
  socket.on('message', (data) => heard.push(JSON.parse((data as Buffer).toString()) as { type: string }));
  await new Promise((resolve) => socket.once('open', resolve));
  const send = (message: object): void => socket.send(JSON.stringify(message));
  send({ type: 'connection_init' });
  await until('the socket is let in', () => heard.length > 0);
  return {
    heard,
    send,
    ask: (id, last) => send({ type: 'subscribe', id, payload: { query: FUNNEL, variables: over(last) } }),
    terminate: () => socket.terminate(),
  };
}

/** Ways to give up a call: each begins one and says how it ends. */
const WAYS: Readonly<Record<string, (last: string) => Promise<() => void>>> = {
  'an HTTP call is dropped': async (last) => {
    const leaving = new AbortController();
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query: FUNNEL, variables: over(last) });
    void fetch(`${server.url}/graphql`, { method: 'POST', headers, body, signal: leaving.signal }).catch(
      () => {},
    );
    return () => leaving.abort();
  },
  'the socket closes': async (last) => {
    const socket = await openSocket();
    socket.ask('1', last);
    return () => socket.terminate();
  },
  'the client completes its query': async (last) => {
    const socket = await openSocket();
    socket.ask('1', last);
    return () => socket.send({ type: 'complete', id: '1' });
  },
};

describe.each(Object.keys(WAYS))('when %s', (way) => {
  it('its statement is ended', async () => {
    const open = counted.hold('funnel');
    const giveUp = await WAYS[way]?.('P1Y');
    await until('it runs', () => lane().running === 1);
    const ended = counted.ended('funnel');
    giveUp?.();
    await ended;
    open();
    await until('its place is free', () => lane().running === 0);
    expect(server.services.answers.size.cached.answers).toBe(0);
  });

  it('its statement never begins if it waits', async () => {
    const open = counted.hold('funnel');
    const other = server.ask(FUNNEL, over('P2Y'));
    await until('another runs', () => lane().running === 1);
    const giveUp = await WAYS[way]?.('P1Y');
    await until('it waits', () => lane().waiting === 1);
    giveUp?.();
    await until('it waits no more', () => lane().waiting === 0);
    open();
    expect((await other).errors).toBeUndefined();
    expect(counted.runs('funnel')).toBe(1);
  });
});

describe('a socket whose client completed a query', () => {
  it('hears nothing of it, and answers the next', async () => {
    const socket = await openSocket();
    const open = counted.hold('funnel');
    socket.ask('1', 'P1Y');
    await until('it runs', () => lane().running === 1);
    socket.send({ type: 'complete', id: '1' });
    socket.ask('2', 'P2Y');
    await until('the next waits', () => lane().waiting === 1);
    open();
    await until('the next is answered', () => socket.heard.some(({ type }) => type === 'complete'));
    expect(socket.heard.slice(1).map(({ type, id }) => `${type} ${id}`)).toEqual(['next 2', 'complete 2']);
    socket.terminate();
  });
});
