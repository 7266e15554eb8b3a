/** A viewer over WebSocket, by the public graphql-ws client. */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TestServer } from './server.ts';

export interface Viewer {
  /** The next answer; throws with the messages when it carries errors. */
  next<T>(): Promise<T>;
  leave(): Promise<void>;
}

export function watch(server: TestServer, query: string, variables: Record<string, unknown> = {}): Viewer {
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const answers = client.iterate({ query, variables });
  return {
    async next<T>() {
      const answer = await answers.next();
      if (answer.done) throw new Error('the subscription has ended');
      const { data, errors } = answer.value as { data?: T; errors?: readonly { message: string }[] };
      if (errors) throw new Error(errors.map((error) => error.message).join('\n'));
      return data as T;
    },
    async leave() {
      await answers.return?.();
      await client.dispose();
    },
  };
}
