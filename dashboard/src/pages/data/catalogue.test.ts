import { describe, expect, it } from 'vitest';
import { byStage } from './catalogue.ts';

const stage = (key: string) => ({ key, name: key, color: '', description: '', events: [] });
const event = (name: string, of: string | null, count: number) => ({
  name,
  stage: of,
  count,
  lastSeen: '2026-01-01T00:00:00Z',
});
const EVENTS = [event('order_completed', 'purchase', 5), event('view', 'awareness', 9), event('odd', null, 1)];
const STAGES = ['awareness', 'decision', 'purchase'].map(stage);

describe('the catalogue', () => {
  it('follows the order of the journey, with what is in no stage last', () => {
    const groups = byStage(EVENTS, STAGES, '', (name) => name);
    expect(groups.map((group) => [group.stage?.key ?? null, group.count])).toEqual([
      ['awareness', 9],
      ['purchase', 5],
      [null, 1],
    ]);
  });

  it('finds by the name sent and by the name shown', () => {
    const shown = (name: string) => (name === 'order_completed' ? '完成订单' : name);
    expect(byStage(EVENTS, STAGES, '订单', shown)).toHaveLength(1);
    expect(byStage(EVENTS, STAGES, 'ORDER_', shown)).toHaveLength(1);
    expect(byStage(EVENTS, STAGES, 'nothing', shown)).toEqual([]);
  });
});
