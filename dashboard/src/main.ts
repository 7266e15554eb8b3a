// The dashboard's entry: settings and words first, then the page.
import { mount } from 'svelte';
import App from './App.svelte';
import { loadText } from './i18n/text.svelte.ts';
import { deployment } from './state/deployment.svelte.ts';
import { view } from './state/view.svelte.ts';
import './styles/base.css';
import './styles/print.css';
import './styles/floating.css';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app');
await Promise.all([deployment.load(), loadText(view.language)]);
mount(App, { target });
