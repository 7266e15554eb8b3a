import { describe, expect, it } from 'vitest';
import { isPersonal } from './personal.ts';

describe('what names a person', () => {
  it.each([
    ...[
      'email',
      'E-Mail',
      'customer_id',
      'customerId',
      'anonymousId',
      'orderId',
      'order_id',
      'session_id',
      'id',
    ],
    ...[
      'billing.phone',
      'shipping.address',
      'firstName',
      'user.name',
      'context.ip',
      'geo.lat',
      '手机号',
      '客户姓名',
    ],
  ])('is told by its name: %s', (property) => {
    expect(isPersonal(property)).toBe(true);
  });

  it.each([
    'channel',
    'country',
    'device',
    'category',
    'product.name',
    'product.id',
    'productId',
    'plan',
    '品类',
  ])('leaves what many share: %s', (property) => {
    expect(isPersonal(property)).toBe(false);
  });
});
