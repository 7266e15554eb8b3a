import type { lifecycle as en } from '../en/lifecycle.ts';

export const lifecycle: typeof en = {
  title: '生命周期',
};
