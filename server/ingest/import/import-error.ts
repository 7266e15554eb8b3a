/** Why a file could not be imported, in words for its owner. */
import { EngineError } from '../../engine/port.ts';
import { InputError } from '../../query/problem.ts';

/** A file that cannot be imported as it is; the message is one plain sentence for its owner. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

const FILE_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file.',
  EISDIR: 'this is a folder.',
  EACCES: 'it may not be read.',
};

/** One sentence; never a statement or a path. Null where nobody foresaw it. */
export function importProblem(error: unknown): string | null {
  if (error instanceof InputError) return error.problems.map(({ message }) => message).join(' ');
  if (error instanceof ImportError) return error.message;
  if (error instanceof EngineError) {
    return error.code === 'STORAGE'
      ? 'The store cannot take more; make room and import it again.'
      : 'The store could not take it right now; import it again.';
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return FILE_PROBLEMS[code] ?? null;
}
