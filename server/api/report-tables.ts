/** Reports as tables, for whoever has a schema and the calls to it: the server, or a command. */
import type { GraphQLSchema } from 'graphql';
import { ReportTables } from '../export/report-tables.ts';
import type { Calls, CreateContext } from './calls.ts';
import type { ErrorLog } from './errors.ts';
import { inputFromJson } from './json-input.ts';

export interface ReportTablesOf {
  readonly schema: GraphQLSchema;
  readonly calls: Calls;
  readonly createContext: CreateContext;
  readonly log: ErrorLog;
}

export function createReportTables({ schema, ...deps }: ReportTablesOf): ReportTables {
  return new ReportTables({
    ...deps,
    coerce: (inputName, json) => inputFromJson(schema, inputName, json, 'input'),
  });
}
