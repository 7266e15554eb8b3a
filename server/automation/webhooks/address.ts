/**
 * Where webhooks may be sent: to public addresses, over https. Every address that a name leads to is checked, and the
 * connection goes to the very one that was: a name that leads elsewhere a moment later does not matter. Knows nothing of
 * what is sent.
 */
import { lookup as resolve } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { inputError } from '../../query/problem.ts';

/** Not to be called; its sentence may be shown. */
export class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError';
}

/** Everything that IANA's registries have as special, but what is globally reachable. */
const NOT_PUBLIC_4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Within 2000::/3, which alone is public; forms that carry an IPv4 address in them are refused with the rest. */
const NOT_PUBLIC_6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const notPublic4 = new BlockList();
for (const [net, prefix] of NOT_PUBLIC_4) notPublic4.addSubnet(net, prefix, 'ipv4');
const notPublic6 = new BlockList();
for (const [net, prefix] of NOT_PUBLIC_6) notPublic6.addSubnet(net, prefix, 'ipv6');
const public6 = new BlockList();
public6.addSubnet('2000::', 3, 'ipv6');

export function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !notPublic4.check(address, 'ipv4');
  if (isIP(address) !== 6 || address.includes('%')) return false;
  return public6.check(address, 'ipv6') && !notPublic6.check(address, 'ipv6');
}

const LONGEST = 2000;
const PRIVATE =
  'Webhooks go to public addresses only: this one is private, of this machine or of its network. Set WEBHOOK_ALLOW_PRIVATE=true to allow such addresses.';

/** The address as it is called. Throws InputError for what is no address of the web, or is written as a private one. */
export function readUrl(text: string, allowPrivate: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (!url || !isWeb || url.hostname === '' || text.length > LONGEST) {
    throw inputError('url', 'BAD_URL', `An https:// address of up to ${LONGEST} characters.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw inputError('url', 'BAD_URL', 'An address without user and password; what is sent is signed.');
  }
  if (url.protocol === 'http:' && !allowPrivate) {
    throw inputError('url', 'BAD_URL', 'An https:// address: what is sent names customers.');
  }
  const literal = addressIn(url);
  if (literal !== null && !allowPrivate && !isPublic(literal)) {
    throw inputError('url', 'PRIVATE_ADDRESS', PRIVATE);
  }
  url.hash = '';
  return url;
}

/** Throws InputError where the name leads to a private address now; where it leads nowhere, deliveries will say so. */
export async function checkName(url: URL, allowPrivate: boolean): Promise<void> {
  if (allowPrivate || addressIn(url) !== null) return;
  const found = await resolve(url.hostname, { all: true }).catch(() => []);
  if (found.every(({ address }) => isPublic(address))) return;
  throw inputError('url', 'PRIVATE_ADDRESS', PRIVATE);
}

/** An address written into the URL, in whatever spelling: the URL has made it one. */
function addressIn({ hostname }: URL): string | null {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? null : bare;
}

/** For what has been read long ago: rules and settings may be others now. Throws RefusedAddressError. */
export function assertMayCall(url: URL, allowPrivate: boolean): void {
  const literal = addressIn(url);
  if (allowPrivate) return;
  if (url.protocol !== 'https:') throw new RefusedAddressError('Not https.');
  if (literal !== null && !isPublic(literal)) throw new RefusedAddressError(PRIVATE);
}

type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** In the place of a socket's own look-up: gives only addresses that were checked, and none where one of them is private. */
export function guardedLookup(
  allowPrivate: boolean,
  resolveAll: Resolve = (hostname) => resolve(hostname, { all: true }),
): LookupFunction {
  return (hostname, options, callback) => {
    resolveAll(hostname).then(
      (found) => {
        const wanted = found.filter(({ family }) => !options.family || family === Number(options.family));
        const [first] = wanted;
        if (!allowPrivate && !found.every(({ address }) => isPublic(address))) {
          callback(new RefusedAddressError(PRIVATE), '', 0);
        } else if (!first) callback(new Error(`${hostname} leads to no address.`), '', 0);
        else if (options.all) callback(null, [...wanted]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, '', 0),
    );
  };
}
