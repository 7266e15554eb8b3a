/**
 * Who comes in. Without a key the server is open, as ADMIN, to loopback only; with one every call needs it.
 * An unknown Host or a foreign Origin is refused in every case: a web page must not reach a local store.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Why a call is refused; null lets it in. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

export interface Doors {
  /** Checks the names a call goes by: where it says it goes to, and which page it comes from. */
  checkNames(host: string | undefined, origin: string | undefined): Refusal | null;
  /** Checks `Bearer KEY`. */
  checkKey(authorization: string | undefined): Refusal | null;
  /** Checks a tracking call: basic auth with the key as user, `Bearer KEY`, or without either the key in its body. */
  checkWriteKey(authorization: string | undefined, keyInBody?: string): Refusal | null;
}

export interface DoorSettings {
  readonly adminKey: string | null;
  /** Names and addresses the server is known by, without port. */
  readonly hosts: readonly string[];
  /** Origins of other pages that may call. */
  readonly origins: readonly string[];
}

const MAX_KEY_LENGTH = 512;

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

export function createDoors({ adminKey, hosts, origins }: DoorSettings): Doors {
  const known = new Set(hosts.map((host) => host.toLowerCase()));
  const foreign = new Set(origins.map((origin) => origin.toLowerCase().replace(/\/$/, '')));
  const digest = adminKey === null ? null : sha256(adminKey);
  const isKey = (key: string | undefined): boolean =>
    digest === null || timingSafeEqual(sha256(key?.slice(0, MAX_KEY_LENGTH + 1) ?? ''), digest);
  return {
    checkNames(host, origin) {
      const name = hostName(host);
      if (name === null || !known.has(name)) {
        return { status: 403, message: 'This server is not known by that name; ALLOWED_HOSTS adds one.' };
      }
      if (origin === undefined) return null;
      const from = origin.toLowerCase();
      const own = host?.toLowerCase();
      if (from === `http://${own}` || from === `https://${own}` || foreign.has(from)) return null;
      return { status: 403, message: 'Pages of that origin may not call; CORS_ORIGINS adds one.' };
    },
    checkKey(authorization) {
      if (isKey(bearerOf(authorization))) return null;
      return { status: 401, message: 'A valid key is needed: Authorization: Bearer KEY.' };
    },
    checkWriteKey(authorization, keyInBody) {
      const sent =
        authorization === undefined ? keyInBody : (basicUserOf(authorization) ?? bearerOf(authorization));
      if (isKey(sent)) return null;
      return { status: 401, message: 'A valid write key is needed: basic auth with the key as user.' };
    },
  };
}

function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer (.{1,512})$/.exec(authorization ?? '')?.[1];
}

/** The user's name of basic auth; undefined for another scheme. */
function basicUserOf(authorization: string): string | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/]{1,2048}={0,2})$/i.exec(authorization)?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8').split(':')[0];
}

/** `[::1]:4000` and `Example.com:80` without their ports; null when it is no host. */
function hostName(host: string | undefined): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host ?? '');
  return match?.[1]?.toLowerCase() ?? null;
}
