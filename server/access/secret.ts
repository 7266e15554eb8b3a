/** Secrets of keys: how one is made, and what is kept of it. Knows no key. */
import { createHash, randomInt } from 'node:crypto';

/** What every key made here begins with, so that people and scanners know one when they see it. */
const PREFIX = 'wm_';
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 43 of 62 letters: 256 bits. */
const LENGTH = 43;

/** A new one; nobody can guess it, so that its plain SHA-256 may be kept. */
export function newSecret(): string {
  const letters = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]);
  return PREFIX + letters.join('');
}

/** SHA-256. */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
