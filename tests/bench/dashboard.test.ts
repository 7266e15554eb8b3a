import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { projectRoot } from '../../server/engine/project.ts';
import { operation, overviewPage } from './dashboard.ts';

const schema = buildSchema(readFileSync(join(projectRoot(), 'schema.graphql'), 'utf8'));
const pages = Object.entries(overviewPage()).map(([name, { document }]) => [name, document] as const);
const others = ['CustomerTimeline', 'LifecycleHistory', 'Paths'].map(
  (name) => [name, operation(name)] as const,
);

test.each([...pages, ...others])('%s of the dashboard is asked once, as a valid query', (_, document) => {
  expect(document).toMatch(/^query /);
  expect(validate(schema, parse(document))).toEqual([]);
});
