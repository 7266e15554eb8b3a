/** The engine with another way to ask: questions go where they are told to, all else straight on. */
import type { Engine } from './port.ts';

export function askedThrough(engine: Engine, query: Engine['query']): Engine {
  return {
    query,
    stream: (asked, options) => engine.stream(asked, options),
    streamBytes: (asked, options) => engine.streamBytes(asked, options),
    insert: (table, rows, options) => engine.insert(table, rows, options),
    insertStream: (table, body, format, options) => engine.insertStream(table, body, format, options),
    insertSelect: (name, statement, body, options) => engine.insertSelect(name, statement, body, options),
    command: (name, statement, options) => engine.command(name, statement, options),
    ping: () => engine.ping(),
    close: () => engine.close(),
  };
}
