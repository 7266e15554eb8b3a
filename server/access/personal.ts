/**
 * Which properties name or reach a single person: whoever may not see people may not filter, group or list by them,
 * since a group of one is a person. Goes by the property's name. Pure.
 */

/** The whole name; behind a dot they are of something else, as in `product.name`. */
const WHOLE: ReadonlySet<string> = new Set(['id', 'name', 'orderid', 'sessionid', 'messageid']);
/** The whole name, or what stands behind its last dot. */
const LAST: ReadonlySet<string> = new Set([
  ...['visitorid', 'address', 'ip', 'dob', 'ssn', 'token', 'mobile', 'wechat'],
  ...['lat', 'lng', 'lon', 'latitude', 'longitude'],
]);

const PARTS = [
  ...['email', 'phone', 'mobilenumber', 'firstname', 'lastname', 'fullname', 'username', 'nickname'],
  ...['surname', 'familyname', 'givenname', 'customername', 'birth', 'passport', 'street', 'ipaddr'],
  ...['deviceid', 'advertisingid', 'clientid', 'userid', 'customerid', 'anonymousid', 'cardnumber', 'iban'],
  ...['postaladdress', 'shippingaddress', 'billingaddress', 'homeaddress'],
  ...['邮箱', '电话', '手机', '姓名', '地址', '身份证', '生日', '昵称', '微信', '银行卡'],
];

/** True for `Email`, `customer_id`, `billing.phone`, `手机号`. */
export function isPersonal(property: string): boolean {
  const last = plain(property.split('.').at(-1) ?? '');
  const whole = plain(property);
  return WHOLE.has(whole) || LAST.has(whole) || LAST.has(last) || PARTS.some((part) => whole.includes(part));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

export const TRAITS = "customers' traits";
/** Places of inputs that name a property, or several. */
const NAMING: ReadonlySet<string> = new Set(['property', 'properties', 'by']);

/** The first thing in an input that would tell of one person, in words; null: none. */
export function personalPart(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, part] of Object.entries(value)) {
    if (key === 'of' && part === 'CUSTOMER') return TRAITS;
    if (NAMING.has(key)) {
      const names = (Array.isArray(part) ? part : [part]) as unknown[];
      const personal = names.find((name): name is string => typeof name === 'string' && isPersonal(name));
      if (personal !== undefined) return `anything by "${personal.slice(0, 60)}"`;
    }
    const found = personalPart(part);
    if (found !== null) return found;
  }
  return null;
}

/** Stands where the values of a condition are not told. */
const UNTOLD = '…';

/**
 * A rule or a whole journey map for those who may not see people: what conditions on customers' traits, or by what
 * names a person, compare with is left out, since such values name people. The rest is as it was.
 */
export function withoutPersons<T>(value: T): T {
  return strip(value, false) as T;
}

function strip(value: unknown, isOfTraits: boolean): unknown {
  if (Array.isArray(value)) return value.map((part) => strip(part, isOfTraits));
  if (typeof value !== 'object' || value === null) return value;
  const { of, property } = value as Readonly<Record<string, unknown>>;
  const isOfPerson =
    isOfTraits || of === 'CUSTOMER' || (typeof property === 'string' && isPersonal(property));
  const parts = Object.entries(value).map(([key, part]) => {
    const isTold = key !== 'values' || !isOfPerson;
    return [key, isTold ? strip(part, isOfTraits || key === 'trait') : [UNTOLD]];
  });
  return Object.fromEntries(parts) as unknown;
}
