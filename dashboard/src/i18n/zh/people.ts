import type { people as en } from '../en/people.ts';

export const people: typeof en = {
  save: '保存为人群',
  saveTitle: '将这些客户保存为人群',
  asNow: (n) => `由这 ${n} 位客户组成的固定名单，不受其后续行为影响。`,
  csvButton: 'CSV',
  csvTitle: '将完整名单保存为 CSV',
  bound: (most) => `文件或固定人群最多包含首次出现最晚的 ${most} 位客户；请用筛选缩小名单以获取全部。`,
  collected: (done, total) => `${done} / ${total}`,
  counted: (customers, time, goesOn) =>
    `${customers}，统计于 ${time}${goesOn ? '；页面上的数字继续更新' : ''}`,
  none: '此数字背后已没有客户',
  noneHelp: '筛选条件、时间范围或新到的数据使其发生了变化。',
  csv: {
    id: '客户编号',
    name: '姓名',
    stage: '生命周期阶段',
    orders: '订单数',
    revenue: '销售额',
    firstSeen: '首次出现',
    lastSeen: '最近出现',
  },
  back: '返回',
  kpi: {
    KNOWN: '已知客户',
    NEW: '新客户',
    ACTIVE: '活跃客户',
    BUYERS: '下过单的客户',
    REPEAT_BUYERS: '下过两单及以上的客户',
    CHURNED: '本期流失的客户',
  },
  inStage: (stage, name) => `${stage}：${name}`,
  at: (stage, time) => `${stage}，${time}`,
  tookBetween: (from, to) => `${from} 至 ${to} 后转化`,
  carrying: (value) => `进入时 ${value}`,
  cohortOf: (month) => `${month} 首次下单`,
  chart: {
    copy: '复制表格',
    copied: '已复制，数字保持为数字',
    made: (time) => `生成于 ${time}`,
    zone: (zone) => `按 ${zone} 划分日期`,
  },
};
