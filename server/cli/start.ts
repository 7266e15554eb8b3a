/** `waymark start`: production. An empty or existing store, no demo data, no simulated traffic. */
import { Command } from 'commander';
import { readConfig, settingsHelp } from '../config.ts';
import { serve } from './serve.ts';

export function startCommand(): Command {
  return new Command('start')
    .description('serve the API and the dashboard')
    .addHelpText('after', settingsHelp)
    .action(() => serve(readConfig(process.env)));
}
