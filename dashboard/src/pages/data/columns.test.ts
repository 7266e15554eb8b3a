import { describe, expect, it } from 'vitest';
import { columnQuestion } from './columns.ts';

const MISSING = 'No column is known to hold the customer; columns are wer, was, v1.2. Say which with map.customerId=COLUMN.';

describe('the columns of a file', () => {
  it('are read from what the server says is missing', () => {
    expect(columnQuestion('MISSING_COLUMN', MISSING)).toEqual({
      columns: ['wer', 'was', 'v1.2'],
      isAll: true,
      missing: 'customerId',
    });
  });

  it('are read where one was named that is not there', () => {
    expect(columnQuestion('UNKNOWN_COLUMN', 'There is no column "x"; columns are a, b.')).toEqual({
      columns: ['a', 'b'],
      isAll: true,
      missing: null,
    });
  });

  it('are only the first where there are many', () => {
    const question = columnQuestion('UNKNOWN_COLUMN', 'There is no column "x"; columns are a, b, ... (45).');
    expect(question).toMatchObject({ columns: ['a', 'b'], isAll: false });
  });

  it('are not asked for where something else is wrong', () => {
    expect(columnQuestion('BAD_FILE', 'x is empty.')).toBeNull();
    expect(columnQuestion('MISSING_COLUMN', 'Something else.')).toBeNull();
  });
});
