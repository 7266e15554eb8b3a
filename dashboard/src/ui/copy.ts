// Copies text and says so; where the clipboard is closed to the page, says that instead.
import { t } from '../i18n/text.svelte.ts';
import { say } from './toasts.svelte.ts';

/** Puts text on the clipboard; a toast tells how it went. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(t().common.copied);
  } catch {
    say(t().selection.copyFailed);
  }
}
