import type { cohorts as en } from '../en/cohorts.ts';

export const cohorts: typeof en = {
  title: '同期群',
};
