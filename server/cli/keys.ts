/** `waymark keys`: makes, lists and revokes keys; beside a running server, or alone. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { DateTime } from 'luxon';
import { KeyBook } from '../access/key-book.ts';
import type { ShownKey } from '../access/key-book.ts';
import { ROLES } from '../access/role.ts';
import type { Role } from '../access/role.ts';
import { readConfig, settingsHelp } from '../config.ts';
import { parseDuration } from '../query/duration.ts';
import { withEngine } from './engine.ts';
import { createLog } from './log.ts';

const ROLE_HELP = `
Roles:
  VIEWER   dashboards and aggregates, no personal data
  ANALYST  also customers one by one; saves reports and audiences
  WRITER   sends events, reads nothing
  ADMIN    everything
`;

const CREATE_HELP = `${ROLE_HELP}
The key itself is printed once, alone on standard output; only its hash is kept. The first key must be an ADMIN
key: once there is one, every call needs a key. A running server knows a new key within two seconds.

  waymark keys create "Ann" --role ADMIN
  waymark keys create "Website" --role WRITER
  waymark keys create "Lobby screen" --role VIEWER --expires P1Y
`;

const LIST_HELP = `
Columns: id, role, name, made, last used (to about a minute), expires. Revoked keys are not listed.
`;

const REVOKE_HELP = `
Holds within seconds on every server, for connections that are open too. The last ADMIN key stays: make another
first. The id is what \`waymark keys list\` prints.

  waymark keys revoke 3f0c1c52-6b1f-4f0e-9a53-0d6c3f3b8a11
`;

interface CreateOptions {
  readonly role: Role;
  readonly expires?: number;
}

export function keysCommand(): Command {
  const keys = new Command('keys')
    .description('make, list and revoke the keys that callers come in with')
    .addHelpText('after', ROLE_HELP);
  for (const command of [createCommand(), listCommand(), revokeCommand()])
    keys.addCommand(command.addHelpText('after', settingsHelp).exitOverride());
  return keys;
}

function createCommand(): Command {
  return new Command('create')
    .description('make a key and print it, once')
    .argument('<name>', 'whose it is, or what it is for')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .option('--expires <when>', 'a date (2027-01-31), a time, or a duration from now (P90D)', expiryOf)
    .addHelpText('after', CREATE_HELP)
    .action((name: string, { role, expires }: CreateOptions) =>
      withKeys(async (book) => {
        const { key, secret } = await book.create({ name, role, expiresMs: expires ?? null });
        process.stderr.write(`${key.role} key "${key.name}", id ${key.id}; it is shown only now:\n`);
        process.stdout.write(`${secret}\n`);
      }),
    );
}

function listCommand(): Command {
  return new Command('list')
    .description('list the keys')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', LIST_HELP)
    .action(({ json }: { json?: true }) =>
      withKeys(async (book) => {
        const keys = await book.list();
        for (const key of keys) process.stdout.write(`${json ? JSON.stringify(plain(key)) : line(key)}\n`);
        if (keys.length === 0 && !json) process.stderr.write('There is no key.\n');
      }),
    );
}

function revokeCommand(): Command {
  return new Command('revoke')
    .description('end a key')
    .argument('<id>', 'of the key')
    .addHelpText('after', REVOKE_HELP)
    .action((id: string) =>
      withKeys(async (book) => {
        if (await book.revoke(id)) process.stdout.write('The key is revoked.\n');
        else {
          process.stderr.write('There is no key with this id, or it was revoked before.\n');
          process.exitCode = 1;
        }
      }),
    );
}

async function withKeys(use: (book: KeyBook) => Promise<void>): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.LOG_LEVEL);
  const hasAdminKey = config.WAYMARK_ADMIN_KEY !== null;
  await withEngine(config, log, async (engine) => {
    await use(await KeyBook.open({ engine, log, now: Date.now, hasAdminKey }));
  });
}

/** Milliseconds since 1970. */
function expiryOf(text: string): number {
  const at = text.startsWith('P') ? afterNow(text) : Date.parse(text);
  if (Number.isFinite(at) && at > Date.now()) return at;
  throw new InvalidArgumentError('It is a date or a duration that ends in the future.');
}

function afterNow(text: string): number {
  try {
    const { months, ms } = parseDuration(text, 'expires');
    return DateTime.utc().plus({ months, milliseconds: ms }).toMillis();
  } catch {
    return NaN;
  }
}

function plain({ id, name, role, createdMs, usedMs, expiresMs }: ShownKey): object {
  return {
    ...{ id, name, role },
    createdAt: instant(createdMs),
    lastUsedAt: instant(usedMs),
    expiresAt: instant(expiresMs),
  };
}

function line({ id, name, role, createdMs, usedMs, expiresMs }: ShownKey): string {
  const isOver = expiresMs !== null && expiresMs <= Date.now();
  const expires =
    expiresMs === null ? 'never expires' : `${isOver ? 'expired' : 'expires'} ${instant(expiresMs)}`;
  const used = usedMs === null ? 'never used' : `used ${instant(usedMs)}`;
  return [id, role.padEnd(7), name, `made ${instant(createdMs)}`, used, expires].join('  ');
}

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
