/** The engine as a live run sees it: statements that are kept are answered from what is kept, the rest as ever. */
import { askedThrough } from '../../engine/asked-through.ts';
import type { Engine } from '../../engine/port.ts';
import type { CompileScope } from '../../query/events.ts';
import { render } from '../../query/sql.ts';
import type { Keeper } from './keeper.ts';

/** `due.inMs` falls to when time alone may change one of the answers. */
export function keptReader(
  engine: Engine,
  keeper: Keeper,
  scope: CompileScope,
  due: { inMs: number },
): Engine {
  return askedThrough(engine, async (query, options) => {
    const begun = performance.now();
    const answer = await keeper.answer(query, scope);
    if (answer.rows === null) {
      if (answer.isSoonKept) due.inMs = 0;
      return engine.query(query, options);
    }
    const { rows, dueInMs } = answer;
    due.inMs = Math.min(due.inMs, dueInMs);
    const stats = { rowsRead: 0, bytesRead: 0, elapsedMs: performance.now() - begun };
    return { rows, stats, text: render(query.sql).text };
  });
}
