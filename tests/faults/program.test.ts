import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../support/program.ts';
import type { Program } from '../support/program.ts';

let dataDir: string;
const running: Program[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'waymark-program-'));
});

afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
});

function start(env: Record<string, string> = {}, args = ['start']): Program {
  const program = runProgram(args, { DATA_DIR: dataDir, ...env });
  running.push(program);
  return program;
}

async function ask<T>(address: string, query: string, variables: object = {}): Promise<T> {
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return ((await response.json()) as { data: T }).data;
}

const INGEST = `mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted duplicates } }`;
const event = (i: number): object => ({
  id: `e${i}`,
  event: 'page_viewed',
  customerId: `c${i % 7}`,
  time: '2026-01-01T00:00:00Z',
});
const total = async (address: string): Promise<number> =>
  (await ask<{ catalog: { totalEvents: number } }>(address, '{ catalog { totalEvents } }')).catalog
    .totalEvents;

describe('the program', () => {
  it('serves, answers on its health routes, and stops on SIGINT with status 0', async () => {
    const program = start();
    const address = await program.ready;
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${address}/config.json`)).json()).toMatchObject({
      currency: 'USD',
      demo: null,
    });
    program.child.kill('SIGINT');
    expect(await program.ended).toMatchObject({ status: 0 });
  });

  it('loses nothing acknowledged when it is killed, and counts nothing twice when the sender tries again', async () => {
    let acknowledged = 0;
    for (let round = 0; round < 2; round += 1) {
      const program = start();
      const address = await program.ready;
      const sending: Promise<void>[] = [];
      for (let i = 0; i < 20; i += 1) {
        const events = Array.from({ length: 50 }, (_, j) => event(round * 10_000 + i * 50 + j));
        sending.push(
          ask<{ ingest: { accepted: number } }>(address, INGEST, { events }).then(
            ({ ingest }) => void (acknowledged += ingest.accepted),
            () => {},
          ),
        );
        if (i === 12) await Promise.any(sending);
      }
      await Promise.any(sending);
      program.child.kill('SIGKILL');
      await Promise.allSettled(sending);
      await program.ended;
    }
    const address = await start().ready;
    expect(acknowledged).toBeGreaterThan(0);
    expect(await total(address)).toBeGreaterThanOrEqual(acknowledged);
    for (let round = 0; round < 2; round += 1) {
      const events = Array.from({ length: 1000 }, (_, i) => event(round * 10_000 + i));
      await ask(address, INGEST, { events });
    }
    expect(await total(address)).toBe(2000);
  }, 120_000);

  it('refuses a second start on the same store in one sentence', async () => {
    await start().ready;
    const second = await start().ended;
    expect(second.status).toBe(1);
    expect(second.errors).toMatch(/^waymark: The store .* is in use by another Waymark.*\n$/);
  });

  it('refuses a port in use in one sentence', async () => {
    const address = await start().ready;
    const other = await mkdtemp(join(tmpdir(), 'waymark-program-'));
    const second = await start({ PORT: new URL(address).port, DATA_DIR: other }).ended;
    expect(second).toEqual({
      status: 1,
      errors: expect.stringMatching(/^waymark: The address is in use/) as string,
    });
    await rm(other, { recursive: true, force: true });
  });

  it.each([
    [{ PORT: 'http' }, /PORT is 0 to 65535/],
    [{ HOST: '0.0.0.0' }, /WAYMARK_ADMIN_KEY/],
    [{ JOURNEY_MAP: '/nowhere.yaml' }, /JOURNEY_MAP \/nowhere.yaml cannot be read/],
  ])('refuses %j and says what is wrong', async (env, message) => {
    const { status, errors } = await start(env).ended;
    expect(status).toBe(2);
    expect(errors).toMatch(message);
  });

  it('explains itself, and refuses a command it does not know with status 2', async () => {
    expect((await start({}, ['--help']).ended).status).toBe(0);
    expect(await start({}, ['fly']).ended).toMatchObject({
      status: 2,
      errors: expect.stringContaining("unknown command 'fly'") as string,
    });
  });
});
