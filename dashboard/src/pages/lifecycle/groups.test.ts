import { describe, expect, it } from 'vitest';
import { groupLook } from './groups.ts';

const look = (key: string) => ({ key, name: key, css: '', canvas: '' });
const share = (key: string, customers: number, revenue = 0) => ({
  stage: { key },
  customers,
  share: customers / 4,
  revenue,
});

describe('a group of a breakdown', () => {
  it('has every stage in the order of the stack, and adds up', () => {
    const group = { values: ['web'], isOther: false, stages: [share('new', 1, 5), share('loyal', 3, 20)] };
    const { parts, customers, revenue } = groupLook(group, [look('loyal'), look('lost'), look('new')], {
      id: 'web',
      name: 'Web',
    });
    expect(parts.map((part) => [part.look.key, part.customers, part.share])).toEqual([
      ['loyal', 3, 0.75],
      ['lost', 0, 0],
      ['new', 1, 0.25],
    ]);
    expect([customers, revenue]).toEqual([4, 25]);
  });

  it('asks for the rest by no values', () => {
    const rest = { values: [], isOther: true, stages: [] };
    expect(groupLook(rest, [], { id: '[]', name: 'Other' })).toMatchObject({ values: [], customers: 0 });
  });
});
