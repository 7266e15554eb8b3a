/**
 * The properties of the generated retailer's events, as JSON text put together from constant pieces. Few and
 * plainly typed: what a visit carries (device, country) and what the event is about.
 */
import { int, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import { CONTENT_PATHS, COUPONS, LANDING_PATHS, PRODUCTS, SCREENS, SEARCHES, SOURCES } from './assortment.ts';
import { indices } from './generator-customers.sql.ts';
import { SLOT } from './generator-visits.sql.ts';
import { PLACES, STORE_SUFFIXES } from './people.ts';

/** Members of an object without its braces, each with a comma before: `,"a":1,"b":"x"`. */
function members(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`)
    .join('');
}

/** The piece that stands at a 0-based position of a constant list; none past its end. */
function piece(position: Sql, pieces: readonly string[]): Sql {
  return sql`transform(toUInt64(${position}), ${indices(pieces.length)}, ${param.strings(pieces)}, '')`;
}

const productPieces = PRODUCTS.map((product) =>
  members({ product: product.name, category: product.category, brand: product.brand, price: product.price }),
);
const categoryPieces = PRODUCTS.map((product) => members({ category: product.category }));
const countryPieces = PLACES.map((place) => members({ country: place.country }));
const storePieces = PLACES.flatMap((place) =>
  STORE_SUFFIXES.map((suffix) =>
    members({ country: place.country, city: place.city, store: `${place.city} ${suffix}` }),
  ),
);
const sourcePieces = SOURCES.flatMap((source) =>
  source.campaigns.map(([campaign, utm]) => members({ campaign, campaign_source: utm })),
);

/** Eight values of one property. */
function eight(key: string, values: readonly string[]): readonly string[] {
  return values.map((value) => members({ [key]: value }));
}

const other = sql`bitAnd(bitShiftRight(a, 8), 7)`;

/** What the visit brings: its place and device; in a store, the store. */
export const visitProperties = sql`multiIf(
          channel = 'store', ${piece(sql`place * 2 + bitAnd(c, 1)`, storePieces)},
          device = '', ${piece(sql`place`, countryPieces)},
          concat(',"device":"', device, '"', ${piece(sql`place`, countryPieces)}))`;

/** What the event is about. */
export const eventProperties = sql`multiIf(
        slot IN (${int(SLOT.viewed)}, ${int(SLOT.wished)}), ${piece(sql`product`, productPieces)},
        slot IN (${int(SLOT.viewedSecond)}, ${int(SLOT.viewedThird)}),
          ${piece(sql`bitAnd(product, 56) + bitAnd(bitShiftRight(a, slot), 7)`, productPieces)},
        slot = ${int(SLOT.source)}, ${piece(sql`(source - 1) * 4 + bitAnd(bitShiftRight(a, 8), 3)`, sourcePieces)},
        slot = ${int(SLOT.landed)}, multiIf(channel = 'store', '',
          concat(if(channel = 'app', ${piece(other, eight('screen', SCREENS))}, ${piece(other, eight('path', LANDING_PATHS))}),
            if(source = 4, ${piece(sql`12 + bitAnd(bitShiftRight(a, 8), 3)`, sourcePieces)}, ''))),
        slot = ${int(SLOT.content)}, ${piece(other, eight('path', CONTENT_PATHS))},
        slot = ${int(SLOT.searched)}, ${piece(other, eight('query', SEARCHES))},
        slot = ${int(SLOT.listed)}, ${piece(sql`product`, categoryPieces)},
        slot IN (${int(SLOT.added)}, ${int(SLOT.addedSecond)}, ${int(SLOT.ordered)}),
          concat(${piece(sql`if(slot = ${int(SLOT.addedSecond)}, bitXor(product, 1), product)`, productPieces)},
            ',"quantity":', toString(1 + toUInt8(bitAnd(a, 7) = 0)),
            if(slot = ${int(SLOT.ordered)} AND bitTest(slots, ${int(SLOT.coupon)}), ${piece(sql`bitAnd(bitShiftRight(a, 8), 3)`, eight('coupon', COUPONS))}, '')),
        slot = ${int(SLOT.coupon)}, ${piece(sql`bitAnd(bitShiftRight(a, 8), 3)`, eight('coupon', COUPONS))},
        slot IN (${int(SLOT.refunded)}, ${int(SLOT.reviewed)}), ${piece(sql`product`, productPieces)},
        '')`;
