/**
 * Every field and address against every role, by every way in: the table of rights is complete, and holds. What a
 * role may is written here once more by hand, so that a slip in the table is seen.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { getNamedType, isNonNullType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isListed, may, rightOfRoute, rightsOfField } from '../../server/access/rights.ts';
import { ROLES } from '../../server/access/role.ts';
import type { Role } from '../../server/access/role.ts';
import { createSchema } from '../../server/api/schema.ts';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { askOver, keyOfEachRole, socketWith, streamWith } from '../support/keys.ts';
import type { MadeKey } from '../support/keys.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const MESSAGE = { type: 'track', event: 'Product Viewed', userId: 'ann' };
const TRACKED = JSON.stringify({ ...MESSAGE, batch: [MESSAGE] });

/** By root; a field that stands nowhere is for ADMIN alone. */
const LOOK = `overview metric funnel retention lifecycle journey paths attribution rfm catalog journeyMap ingestion
  audiences report reports pinnedReports annotations targets journeyMapVersions`;
const PEOPLE = `customer customers rejectedEvents rejectedReasons imports automationCursor events audienceEntered
  audienceEntries lifecycleChanged journeyMapPreview`;
const SAVE = `saveAudience saveCustomers renameAudience deleteAudience saveReport renameReport deleteReport restoreReport
  pinReport unpinReport annotate deleteAnnotation saveTarget deleteTarget`;
const SEND = 'ingest identify';
const set = (...names: string[]): Set<string> => new Set(names.flatMap((text) => text.split(/\s+/)));
const EXPECTED: Record<Role, (field: string) => boolean> = {
  VIEWER: (field) => set(LOOK, 'viewer').has(field),
  ANALYST: (field) => set(LOOK, PEOPLE, SAVE, 'viewer').has(field),
  WRITER: (field) => set(SEND, 'viewer').has(field),
  ADMIN: () => true,
};

type AnyField = GraphQLField<unknown, unknown>;
interface Step {
  readonly field: AnyField;
  readonly of: GraphQLObjectType;
}

let engine: Engine;
let server: TestServer;
let keys: Readonly<Record<Role, MadeKey>>;
let schema: GraphQLSchema;

beforeAll(async () => {
  schema = await createSchema();
  engine = await testEngine();
  server = await serveTest(engine);
  keys = await keyOfEachRole(server);
  await storeEvents(engine, [
    ...customer('ann').did('product_viewed', Date.now() - 60_000, { channel: 'web' }),
  ]);
});

afterAll(async () => {
  await server.close();
  await engine.close();
});

const objectOf = (field: AnyField): GraphQLObjectType | null => {
  const type = getNamedType(field.type);
  return isObjectType(type) ? type : null;
};

/** A document that asks for what stands at the end of the path, all that must be given as variables. */
function documentFor(root: string, path: readonly Step[]): string {
  const variables: string[] = [];
  const text = path.reduceRight(
    (inner, { field }) => {
      const args = field.args.filter((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined);
      const given = args.map((arg) => {
        variables.push(`$v${variables.length}: ${String(arg.type)}`);
        return `${arg.name}: $v${variables.length - 1}`;
      });
      const asked = given.length > 0 ? `(${given.join(', ')})` : '';
      return `${field.name}${asked}${inner === '' ? '' : ` { ${inner} }`}`;
    },
    objectOf(path.at(-1)?.field as AnyField) ? '__typename' : '',
  );
  return `${root.toLowerCase()}${variables.length > 0 ? `(${variables.join(', ')})` : ''} { ${text} }`;
}

const rootFields = (): readonly (readonly [root: string, document: string, field: AnyField])[] =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}).map(
      (field) => [type?.name ?? '', documentFor(type?.name ?? '', [{ field, of: type! }]), field] as const,
    ),
  );

/** The way from a root to each field of each type, the shortest. */
function waysTo(root: GraphQLObjectType): ReadonlyMap<string, readonly Step[]> {
  const ways = new Map<string, readonly Step[]>();
  const queue: (readonly [GraphQLObjectType, readonly Step[]])[] = [[root, []]];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [of, before] = next;
    for (const field of Object.values(of.getFields())) {
      const name = `${of.name}.${field.name}`;
      if (ways.has(name)) continue;
      const way = [...before, { field, of }];
      ways.set(name, way);
      const type = objectOf(field);
      if (type) queue.push([type, way]);
    }
  }
  return ways;
}

const codeOf = (answer: unknown): unknown => {
  const { errors } = { errors: Array.isArray(answer) ? answer : (answer as { errors?: unknown[] }).errors };
  return (errors?.[0] as { extensions?: { code?: unknown } } | undefined)?.extensions?.code;
};

