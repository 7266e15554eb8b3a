/**
 * The files the embedded engine is started with: configuration, users and their generated passwords, which
 * stay the same across starts. Everything here is readable by its owner alone.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../project.ts';
import { RESERVE_BYTES } from './reserve.ts';

/** What ClickHouse may take of the memory this machine or container has. */
const MEMORY_SHARE = 0.6;

export interface Secrets {
  readonly user: string;
  readonly password: string;
  /** Reads the store and changes nothing: for other tools. */
  readonly readerUser: string;
  readonly readerPassword: string;
  /** Writes into the table `landing` and does nothing else: for other tools. */
  readonly writerUser: string;
  readonly writerPassword: string;
}

export interface Ports {
  readonly http: number;
  readonly tcp: number;
}

/** Where things stand in a DATA_DIR. */
export function storeFiles(dataDir: string) {
  const engine = join(dataDir, 'engine');
  return {
    store: join(dataDir, 'store'),
    engine,
    config: join(engine, 'config.xml'),
    users: join(engine, 'users.xml'),
    secrets: join(engine, 'secrets.json'),
    log: join(engine, 'clickhouse.log'),
    lock: join(dataDir, 'engine.lock'),
    running: join(dataDir, 'engine.json'),
    landing: join(dataDir, 'landing.json'),
  } as const;
}

export function makeFolders(dataDir: string): void {
  const files = storeFiles(dataDir);
  for (const folder of [dataDir, files.store, files.engine])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Written beside and moved into place, so that no reader sees half a file; not at all where it says so already. */
export function writePrivate(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, path);
}

export function readSecrets(dataDir: string): Secrets {
  const path = storeFiles(dataDir).secrets;
  const kept = readJson(path) as Partial<Secrets>;
  const password = (): string => randomBytes(24).toString('base64url');
  const secrets: Secrets = {
    user: 'waymark',
    password: password(),
    readerUser: 'reader',
    readerPassword: password(),
    writerUser: 'writer',
    writerPassword: password(),
    ...kept,
  };
  if (Object.keys(kept).length < Object.keys(secrets).length)
    writePrivate(path, `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

/** An empty object where there is no such file. */
function readJson(path: string): object {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as object;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return {};
  }
}

export interface ConfigValues {
  readonly dataDir: string;
  readonly database: string;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly memoryBytes: number;
}

/** Writes config.xml and users.xml from the templates in clickhouse/config; returns the config's path. */
export function writeConfig(values: ConfigValues): string {
  const files = storeFiles(values.dataDir);
  const { ports, secrets } = values;
  const template = (name: string): string =>
    readFileSync(join(projectRoot(), 'clickhouse/config', name), 'utf8');
  writePrivate(
    files.users,
    fill(template('embedded-users.xml'), {
      userPasswordHash: sha256(secrets.password),
      readerPasswordHash: sha256(secrets.readerPassword),
      writerPasswordHash: sha256(secrets.writerPassword),
      database: values.database,
    }),
  );
  writePrivate(
    files.config,
    fill(template('embedded.xml'), {
      httpPort: String(ports.http),
      tcpPort: String(ports.tcp),
      storePath: `${files.store}/`,
      usersPath: files.users,
      memoryBytes: String(values.memoryBytes),
      reserveBytes: String(RESERVE_BYTES),
      logPath: files.log,
    }),
  );
  return files.config;
}

/** The ports of the last start, so that other tools find the engine where it was; 0: there was none. */
export function lastPorts(dataDir: string): Ports {
  let config = '';
  try {
    config = readFileSync(storeFiles(dataDir).config, 'utf8');
  } catch {
    // The first start.
  }
  const port = (tag: string): number => Number(new RegExp(`<${tag}>(\\d+)<`).exec(config)?.[1] ?? 0);
  return { http: port('http_port'), tcp: port('tcp_port') };
}

export function defaultMemoryBytes(): number {
  const container = process.constrainedMemory();
  const total = container > 0 ? Math.min(container, totalmem()) : totalmem();
  return Math.floor(total * MEMORY_SHARE);
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`No value for {${key}} in the engine's configuration.`);
    return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
