// English, complete. One file a page under en/, so that pages do not meet in one file.
import { building } from './en/building.ts';
import { cohorts } from './en/cohorts.ts';
import { common } from './en/words.ts';
import { customers } from './en/customers.ts';
import { data } from './en/data.ts';
import { feed } from './en/feed.ts';
import { frame } from './en/frame.ts';
import { funnels } from './en/funnels.ts';
import { journey } from './en/journey.ts';
import { keys } from './en/keys.ts';
import { lifecycle } from './en/lifecycle.ts';
import { names } from './en/names.ts';
import { people } from './en/people.ts';
import { overview } from './en/overview.ts';
import { reports } from './en/reports.ts';
import { rules } from './en/rules.ts';
import { selection } from './en/selection.ts';

/** What a language must have. */
export type Text = typeof en;

export const en = {
  building,
  cohorts,
  common,
  customers,
  data,
  feed,
  frame,
  funnels,
  journey,
  keys,
  lifecycle,
  names,
  overview,
  reports,
  rules,
  people,
  selection,
};
