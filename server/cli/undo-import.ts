/** `waymark undo-import`: takes back all that an import stored; beside a running server, or alone. */
import { Command } from 'commander';
import { readConfig, settingsHelp } from '../config.ts';
import { ImportDesk } from '../ingest/import/import-desk.ts';
import { withEngine } from './engine.ts';
import { createLog } from './log.ts';

const HELP = `
The import's events leave every answer, its rejected rows the list of those; the same file can then be imported
again. Events that were known before it stay. The id is what \`waymark import\` printed, and \`imports\` in the API.

  waymark undo-import 198234650123
`;

export function undoImportCommand(): Command {
  return new Command('undo-import')
    .description('take back all that an import stored')
    .argument('<id>', 'of the import')
    .addHelpText('after', HELP)
    .addHelpText('after', settingsHelp)
    .action(async (id: string) => {
      const config = readConfig(process.env);
      const log = createLog(config.LOG_LEVEL);
      const isUndone = await withEngine(config, log, (engine) => new ImportDesk({ engine, log }).undo(id));
      if (isUndone) process.stdout.write(`Import ${id} is taken back.\n`);
      else {
        process.stderr.write(`There is no import ${id}, or it was taken back before.\n`);
        process.exitCode = 1;
      }
    });
}
