import { describe, expect, it } from 'vitest';
import { WRONG_PER_MINUTE } from './attempts.ts';
import { createDoors } from './doors.ts';
import type { StoredKey } from './key-store.ts';
import { digestOf, newSecret } from './secret.ts';

const KEY = 'a-key-of-enough-letters';
const MADE = newSecret();
const made: StoredKey = {
  ...{
    id: 'k1',
    name: 'Screen',
    role: 'VIEWER',
    expiresMs: null,
    isRevoked: false,
    createdMs: 0,
    version: 1,
  },
  digest: digestOf(MADE).toString('hex'),
};

/** The keys of a book that is told what stands in it. */
function book(keys: readonly StoredKey[]) {
  const used: string[] = [];
  return {
    used: (id: string) => void used.push(id),
    uses: used,
    isEmpty: keys.length === 0,
    fresh: () => Promise.resolve(),
    find: (digest: string) => keys.find((key) => key.digest === digest),
    holds: (id: string) => keys.some((key) => key.id === id),
  };
}

const from = (authorization?: string, address = 'a') => ({ authorization, address });

describe('the names a call goes by', () => {
  const names = { adminKey: null, hosts: ['127.0.0.1', 'localhost'], origins: ['https://bi.example.com'] };
  const open = createDoors(names, book([]));

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
});

describe('keys', () => {
  const settings = { adminKey: null, hosts: ['localhost'], origins: [] };

  it('are not needed where none was made and none is set, on loopback only', async () => {
    const open = createDoors(settings, book([]));
    const admission = await open.admit(from(), 'administer');
    expect(admission).toMatchObject({ admitted: { viewer: { role: 'ADMIN' } } });
    const reached = createDoors({ ...settings, isLoopback: false }, book([]));
    expect(await reached.admit(from(), 'enter')).toMatchObject({ refusal: { status: 401 } });
  });

  it('are needed once one was made: who was let in without is let in no more', async () => {
    const open = createDoors(settings, book([]));
    const admission = await open.admit(from(), 'enter');
    const locked = createDoors(settings, book([made]));
    if (!('admitted' in admission)) throw new Error('not let in');
    expect(open.holds(admission.admitted)).toBe(true);
    expect(locked.holds(admission.admitted)).toBe(false);
    expect(await locked.admit(from(), 'enter')).toMatchObject({ refusal: { code: 'UNAUTHENTICATED' } });
  });

  it('let in with their role, and are noted as used', async () => {
    const keys = book([made]);
    const doors = createDoors(settings, keys);
    expect(await doors.admit(from(`Bearer ${MADE}`), 'look')).toEqual({
      admitted: { viewer: { name: 'Screen', role: 'VIEWER' }, keyId: 'k1' },
    });
    expect(await doors.admit(from(`Bearer ${MADE}`), 'administer')).toMatchObject({
      refusal: { status: 403, code: 'FORBIDDEN', message: expect.stringContaining('ADMIN') as string },
    });
    expect(
      await doors.admitWriter({ authorization: undefined, keyInBody: MADE, address: 'a' }),
    ).toMatchObject({ refusal: { status: 403 } });
    expect(keys.uses).toEqual(['k1', 'k1', 'k1']);
  });

  it('come by basic auth only where that is taken', async () => {
    const doors = createDoors({ ...settings, adminKey: KEY }, book([made]));
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    const status = async (authorization: string, takesBasic: boolean) => {
      const admission = await doors.admit({ ...from(authorization), takesBasic }, 'enter');
      return 'refusal' in admission ? admission.refusal.status : 200;
    };
    for (const text of [`${KEY}:`, KEY, `:${KEY}`, `anybody:${KEY}`]) {
      expect([text, await status(basic(text), true)]).toEqual([text, 200]);
      expect([text, await status(basic(text), false)]).toEqual([text, 401]);
    }
    expect(await status(`Bearer ${KEY}`, true)).toBe(200);
    for (const text of [`${KEY}:${KEY}x`, `${KEY}:x:${KEY}`, ':', '']) {
      expect([text, await status(basic(text), true)]).toEqual([text, 401]);
    }
  });

  it('that are wrong, truncated, long or not ASCII get one answer', async () => {
    const doors = createDoors({ ...settings, adminKey: KEY }, book([made]));
    expect(await doors.admit(from(`Bearer ${KEY}`), 'administer')).toHaveProperty('admitted');
    const answers = await Promise.all(
      [
        ...[undefined, '', 'Bearer ', KEY, `Bearer ${KEY}x`, `Bearer ${KEY.slice(1)}`, `Basic ${KEY}`],
        ...[`Bearer ${MADE}x`, `Bearer ${MADE.slice(0, -1)}`, `Bearer ${'x'.repeat(10_000)}`, 'Bearer ключ'],
      ].map((wrong) => doors.admit(from(wrong), 'enter')),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ refusal: { status: 401 } });
  });

  it('that are guessed are held up, while those made here and those known from the address go on', async () => {
    const doors = createDoors({ ...settings, adminKey: KEY }, book([made]));
    await doors.admit(from(`Bearer ${KEY}`, 'office'), 'enter');
    for (let i = 0; i < WRONG_PER_MINUTE; i += 1) {
      await doors.admit(from(`Bearer guess-${i}`, 'office'), 'enter');
      await doors.admit(from(`Bearer guess-${i}`, 'elsewhere'), 'enter');
    }
    expect(await doors.admit(from('Bearer guess', 'elsewhere'), 'enter')).toMatchObject({
      refusal: { status: 429, retryAfterSeconds: expect.any(Number) as number },
    });
    expect(await doors.admit(from(`Bearer ${KEY}`, 'elsewhere'), 'enter')).toMatchObject({
      refusal: { status: 429 },
    });
    expect(await doors.admit(from(`Bearer ${MADE}`, 'elsewhere'), 'enter')).toHaveProperty('admitted');
    expect(await doors.admit(from(`Bearer ${KEY}`, 'office'), 'enter')).toHaveProperty('admitted');
    expect(await doors.admit(from(`Bearer ${KEY}`, 'third'), 'enter')).toHaveProperty('admitted');
  });
});
