/**
 * What a benchmark says: one JSON object a line. `ratio` is always `baselineMs / oursMs`; where the project has
 * set itself a target, `value` is the figure that it judges (`of` says which), `target` the bound and `holds`
 * whether it is kept. Knows nothing of what is measured.
 */

/** What a target judges: a figure and the bound it must keep. */
export interface Judged {
  readonly of: string;
  readonly value: number;
  readonly target: string;
  readonly holds: boolean;
}

interface Timed {
  readonly name: string;
  readonly events: number;
  /** What was timed, where the name does not say it. */
  readonly ours?: string;
  readonly oursMs: number;
  readonly baseline: string;
  readonly baselineMs: number;
  readonly judged?: Judged | undefined;
  readonly [more: string]: unknown;
}

interface Sized {
  readonly name: string;
  readonly events: number;
  readonly oursBytes: number;
  readonly judged?: Judged | undefined;
  readonly [more: string]: unknown;
}

export function atMost(of: string, value: number, bound: number): Judged {
  return { of, value, target: `<= ${bound}`, holds: value <= bound };
}

export function atLeast(of: string, value: number, bound: number): Judged {
  return { of, value, target: `>= ${bound}`, holds: value >= bound };
}

/** A line of times in milliseconds. */
export function print(line: Timed): void {
  const { judged, ...rest } = line;
  write({ ...rest, ratio: line.baselineMs / line.oursMs, ...judged });
}

/** A line of sizes in bytes. */
export function printSize({ judged, ...rest }: Sized): void {
  write({ ...rest, ...judged });
}

interface Figure {
  readonly name: string;
  readonly events: number;
  readonly judged: Judged;
  readonly [more: string]: unknown;
}

/** A line that is neither a time against another nor a size: what its target judges says it all. */
export function printFigure({ judged, ...rest }: Figure): void {
  write({ ...rest, ...judged });
}

interface Failed {
  readonly name: string;
  readonly events: number;
  readonly error: unknown;
  /** The target that could not be measured, and so is not kept. */
  readonly judged?: Pick<Judged, 'of' | 'target'>;
}

/** A line for what could not be measured, so that the others can be. */
export function printFailure({ name, events, error, judged }: Failed): void {
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  write({ name, events, failed: message, ...(judged && { ...judged, holds: false }) });
}

function write(line: object): void {
  const rounded = (_: string, value: unknown): unknown =>
    typeof value === 'number' ? Math.round(value * 100) / 100 : value;
  process.stdout.write(`${JSON.stringify(line, rounded)}\n`);
}
