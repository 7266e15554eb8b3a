/** `waymark migrate`: brings the store to the shape of this version; safe to run twice. */
import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { createLog } from './log.ts';
import { openEngine } from './open-engine.ts';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring the store to the shape of this version (start does it too)')
    .action(async () => {
      const config = readConfig(process.env);
      const opened = await openEngine(config, createLog(config.LOG_LEVEL));
      await opened.close();
      process.stdout.write('The store is up to date.\n');
    });
}
