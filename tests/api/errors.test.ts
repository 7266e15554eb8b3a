import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

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

const METRIC = `query ($input: MetricInput!) { metric(input: $input) { total } }`;

describe('errors', () => {
  it('say which field is wrong and what is allowed', async () => {
    const input = { measure: 'EVENTS', range: { last: 'a week' } };
    const { status, errors } = await server.ask(METRIC, { input });
    expect(status).toBe(200);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(/last: "a week" is not a duration; write ISO 8601/) as string,
      extensions: {
        code: 'BAD_USER_INPUT',
        problems: [{ field: expect.stringContaining('last') as string, code: 'BAD_DURATION' }],
      },
    });
  });

  it('of syntax and of unknown fields are 400, in one sentence', async () => {
    for (const document of ['{', '{ hell }', 'query { viewer { secret } }', '']) {
      const { status, errors } = await server.ask(document);
      expect(status).toBe(400);
      expect(errors?.length).toBeGreaterThan(0);
    }
  });

  it('that nobody foresaw show neither SQL nor place', async () => {
    const broken = await testEngine();
    const other = await serveTest(broken);
    await broken.close();
    const { errors } = await other.ask(METRIC, { input: { measure: 'EVENTS', range: { last: 'P7D' } } });
    expect(JSON.stringify(errors)).not.toMatch(/SELECT|server\/|\.ts|events|database/i);
    expect(['INTERNAL_SERVER_ERROR', 'UNAVAILABLE', 'CANCELLED']).toContain(
      errors?.[0]?.extensions?.['code'],
    );
    await other.close();
  });

  it('end documents that are too long', async () => {
    const { status } = await server.ask(`{ ${'viewer { name } '.repeat(2000)} }`);
    expect(status).toBe(400);
  });
});
