/**
 * `GET /reports/ID.csv`, `.json`, `.ndjson`, `.arrow`, `.parquet`: a saved report for other tools, streamed, under the
 * rights that asking its question takes. `?part=NAME` gives another of its tables.
 */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { dispositionOf, fileNameOf, FORMATS, formatsInWords, isFormat } from '../export/formats.ts';
import type { FormatName } from '../export/formats.ts';
import { ReportRefused } from '../export/report-tables.ts';
import type { ReportTables } from '../export/report-tables.ts';
import type { StoredReport } from '../library/report-store.ts';
import type { CallerWithRights } from './calls.ts';
import { abortWhenGone, callOf } from './graphql-call.ts';

/** What is no longer than that is sent whole, with its length; what goes wrong in it still has a status. */
const SENT_WHOLE_BYTES = 256 * 1024;
/** A caller who takes nothing for so long is given up. */
const STILL_MS = 60_000;
const RETRY_SECONDS = 5;
/** Parquet is packed already. */
const COMPRESSED = /^(?:text\/csv|application\/(?:json|x-ndjson|vnd\.apache\.arrow\.file))/;

const STATUS: Readonly<Record<string, number>> = {
  UNKNOWN_FORMAT: 400,
  UNKNOWN_PART: 400,
  FORBIDDEN: 403,
  UNKNOWN_REPORT: 404,
  // The report has become one that cannot be answered, or asks for too much.
  BAD_USER_INPUT: 422,
  QUERY_TOO_LARGE: 422,
  QUERY_TOO_SLOW: 422,
  BUSY: 429,
  UNAVAILABLE: 503,
};

export function addReportFiles(app: FastifyInstance, tables: ReportTables): void {
  app.route({
    url: '/reports/:id.:format',
    method: ['GET', 'HEAD'],
    config: { takesBasic: true },
    compress: { customTypes: COMPRESSED },
    handler: async (request, reply) => {
      const gone = abortWhenGone(reply);
      const from = callOf(request);
      try {
        const { report, format, part } = await askedFor(request, tables, from);
        const file = fileNameOf(report.name, part, format);
        const headers = {
          'content-type': FORMATS[format].contentType,
          'content-disposition': dispositionOf(file),
          'cache-control': 'no-store',
        };
        if (request.method === 'HEAD') return await reply.headers(headers).send();
        const table = await tables.open(report, part, from, gone);
        const pieces = FORMATS[format].write(table.columns, table.batches);
        const body = await begun(pieces);
        if (!Buffer.isBuffer(body)) reply.raw.setTimeout(STILL_MS, () => reply.raw.destroy());
        return await reply.headers({ ...headers, 'waymark-as-of': table.asOf }).send(body);
      } catch (error) {
        if (gone.aborted) return reply.hijack();
        return refuse(reply, tables.refusalOf(error));
      }
    },
  });
}

interface Asked {
  readonly report: StoredReport;
  readonly format: FormatName;
  readonly part: string | null;
}

async function askedFor(
  request: FastifyRequest,
  tables: ReportTables,
  from: CallerWithRights,
): Promise<Asked> {
  const { id, format } = request.params as { id: string; format: string };
  const { part } = request.query as { part?: unknown };
  const report = await tables.find(id, from);
  if (!isFormat(format)) {
    throw new ReportRefused('UNKNOWN_FORMAT', `A report is given as ${formatsInWords()}.`);
  }
  return { report, format, part: typeof part === 'string' ? part : null };
}

/** All of it where that is short, else a stream that goes on from what was looked at. */
async function begun(pieces: AsyncGenerator<string | Uint8Array>): Promise<Buffer | Readable> {
  const first: Buffer[] = [];
  let length = 0;
  while (length <= SENT_WHOLE_BYTES) {
    const next = await pieces.next();
    if (next.done) return Buffer.concat(first);
    const piece = Buffer.from(next.value);
    first.push(piece);
    length += piece.length;
  }
  return Readable.from(after(first, pieces), { objectMode: false });
}

async function* after(
  first: readonly Buffer[],
  rest: AsyncGenerator<string | Uint8Array>,
): AsyncGenerator<Buffer> {
  yield Buffer.concat(first);
  for await (const piece of rest) yield Buffer.from(piece);
}

function refuse(reply: FastifyReply, { code, message, extensions }: ReportRefused): FastifyReply {
  const status = STATUS[code] ?? 500;
  if (status === 429 || status === 503) {
    const { retryAfterSeconds = RETRY_SECONDS } = extensions;
    void reply.header('retry-after', retryAfterSeconds);
  }
  return reply.code(status).send({ errors: [{ message, extensions: { ...extensions, code } }] });
}
