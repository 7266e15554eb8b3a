import type { Phrase } from '../said.ts';

/** 规则成立的事实，后面可带最近一次的日期。 */
const dated: readonly Phrase[] = (
  [
    ['no order for {t}', '{t}内没有订单'],
    ['the first order came in the last {t}', '首单在最近 {t}内'],
    [
      'an order in the last {t} that came after {u} or more without one',
      '最近 {t}内有订单，且此前至少 {u}没有订单',
    ],
    ['no "{event}" event for {t}', '{t}内没有“{event}”'],
  ] as const
).flatMap(([english, chinese]): Phrase[] => [
  [`${english} (the last on {day}, {ago})`, `${chinese}（最近一次：{day}，{ago}）`],
  [`${english} (on {day}, {ago})`, `${chinese}（{day}，{ago}）`],
  [english, chinese],
]);

const amounts: readonly Phrase[] = (
  [
    [' in the last {t}', '最近 {t}内'],
    [' so far', '至今'],
  ] as const
).flatMap(([when, chinese]): Phrase[] => [
  [`no order${when} ({limits})`, `${chinese}没有订单（{limits}）`],
  [`{n} order${when} ({limits})`, `${chinese} {n} 笔订单（{limits}）`],
  [`{n} orders${when} ({limits})`, `${chinese} {n} 笔订单（{limits}）`],
  [`revenue of {n}${when} ({limits})`, `${chinese}销售额 {n}（{limits}）`],
  [`no "{event}" event${when} ({limits})`, `${chinese}没有“{event}”（{limits}）`],
  [`{n} "{event}" event${when} ({limits})`, `${chinese}“{event}”{n} 次（{limits}）`],
  [`{n} "{event}" events${when} ({limits})`, `${chinese}“{event}”{n} 次（{limits}）`],
]);

/** 客户处于某阶段的原因。 */
export const reasons: readonly Phrase[] = [
  ['{parts}.', '{parts}。', { of: 'parts', between: ', and ', then: '；' }],
  ['no order yet', '尚无订单'],
  ['the rule of no other stage holds', '不符合其他任何阶段的规则'],
  ['{stages} as the stage before', '此前处于{stages}'],
  ['it is not so that there is {what}', '并非：{what}'],
  ...dated,
  ...amounts,
  ['less than a day ago', '不到一天前'],
  ['{n} day ago', '{n} 天前'],
  ['{n} days ago', '{n} 天前'],
  ['{n} or more', '至少 {n}'],
  ['{n} or less', '至多 {n}'],
  ['{a} to {b}', '{a} 至 {b}'],
];
