import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createDocuments } from './documents.ts';

const schema = buildSchema('type Query { text: String }');

describe('documents', () => {
  it('are read once for as long as they are asked for', () => {
    const read = createDocuments(schema);
    const often = read('{ text }');
    expect(often).toMatchObject({ kind: 'Document' });
    for (let i = 0; i < 1200; i += 1) {
      read(`{ text${i}: text }`);
      if (i % 400 === 0) expect(read('{ text }')).toBe(often);
    }
  });

  it('that nobody asked for lately make room', () => {
    const read = createDocuments(schema);
    const once = read('{ text }');
    for (let i = 0; i < 600; i += 1) read(`{ text${i}: text }`);
    expect(read('{ text }')).not.toBe(once);
    expect(read('{ text }')).toEqual(once);
  });

  it.each([
    ['that cannot be read', '{'],
    ['that ask for what is not there', '{ secret }'],
    ['that are too long', `{ ${'text '.repeat(5000)} }`],
  ])('%s are told what is wrong, each time', (_name, source) => {
    const read = createDocuments(schema);
    expect(read(source)).toEqual(read(source));
    expect(read(source)).toMatchObject([{ message: expect.any(String) as string }]);
  });
});
