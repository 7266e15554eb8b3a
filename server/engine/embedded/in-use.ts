/** The one sentence for a store that another process holds. */
export class StoreInUseError extends Error {
  constructor(
    readonly dataDir: string,
    readonly pid: number | undefined,
  ) {
    super(
      `The store ${dataDir} is in use by another Waymark${pid === undefined ? '' : ` (process ${pid})`}. ` +
        'Stop that one first, or set DATA_DIR to another folder.',
    );
    this.name = 'StoreInUseError';
  }
}
