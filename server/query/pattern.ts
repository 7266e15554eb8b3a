/**
 * The syntax of regular expressions as RE2 has it, so that a pattern is refused before anything runs. Says no
 * to whatever RE2 would not take; what it takes in vain is caught by the engine all the same.
 */

/** What is wrong with a pattern, in a few words; null: nothing. */
export function patternProblem(pattern: string): string | null {
  if (pattern.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  if (pattern.includes('\0')) return 'it holds the character 0';
  const reader = new PatternReader(pattern);
  try {
    reader.alternatives();
    return reader.isAtEnd ? null : 'a ) closes nothing';
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

const MAX_LENGTH = 1000;
const MAX_DEPTH = 100;
/** RE2's own limit for a repetition, also of repetitions inside each other. */
const MAX_REPEAT = 1000;
const POSIX =
  /^\[:\^?(alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]/;
const REPETITION = /^\{(\d+)(,(\d*))?\}/;
const SIMPLE_ESCAPES = 'dDsSwWaftnrv';

class PatternError extends Error {}

class PatternReader {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Up to the end or a closing parenthesis; returns how often the costliest repetition inside repeats. */
  alternatives(): number {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new PatternError('groups nest too deep');
    let costliest = 1;
    while (!this.isAtEnd && this.peek !== ')') {
      if (this.peek === '|') this.at += 1;
      else costliest = Math.max(costliest, this.repeated());
    }
    this.depth -= 1;
    return costliest;
  }

  private get peek(): string {
    return this.text[this.at] ?? '';
  }

  private get rest(): string {
    return this.text.slice(this.at);
  }

  /** One thing with what says how often. */
  private repeated(): number {
    const inner = this.thing();
    const times = this.repetition();
    if (times === null) return inner;
    if (this.peek === '?') this.at += 1;
    if (this.repetition() !== null) throw new PatternError('one repetition follows another');
    if (inner * times > MAX_REPEAT) throw new PatternError(`it repeats more than ${MAX_REPEAT} times`);
    return inner * times;
  }

  /** How often at most, 1 for without end; null where nothing is repeated. */
  private repetition(): number | null {
    if ('*+?'.includes(this.peek) && !this.isAtEnd) {
      this.at += 1;
      return 1;
    }
    const found = REPETITION.exec(this.rest);
    if (!found) return null;
    const fewest = Number(found[1]);
    const most = found[2] === undefined ? fewest : found[3] ? Number(found[3]) : null;
    if (fewest > MAX_REPEAT || (most ?? 0) > MAX_REPEAT || (most !== null && most < fewest)) {
      throw new PatternError(`a repetition is 0 to ${MAX_REPEAT}, the smaller number first`);
    }
    this.at += found[0].length;
    return Math.max(1, most ?? fewest);
  }

  private thing(): number {
    switch (this.peek) {
      case '(':
        return this.group();
      case '[':
        this.characterClass();
        return 1;
      case '\\':
        this.escape(false);
        return 1;
      case '*':
      case '+':
      case '?':
        throw new PatternError(`${this.peek} repeats nothing`);
      default:
        if (REPETITION.test(this.rest)) throw new PatternError('{ repeats nothing');
        this.at += 1;
        return 1;
    }
  }

  private group(): number {
    const flags = /^\(\?([imsU]*(?:-[imsU]+)?)([:)])/.exec(this.rest);
    const name = /^\(\?P?<([\p{L}\p{Nd}_]+)>/u.exec(this.rest);
    if (flags) {
      this.at += flags[0].length;
      if (flags[2] === ')') {
        if (this.repetition() !== null) throw new PatternError('a repetition repeats nothing');
        return 1;
      }
    } else if (name) this.at += name[0].length;
    else if (this.rest.startsWith('(?')) throw new PatternError('(? begins no group that is known');
    else this.at += 1;
    const costliest = this.alternatives();
    if (this.peek !== ')') throw new PatternError('a ( is not closed');
    this.at += 1;
    return costliest;
  }

  private characterClass(): void {
    const start = this.at;
    this.at += this.rest.startsWith('[^') ? 2 : 1;
    for (let isFirst = true; isFirst || this.peek !== ']'; isFirst = false) {
      if (this.isAtEnd) throw new PatternError('a [ is not closed');
      const posix = POSIX.exec(this.rest);
      if (posix) this.at += posix[0].length;
      else if (/^\[:.*?:\]/.test(this.rest)) throw new PatternError('a class of characters is not known');
      else this.range(start);
    }
    this.at += 1;
  }

  private range(start: number): void {
    const low = this.classCharacter();
    if (this.peek !== '-' || this.text[this.at + 1] === ']' || this.at + 1 >= this.text.length) return;
    if (low === null) return;
    this.at += 1;
    const high = this.classCharacter();
    if (high === null || high < low) {
      throw new PatternError(`a range in ${this.text.slice(start, start + 20)} ends before it begins`);
    }
  }

  /** The code of a character in a class; null for a class of its own such as \d. */
  private classCharacter(): number | null {
    if (this.peek === '\\') return this.escape(true);
    const code = this.text.codePointAt(this.at) ?? 0;
    this.at += code > 0xffff ? 2 : 1;
    return code;
  }

  /** What a backslash and the next stand for. */
  private escape(isInClass: boolean): number | null {
    const [, next = ''] = [...this.rest.slice(0, 3)];
    if (next === '') throw new PatternError('it ends with \\');
    const number = /^\\(?:x\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{2})|(0[0-7]{0,2}|[1-7][0-7]{1,2}))/.exec(
      this.rest,
    );
    if (number) {
      this.at += number[0].length;
      const code =
        number[3] === undefined ? parseInt(number[1] ?? number[2] ?? '', 16) : parseInt(number[3], 8);
      if (code > 0x10ffff) throw new PatternError('there is no such character');
      return code;
    }
    const unicode = /^\\[pP](?:\{\^?([A-Za-z_]+)\}|([A-Z]))/.exec(this.rest);
    if (unicode && isUnicodeClass(unicode[1] ?? unicode[2] ?? '')) {
      this.at += unicode[0].length;
      return null;
    }
    if (!isInClass && next === 'Q') {
      const end = this.text.indexOf('\\E', this.at);
      this.at = end < 0 ? this.text.length : end + 2;
      return null;
    }
    const isKnown = SIMPLE_ESCAPES.includes(next) || (!isInClass && 'AbBzC'.includes(next));
    const isPunctuation = next < '\x80' && !/[A-Za-z0-9]/.test(next);
    if (!isKnown && !isPunctuation) throw new PatternError(`\\${next} is not known`);
    this.at += 1 + next.length;
    if (isPunctuation) return next.codePointAt(0) ?? 0;
    return 'dDsSwW'.includes(next) ? null : (CONTROL[next] ?? null);
  }
}

const CONTROL: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

/** A general category ("L", "Lu") or a script ("Greek"), as both RE2 and this runtime name them. */
function isUnicodeClass(name: string): boolean {
  if (name === 'Any') return true;
  if (!/^([A-Z][a-z]?|[A-Z][A-Za-z_]{2,})$/.test(name)) return false;
  const property = name.length <= 2 ? name : `Script=${name}`;
  try {
    return new RegExp(`\\p{${property}}`, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
