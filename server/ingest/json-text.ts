/**
 * JSON text from outside, read so that no whole number changes: JavaScript rounds those beyond 2^53, so they
 * become text before they are parsed. Knows nothing of what the text says.
 */

/** A long number can only begin here; ids inside of texts do not slow anything down. */
const MAY_HAVE_LONG = /(?:^|[[:,\s-])\d{16}/;
const QUOTE_OR_LONG = /"|-?\d{16,}/g;

/** Parses; whole numbers that JavaScript cannot hold are texts. Throws SyntaxError. */
export function parseJson(text: string): unknown {
  return JSON.parse(MAY_HAVE_LONG.test(text) ? longNumbersAsTexts(text) : text);
}

/** The same JSON with quotes around whole numbers beyond 2^53. One pass, whatever the nesting. */
export function longNumbersAsTexts(text: string): string {
  const parts: string[] = [];
  let done = 0;
  QUOTE_OR_LONG.lastIndex = 0;
  for (let match = QUOTE_OR_LONG.exec(text); match; match = QUOTE_OR_LONG.exec(text)) {
    const found = match[0];
    if (found === '"') {
      QUOTE_OR_LONG.lastIndex = endOfText(text, match.index + 1);
      continue;
    }
    const end = match.index + found.length;
    if (isWhole(text, match.index, end) && !Number.isSafeInteger(Number(found))) {
      parts.push(text.slice(done, match.index), '"', found, '"');
      done = end;
    }
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(done);
}

/** Behind the quote that closes a text. */
function endOfText(text: string, from: number): number {
  for (let quote = text.indexOf('"', from); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

/** False for the digits of a fraction, or where a fraction or an exponent follows. */
function isWhole(text: string, start: number, end: number): boolean {
  return !/[.eE+\d-]/.test(text[start - 1] ?? '') && !/[.eE]/.test(text[end] ?? '');
}
