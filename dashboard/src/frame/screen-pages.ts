// The pages that a television can show, in the order of the navigation, and whether its usual round does.
import type { Text } from '../i18n/text.svelte.ts';

type PageKey = keyof Text['frame']['pages'];

export const SCREEN_PAGES: readonly { readonly key: PageKey; readonly isUsual: boolean }[] = [
  { key: 'overview', isUsual: true },
  { key: 'journey', isUsual: true },
  { key: 'funnels', isUsual: true },
  { key: 'lifecycle', isUsual: true },
  { key: 'cohorts', isUsual: true },
  { key: 'data', isUsual: false },
];

/** Whether the usual round shows the page. */
export function isUsualPage(key: string): boolean {
  return SCREEN_PAGES.some((page) => page.key === key && page.isUsual);
}
