// What the server says in English (what an answer counted, why it refused), in another language: by phrases with
// places, `{name}` for what differs. Pure; the phrases belong to each language.

/**
 * An English phrase and its translation; both name the same places. `{name*}` may be nothing. With a third part the
 * place of that name is a list: what stands between its entries in English, and in the other language.
 */
export type Phrase = readonly [
  english: string,
  other: string,
  list?: { readonly of: string; readonly between: string; readonly then: string },
];

interface Pattern {
  readonly test: RegExp;
  readonly places: readonly string[];
  readonly phrase: Phrase;
}

/** How deep phrases stand in phrases. */
const DEEPEST = 4;
const patterns = new WeakMap<readonly Phrase[], readonly Pattern[]>();

/**
 * The sentence in the other language; null where no phrase fits the whole of it. What stands in a place is translated
 * by the same phrases, else by `word` (names from the store).
 */
export function saidIn(
  phrases: readonly Phrase[],
  sentence: string,
  word: (text: string) => string = (text) => text,
  depth = 0,
): string | null {
  for (const { test, places, phrase } of patternsOf(phrases)) {
    const found = test.exec(sentence);
    if (!found) continue;
    const [, other, list] = phrase;
    const part = (text: string): string =>
      (depth < DEEPEST ? saidIn(phrases, text, word, depth + 1) : null) ?? word(text);
    return other.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const text = found[places.indexOf(name) + 1] ?? '';
      if (list?.of !== name) return text && part(text);
      return text.split(list.between).map(part).join(list.then);
    });
  }
  return null;
}

function patternsOf(phrases: readonly Phrase[]): readonly Pattern[] {
  const made = patterns.get(phrases) ?? phrases.map(patternOf);
  patterns.set(phrases, made);
  return made;
}

function patternOf(phrase: Phrase): Pattern {
  const places: string[] = [];
  const source = phrase[0].split(/(\{\w+\*?\})/).map((piece) => {
    const name = /^\{(\w+)(\*?)\}$/.exec(piece);
    if (!name) return piece.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    places.push(name[1] ?? '');
    return name[2] ? '(.*?)' : '(.+?)';
  });
  return { test: new RegExp(`^${source.join('')}$`, 's'), places, phrase };
}
