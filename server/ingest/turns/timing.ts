/** How long things of turns take. Milliseconds. */
export interface Timing {
  /** A holder says so often that it lives, */
  readonly aliveMs: number;
  /** writes nothing unless it is sure of having said so within this time, */
  readonly sureMs: number;
  /** and is taken for dead when it has said nothing for this long. */
  readonly silentMs: number;
  /** Then it has this long to object: any that lives looks within it. */
  readonly objectMs: number;
  /** How often a holder looks whether others want a turn while there have been others lately, */
  readonly lookMs: number;
  /** and while there have been none. */
  readonly loneLookMs: number;
  /** Others that were heard of so lately are counted on. */
  readonly othersMs: number;
  /** Once it has a turn it works for this long, whoever waits. */
  readonly workMs: number;
  /** A turn without work is given up after this. */
  readonly idleMs: number;
  /** How often those who wait look. */
  readonly waitMs: number;
  /** Whose turn was said to be next has this long to take it. */
  readonly nextMs: number;
}

export const TIMING: Timing = {
  aliveMs: 3000,
  sureMs: 8000,
  silentMs: 15_000,
  objectMs: 1500,
  lookMs: 75,
  loneLookMs: 1000,
  othersMs: 60_000,
  workMs: 150,
  idleMs: 1000,
  waitMs: 50,
  nextMs: 500,
};
