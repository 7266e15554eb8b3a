import type { feed as en } from '../en/feed.ts';

export const feed: typeof en = {
  list: {
    title: '正在发生',
    definition: '各渠道事件实时到达；过多时按比例抽样显示',
    unfiltered: '全部事件实时到达：上方的筛选不影响此列表',
    waiting: '等待下一个事件',
    waitingHelp: '事件到达后一秒内显示在这里。',
  },
  send: {
    title: '发送事件',
    text: '复制并运行，事件将在一秒内出现在本页。',
    firstTitle: '还没有数据',
    firstText: '发送第一个事件，本页将在一秒内自动出现内容。',
    way: '方式',
    ways: { curl: 'curl', browser: '浏览器', node: 'Node.js', file: '文件' },
    notes: {
      curl: 'Segment 跟踪接口，位于 /v1：track、identify、page、screen、alias、group、batch。',
      browser: 'Segment 浏览器 SDK，把服务器地址换成这里即可；商店网址须列入 CORS_ORIGINS。',
      node: 'Segment Node.js SDK，把服务器地址换成这里即可。',
      file: 'CSV、NDJSON 或 Parquet，压缩与否均可；同一文件导入两次只计一次。命令行：npm run waymark -- import orders.csv',
    },
    key: 'WRITE_KEY 请换成您的写入密钥；未设密钥时可填任意文字。',
    keyNeeded: '此系统需要密钥：请将 WRITE_KEY 换成写入密钥。',
    drop: '前往“文件”页',
    choose: '选择文件，或拖放到这里',
    sample: '保存此示例',
    steps: ['发送一个事件', '等待事件到达', '查看统计结果'],
    demo: '只想先看看？用模拟客户填满的演示：',
    toFirst: '发送第一个事件',
    code: (way) => `${way} 代码`,
  },
  first: {
    title: '第一个事件已到达',
    text: '从现在起，各页面会随事件到达自动更新。',
    next: '接下来看什么',
    overview: '前往总览',
    customer: '查看这位客户',
    catalogue: '查看已到达的事件',
    more: '继续发送',
    done: '关闭',
  },
};
