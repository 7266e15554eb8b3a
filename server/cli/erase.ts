/** `waymark erase`: removes a customer and all that is kept of them; beside a running server, or alone. */
import { Command } from 'commander';
import { readConfig, settingsHelp } from '../config.ts';
import { openLanding } from '../ingest/landing/landing.ts';
import { Erasing } from '../ingest/removal/erasing.ts';
import { aloneIn, ownTurn } from '../ingest/turns/turn-within.ts';
import { withEngine } from './engine.ts';
import { createLog } from './log.ts';

const HELP = `
Everything goes that is kept under the id and all ids joined to it: events, traits, joins, audiences, rejected
events. It cannot be taken back. What remains is a receipt that says when and how much, and nothing of whom.

  waymark erase ann@example.com
`;

export function eraseCommand(): Command {
  return new Command('erase')
    .description('remove a customer and all that is kept of them')
    .argument('<customer>', 'any id of the customer')
    .addHelpText('after', HELP)
    .addHelpText('after', settingsHelp)
    .action(async (customer: string) => {
      const config = readConfig(process.env);
      const log = createLog(config.LOG_LEVEL);
      const isErased = await withEngine(config, log, (engine) => {
        const landing = openLanding({ engine, log, turns: aloneIn(ownTurn(engine, log)) });
        return new Erasing({ engine, arrived: async () => void (await landing.drain()) }).erase(customer);
      });
      if (isErased) process.stdout.write('The customer is erased.\n');
      else {
        process.stderr.write('Nothing is known of this customer.\n');
        process.exitCode = 1;
      }
    });
}
