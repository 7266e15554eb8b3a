import { describe, expect, it } from 'vitest';
import { guardedLookup, isPublic, readUrl } from './address.ts';

const PRIVATE = [
  'https://127.0.0.1/',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.0.0.1/',
  'https://0177.0.0.1/',
  'https://017700000001/',
  'https://0/',
  'https://0.0.0.0/',
  'https://１２７.０.０.１/',
  'https://127。0。0。1/',
  'https://10.0.0.1/',
  'https://10.1/',
  'https://172.16.0.1/',
  'https://172.31.255.255/',
  'https://192.168.1.1/',
  'https://3232235777/',
  'https://169.254.169.254/latest/meta-data/',
  'https://100.64.0.1/',
  'https://192.0.0.8/',
  'https://198.18.0.1/',
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://[::1]/',
  'https://[::]/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[::127.0.0.1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[2002:7f00:1::]/',
  'https://[2001:0:7f00:1::]/',
  'https://[2001:db8::1]/',
  'https://[fe80::1]/',
  'https://[fc00::1]/',
  'https://[fd12:3456::1]/',
  'https://[ff02::1]/',
];

const NO_ADDRESS = [
  '',
  'example.com/hook',
  'ftp://example.com/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'https://',
  'https://user:secret@example.com/',
  'https://256.1.1.1/',
  'https://[fe80::1%25eth0]/',
  'http://example.com/',
  `https://example.com/${'a'.repeat(2000)}`,
];

describe('where webhooks may go', () => {
  it.each(PRIVATE)('not to %s, however it is written', (url) => {
    expect(() => readUrl(url, false)).toThrow(/url: Webhooks go to public addresses only/);
  });

  it.each(NO_ADDRESS)('not to "%s", which is no address to call', (url) => {
    expect(() => readUrl(url, false)).toThrow(/^url: An /);
  });

  it('to public ones, and to all others where that is allowed', () => {
    for (const url of ['https://example.com/hook?x=1', 'https://8.8.8.8/', 'https://[2606:4700::1111]/']) {
      expect(readUrl(url, false).href).toBe(url);
    }
    for (const url of ['http://127.0.0.1:8080/', 'https://10.0.0.1/'])
      expect(readUrl(url, true).href).toBe(url);
    expect(isPublic('not an address')).toBe(false);
  });

  it('not where any address of the name is private, and to none but one that was checked', async () => {
    const lookup = (addresses: readonly string[], all: boolean): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
        guardedLookup(false, () => Promise.resolve(found))('rebound.example', { all }, (error, address) =>
          error ? reject(error) : resolve(address),
        );
      });
    await expect(lookup(['8.8.8.8', '127.0.0.1'], true)).rejects.toThrow(/public addresses only/);
    await expect(lookup(['::ffff:10.0.0.1'], false)).rejects.toThrow(/public addresses only/);
    await expect(lookup([], true)).rejects.toThrow(/leads to no address/);
    expect(await lookup(['8.8.8.8', '1.1.1.1'], false)).toBe('8.8.8.8');
    expect(await lookup(['8.8.8.8'], true)).toEqual([{ address: '8.8.8.8', family: 4 }]);
  });
});
