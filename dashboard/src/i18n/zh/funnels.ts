import type { funnels as en } from '../en/funnels.ts';

export const funnels: typeof en = {
  title: '漏斗',
};
