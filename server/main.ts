/** Process entry: reads the command line and the environment, runs one command, sets the exit status. */
import { Command, CommanderError } from 'commander';
import { demoCommand } from './cli/demo.ts';
import { eraseCommand } from './cli/erase.ts';
import { exportCommand } from './cli/export.ts';
import { importCommand } from './cli/import.ts';
import { keysCommand } from './cli/keys.ts';
import { migrateCommand } from './cli/migrate.ts';
import { startCommand } from './cli/start.ts';
import { undoImportCommand } from './cli/undo-import.ts';
import { ConfigError } from './config.ts';
import { StoreInUseError } from './engine/embedded/in-use.ts';
import { InputError } from './query/problem.ts';

const program = new Command('waymark')
  .description('Live customer-journey analytics: funnels, lifecycle and cohorts over ClickHouse.')
  .showHelpAfterError('(waymark --help lists the commands)')
  .exitOverride();

const COMMANDS = [
  startCommand(),
  demoCommand(),
  importCommand(),
  undoImportCommand(),
  exportCommand(),
  eraseCommand(),
  keysCommand(),
  migrateCommand(),
];
for (const command of COMMANDS) {
  program.addCommand(command.exitOverride());
}

/** Errors whose sentence is all a user needs; anything else is a fault and shows where it happened. */
function sentenceOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StoreInUseError || error instanceof InputError)
    return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `The address is in use: another program listens there. Choose another with PORT (0: any free port).`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    process.stderr.write(`waymark: ${sentenceOf(error)}\n`);
    process.exitCode = error instanceof ConfigError ? 2 : 1;
  }
}
