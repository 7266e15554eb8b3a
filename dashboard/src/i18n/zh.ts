// 简体中文，与英文逐条对应（类型保证一条不缺）。
import type { Text } from './en.ts';
import { building } from './zh/building.ts';
import { cohorts } from './zh/cohorts.ts';
import { common } from './zh/words.ts';
import { customers } from './zh/customers.ts';
import { data } from './zh/data.ts';
import { feed } from './zh/feed.ts';
import { frame } from './zh/frame.ts';
import { funnels } from './zh/funnels.ts';
import { journey } from './zh/journey.ts';
import { keys } from './zh/keys.ts';
import { lifecycle } from './zh/lifecycle.ts';
import { names } from './zh/names.ts';
import { people } from './zh/people.ts';
import { overview } from './zh/overview.ts';
import { reports } from './zh/reports.ts';
import { rules } from './zh/rules.ts';
import { selection } from './zh/selection.ts';

export const zh: Text = {
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
