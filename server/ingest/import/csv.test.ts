import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openCsv } from './csv.ts';

/** The records as they reach the engine: problem and fields, read back from RowBinary. */
async function read(
  content: Buffer,
  cuts: readonly number[] = [],
): Promise<{ names: string[]; rows: string[][] }> {
  async function* blocks(): AsyncGenerator<Buffer> {
    const places = [...new Set([0, ...cuts.map((cut) => cut % (content.length + 1)), content.length])].sort(
      (a, b) => a - b,
    );
    for (const [i, place] of places.entries()) yield content.subarray(place, places[i + 1] ?? content.length);
  }
  const bytes = {
    head: content.subarray(0, 65_536),
    blocks: blocks(),
    isPacked: false,
    close: async () => {},
  };
  const progress = { bytesRead: 0, totalBytes: 0, rows: 0 };
  const file = openCsv(bytes, { customerId: 'a', event: 'b', time: 'c' }, progress);
  const rows: string[][] = [];
  for await (const block of file.blocks) rows.push(...decode(block.bytes, file.columns.length));
  return { names: file.columns.map(({ name }) => name), rows };
}

function decode(bytes: Buffer, columns: number): string[][] {
  const rows: string[][] = [];
  let position = 0;
  const text = (): string => {
    let length = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[position] ?? 0;
      position += 1;
      length += (byte % 128) * shift;
      if (byte < 128) break;
    }
    position += length;
    return bytes.toString('utf8', position - length, position);
  };
  while (position < bytes.length) {
    position += 8;
    const problem = text();
    text();
    const fields = Array.from({ length: columns }, text);
    rows.push(problem === '' ? fields : [problem]);
  }
  return rows;
}

const field = fc.oneof(
  fc.string({ maxLength: 8, unit: fc.constantFrom('"', ',', ';', '\n', '\r\n', 'x', ' ', '值', '🙂') }),
  fc.constantFrom('', 'plain', '1.5'),
);

it('reads whatever was written, wherever the blocks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(field, field, field), { maxLength: 12 }),
      fc.array(fc.nat(), { maxLength: 6 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (rows, cuts, lineEnd, endsWithLine) => {
        const quoted = (text: string): string =>
          /[",;\r\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text;
        const lines = [['a', 'b', 'c'], ...rows].map((row) => row.map(quoted).join(','));
        const content = Buffer.from(lines.join(lineEnd) + (endsWithLine ? lineEnd : ''));
        expect((await read(content, cuts)).rows).toEqual(rows);
      },
    ),
    { numRuns: 300 },
  );
});

it('gives names that are missing or stand twice', async () => {
  expect((await read(Buffer.from('a,b,c,,b\n'))).names).toEqual(['a', 'b', 'c', 'column_4', 'b_2']);
});

it('ends a record with a quote that never closes at its line', async () => {
  const long = `a,b,c\n1,"${'x\n'.repeat(300_000)}2,3,4\n5,6,7\n`;
  const { rows } = await read(Buffer.from(long), [70_000, 400_000]);
  expect(rows[0]).toEqual(['A quote is not closed.']);
  expect(rows.slice(-2)).toEqual([
    ['2', '3', '4'],
    ['5', '6', '7'],
  ]);
});

it('ends a record that is far too long', async () => {
  const content = Buffer.from(`a,b,c\n${'x'.repeat(400_000)},2,3\n5,6,7\n`);
  const { rows } = await read(content, [100_000, 200_000, 300_000, 350_000]);
  expect(rows[0]).toEqual(['The row is longer than 256 kB.']);
  expect(rows.at(-1)).toEqual(['5', '6', '7']);
});
