/**
 * An answer as all its viewers are sent it: written once, however many they are and by whatever way they came.
 * Knows no socket.
 */
import type { ExecutionResult, GraphQLFormattedError } from 'graphql';

export type FormattedResult = Omit<ExecutionResult, 'errors'> & {
  readonly errors?: readonly GraphQLFormattedError[];
};

export class SharedAnswer {
  readonly result: FormattedResult;
  #text: string | undefined;
  #bytes: Buffer | undefined;
  #event: Buffer | undefined;

  /** `text`: the result as JSON, where it is known already. */
  constructor(result: FormattedResult, text?: string) {
    this.result = result;
    this.#text = text;
  }

  /** As JSON. */
  get text(): string {
    return (this.#text ??= JSON.stringify(this.result));
  }

  /** The end of a message of graphql-transport-ws: the payload, and the brace that closes the message. */
  get messageEnd(): Buffer {
    return (this.#bytes ??= Buffer.from(`${this.text}}`));
  }

  /** As a server-sent event. */
  get event(): Buffer {
    return (this.#event ??= Buffer.from(`event: next\ndata: ${this.text}\n\n`));
  }
}
