/**
 * An answer as it leaves over HTTP, made once for all who wait for it: its bytes, and those of each encoding, are
 * computed when the first needs them. Knows neither what was asked nor by whom.
 */
import { Readable } from 'node:stream';
import type { HTTPGraphQLResponse } from '@apollo/server';
import type { FastifyReply } from 'fastify';
import { compressed, COMPRESSION_THRESHOLD, encodingFor } from './compression.ts';
import type { Encoding } from './compression.ts';

export class HttpAnswer {
  readonly #status: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #body: Buffer | Readable;
  readonly #compressed = new Map<Encoding, Promise<Buffer>>();

  constructor({ status, headers, body }: HTTPGraphQLResponse) {
    this.#status = status ?? 200;
    this.#headers = { ...Object.fromEntries(headers), 'cache-control': 'no-store' };
    this.#body = body.kind === 'complete' ? Buffer.from(body.string) : Readable.from(body.asyncIterator);
  }

  /** Compressed as the caller accepts; what comes as a stream is left to the server's own compression. */
  async send(reply: FastifyReply): Promise<FastifyReply> {
    void reply.code(this.#status).headers(this.#headers);
    const encoding = this.#encodingFor(reply);
    if (!encoding || !Buffer.isBuffer(this.#body)) return reply.send(this.#body);
    let bytes = this.#compressed.get(encoding);
    if (!bytes) this.#compressed.set(encoding, (bytes = compressed(this.#body, encoding)));
    const vary = reply.getHeader('vary');
    void reply.headers({
      'content-encoding': encoding,
      vary: vary === undefined ? 'accept-encoding' : `${String(vary)}, accept-encoding`,
    });
    return reply.send(await bytes);
  }

  #encodingFor({ request: { headers } }: FastifyReply): Encoding | null {
    if (!Buffer.isBuffer(this.#body) || this.#body.length < COMPRESSION_THRESHOLD) return null;
    return 'x-no-compression' in headers ? null : encodingFor(headers['accept-encoding']?.toString());
  }
}
