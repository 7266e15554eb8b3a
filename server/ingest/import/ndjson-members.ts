/**
 * The members of a line that is a JSON object, as stretches of its bytes: nothing is decoded. Gives up (false) on
 * whatever is unusual. Knows no fields.
 */
import type { KeyNode } from './ndjson-keys.ts';

/** How a value may be handed on. */
export const KIND = {
  /** Its bytes are what is stored. */
  plain: 0,
  /** As `plain`, in quotes. */
  text: 1,
  null: 2,
  /** A scalar that is written differently from how it is stored. */
  scalar: 3,
  /** An object or a list. */
  nested: 4,
} as const;

const MAX_MEMBERS = 100;
/** Small enough that no limit of values can be passed. */
const MAX_NESTED_BYTES = 1500;

const TAB = 9;
const CR = 13;
const BLANK = 32;
const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN = 123;
const CLOSE = 125;
const N = 110;
const T = 116;
const [TRUE, FALSE, NULL, PROPERTIES] = ['true', 'false', 'null', 'properties'].map((word) =>
  Buffer.from(word),
) as [Buffer, Buffer, Buffer, Buffer];

export class Members {
  count = 0;
  readonly starts = new Int32Array(MAX_MEMBERS);
  readonly ends = new Int32Array(MAX_MEMBERS);
  readonly kinds = new Uint8Array(MAX_MEMBERS);
  /** Where the names of this line lead to. */
  last: KeyNode;
  private readonly root: KeyNode;
  private nestedBytes = 0;

  constructor(root: KeyNode) {
    this.root = root;
    this.last = root;
  }

  /** Reads `source` from `start` to `end`, where a line feed stands or the buffer ends. */
  read(source: Buffer, start: number, end: number): boolean {
    this.count = 0;
    this.nestedBytes = 0;
    this.last = this.root;
    const open = skipBlanks(source, start);
    if (source[open] !== OPEN) return false;
    const after = this.object(source, open + 1, end, 'top');
    return after >= 0 && skipBlanks(source, after) >= end;
  }

  /** From behind the brace to behind the other; -1 gives up. */
  private object(source: Buffer, from: number, end: number, level: 'top' | 'properties'): number {
    let position = skipBlanks(source, from);
    if (source[position] === CLOSE) return position + 1;
    for (;;) {
      if (source[position] !== QUOTE) return -1;
      const keyStart = position + 1;
      const keyEnd = plainEnd(source, keyStart, end);
      if (source[keyEnd] !== QUOTE) return -1;
      position = skipBlanks(source, keyEnd + 1);
      if (source[position] !== COLON) return -1;
      position = skipBlanks(source, position + 1);
      const isContainer =
        level === 'top' && source[position] === OPEN && isProperties(source, keyStart, keyEnd);
      const node = this.last.child(source, keyStart, keyEnd, isContainer ? 'container' : level);
      if (!node) return -1;
      this.last = node;
      position = isContainer
        ? this.object(source, position + 1, end, 'properties')
        : this.value(source, position, end);
      if (position < 0) return -1;
      position = skipBlanks(source, position);
      if (source[position] === CLOSE) return position + 1;
      if (source[position] !== COMMA) return -1;
      position = skipBlanks(source, position + 1);
    }
  }

  private value(source: Buffer, start: number, end: number): number {
    const index = this.count;
    if (index === MAX_MEMBERS) return -1;
    this.count += 1;
    this.starts[index] = start;
    const after = this.valueEnd(source, start, end, index);
    this.ends[index] = after;
    return after;
  }

