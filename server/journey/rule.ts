/** Lifecycle rules as data. */
export type LifecycleRule = Readonly<Record<string, unknown>>;
