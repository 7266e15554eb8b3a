// A file that the server makes, fetched with the viewer's key. Rejects as questions do.
import { Problem, problemFrom, problemOf } from './problem.ts';
import { session } from './session.svelte.ts';

export interface FetchedFile {
  blob: Blob;
  /** As the server calls it. */
  name: string;
}

/** Rejects with a Problem, or with the signal's reason when aborted. */
export async function fetchFile(path: string, signal: AbortSignal): Promise<FetchedFile> {
  const { authorization } = session;
  try {
    const response = await fetch(path, { headers: authorization ? { authorization } : {}, signal });
    if (!response.ok) throw await refusalOf(response);
    return { blob: await response.blob(), name: nameOf(response.headers.get('content-disposition')) };
  } catch (error) {
    throw signal.aborted ? error : problemFrom(error);
  }
}

async function refusalOf(response: Response): Promise<Problem> {
  if (response.status === 401) session.requireKey();
  const body = (await response.json().catch(() => ({}))) as { errors?: Parameters<typeof problemOf>[0] };
  return body.errors ? problemOf(body.errors) : new Problem('server', '', String(response.status));
}

function nameOf(disposition: string | null): string {
  return decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(disposition ?? '')?.[1] ?? 'report');
}
