/** A statement as the rest of the program passes it on: its text, its rows' shape, and how it may be answered. Pure. */
import type { Kept } from './kept.ts';
import type { EventSpan } from './span.ts';
import type { Sql } from './sql.ts';

/** A statement together with the shape of its rows; rows arrive as JSON objects. */
export interface SqlQuery<Row> {
  /** Stands in `log_comment`: which question this statement answers. */
  readonly name: string;
  readonly sql: Sql;
  /** Events that can change the answer, by when they happened; undefined: any. */
  readonly reads?: EventSpan | undefined;
  /** Touches few rows, found by their keys: never waits behind what goes over many. */
  readonly isLight?: true;
  /** Tells what is so this instant: never answered with what was found before. */
  readonly isVolatile?: true;
  /** How live answers keep its rows up to date; absent: by running it again. */
  readonly kept?: Kept<Row> | undefined;
  /** Never set: carries the row type only. */
  readonly row?: Row;
}
