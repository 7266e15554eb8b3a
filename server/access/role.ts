/** The four roles, and who calls. Knows no key and no table of rights. */

export const ROLES = ['VIEWER', 'ANALYST', 'WRITER', 'ADMIN'] as const;
export type Role = (typeof ROLES)[number];

/** Who calls, as answers may know it. */
export interface Viewer {
  /** Of the key. */
  readonly name: string;
  readonly role: Role;
}

/** Who calls where no key was made: the server is open, to its own machine only. */
export const OPEN_VIEWER: Viewer = { name: 'admin', role: 'ADMIN' };
