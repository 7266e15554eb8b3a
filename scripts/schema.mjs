// Writes schema.graphql from the server's types; with --check only says whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, root } from './build.mjs';

await ensureBuilt('schema');
const { createSchema, schemaText } = await import(join(root, 'dist/server/schema.js'));
const text = schemaText(await createSchema());
const file = join(root, 'schema.graphql');
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  process.stderr.write('schema.graphql is not up to date: run npm run schema\n');
  process.exit(1);
}
