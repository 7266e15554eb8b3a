/** The program's log: JSON lines on standard error, so that standard output stays for answers. */
import { destination, pino } from 'pino';
import type { Logger } from 'pino';

export function createLog(level: string): Logger {
  return pino(
    { level, base: null, redact: ['req.headers.authorization'] },
    destination({ dest: 2, sync: false }),
  );
}
