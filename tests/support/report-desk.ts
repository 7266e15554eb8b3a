/** Saved reports of every kind on a server with keys, and ways to get their files. */
import { expect } from 'vitest';
import type { Role } from '../../server/access/role.ts';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from './engine.ts';
import { customer, storeEvents } from './events.ts';
import { keyOfEachRole } from './keys.ts';
import type { MadeKey } from './keys.ts';
import { CASES, FORMULA } from './report-cases.ts';
import type { Values } from './report-cases.ts';
import { serveTest } from './server.ts';
import type { TestServer } from './server.ts';

export interface ReportDesk {
  readonly engine: Engine;
  readonly server: TestServer;
  readonly keys: Readonly<Record<Role, MadeKey>>;
  /** Ids of the reports of the cases. */
  readonly ids: Readonly<Record<string, string>>;
  as(role: Role, query: string, variables?: object): Promise<Values>;
  /** Resolves to the id. */
  save(name: string, kind: string, input: object): Promise<string>;
  get(path: string, role?: Role, init?: RequestInit): Promise<Response>;
  bytesOf(path: string): Promise<Buffer>;
  close(): Promise<void>;
}

export async function openReportDesk(): Promise<ReportDesk> {
  const engine = await testEngine();
  const server = await serveTest(engine);
  const keys = await keyOfEachRole(server);
  const as: ReportDesk['as'] = async (role, query, variables = {}) => {
    const { data, errors } = await server.ask(query, variables, keys[role].headers);
    expect(errors).toBeUndefined();
    return data ?? {};
  };
  const save: ReportDesk['save'] = async (name, kind, input) => {
    const saved = await as(
      'ANALYST',
      'mutation ($name: String!, $kind: ReportKind!, $input: JSON!) { saveReport(name: $name, kind: $kind, input: $input) { id } }',
      { name, kind, input },
    );
    return (saved['saveReport'] as { id: string }).id;
  };
  const get: ReportDesk['get'] = (path, role = 'ANALYST', init = {}) =>
    fetch(`${server.url}${path}`, {
      ...init,
      headers: { ...keys[role].headers, ...(init.headers as Record<string, string> | undefined) },
    });
  await storeWorld(engine);
  await as(
    'ADMIN',
    'mutation { identify(customerId: "ann", traits: { name: "Ann", vip: true, age: 41 }) { id } }',
  );
  const ids: Record<string, string> = {};
  for (const [name, { kind, input }] of Object.entries(CASES)) ids[name] = await save(name, kind, input);
  return {
    ...{ engine, server, keys, ids, as, save, get },
    async bytesOf(path) {
      const response = await get(path);
      expect(response.status).toBe(200);
      return Buffer.from(await response.arrayBuffer());
    },
    async close() {
      await server.close();
      await engine.close();
    },
  };
}

/** The code of an answer that is a refusal. */
export async function codeOf(response: Response): Promise<string> {
  const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
  return errors[0]?.extensions.code ?? '';
}

async function storeWorld(engine: Engine): Promise<void> {
  await storeEvents(engine, [
    customer('ann')
      .did('product_viewed', '2026-03-01T10:00Z', { channel: 'web', properties: { shop: '上海' } })
      .did('order_completed', '2026-03-02T10:00:01.500Z', {
        channel: 'store',
        revenue: 90.1,
        properties: { shop: FORMULA },
      })
      .did('order_completed', '2026-03-12T10:00Z', { channel: 'store', revenue: 0.2 }),
    customer(FORMULA).did('product_viewed', '2026-03-01T11:00Z', { channel: 'web' }),
    customer('客户,"2"\n').did('product_viewed', '2026-03-08T11:00Z', { channel: 'app' }),
    customer('-5').did('order_completed', '2026-03-09T11:00Z', { channel: 'app', revenue: -5 }),
  ]);
}
