// The chart theme of the present view: read again when the theme or the type size changes.
import { readTheme } from './theme.ts';
import type { ChartTheme } from './theme.ts';
import { view } from '../state/view.svelte.ts';

const current = $derived.by<ChartTheme>(() => {
  const { theme, tv } = view;
  document.documentElement.dataset['theme'] = theme;
  document.documentElement.toggleAttribute('data-tv', tv);
  return readTheme();
});

/** The theme to draw with now; reactive. */
export function chartTheme(): ChartTheme {
  return current;
}
