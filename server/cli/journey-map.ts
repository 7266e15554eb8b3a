/** The journey map of JOURNEY_MAP, or the built-in retail one. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ConfigError } from '../config.ts';
import type { JourneyMap } from '../journey/map.ts';
import { readJourneyMap } from '../journey/read-map.ts';
import { retailMap } from '../journey/retail.ts';
import { InputError } from '../query/problem.ts';

/** Throws ConfigError with every problem of the file. */
export function openJourneyMap(path: string | null): JourneyMap {
  if (path === null) return retailMap;
  try {
    return readJourneyMap(parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof InputError) {
      const lines = error.problems.map(({ field, message }) => `  ${field}: ${message}`);
      throw new ConfigError(`JOURNEY_MAP ${path}:\n${lines.join('\n')}`);
    }
    throw new ConfigError(
      `JOURNEY_MAP ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
