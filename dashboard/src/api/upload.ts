// A file sent to the server as it is, with its progress. XMLHttpRequest, since fetch tells nothing of what was sent.
import { Problem, problemOf } from './problem.ts';
import { session } from './session.svelte.ts';

export interface UploadOptions {
  /** Column by field, where the file's names do not tell. */
  map: Readonly<Record<string, string>>;
  /** Called with the bytes sent so far. */
  onsent: (bytes: number) => void;
  signal: AbortSignal;
}

/** Resolves to the id of the import once the server has the whole file; rejects with a Problem. */
export function uploadFile(file: File, { map, onsent, signal }: UploadOptions): Promise<string> {
  const address = new URL('/imports', location.href);
  address.searchParams.set('name', file.name);
  for (const [field, column] of Object.entries(map)) address.searchParams.set(`map.${field}`, column);
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open('POST', address);
    call.setRequestHeader('content-type', 'application/octet-stream');
    if (session.authorization) call.setRequestHeader('authorization', session.authorization);
    call.upload.onprogress = (event) => onsent(event.loaded);
    call.onload = () => {
      const id = call.status === 202 ? idOf(call.responseText) : null;
      if (id === null) reject(refusal(call.status, call.responseText));
      else resolve(id);
    };
    call.onerror = () => reject(new Problem('offline'));
    call.onabort = () => reject(new Problem('offline', '', 'ABORTED'));
    signal.addEventListener('abort', () => call.abort(), { once: true });
    call.send(file);
  });
}

function idOf(body: string): string | null {
  try {
    const { id } = JSON.parse(body) as { id?: unknown };
    return typeof id === 'string' ? id : null;
  } catch {
    return null;
  }
}

function refusal(status: number, body: string): Problem {
  if (status === 401) {
    session.requireKey();
    return new Problem('unauthorized');
  }
  try {
    const { errors = [] } = JSON.parse(body) as { errors?: Parameters<typeof problemOf>[0] };
    const problem = problemOf(errors);
    if (problem.kind === 'forbidden') return problem;
    return new Problem(status < 500 ? 'refused' : 'server', problem.detail, problem.code);
  } catch {
    return new Problem('server', '', String(status));
  }
}