describe('the table', () => {
  it('has every field of the roots, every type and every address', () => {
    const fields = rootFields().map(([root, , field]) => `${root}.${field.name}`);
    const types = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
      .map(({ name }) => name)
      .filter((name) => !['Query', 'Mutation', 'Subscription'].includes(name));
    expect(types.length).toBeGreaterThan(60);
    expect([...fields, ...types].filter((name) => !isListed(name))).toEqual([]);
  });

  it('has every address but those of the dashboard, which are read only', () => {
    expect(server.routes.length).toBeGreaterThan(20);
    const isFile = (url: string): boolean =>
      existsSync(join('dist/dashboard', url)) ||
      existsSync(join('dashboard/src/pages', url.split('/')[1] ?? ''));
    const others = server.routes.filter(({ url }) => rightOfRoute(url) === null);
    expect(others.filter(({ method }) => !['GET', 'HEAD'].includes(method))).toEqual([]);
    expect(others.filter(({ url }) => !isFile(url))).toEqual([]);
  });

  it('says of every field of a root what is expected', () => {
    const wrong = rootFields().flatMap(([root, , { name }]) =>
      ROLES.filter(
        (role) => rightsOfField(root, name, null).every((right) => may(role, right)) !== EXPECTED[role](name),
      ).map((role) => `${role} ${root}.${name}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe.each(ROLES)('%s', (role) => {
  it('may do over HTTP what it may, and is told what the rest takes', async () => {
    for (const [root, document, { name }] of rootFields()) {
      if (root === 'Subscription') continue;
      const answer = await server.ask(document, {}, keys[role].headers);
      const isDenied = codeOf(answer) === 'FORBIDDEN';
      expect([name, !isDenied]).toEqual([name, EXPECTED[role](name)]);
      if (!isDenied) continue;
      expect(answer.status).toBe(403);
      expect(answer.errors).toHaveLength(1);
      expect(answer.errors?.[0]?.message).toMatch(
        new RegExp(`^A key with the role ${role} may not ask for \\w+\\.${name}: it takes [A-Z, or]+\\.$`),
      );
      expect(Object.keys(answer.errors?.[0]?.extensions ?? {})).toEqual(['code']);
    }
  });

  it('may do over WebSocket what it may', async () => {
    const socket = await socketWith(server, keys[role]);
    let id = 0;
    for (const [root, document, { name }] of rootFields()) {
      const isAllowed = EXPECTED[role](name);
      // Feeds that are allowed say nothing until something happens.
      if (root === 'Subscription' && isAllowed && ['events', 'imports', 'lifecycleChanged'].includes(name))
        continue;
      const answer = await askOver(socket, String((id += 1)), document);
      expect([name, codeOf(answer) !== 'FORBIDDEN']).toEqual([name, isAllowed]);
    }
    socket.socket.close();
  });

  it('may do as server-sent events what it may', async () => {
    for (const [root, document, { name }] of rootFields()) {
      if (root === 'Query' || (EXPECTED[role](name) && name !== 'ingestion')) continue;
      const stream = await streamWith(server, keys[role], document);
      expect([name, codeOf(await stream.next()) !== 'FORBIDDEN']).toEqual([name, EXPECTED[role](name)]);
      if (!EXPECTED[role](name)) expect(await stream.next()).toBeNull();
      await stream.cancel();
    }
  });

  it.each([
    ['POST', '/imports', ['ADMIN']],
    ['GET', '/metrics', ['VIEWER', 'ANALYST', 'ADMIN']],
    ['POST', '/v1/track', ['WRITER', 'ADMIN']],
    ['POST', '/v1/batch', ['WRITER', 'ADMIN']],
    ['POST', '/beacon/v1/batch', ['WRITER', 'ADMIN']],
    ['GET', '/healthz', [...ROLES]],
  ])('%s %s', async (method, path, roles) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { ...keys[role].headers, ...(method === 'POST' && { 'content-type': 'application/json' }) },
      ...(method === 'POST' && { body: TRACKED }),
    });
    expect(response.status === 403).toBe(!roles.includes(role));
    expect(response.status).not.toBe(401);
    const keyless = await fetch(`${server.url}${path}`, {
      method,
      ...(method === 'POST' && { body: TRACKED }),
    });
    expect(keyless.status).toBe(path === '/healthz' ? 200 : 401);
  });
});

describe('what a number opens into', () => {
  it('is refused to VIEWER at every depth, and to nobody who may see people', async () => {
    const query = schema.getQueryType() as GraphQLObjectType;
    let refused = 0;
    for (const [name, way] of waysTo(query)) {
      const type = objectOf(way.at(-1)?.field as AnyField)?.name ?? null;
      const rights = rightsOfField(way.at(-1)?.of.name ?? '', way.at(-1)?.field.name ?? '', type);
      const isOfPeople = /Customer|Event(?!s)|Rejected/.test(type ?? '') && !/^Catalog/.test(type ?? '');
      if (isOfPeople) expect([name, rights.some((right) => !may('VIEWER', right))]).toEqual([name, true]);
      if (!rights.includes('people')) continue;
      refused += 1;
      const document = documentFor('Query', way);
      expect([name, codeOf(await server.ask(document, {}, keys.VIEWER.headers))]).toEqual([
        name,
        'FORBIDDEN',
      ]);
      expect([name, codeOf(await server.ask(document, {}, keys.ANALYST.headers))]).not.toEqual([
        name,
        'FORBIDDEN',
      ]);
    }
    expect(refused).toBeGreaterThan(60);
  });

  it('is refused in fragments, under aliases and where a directive leaves it out', async () => {
    const list = 'customers(input: {}) { totalCount }';
    for (const document of [
      `query { ...A } fragment A on Query { ...B } fragment B on Query { x: ${list} }`,
      `query { viewer { name } ... on Query { ${list} } }`,
      `query { viewer { name } ${list.replace(') {', ') @skip(if: true) {')} }`,
    ])
      expect(codeOf(await server.ask(document, {}, keys.VIEWER.headers))).toBe('FORBIDDEN');
    const unused = `query A { viewer { name } } query B { ${list} }`;
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { ...keys.VIEWER.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ query: unused, operationName: 'A' }),
    });
    expect(await response.json()).toEqual({ data: { viewer: { name: 'VIEWER of a test' } } });
  });
});
