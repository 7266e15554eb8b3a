import type { Phrase } from '../said.ts';
import { reasons } from './said-reasons.ts';
import { refusals } from './said-refusals.ts';

const range: readonly Phrase[] = [
  [
    'from {from} to before {to} ({zone}, weeks begin on {day})',
    '{from} 至 {to}（不含；时区 {zone}，每周始于{day}）',
  ],
  ['of all time', '全部时间'],
  ['Monday', '周一'],
  ['Tuesday', '周二'],
  ['Wednesday', '周三'],
  ['Thursday', '周四'],
  ['Friday', '周五'],
  ['Saturday', '周六'],
  ['Sunday', '周日'],
  ['hour', '小时'],
  ['day', '天'],
  ['week', '周'],
  ['month', '月'],
  ['quarter', '季度'],
  ['year', '年'],
  ['now', '现在'],
  ['{n} months and {rest}', '{n} 个月 {rest}'],
  ['{n} days and {rest}', '{n} 天 {rest}'],
  ['{n} day and {rest}', '{n} 天 {rest}'],
  ['{n} hours and {rest}', '{n} 小时 {rest}'],
  ['{n} hour and {rest}', '{n} 小时 {rest}'],
  ['{n} month', '{n} 个月'],
  ['{n} months', '{n} 个月'],
  ['{n} week', '{n} 周'],
  ['{n} weeks', '{n} 周'],
  ['{n} day', '{n} 天'],
  ['{n} days', '{n} 天'],
  ['{n} hour', '{n} 小时'],
  ['{n} hours', '{n} 小时'],
  ['{n} minute', '{n} 分钟'],
  ['{n} minutes', '{n} 分钟'],
  ['{n} second', '{n} 秒'],
  ['{n} seconds', '{n} 秒'],
];

/** What follows a definition: filters, customers, a breakdown. */
const tails: readonly Phrase[] = [
  [', counting only events that pass the filter{rest*}', '；仅计符合筛选条件的事件{rest}'],
  [', of customers in the audience{rest*}', '；仅限该人群的客户{rest}'],
  ["; broken down by the customer's {names} as it is now", '；按客户当前的{names}细分'],
  [
    "; broken down by {names} on the customer's first event by then that has a value",
    '；按客户首个带值事件的{names}细分',
  ],
  [
    "; broken down by {names} on the customer's last event by then that has a value",
    '；按客户最后一个带值事件的{names}细分',
  ],
];

/** 漏斗：三种步骤顺序。 */
const FUNNEL_END =
  ', within {window} of the first of them, all from {from} up to {rest}; each customer counts once, by the attempt that got furthest{tail*}.';
const FUNNEL_END_ZH =
  '自首步起 {window}内；全部发生于 {from} 至 {rest}。每位客户只计一次，取走得最远的一次{tail}。';

const funnel: readonly Phrase[] = [
  [
    `Customers who did {steps}, in this order, other events between them ignored${FUNNEL_END}`,
    `依次为{steps}的客户，中间可有其他事件；${FUNNEL_END_ZH}`,
    { of: 'steps', between: ', then ', then: '、' },
  ],
  [
    `Customers who did {steps}, in this order with no other event between them${FUNNEL_END}`,
    `依次为{steps}的客户，中间不得有其他事件；${FUNNEL_END_ZH}`,
    { of: 'steps', between: ', then ', then: '、' },
  ],
  [
    `Customers who did {steps}, in any order${FUNNEL_END}`,
    `完成{steps}的客户，顺序不限；${FUNNEL_END_ZH}`,
    { of: 'steps', between: ' and ', then: '、' },
  ],
  [
    'Customers who did {step}, all from {from} up to {rest}; each customer counts once, by the attempt that got furthest{tail*}.',
    '有过{step}的客户；发生于 {from} 至 {rest}。每位客户只计一次，取走得最远的一次{tail}。',
  ],
  ['{to}, all with the same {names}, of {whom}, over {what}', '{to}；各步的{names}须相同；{whom}；{what}'],
  ['{to}, of all customers, over {what}', '{to}；全部客户；{what}'],
  ['{to}, of the chosen audience, over {what}', '{to}；所选人群；{what}'],
  [
    '{to}, without {event} after step {a} and before step {b}',
    '{to}；第 {a} 步之后、第 {b} 步之前没有{event}',
  ],
  ['{to}, without {event} before all were done', '{to}；完成之前没有{event}'],
  [
    '{to}, {event} between them being an interruption like any other event',
    '{to}；其间的{event}与其他事件一样视为中断',
  ],
  ['now, {at}', '此刻（{at}）'],
  ['all customers', '全部客户'],
  ['the chosen audience', '所选人群'],
  ['all events', '全部事件'],
  ['the events that pass the filter', '符合筛选条件的事件'],
  ['perhaps {step}', '{step}（可跳过）'],
  ['{step} (as the first event of that name ever)', '{step}（该事件的历史首次）'],
  ['{step} (the first such event ever)', '{step}（首次符合条件）'],
  [
    '; broken down by {names} of the customer now, the {n} largest values apart',
    '；按客户当前的{names}细分，分列最大的 {n} 个取值',
  ],
  [
    '; broken down by {names} ({how}), the {n} largest values apart',
    '；按{names}细分（{how}），分列最大的 {n} 个取值',
  ],
  ["the value on the customer's first event of any step that has one", '取客户各步骤中首个带值事件的值'],
  ["the value on the customer's last event of any step that has one", '取客户各步骤中最后一个带值事件的值'],
  ['from only the events that carry the value', '仅计带有该值的事件'],
  ['the value on the event of step {n}', '取第 {n} 步事件的值'],
];

