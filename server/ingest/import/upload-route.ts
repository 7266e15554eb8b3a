/**
 * `POST /imports?name=FILE&map.FIELD=COLUMN`: a file as the raw body, kept until it is imported. Answers once it
 * is whole and known to be one that can be taken; the rest happens in the background.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EngineError } from '../../engine/port.ts';
import { InputError } from '../../query/problem.ts';
import { ImportError, importProblem } from './import-error.ts';
import type { ImportDesk } from './import-desk.ts';
import { Uploads, UploadTooLargeError } from './uploads.ts';
import type { UploadSettings } from './uploads.ts';

export interface UploadRouteDeps {
  readonly imports: ImportDesk;
  readonly uploads: UploadSettings;
}

/** What a form of another page could send without asking: never taken. */
const FORMS: ReadonlySet<string> = new Set([
  '',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
]);
/** A body that stands still for so long is given up. */
const STILL_MS = 60_000;
const MAX_NAME = 200;

export async function addUploads(app: FastifyInstance, { imports, uploads }: UploadRouteDeps): Promise<void> {
  const desk = new Uploads(uploads);
  await desk.clean();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _body, done) => done(null));
  app.post('/imports', async (request, reply) => {
    const refusal = refusalOf(request, desk, uploads.maxBytes);
    if (refusal) return refuse(reply, ...refusal);
    const { socket } = request.raw;
    const giveUp = (): void => void socket.destroy();
    socket.setTimeout(STILL_MS).on('timeout', giveUp);
    try {
      const upload = await desk.receive(request.raw).finally(() => {
        socket.setTimeout(0).off('timeout', giveUp);
      });
      const id = await imports
        .begin({ path: upload.path, ...fileOf(request) }, upload.release)
        .catch(async (error: unknown) => {
          await upload.release();
          throw withoutPath(error, upload.path, fileOf(request).name);
        });
      return reply.code(202).send({ id });
    } catch (error) {
      if (error instanceof UploadTooLargeError) return refuse(reply, 413, 'TOO_LARGE', error.message);
      if (error instanceof FileRefusedError) return refuse(reply, error.status, error.code, error.message);
      // Whoever sent it is gone.
      if (request.raw.destroyed || socket.destroyed) return reply.hijack();
      throw error;
    }
  });
}

function refusalOf(
  { headers }: FastifyRequest,
  desk: Uploads,
  maxBytes: number,
): readonly [status: number, code: string, message: string] | null {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (FORMS.has(type)) {
    const message = 'A file is sent as it is, with the header content-type: application/octet-stream.';
    return [415, 'BAD_CONTENT_TYPE', message];
  }
  if (desk.hasRoomFor(Number(headers['content-length'] ?? 0))) return null;
  return [413, 'TOO_LARGE', new UploadTooLargeError(maxBytes).message];
}

/** The rest of the body is of no use: the connection ends with the answer. */
function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  if (!reply.request.raw.complete) {
    reply.header('connection', 'close');
    reply.request.raw.unpipe();
    reply.request.raw.resume();
  }
  return reply.code(status).send({ errors: [{ message, extensions: { code } }] });
}

function fileOf({ query }: FastifyRequest): { name: string; map: Readonly<Record<string, string>> } {
  const given = Object.entries(query as Record<string, string | string[] | undefined>).flatMap(
    ([key, value]) => (typeof value === 'string' && value !== '' ? [[key, value] as const] : []),
  );
  const name = given.find(([key]) => key === 'name')?.[1] ?? 'upload';
  const map = given.flatMap(([key, value]) =>
    key.startsWith('map.') ? [[key.slice(4), value] as const] : [],
  );
  return { name: plainName(name), map: Object.fromEntries(map) };
}

/** The last part of a path, on one line. */
function plainName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last.replace(/\p{C}/gu, '').trim().slice(0, MAX_NAME);
  return plain === '' ? 'upload' : plain;
}

class FileRefusedError extends Error {
  override readonly name = 'FileRefusedError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** In the words of this way in: the file by the name that it was sent under, columns by parameters. */
function withoutPath(error: unknown, path: string, name: string): unknown {
  const problem = importProblem(error);
  if (problem === null) return error;
  if (error instanceof EngineError) return new FileRefusedError(503, 'UNAVAILABLE', problem);
  if (!(error instanceof InputError || error instanceof ImportError)) return error;
  const code = error instanceof InputError ? (error.problems[0]?.code ?? 'BAD_FILE') : 'BAD_FILE';
  const message = problem.replaceAll(path, name).replaceAll('with --map ', 'with map.');
  return new FileRefusedError(400, code, message);
}
