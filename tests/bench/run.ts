/** `npm run --silent bench -- NAME [--events N]`: one JSON object a line. */
import { parseArgs } from 'node:util';
import { benchImport } from './import.ts';
import { benchPages } from './pages.ts';

const BENCHES: Readonly<Record<string, (events: number) => Promise<void>>> = {
  pages: benchPages,
  import: benchImport,
};

export async function runBench(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { events: { type: 'string', default: '10000000' } },
  });
  const [name = ''] = positionals;
  const bench = BENCHES[name];
  const events = Number(values.events.replaceAll('_', ''));
  if (!bench || !Number.isInteger(events) || events < 10_000) {
    process.stderr.write(
      `Usage: npm run --silent bench -- ${Object.keys(BENCHES).join('|')} [--events N], N at least 10,000\n`,
    );
    process.exitCode = 2;
    return;
  }
  await bench(events);
}
