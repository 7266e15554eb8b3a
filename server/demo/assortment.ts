/**
 * What the generated retailer sells and what its visitors meet on the way (pages, campaigns, coupons): plain data
 * for the generator and the live replay, which index it by number. Knows no SQL and no time.
 */

export interface Product {
  readonly name: string;
  readonly category: string;
  readonly brand: string;
  readonly price: number;
}

/** Category, then eight products each, best sellers first: name, brand, price. */
const SHELVES: readonly [string, readonly (readonly [string, string, number])[]][] = [
  [
    'Womenswear',
    [
      ['Linen shirt dress', 'Alba', 79],
      ['Cashmere crew neck', 'Northloom', 129],
      ['Wide leg trousers', 'Alba', 69],
      ['Silk scarf', 'Yunjin', 45],
      ['Trench coat', 'Northloom', 189],
      ['Qipao blouse', 'Yunjin', 89],
      ['Ribbed tank', 'Plainwork', 19],
      ['Pleated skirt', 'Alba', 59],
    ],
  ],
  [
    'Menswear',
    [
      ['Oxford shirt', 'Plainwork', 49],
      ['Selvedge jeans', 'Harbour', 99],
      ['Merino polo', 'Northloom', 75],
      ['Chino shorts', 'Plainwork', 39],
      ['Down jacket', 'Ridgeline', 219],
      ['Heavy T-shirt', 'Plainwork', 25],
      ['Wool blazer', 'Harbour', 199],
      ['Swim trunks', 'Harbour', 35],
    ],
  ],
  [
    'Shoes',
    [
      ['Court sneaker', 'Strider', 89],
      ['Trail runner', 'Ridgeline', 119],
      ['Leather loafer', 'Harbour', 139],
      ['Canvas slip-on', 'Strider', 49],
      ['Chelsea boot', 'Harbour', 169],
      ['Cork sandal', 'Alba', 65],
      ['Running shoe', 'Strider', 109],
      ['Rain boot', 'Ridgeline', 79],
    ],
  ],
  [
    'Bags',
    [
      ['Canvas tote', 'Plainwork', 29],
      ['Leather crossbody', 'Alba', 149],
      ['Roll-top backpack', 'Ridgeline', 95],
      ['Weekender', 'Harbour', 179],
      ['Card holder', 'Harbour', 39],
      ['Bamboo handle bag', 'Yunjin', 159],
      ['Belt bag', 'Strider', 45],
      ['Laptop sleeve', 'Plainwork', 35],
    ],
  ],
  [
    'Beauty',
    [
      ['Green tea cleanser', 'Qinghe', 18],
      ['Hydrating serum', 'Qinghe', 36],
      ['Lip tint', 'Rosalin', 16],
      ['Sunscreen SPF 50', 'Qinghe', 24],
      ['Eau de parfum', 'Rosalin', 82],
      ['Hand cream', 'Rosalin', 12],
      ['Sheet mask set', 'Qinghe', 21],
      ['Hair oil', 'Rosalin', 27],
    ],
  ],
  [
    'Home',
    [
      ['Stoneware mug', 'Kiln', 15],
      ['Linen duvet set', 'Kiln', 149],
      ['Scented candle', 'Rosalin', 28],
      ['Gongfu tea set', 'Kiln', 64],
      ['Wool throw', 'Northloom', 85],
      ['Desk lamp', 'Kiln', 72],
      ['Cotton towel', 'Plainwork', 22],
      ['Enamel pot', 'Kiln', 55],
    ],
  ],
  [
    'Kids',
    [
      ['Star pyjamas', 'Little Kite', 29],
      ['Rain jacket', 'Ridgeline', 49],
      ['Wooden train', 'Little Kite', 34],
      ['School backpack', 'Little Kite', 39],
      ['Organic bodysuit', 'Little Kite', 14],
      ['Velcro sneaker', 'Strider', 45],
      ['Plush panda', 'Little Kite', 24],
      ['Puzzle atlas', 'Little Kite', 19],
    ],
  ],
  [
    'Outdoor',
    [
      ['Insulated bottle', 'Ridgeline', 32],
      ['Yoga mat', 'Strider', 48],
      ['Two-person tent', 'Ridgeline', 249],
      ['Fleece half-zip', 'Ridgeline', 69],
      ['Trekking poles', 'Ridgeline', 79],
      ['Headlamp', 'Strider', 39],
      ['Bike helmet', 'Strider', 85],
      ['Camp chair', 'Ridgeline', 59],
    ],
  ],
];

/** 64 products, eight of a category side by side. */
export const PRODUCTS: readonly Product[] = SHELVES.flatMap(([category, shelf]) =>
  shelf.map(([name, brand, price]) => ({ name, category, brand, price })),
);

/** How a visit came about; but for the first, four campaigns each with the source that it names itself. */
export const SOURCES: readonly {
  readonly source: string;
  readonly campaigns: readonly (readonly [campaign: string, utmSource: string])[];
}[] = [
  { source: 'direct', campaigns: [] },
  {
    source: 'ad',
    campaigns: [
      ['brand_search', 'google'],
      ['shopping', 'google'],
      ['new_season', 'xiaohongshu'],
      ['retargeting', 'instagram'],
    ],
  },
  {
    source: 'email',
    campaigns: [
      ['newsletter', 'email'],
      ['newsletter', 'email'],
      ['price_drop', 'email'],
      ['we_miss_you', 'email'],
    ],
  },
  {
    source: 'wechat',
    campaigns: [
      ['wechat_weekly', 'wechat'],
      ['member_day', 'wechat'],
      ['mini_program', 'wechat'],
      ['new_season', 'wechat'],
    ],
  },
  {
    source: 'referral',
    campaigns: [
      ['bring_a_friend', 'friend'],
      ['bring_a_friend', 'friend'],
      ['stylists', 'blog'],
      ['stylists', 'blog'],
    ],
  },
];

export const LANDING_PATHS = [
  '/',
  '/',
  '/',
  '/new-in',
  '/sale',
  '/collections/season',
  '/stores',
  '/members',
] as const;
export const SCREENS = [
  'Home',
  'Home',
  'Home',
  'New in',
  'Sale',
  'For you',
  'Stores',
  'Member card',
] as const;
export const CONTENT_PATHS = [
  '/size-guide',
  '/delivery',
  '/returns',
  '/stories/makers',
  '/gift-ideas',
  '/care',
  '/membership',
  '/stores/opening-hours',
] as const;
export const SEARCHES = [
  'dress',
  'sneaker',
  'backpack',
  'gift',
  'serum',
  'down jacket',
  'tea set',
  'sunscreen',
] as const;
export const COUPONS = ['WELCOME10', 'MEMBER5', 'SEASON15', 'FREESHIP'] as const;
