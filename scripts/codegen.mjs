// Writes dashboard/src/api/generated.ts: types and typed documents of every *.graphql file of the
// dashboard. Usage: node scripts/codegen.mjs [schema.graphql] [--check]
import { codegen } from '@graphql-codegen/core';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import * as typedDocumentNode from '@graphql-codegen/typed-document-node';
import { parse } from 'graphql';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'dashboard/src');
const target = join(source, 'api/generated.ts');

const scalars = {
  DateTime: 'string',
  Duration: 'string',
  SafeInt: 'number',
  JSON: { input: 'unknown', output: 'unknown' },
};

function documents() {
  return readdirSync(source, { recursive: true })
    .filter((path) => path.endsWith('.graphql'))
    .sort()
    .map((path) => ({ location: path, document: parse(readFileSync(join(source, path), 'utf8')) }));
}

/** Generates the module's text for the schema in `schemaPath`. */
export async function generate(schemaPath) {
  return codegen({
    filename: target,
    schema: parse(readFileSync(schemaPath, 'utf8')),
    documents: documents(),
    plugins: [{ operations: {} }, { documents: {} }],
    pluginMap: { operations: typescriptOperations, documents: typedDocumentNode },
    config: {
      documentMode: 'string',
      enumsAsTypes: true,
      enumType: 'string-literal',
      scalars,
      strictScalars: true,
      skipTypename: true,
      useTypeImports: true,
      defaultScalarType: 'unknown',
    },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  const schemaPath = resolve(args.find((arg) => !arg.startsWith('--')) ?? join(root, 'schema.graphql'));
  const text = await generate(schemaPath);
  if (args.includes('--check')) {
    if (readFileSync(target, 'utf8') !== text) {
      console.error(`${relative(root, target)} is out of date: run node scripts/codegen.mjs`);
      process.exitCode = 1;
    }
  } else {
    writeFileSync(target, text);
    console.log(`wrote ${relative(root, target)}`);
  }
}
