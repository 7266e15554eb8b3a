/**
 * Who comes in, and as whom. With no key made and none set the server is open, as ADMIN, to loopback only; from
 * then on every call needs one. An unknown Host or a foreign Origin is refused in every case: a web page must not
 * reach a local store.
 */
import { timingSafeEqual } from 'node:crypto';
import { Attempts } from './attempts.ts';
import type { KeyBook } from './key-book.ts';
import { may, rolesWith } from './rights.ts';
import type { Right } from './rights.ts';
import { OPEN_VIEWER } from './role.ts';
import type { Viewer } from './role.ts';
import { digestOf } from './secret.ts';

/** Why a call is refused. */
export interface Refusal {
  readonly status: 401 | 403 | 429;
  readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN' | 'TOO_MANY_WRONG_KEYS';
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

/** Who was let in. */
export interface Admitted {
  readonly viewer: Viewer;
  /** Of the key; one of the two names below for those that are no keys of the book. */
  readonly keyId: string;
}

export type Admission = { readonly admitted: Admitted } | { readonly refusal: Refusal };

/** What a call brings. */
export interface Credentials {
  /** `Bearer KEY`; of tracking calls also basic auth with the key as user. */
  readonly authorization: string | undefined;
  /** Basic auth is taken as well, with the key as password, or as user without one: tools know no other header. */
  readonly takesBasic?: boolean | undefined;
  /** Of tracking calls without a header. */
  readonly keyInBody?: string | undefined;
  /** Where it comes from. */
  readonly address: string;
}

export interface Doors {
  /** Checks the names a call goes by: where it says it goes to, and which page it comes from. */
  checkNames(host: string | undefined, origin: string | undefined): Refusal | null;
  /** Lets in whoever brings `Bearer KEY` with this right. */
  admit(credentials: Credentials, right: Right): Promise<Admission>;
  /** The same for a tracking call. */
  admitWriter(credentials: Credentials): Promise<Admission>;
  /** Whether who was let in would be let in now. */
  holds(admitted: Admitted): boolean;
}

export interface DoorSettings {
  readonly adminKey: string | null;
  /** Names and addresses the server is known by, without port. */
  readonly hosts: readonly string[];
  /** Origins of other pages that may call. */
  readonly origins: readonly string[];
  /** False where other machines can reach it: then it is never open. Default: true. */
  readonly isLoopback?: boolean;
}

type Keys = Pick<KeyBook, 'isEmpty' | 'fresh' | 'find' | 'holds' | 'used'>;

const MAX_KEY_LENGTH = 512;
/** How old what is known of the keys may be where one is not known; wrong keys make no more looks than that. */
const UNKNOWN_MS = 250;
/** Let in because no key was made. */
const OPEN: Admitted = { viewer: OPEN_VIEWER, keyId: 'open' };
/** Let in with WAYMARK_ADMIN_KEY. */
const SET: Admitted = { viewer: OPEN_VIEWER, keyId: 'set' };

/** Whether somebody came in without a key, as whoever is on this machine may where none was made. */
export function isOpenDoor({ keyId }: Admitted): boolean {
  return keyId === OPEN.keyId;
}

export function createDoors(settings: DoorSettings, keys: Keys): Doors {
  const { adminKey, isLoopback = true } = settings;
  const digest = adminKey === null ? null : digestOf(adminKey);
  const attempts = new Attempts();
  const isOpen = (): boolean => digest === null && isLoopback && keys.isEmpty;

  const whose = (secret: string, address: string): Admitted | null => {
    const given = digestOf(secret.slice(0, MAX_KEY_LENGTH + 1));
    const isSet = timingSafeEqual(given, digest ?? Buffer.alloc(given.length));
    // Found by its hash: how long that takes tells nothing of a secret.
    const key = keys.find(given.toString('hex'));
    if (key) {
      keys.used(key.id);
      return { viewer: { name: key.name, role: key.role }, keyId: key.id };
    }
    if (!isSet || digest === null || !attempts.mayTry(address)) return null;
    attempts.right(address);
    return SET;
  };
  const enter = async (
    secret: string | undefined,
    address: string,
    right: Right,
    hint: string,
  ): Promise<Admission> => {
    await keys.fresh();
    let admitted = secret === undefined ? null : whose(secret, address);
    if (secret !== undefined && !admitted) {
      // Another server may have made it a moment ago.
      await keys.fresh(UNKNOWN_MS);
      admitted = whose(secret, address);
    }
    if (!admitted && isOpen()) return { admitted: OPEN };
    if (admitted) {
      const { role } = admitted.viewer;
      return may(role, right) ? { admitted } : { refusal: forbidden(role, right) };
    }
    const wait = secret === undefined ? 0 : attempts.wrong(address);
    return { refusal: wait > 0 ? tooMany(wait) : { status: 401, code: 'UNAUTHENTICATED', message: hint } };
  };

  return {
    checkNames: nameCheck(settings),
    admit: ({ authorization, takesBasic, address }, right) => {
      const [user, password] = (takesBasic && basicOf(authorization)) || [];
      const sent = bearerOf(authorization) ?? (password || user);
      const ways = takesBasic ? ', or basic auth with the key as password' : '';
      return enter(sent, address, right, `A valid key is needed: Authorization: Bearer KEY${ways}.`);
    },
    admitWriter: ({ authorization, keyInBody, address }) => {
      const sent =
        authorization === undefined ? keyInBody : (basicOf(authorization)?.[0] ?? bearerOf(authorization));
      return enter(sent, address, 'send', 'A valid write key is needed: basic auth with the key as user.');
    },
    holds: ({ keyId }) => {
      if (keyId === OPEN.keyId) return isOpen();
      return keyId === SET.keyId || keys.holds(keyId);
    },
  };
}

/** What a call may not do for its role, at an address or of a field. */
export function forbidden(role: Viewer['role'], right: Right, what = 'this address'): Refusal {
  const message = `A key with the role ${role} may not ask for ${what}: it takes ${rolesWith(right)}.`;
  return { status: 403, code: 'FORBIDDEN', message };
}

function tooMany(retryAfterSeconds: number): Refusal {
  const message = 'Too many wrong keys came from this address; try again in a minute.';
  return { status: 429, code: 'TOO_MANY_WRONG_KEYS', message, retryAfterSeconds };
}

function nameCheck({ hosts, origins }: DoorSettings): Doors['checkNames'] {
  const known = new Set(hosts.map((host) => host.toLowerCase()));
  const foreign = new Set(origins.map((origin) => origin.toLowerCase().replace(/\/$/, '')));
  const refused = (message: string): Refusal => ({ status: 403, code: 'FORBIDDEN', message });
  return (host, origin) => {
    const name = hostName(host);
    if (name === null || !known.has(name))
      return refused('This server is not known by that name; ALLOWED_HOSTS adds one.');
    if (origin === undefined) return null;
    const from = origin.toLowerCase();
    const own = host?.toLowerCase();
    if (from === `http://${own}` || from === `https://${own}` || foreign.has(from)) return null;
    return refused('Pages of that origin may not call; CORS_ORIGINS adds one.');
  };
}

function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer (.{1,512})$/.exec(authorization ?? '')?.[1];
}

/** The user's name and the password of basic auth (RFC 7617); undefined for another scheme. */
function basicOf(authorization: string | undefined): readonly [string, string] | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/]{1,2048}={0,2})$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [user = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return [user, rest.join(':')];
}

/** `[::1]:4000` and `Example.com:80` without their ports; null when it is no host. */
function hostName(host: string | undefined): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host ?? '');
  return match?.[1]?.toLowerCase() ?? null;
}
