/** What resolvers are given with every call, over HTTP and over WebSocket alike. */
import type { Ingestion } from '../ingest/ingest.service.ts';
import type { InsightScope } from '../insights/scope.ts';

export interface Viewer {
  readonly name: string;
  readonly role: 'VIEWER' | 'ANALYST' | 'WRITER' | 'ADMIN';
}

export interface Context {
  readonly viewer: Viewer;
  readonly scope: InsightScope;
  readonly ingestion: Ingestion;
}
