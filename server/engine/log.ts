/**
 * The logger as the engine needs it: structured fields first, then a sentence. pino's logger fits.
 * Never given values of customers, parameters or passwords.
 */
type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

export interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

/** Says nothing: for tests and for short commands. */
export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
