// The formatters of the present view: language, the deployment's currency, the chosen zone.
import { deployment } from '../state/deployment.svelte.ts';
import { range } from '../state/range.svelte.ts';
import { view } from '../state/view.svelte.ts';
import { Format } from './format.ts';

const current = $derived(
  new Format({ locale: view.locale, currency: deployment.currency, timeZone: range.timeZone }),
);

/** The formatters to use now; reactive, so call it where the text is made. */
export function fmt(): Format {
  return current;
}
