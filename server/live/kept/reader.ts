/** The engine as a live run sees it: statements that are kept are answered from what is kept, the rest as ever. */
import { askedThrough } from '../../engine/asked-through.ts';
import type { Engine } from '../../engine/port.ts';
import type { CompileScope } from '../../query/events.ts';
import { render } from '../../query/sql.ts';
import type { Keeper } from './keeper.ts';

/** What a run learns of its answers. */
export interface Due {
  /** In how many milliseconds time alone may change one of them. */
  inMs: number;
  /** Of so many news all is in them; undefined: some of it may be seen later. */
  news: number | undefined;
}

/** Before anything was asked. */
export function nothingDue(): Due {
  return { inMs: Infinity, news: Infinity };
}

/** `since`: what was stored by then (performance.now) is in the answers. */
export function keptReader(
  engine: Engine,
  keeper: Keeper,
  scope: CompileScope,
  due: Due,
  since: number,
): Engine {
  return askedThrough(engine, async (query, options) => {
    const begun = performance.now();
    const answer = await keeper.answer(query, scope, since);
    if (answer.rows === null) {
      if (answer.isSoonKept) due.inMs = 0;
      due.news = undefined;
      return engine.query(query, options);
    }
    const { rows, dueInMs, isWhole, news } = answer;
    // What is still missing is asked for soon, also when nobody hears of anything.
    due.inMs = Math.min(due.inMs, isWhole ? dueInMs : 0);
    due.news = isWhole && due.news !== undefined ? Math.min(due.news, news) : undefined;
    const stats = { rowsRead: 0, bytesRead: 0, elapsedMs: performance.now() - begun };
    return { rows, stats, text: render(query.sql).text };
  });
}