const retention: readonly Phrase[] = [
  [
    'Customers grouped by the {unit} of their {entry} {start}, and how many of them had {back} in {mode}, over {period}, {range}, the first row being the whole {unit2} in which the range begins{tail*}.',
    '按{entry}（{start}）所在的{unit}分组的客户，以及其中在{mode}有“{back}”的人数；时段为{period}；{range}，首行为范围起点所在的整个{unit2}{tail}。',
  ],
  ['first event ever that matches', '历史首次符合条件的事件'],
  ['first event ever of the name, if it matches,', '该名称的历史首次事件（须符合条件）'],
  ['first event in the range that matches', '范围内首次符合条件的事件'],
  ['events (each period counts) that match', '每个时段中符合条件的事件'],
  ['that very period', '当期'],
  ['that period or any later one', '当期或之后任一期'],
  ['every period up to it', '至当期为止的每一期'],
  [
    "{unit}s of fixed length counted from each customer's own start",
    '从每位客户各自的起点算起的固定长度的{unit}',
  ],
  ['calendar {unit}s', '日历上的{unit}'],
];

const others: readonly Phrase[] = [
  [
    'Customers by the journey stages of their events from {from} to before {to} ({zone}, weeks begin on {day}){tail*}; advanced are those with an event of a later stage of the journey map at or after their first event of the stage; a move leads from one stop of a customer to the next, events of one stage at one instant being one stop, and events of no stage are passed over.',
    '按事件所属旅程阶段统计的客户：{from} 至 {to}（不含；时区 {zone}，每周始于{day}）{tail}。“继续前行”指在该阶段首个事件当时或之后，有旅程地图中更后阶段的事件；“移动”指从一次停留到下一次停留，同一时刻同一阶段的事件算一次停留，不属于任何阶段的事件略过。',
  ],
  [
    'Every customer known by {at}, in the first lifecycle stage of the journey map whose rule holds then, from events up to that instant; change, history and moves between stages from {from} to before {to} ({zone}, weeks begin on {day}); growth counts customers with {what} by whole {unit}s{tail*}.',
    '截至 {at} 的全部已知客户，归入当时规则成立的首个生命周期阶段，依据截至该时刻的事件；变化、历史与阶段移动：{from} 至 {to}（不含；时区 {zone}，每周始于{day}）；增长按整{unit}统计有{what}的客户{tail}。',
  ],
  ['any event', '任意事件'],
  [
    'Revenue (returns negative), orders (one per order id of a customer) and active customers (any event) {range}, by {unit}; {rest}against the range of equal length just before{tail*}.',
    '销售额（退货计为负）、订单（客户的每个订单号计一单）与活跃客户（任意事件）：{range}，按{unit}。客户指范围结束前首次出现者；新客户指历史首单在范围内者；转化率为活跃客户中在范围内下单的比例；复购率为截至范围结束有订单的客户中有两单及以上的比例；流失率为范围开始前已下单且当时未流失的客户中，到结束时已流失的比例；与紧邻之前的等长时间相比{tail}。',
  ],
  [
    'Customers known by {at} ({zone}) by days since the last order, orders and revenue, returns deducted, {when} up to then, each in fifths of the customers with an order (5 is best, equal values together), in segments by recency and the mean of the other two, rounded up{tail*}.',
    '截至 {at}（{zone}）的已知客户，按距上次下单天数、订单数与销售额（扣除退货）；{when}，截至该时刻；在有订单的客户中各分五档（5 为最佳，相同的值归同一档），再按近度以及另两项平均（向上取整）分群{tail}。',
  ],
  ['{range} and', '{range}'],
  [
    'Paths of customers over {nodes} of {what}, from {from} to before {to} ({zone}, weeks begin on {day}); {parts}.',
    '客户的路径：{nodes}，取自{what}；{from} 至 {to}（不含；时区 {zone}，每周始于{day}）；{parts}。',
    { of: 'parts', between: '; ', then: '；' },
  ],
  [
    'touchpoints (the path of a page view, the name of a screen, else the event)',
    '触点（页面浏览取路径，屏幕取名称，其余取事件）',
  ],
  ['event names', '事件名称'],
  ['journey stages (events of no stage left out)', '旅程阶段（不属于任何阶段的事件除外）'],
  ['channels (events without one left out)', '渠道（无渠道的事件除外）'],
  ['the values of "{name}" (events without it left out)', '“{name}”的取值（无此属性的事件除外）'],
  ['grouped by {n} pattern', '按 {n} 个模式合并'],
  ['grouped by {n} patterns', '按 {n} 个模式合并'],
  ['without {names}', '不含{names}', { of: 'names', between: ', ', then: '、' }],
  [
    'a new path after more than {span}, equal neighbours taken as one',
    '间隔超过 {span}算新路径，相邻的相同项合为一项',
  ],
  ['from the first "{name}"', '从首个“{name}”开始'],
  ['up to the first "{name}"', '到首个“{name}”为止'],
  ['the first {n} nodes of each, the {m} largest edges{tail*}', '各取前 {n} 步，最大的 {m} 条连线{tail}'],
  ['the last {n} nodes of each, the {m} largest edges{tail*}', '各取后 {n} 步，最大的 {m} 条连线{tail}'],
  [
    'the outermost {n} nodes of each, the {m} largest edges{tail*}',
    '各取首尾共 {n} 步，最大的 {m} 条连线{tail}',
  ],
  [
    'Credit for each event that matches {what}, from {from} to before {to} ({zone}, weeks begin on {day}), and for its revenue, to the touchpoints ({touch}) of the customer in the {span} before it, by {by}: {models}; without touchpoints to (none).',
    '将每个“{what}”事件及其销售额的功劳，分给该客户此前 {span}内的触点（{touch}），按{by}；{from} 至 {to}（不含；时区 {zone}，每周始于{day}）。模型：{models}；没有触点时记为“无”。',
    { of: 'models', between: '; ', then: '；' },
  ],
  ['all to the first', '全部归于首个'],
  ['all to the last', '全部归于末个'],
  ['equal parts to each', '各触点均分'],
  ['40 % to the first, 40 % to the last, 20 % to those between', '首尾各 40%，其余均分 20%'],
  ['by age with a half-life of 7 days', '按时间衰减，半衰期 7 天'],
  ['by removal effect in a first-order Markov chain{tail*}', '一阶马尔可夫链的移除效应{tail}'],
  ['channel', '渠道'],
  ['event', '事件'],
];

