// Who looks at the page: the name and role of the key. What a role may not see is left out of the pages and said,
// instead of being asked for and refused; the server holds to it whatever the page does.
import { WhoDocument } from '../api/generated.ts';
import type { Role } from '../api/generated.ts';
import { request } from '../api/http.ts';
import { Problem, problemOf } from '../api/problem.ts';
import { session } from '../api/session.svelte.ts';
import type { PageEntry } from '../pages.ts';

export interface Viewer {
  name: string;
  role: Role;
}

type Right = 'people' | 'save' | 'administer';

const RIGHTS: Record<Right, readonly Role[]> = {
  people: ['ANALYST', 'ADMIN'],
  save: ['ANALYST', 'ADMIN'],
  administer: ['ADMIN'],
};
/** The first picture does not wait longer for it. */
const LONGEST_MS = 1_500;

class Who {
  #viewer = $state.raw<Viewer | null>(null);
  #round = -1;
  #asked: Promise<void> = Promise.resolve();

  /** Null until the server has said. */
  get viewer(): Viewer | null {
    return this.#viewer;
  }

  /** Asks the server, once a sign-in. */
  load(): Promise<void> {
    if (this.#round !== session.round) {
      this.#round = session.round;
      this.#asked = this.#ask(session.round);
    }
    return this.#asked;
  }

  /** Resolves once a key's role is known, or soon: without a key there is nothing to leave out. */
  known(): Promise<unknown> {
    if (session.key === null) return Promise.resolve();
    return Promise.race([this.load(), new Promise((resolve) => setTimeout(resolve, LONGEST_MS))]);
  }

  /** True also while nobody has said: the server decides. */
  may(right: Right): boolean {
    return this.#viewer === null || RIGHTS[right].includes(this.#viewer.role);
  }

  /** Pages that show this viewer nothing. */
  hides(page: PageEntry['key']): boolean {
    if (this.#viewer?.role === 'WRITER') return true;
    return page === 'customers' && !this.may('people');
  }

  async #ask(round: number): Promise<void> {
    try {
      const { viewer } = await request(WhoDocument, {});
      if (round === session.round) this.#viewer = viewer;
    } catch {
      // Asked again with the next sign-in; until then nothing is left out.
      if (round === session.round) this.#viewer = null;
    }
  }
}

export const who = new Who();

/** Whose a key is that is not in use yet. Rejects with a Problem; `unauthorized` where it is nobody's. */
export async function whoseKey(key: string): Promise<Viewer> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: WhoDocument.toString() }),
  });
  if (response.status === 401) throw new Problem('unauthorized');
  const { data, errors } = (await response.json()) as {
    data?: { viewer: Viewer };
    errors?: Parameters<typeof problemOf>[0];
  };
  if (!data) throw problemOf(errors ?? []);
  return data.viewer;
}
