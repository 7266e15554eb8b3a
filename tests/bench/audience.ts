/** Viewers beside a server: starts their process, asks it, and reads the server's own figures. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../../server/engine/project.ts';
import type { ToViewers, ViewersResult, ViewersSpec } from './viewers.ts';

export interface Audience {
  /** How many have been told the number. */
  toldOf(number: number): Promise<number>;
  /** `changes`: numbers, each with when it became true. */
  result(changes: readonly (readonly [number, number])[]): Promise<ViewersResult>;
  close(): Promise<void>;
}

/** Resolves once each viewer has its first answer. */
export async function openAudience(spec: ViewersSpec): Promise<Audience> {
  const child = fork(join(projectRoot(), 'dist/server/bench-viewers.js'), [JSON.stringify(spec)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const gone = ended.then(() => Promise.reject(new Error('the viewers are gone')));
  gone.catch(() => {});
  const answer = async <T>(asked?: ToViewers): Promise<T> => {
    const reply = Promise.race([once(child, 'message'), gone]);
    if (asked) child.send(asked);
    return (await reply)[0] as T;
  };
  await answer();
  return {
    toldOf: (settled) => answer({ settled }),
    result: (changes) => answer({ changes }),
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** What the server says of itself at /metrics, by name (with its labels). */
export async function figuresOf(url: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}
