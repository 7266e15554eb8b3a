// What the server says needs no translation into English.
import type { Phrase } from '../said.ts';

export const said: readonly Phrase[] = [];
export const saidReasons: readonly Phrase[] = [];
