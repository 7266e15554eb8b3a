import { expect, test } from 'vitest';
import { splitStatements } from './statements.ts';

test.each([
  ['one without a semicolon', 'SELECT 1', ['SELECT 1']],
  ['several, with blanks between', 'A;\n\n B ;;\n', ['A', 'B']],
  ['a semicolon in a string', "SELECT 'a;b\\';c''d;'; B", ["SELECT 'a;b\\';c''d;'", 'B']],
  ['a semicolon in a quoted name', 'SELECT `a;b`, "c;d"; B', ['SELECT `a;b`, "c;d"', 'B']],
  ['comments are left out', "-- a; b's\nA /* c; 'd */ B; -- end", ['A  B']],
  ['two dashes in a string are no comment', "SELECT '--'; B", ["SELECT '--'", 'B']],
  ['a heredoc', 'SELECT $x$;$x$; B', ['SELECT $x$;$x$', 'B']],
  ['nothing', ' -- only this\n', []],
])('splits %s', (_, text, statements) => {
  expect(splitStatements(text)).toEqual(statements);
});
