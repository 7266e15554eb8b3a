/** What the same machine takes, in the same run, to tell as many viewers as many bytes by a bare loop over `ws`. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '../../../server/engine/project.ts';
import { until } from '../../support/until.ts';
import { openAudience } from '../audience.ts';
import type { ViewersResult } from '../viewers.ts';

/** `bytes` of each message's payload; a change a second, after one that does not count. */
export async function barePush(viewers: number, bytes: number, changes: number): Promise<ViewersResult> {
  const child = fork(join(projectRoot(), 'dist/server/bench-push.js'), [String(bytes)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  try {
    const said = async (): Promise<number> => (await once(child, 'message'))[0] as number;
    const audience = await openAudience({ url: `ws://127.0.0.1:${await said()}`, viewers, queries: [''] });
    const told: [number, number][] = [];
    for (let number = 1; number <= changes + 1; number += 1) {
      const answer = said();
      child.send(number);
      told.push([number, await answer]);
      await pause(1000);
    }
    const all = async (): Promise<boolean> => (await audience.toldOf(changes + 1)) === viewers;
    await until('every viewer of the bare server has the newest', all, 20_000);
    const result = await audience.result(told.slice(1));
    await audience.close();
    return result;
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}
