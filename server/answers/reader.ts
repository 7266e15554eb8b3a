/** The engine as one caller sees it: questions go through the answers that all share, the rest straight on. */
import type { Engine } from '../engine/port.ts';
import type { Answers } from './answers.ts';
import type { Caller } from './turns.ts';

export function readerOf(engine: Engine, answers: Answers, caller: Caller): Engine {
  return {
    query: (query, options) => answers.query(query, caller, options),
    stream: (query, options) => engine.stream(query, options),
    insert: (table, rows, options) => engine.insert(table, rows, options),
    insertStream: (table, body, format, options) => engine.insertStream(table, body, format, options),
    insertSelect: (name, statement, body, options) => engine.insertSelect(name, statement, body, options),
    command: (name, statement, options) => engine.command(name, statement, options),
    ping: () => engine.ping(),
    close: () => engine.close(),
  };
}
