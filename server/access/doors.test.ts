import { describe, expect, it } from 'vitest';
import { createDoors } from './doors.ts';

const KEY = 'a-key-of-enough-letters';

describe('doors', () => {
  const open = createDoors({
    adminKey: null,
    hosts: ['127.0.0.1', 'localhost'],
    origins: ['https://bi.example.com'],
  });
  const locked = createDoors({ adminKey: KEY, hosts: ['waymark.example.com'], origins: [] });

  it('knows the server by its names, with any port', () => {
    expect(open.checkNames('127.0.0.1:4000', undefined)).toBeNull();
    expect(open.checkNames('LOCALHOST:9', undefined)).toBeNull();
  });

  it.each(['evil.example.com', '127.0.0.1.evil.com:4000', '', undefined, 'localhost:4000:1', 'local host'])(
    'refuses the Host %j: a page must not reach a local store by another name',
    (host) => {
      expect(open.checkNames(host, undefined)?.status).toBe(403);
    },
  );

  it('lets in its own pages and those named, no others', () => {
    expect(open.checkNames('localhost:4000', 'http://localhost:4000')).toBeNull();
    expect(open.checkNames('localhost:4000', 'https://bi.example.com')).toBeNull();
    for (const origin of [
      'null',
      'http://localhost:4001',
      'https://evil.example.com',
      'http://127.0.0.1:4000',
    ]) {
      expect(open.checkNames('localhost:4000', origin)?.status).toBe(403);
    }
  });

  it('needs no key where none is set, and exactly the key where one is', () => {
    expect(open.checkKey(undefined)).toBeNull();
    expect(locked.checkKey(`Bearer ${KEY}`)).toBeNull();
    for (const wrong of [
      undefined,
      '',
      'Bearer ',
      KEY,
      `Bearer ${KEY}x`,
      `Bearer ${KEY.slice(1)}`,
      `Basic ${KEY}`,
      `Bearer ${'x'.repeat(10_000)}`,
      'Bearer ключ',
    ]) {
      expect(locked.checkKey(wrong)).toEqual({ status: 401, message: expect.any(String) as string });
    }
  });
});
