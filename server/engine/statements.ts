/**
 * Splits a file of SQL into its statements: semicolons in strings, quoted names and comments do not count.
 */

/** What may contain a semicolon that ends nothing; a lone semicolon ends a statement. */
const TOKEN =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`\\]|\\.|``)*`|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|;/g;

/** The statements in their order, without comments and closing semicolons. */
export function splitStatements(text: string): string[] {
  const statements: string[] = [];
  let current = '';
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    current += text.slice(from, match.index);
    from = match.index + match[0].length;
    if (match[0] === ';') {
      statements.push(current);
      current = '';
    } else if (!match[0].startsWith('--') && !match[0].startsWith('/*')) current += match[0];
  }
  statements.push(current + text.slice(from));
  return statements.map((statement) => statement.trim()).filter((statement) => statement !== '');
}