  private valueEnd(source: Buffer, start: number, end: number, index: number): number {
    const first = source[start] ?? 0;
    if (first === QUOTE) {
      const plain = plainEnd(source, start + 1, end);
      const isPlain = source[plain] === QUOTE;
      this.kinds[index] = isPlain ? KIND.text : KIND.scalar;
      if (isPlain) return plain + 1;
      return source[plain] === BACKSLASH ? escapedEnd(source, plain, end) : -1;
    }
    if (first === MINUS || (first >= ZERO && first <= NINE)) {
      const after = numberEnd(source, start);
      this.kinds[index] = isPlainNumber(source, start, after) ? KIND.plain : KIND.scalar;
      return after;
    }
    if (first === OPEN || first === OPEN_LIST) {
      this.kinds[index] = KIND.nested;
      const after = nestedEnd(source, start, end);
      this.nestedBytes += after - start;
      return this.nestedBytes > MAX_NESTED_BYTES ? -1 : after;
    }
    const literal = first === N ? NULL : first === T ? TRUE : FALSE;
    if (!isAt(literal, source, start)) return -1;
    this.kinds[index] = first === N ? KIND.null : KIND.plain;
    return start + literal.length;
  }
}

function skipBlanks(source: Buffer, from: number): number {
  let position = from;
  for (;;) {
    const byte = source[position];
    if (byte !== BLANK && byte !== TAB && byte !== CR) return position;
    position += 1;
  }
}

/** To the first quote, backslash or control sign. */
function plainEnd(source: Buffer, from: number, end: number): number {
  let position = from;
  while (position < end) {
    const byte = source[position] ?? 0;
    if (byte === QUOTE || byte === BACKSLASH || byte < BLANK) return position;
    position += 1;
  }
  return position;
}

/** Behind the quote that ends a text with escapes; what they are is looked at when it is decoded. */
function escapedEnd(source: Buffer, from: number, end: number): number {
  let position = from;
  while (position < end) {
    const byte = source[position] ?? 0;
    if (byte === QUOTE) return position + 1;
    position += byte === BACKSLASH ? 2 : 1;
  }
  return -1;
}

/** Behind the bracket that closes an object or list, which is not looked into any further. */
function nestedEnd(source: Buffer, start: number, end: number): number {
  let depth = 0;
  let position = start;
  while (position < end) {
    const byte = source[position] ?? 0;
    if (byte === QUOTE) {
      position = escapedEnd(source, position + 1, end);
      if (position < 0) return -1;
      continue;
    }
    position += 1;
    if (byte === OPEN || byte === OPEN_LIST) depth += 1;
    else if (byte === CLOSE || byte === CLOSE_LIST) depth -= 1;
    if (depth === 0) return position;
  }
  return -1;
}

function numberEnd(source: Buffer, start: number): number {
  let position = start;
  for (;;) {
    const byte = source[position] ?? 0;
    // Digits, signs, the point, e and E.
    const isPart = (byte >= ZERO && byte <= NINE) || byte === DOT || byte === MINUS;
    if (!isPart && byte !== 43 && byte !== 101 && byte !== 69) return position;
    position += 1;
  }
}

/** Whether JavaScript would write the number just so: few digits, no exponent, no needless zero. */
function isPlainNumber(source: Buffer, start: number, end: number): boolean {
  const first = source[start] === MINUS ? start + 1 : start;
  let position = first;
  while (isDigit(source[position])) position += 1;
  const whole = position - first;
  const hasLeadingZero = source[first] === ZERO;
  if (whole === 0 || end - first > 15 || (hasLeadingZero && whole > 1)) return false;
  if (position === end) return !hasLeadingZero || first === start;
  // Beyond tenths a leading 0 may be the beginning of a number that is written with an exponent.
  if (source[position] !== DOT || (hasLeadingZero && end - position > 6)) return false;
  position += 1;
  if (position === end) return false;
  while (isDigit(source[position])) position += 1;
  return position === end && source[end - 1] !== ZERO;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function isProperties(source: Buffer, start: number, end: number): boolean {
  return end - start === PROPERTIES.length && isAt(PROPERTIES, source, start);
}

function isAt(word: Buffer, source: Buffer, start: number): boolean {
  for (let i = 0; i < word.length; i += 1) if (word[i] !== source[start + i]) return false;
  return true;
}
