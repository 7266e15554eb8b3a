/**
 * Where the generated retailer's customers live and what they are called: plain data for the generator and the
 * live replay, which index it by number. Knows no SQL and no time.
 */

export interface Place {
  readonly country: string;
  readonly city: string;
  /** Hours ahead of UTC, without daylight saving. */
  readonly utcHours: number;
  readonly names: 'chinese' | 'western';
}

const place = (country: string, city: string, utcHours: number, names: Place['names']): Place => ({
  country,
  city,
  utcHours,
  names,
});

/** 20 equal shares of customers; a city with more customers stands more than once. */
export const PLACES: readonly Place[] = [
  place('China', 'Shanghai', 8, 'chinese'),
  place('China', 'Shanghai', 8, 'chinese'),
  place('China', 'Beijing', 8, 'chinese'),
  place('China', 'Shenzhen', 8, 'chinese'),
  place('China', 'Guangzhou', 8, 'chinese'),
  place('China', 'Chengdu', 8, 'chinese'),
  place('China', 'Hangzhou', 8, 'chinese'),
  place('Hong Kong', 'Hong Kong', 8, 'chinese'),
  place('Singapore', 'Singapore', 8, 'chinese'),
  place('Singapore', 'Singapore', 8, 'western'),
  place('United Kingdom', 'London', 0, 'western'),
  place('United Kingdom', 'London', 0, 'western'),
  place('United Kingdom', 'Manchester', 0, 'western'),
  place('Germany', 'Berlin', 1, 'western'),
  place('Germany', 'Munich', 1, 'western'),
  place('France', 'Paris', 1, 'western'),
  place('France', 'Lyon', 1, 'western'),
  place('United States', 'New York', -5, 'western'),
  place('United States', 'Chicago', -6, 'western'),
  place('United States', 'San Francisco', -8, 'western'),
];

/** Stores of a city are the city's name with one of these. */
export const STORE_SUFFIXES = ['Central', 'West'] as const;

export const CHINESE_FAMILY = [
  '王',
  '李',
  '张',
  '刘',
  '陈',
  '杨',
  '黄',
  '赵',
  '吴',
  '周',
  '徐',
  '孙',
  '马',
  '朱',
  '胡',
  '林',
] as const;
export const CHINESE_GIVEN = [
  '伟',
  '芳',
  '娜',
  '敏',
  '静',
  '丽',
  '强',
  '磊',
  '洋',
  '艳',
  '勇',
  '杰',
  '婷',
  '浩然',
  '欣怡',
  '子涵',
  '雨桐',
  '梓轩',
  '思远',
  '佳琪',
  '晨曦',
  '嘉宁',
  '一诺',
  '若曦',
] as const;
export const WESTERN_FIRST = [
  'Emma',
  'Oliver',
  'Mia',
  'Noah',
  'Sophie',
  'Leon',
  'Chloe',
  'Lucas',
  'Hannah',
  'James',
  'Camille',
  'Hugo',
  'Grace',
  'Felix',
  'Zoe',
  'Daniel',
  'Lena',
  'Theo',
  'Amelia',
  'Jonas',
  'Alice',
  'Ethan',
  'Clara',
  'Priya',
] as const;
export const WESTERN_LAST = [
  'Smith',
  'Müller',
  'Martin',
  'Brown',
  'Schneider',
  'Bernard',
  'Taylor',
  'Fischer',
  'Dubois',
  'Wilson',
  'Weber',
  'Laurent',
  'Johnson',
  'Becker',
  'Moreau',
  'Tan',
] as const;
export const TIERS = ['Bronze', 'Silver', 'Gold', 'Platinum'] as const;
