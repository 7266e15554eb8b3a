// How lists are searched as somebody types: names that begin with it, hold it, hold all its words; and only where
// none does, names near it (letters left out, one letter wrong). Pure; any script.

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLocaleLowerCase()
    .replaceAll(/[\s_\-./]+/gu, ' ')
    .trim();

/** How well a text answers what is typed (both plain): 0 best, null not at all. */
function held(text: string, wanted: string): number | null {
  if (text === wanted) return 0;
  if (text.startsWith(wanted)) return 1;
  if (text.includes(` ${wanted}`)) return 2;
  if (text.includes(wanted)) return 3;
  const words = wanted.split(' ');
  return words.length > 1 && words.every((word) => text.includes(word)) ? 4 : null;
}

/** The letters in their order with others between, beginning where a word begins. */
function isAbbreviated(text: string, wanted: string): boolean {
  const letters = wanted.replaceAll(' ', '');
  if (letters.length < 2) return false;
  let at = -1;
  for (const letter of letters) {
    at = text.indexOf(letter, at + 1);
    if (at === -1) return false;
  }
  const first = letters[0] ?? '';
  return text.startsWith(first) || text.includes(` ${first}`);
}

/** True when one letter too many, too few, wrong or swapped with the next makes the beginning of a word differ. */
function isMistyped(text: string, wanted: string): boolean {
  if (wanted.length < 4) return false;
  const words = text.split(' ');
  return words.some((_, i) => {
    const rest = words.slice(i).join(' ');
    return [-1, 0, 1].some((more) => isOneOff(rest.slice(0, wanted.length + more), wanted));
  });
}

function isOneOff(a: string, b: string): boolean {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - i && a.at(-1 - end) === b.at(-1 - end)) end++;
  const left = a.slice(i, a.length - end);
  const right = b.slice(i, b.length - end);
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}

export interface Found<T> {
  item: T;
  /** 0 is best. */
  rank: number;
}

/**
 * The items that answer what is typed, best first and otherwise in their order; all when nothing is typed.
 * `texts` gives the names of an item, all of which may answer.
 */
export function found<T>(
  items: readonly T[],
  typed: string,
  texts: (item: T) => readonly string[],
): Found<T>[] {
  const wanted = plain(typed);
  if (!wanted) return items.map((item) => ({ item, rank: 0 }));
  const ranked = (rankOf: (text: string) => number | null): Found<T>[] =>
    items
      .flatMap((item) => {
        const ranks = texts(item).flatMap((text) => rankOf(plain(text)) ?? []);
        return ranks.length ? [{ item, rank: Math.min(...ranks) }] : [];
      })
      .sort((a, b) => a.rank - b.rank);
  const holding = ranked((text) => held(text, wanted));
  if (holding.length) return holding;
  return ranked((text) => (isMistyped(text, wanted) ? 5 : isAbbreviated(text, wanted) ? 6 : null));
}
