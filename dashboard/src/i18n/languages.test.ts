import { expect, test } from 'vitest';
import { languageCodes, languageOf, languages } from './languages.ts';

test('a wish finds its language, whatever the region; English where there is none such', () => {
  expect(languageOf('zh')).toBe('zh');
  expect(languageOf('zh-Hans-CN')).toBe('zh');
  expect(languageOf('EN-gb')).toBe('en');
  expect(languageOf('fr-FR')).toBe('en');
});

test('every language has every word, in the same places', async () => {
  const shape = (value: unknown): unknown =>
    typeof value !== 'object' || value === null
      ? typeof value
      : Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => a.localeCompare(b))
            .map(([k, v]) => [k, shape(v)]),
        );
  // What may differ: sentences that only a translation needs.
  const bare = async (code: (typeof languageCodes)[number]): Promise<unknown> => {
    const { said: _said, saidReasons: _saidReasons, names, frame, ...rest } = await languages[code].load();
    return shape({ ...rest, names: { ...names, reasons: {} }, frame: { ...frame, demo: {} } });
  };
  const english = await bare('en');
  for (const code of languageCodes) expect(await bare(code)).toEqual(english);
});
