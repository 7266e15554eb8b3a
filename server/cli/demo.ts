/**
 * `waymark demo`: everything on one machine. Fills a store of its own on the first run, serves it, and sends
 * live traffic so that the charts move. Each data set has a database of its own beside the user's.
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { readConfig, settingsHelp } from '../config.ts';
import type { Config } from '../config.ts';
import { DEMO_CREDITS, DEMO_CURRENCIES, DEMO_DATASETS } from '../demo/datasets.ts';
import type { DemoDataset } from '../demo/datasets.ts';
import type { FillProgress } from '../demo/fill-generated.ts';
import { fillDemo } from '../demo/fill.ts';
import { startReplay } from '../demo/replay.ts';
import { showProgress } from './progress.ts';
import { serve } from './serve.ts';

interface DemoOptions {
  readonly data: DemoDataset;
  readonly customers?: number;
}

export function demoCommand(): Command {
  return new Command('demo')
    .description('serve demo data with live traffic; nothing else needs to be installed')
    .addOption(new Option('--data <set>', 'what to show').choices([...DEMO_DATASETS]).default('generated'))
    .addOption(new Option('--customers <number>', 'size of the generated retailer').argParser(wholeNumber))
    .addHelpText('after', settingsHelp)
    .action((options: DemoOptions) =>
      runDemo(readConfig({ CURRENCY: DEMO_CURRENCIES[options.data], ...process.env }), options),
    );
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 100 && value <= 10_000_000) return value;
  throw new InvalidArgumentError('A whole number from 100 to 10,000,000.');
}

function runDemo(config: Config, { data, customers }: DemoOptions): Promise<void> {
  const database = `${config.CLICKHOUSE_DATABASE}_demo_${data.replaceAll('-', '_')}`;
  return serve(
    { ...config, CLICKHOUSE_DATABASE: database },
    {
      demo: { kind: data, credit: DEMO_CREDITS[data] },
      async prepare(engine, signal) {
        const show = showProgress('Filling the demo store', 'events');
        const onProgress = ({ rows, share }: FillProgress): void => show({ done: rows, share });
        await fillDemo(engine, { dataset: data, customers, endMs: Date.now(), onProgress, signal });
      },
      accompany(engine, { ingestion }, log, signal) {
        const replay = startReplay({
          engine,
          dataset: data,
          signal,
          send: (events) => ingestion.accept(events),
          onError: (error) => log.warn({ err: error }, 'a batch of demo traffic was not taken'),
        });
        replay.catch((error: unknown) => log.error({ err: error }, 'no demo traffic'));
      },
    },
  );
}
