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
      file: 'CSV、NDJSON 或 Parquet，压缩与否均可。同一文件导入两次只计一次。',
    },
    key: 'WRITE_KEY 请换成您的写入密钥；未设密钥时可填任意文字。',
    drop: '也可以把文件拖到“文件”页',
    code: (way) => `${way} 代码`,
  },
};
