/** The project's folder. */
export const root: string;
/** Builds what is missing or older than its sources: `dashboard`, `server`, `schema`, `engine`, or all. */
export function ensureBuilt(only?: 'server' | 'schema' | 'engine' | 'dashboard'): Promise<void>;
