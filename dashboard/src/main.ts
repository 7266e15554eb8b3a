// The dashboard's entry: settings and words first, then the page, whose code and connection are on their way meanwhile.
import { mount } from 'svelte';
import { open } from './api/socket.ts';
import App from './App.svelte';
import { loadText } from './i18n/text.svelte.ts';
import { who } from './keys/who.svelte.ts';
import { pageOf } from './pages.ts';
import { deployment } from './state/deployment.svelte.ts';
import { router } from './state/router.svelte.ts';
import { view } from './state/view.svelte.ts';
import './styles/base.css';
import './styles/print.css';
import './styles/floating.css';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app');
open();
pageOf(router.path)
  ?.load()
  .catch(() => undefined);
void show(target);

/** Nothing here waits while the module runs: the files of the pages import from this one's. */
async function show(target: HTMLElement): Promise<void> {
  await Promise.all([deployment.load(), loadText(view.language), who.known()]);
  const embedded = /^\/embed\/([^/]+)\/?$/.exec(location.pathname)?.[1];
  if (embedded === undefined) mount(App, { target });
  else {
    const { default: Embed } = await import('./reports/Embed.svelte');
    mount(Embed, { target, props: { id: embedded } });
  }
}
