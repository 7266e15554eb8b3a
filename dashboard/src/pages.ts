// The pages: one line each, in the order of the navigation. A page is loaded when first opened.
import Bookmark from '@lucide/svelte/icons/bookmark';
import Database from '@lucide/svelte/icons/database';
import Funnel from '@lucide/svelte/icons/funnel';
import Grid3x3 from '@lucide/svelte/icons/grid-3x3';
import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import Route from '@lucide/svelte/icons/route';
import Users from '@lucide/svelte/icons/users';
import Waves from '@lucide/svelte/icons/waves';
import type { Component } from 'svelte';
import type { Text } from './i18n/text.svelte.ts';
import { RULES_PATH } from './pages/lifecycle/rules/path.ts';

export interface PageEntry {
  key: keyof Text['frame']['pages'];
  path: string;
  icon: Component<{ size?: number; strokeWidth?: number }>;
  load: () => Promise<{ default: Component }>;
  /** False where the range changes nothing. */
  hasRange?: boolean;
  /** Not in the bar of a phone, which is full. */
  isAside?: boolean;
  /** Paths of the page where it changes nothing. */
  withoutRange?: readonly string[];
}

export const pages: PageEntry[] = [
  {
    key: 'overview',
    path: '/overview',
    icon: LayoutDashboard,
    load: () => import('./pages/overview/Page.svelte'),
  },
  {
    key: 'journey',
    path: '/journey',
    icon: Route,
    load: () => import('./pages/journey/Page.svelte'),
  },
  {
    key: 'funnels',
    path: '/funnels',
    icon: Funnel,
    load: () => import('./pages/funnels/Page.svelte'),
  },
  {
    key: 'lifecycle',
    path: '/lifecycle',
    icon: Waves,
    load: () => import('./pages/lifecycle/Pages.svelte'),
    withoutRange: [RULES_PATH],
  },
  {
    key: 'cohorts',
    path: '/cohorts',
    icon: Grid3x3,
    load: () => import('./pages/cohorts/Page.svelte'),
  },
  {
    key: 'customers',
    path: '/customers',
    icon: Users,
    load: () => import('./pages/customers/Page.svelte'),
    hasRange: false,
  },
  {
    key: 'reports',
    path: '/reports',
    icon: Bookmark,
    load: () => import('./pages/reports/Page.svelte'),
    hasRange: false,
    isAside: true,
  },
  {
    key: 'data',
    path: '/data',
    icon: Database,
    load: () => import('./pages/data/Page.svelte'),
    hasRange: false,
  },
];

/** The page of a path; `/customers/ID` belongs to `/customers`; the root is the overview. */
export function pageOf(path: string): PageEntry | undefined {
  if (path === '/') return pages[0];
  return pages.find((page) => path === page.path || path.startsWith(`${page.path}/`));
}

/** Whether the range changes what stands at the path. */
export function hasRange(page: PageEntry | undefined, path: string): boolean {
  return page !== undefined && page.hasRange !== false && page.withoutRange?.includes(path) !== true;
}
