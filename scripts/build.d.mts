/** The project's folder. */
export const root: string;
/** Builds what is missing or older than its sources: `dashboard`, `server`, `engine`, or all. */
export function ensureBuilt(only?: 'server' | 'engine' | 'dashboard'): Promise<void>;
