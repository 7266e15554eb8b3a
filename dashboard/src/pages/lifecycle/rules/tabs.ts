// What the editor shows, one at a time.
export const TABS = ['lifecycle', 'journey', 'versions'] as const;
export type Tab = (typeof TABS)[number];
