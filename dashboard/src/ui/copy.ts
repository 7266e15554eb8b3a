// Copies text and says so; where the clipboard is closed to the page, says that instead.
import { t } from '../i18n/text.svelte.ts';
import { say } from './toasts.svelte.ts';

/** Puts text on the clipboard; a toast tells how it went, in the words of `done` where it went well. */
export async function copyText(text: string, done = t().common.copied): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
  } catch {
    say(t().selection.copyFailed);
  }
}
