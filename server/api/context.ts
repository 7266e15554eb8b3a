/** What resolvers are given with every call, over HTTP and over WebSocket alike. */
import type { KeyBook } from '../access/key-book.ts';
import type { Viewer } from '../access/role.ts';
import type { Automation } from '../automation/automation.ts';
import type { ImportDesk } from '../ingest/import/import-desk.ts';
import type { Ingestion } from '../ingest/ingest.service.ts';
import type { Erasing } from '../ingest/removal/erasing.ts';
import type { CustomerEvent } from '../insights/customers/customers.service.ts';
import type { Replay } from '../ingest/rejected/replay.ts';
import type { InsightScope } from '../insights/scope.ts';
import type { StoredAnnotation } from '../library/annotations.store.ts';
import type { AudienceLibrary } from '../library/audience-library.ts';
import type { ReportLibrary } from '../library/report-library.ts';
import type { SharedList } from '../library/shared-list.ts';
import type { StoredTarget } from '../library/targets.store.ts';
import type { JourneyMapLibrary } from '../library/journey-map-library.ts';
import type { Due } from '../live/kept/reader.ts';
import type { FeedHub } from '../live/feed.ts';

export interface Context {
  readonly viewer: Viewer;
  /** Keys, to be listed, made and revoked. */
  readonly keys: KeyBook;
  /** What questions are answered from; who changes it within a call takes a later look. */
  scope: InsightScope;
  readonly ingestion: Ingestion;
  /** Sends rejected events again. */
  readonly replay: Replay;
  readonly imports: ImportDesk;
  readonly erasing: Erasing;
  /** Saved audiences, to be listed and changed; those that questions may refer to stand in the scope. */
  readonly audiences: AudienceLibrary;
  /** Saved reports. */
  readonly reports: ReportLibrary;
  readonly annotations: SharedList<StoredAnnotation>;
  readonly targets: SharedList<StoredTarget>;
  /** Journey maps that were published, and the way to publish one. */
  readonly journeyMaps: JourneyMapLibrary;
  /** Moves of customers from a cursor on, and webhooks. */
  readonly automation: Automation;
  /** What a live run learns of its answers. */
  readonly due: Due;
  /** Events as they arrive. */
  readonly feeds: FeedHub<CustomerEvent>;
  /** The scope of a later look, for what outlives a call. */
  readonly scopeFor: (signal: AbortSignal | undefined) => InsightScope;
}
