/**
 * The data sets that the demo can show: their files, credits and how many rows they bring. Data only.
 */
export const DEMO_DATASETS = ['generated', 'online-retail', 'rees46', 'complete-journey'] as const;
export type DemoDataset = (typeof DEMO_DATASETS)[number];

/** One sentence about where the data come from, for the page. */
export const DEMO_CREDITS: Readonly<Record<DemoDataset, string>> = {
  generated:
    'Generated omnichannel retailer; repurchase behaviour fitted to UCI Online Retail (D. Chen, doi 10.24432/C5BW33).',
  'online-retail': 'UCI Online Retail, D. Chen, doi 10.24432/C5BW33, CC BY 4.0; times moved to end now.',
  rees46: 'REES46 Marketing Platform (rees46.com), October 2019; times moved to end now.',
  'complete-journey':
    'The Complete Journey, 84.51° / dunnhumby, R package completejourney, CC0; times moved to end now.',
};

/** What their revenue is in, unless the settings say otherwise. */
export const DEMO_CURRENCIES: Readonly<Record<DemoDataset, string>> = {
  generated: 'USD',
  'online-retail': 'GBP',
  rees46: 'USD',
  'complete-journey': 'USD',
};

export interface RealDataset {
  /** Folder of the project under data/. */
  readonly folder: string;
  readonly rows: number;
  readonly customers: number;
  /** The last event, of the file. */
  readonly lastEvent: string;
  /** Times are moved by a whole number of these: weeks keep weekdays; a slice of hours is moved exactly. */
  readonly shiftStepMs: number;
}

const WEEK_MS = 7 * 86_400_000;

export const REAL_DATASETS: Readonly<Record<Exclude<DemoDataset, 'generated'>, RealDataset>> = {
  'online-retail': {
    folder: 'online-retail',
    rows: 406_829,
    customers: 4_372,
    lastEvent: '2011-12-09T12:50:00.000Z',
    shiftStepMs: WEEK_MS,
  },
  rees46: {
    folder: 'rees46-oct2019-slice',
    rows: 17_434,
    customers: 4_504,
    lastEvent: '2019-10-01T02:50:00.000Z',
    shiftStepMs: 1_000,
  },
  'complete-journey': {
    folder: 'complete-journey-sample',
    rows: 83_691,
    customers: 2_379,
    lastEvent: '2018-01-01T03:47:38.000Z',
    shiftStepMs: WEEK_MS,
  },
};