/** 阶段说明：内置旅程地图中的原文。 */
const stages: readonly Phrase[] = [
  [
    'The customer meets the brand, by an advertisement, a message, a visit.',
    '客户通过广告、消息或到访接触品牌。',
  ],
  ['The customer looks for something, compares, asks.', '客户寻找、比较、咨询。'],
  ['The customer is about to buy, with something in the cart.', '客户已加购，即将购买。'],
  ['The customer buys, receives, or sends back.', '客户购买、收货或退货。'],
  [
    'The customer keeps in touch after a purchase, collects points, uses the service.',
    '客户购买后继续往来：积分、使用服务。',
  ],
  ['The customer speaks of the brand to others.', '客户向他人推荐品牌。'],
  ['Known, but without an order so far.', '已知客户，尚无订单。'],
  ['No order for a year.', '一年内没有订单。'],
  ['No order for 120 days.', '120 天内没有订单。'],
  [
    'No order for 60 days, or for 30 days and looked at their points in the last 7.',
    '60 天内没有订单；或 30 天内没有订单，且最近 7 天查看过积分。',
  ],
  [
    'An order in the last 30 days that came after 120 days or more without one.',
    '最近 30 天内有订单，且此前至少 120 天没有订单。',
  ],
  ['The first order was in the last 30 days.', '首单在最近 30 天内。'],
  ['Revenue of 1,000 or more in the last 365 days.', '最近 365 天销售额不少于 1,000。'],
  ['Three or more orders in the last 180 days.', '最近 180 天内有三笔及以上订单。'],
  ['Ordered in the last 60 days, and none of the above.', '最近 60 天内有订单，且不符合以上各项。'],
];

export const said: readonly Phrase[] = [
  ...stages,
  ...refusals,
  ...funnel,
  ...retention,
  ...others,
  ...tails,
  ...range,
];

/** 原因中的时长等沿用同一词表。 */
export const saidReasons: readonly Phrase[] = [...reasons, ...range];
