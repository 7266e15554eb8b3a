import { expect, test } from 'vitest';
import { languageOf } from './languages.ts';

test('a wish finds its language, whatever the region; English where there is none such', () => {
  expect(languageOf('zh')).toBe('zh');
  expect(languageOf('zh-Hans-CN')).toBe('zh');
  expect(languageOf('EN-gb')).toBe('en');
  expect(languageOf('fr-FR')).toBe('en');
});
