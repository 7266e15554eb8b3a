/**
 * The embedded engine's process: ClickHouse as a shared library, listening as a server until it is stopped
 * or its parent is gone. Started with the path of a config file; owns nothing but its own life and death.
 */
import { libchdbPath } from 'chdb/libchdb';
import { DataType, load, open } from 'ffi-rs';

const PARENT_CHECK_MS = 500;

/** Opens the listeners, then waits for ever; the supervisor stops it with KILL QUERY. */
const WAIT = `SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP;
SELECT sleepEachRow(0.1) FROM system.numbers
SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0, log_comment = 'waymark_listen' FORMAT Null`;

/** `process.exit` would wait for ClickHouse's threads; what is stored is safe either way. */
function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

const configPath = process.argv[2];
if (configPath === undefined) throw new Error('usage: engine.js CONFIG_FILE');

const parent = process.ppid;
process.on('disconnect', die);
setInterval(() => {
  if (process.ppid !== parent || process.connected === false) die();
}, PARENT_CHECK_MS);

const args = ['clickhouse', `--config-file=${configPath}`, '--query', WAIT];
open({ library: 'chdb', path: libchdbPath() });
await load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [args.length, args],
  retType: DataType.External,
  runInNewThread: true,
});
die();
