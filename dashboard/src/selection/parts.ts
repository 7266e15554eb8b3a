// An audience as a list of parts, each in its place: all of these, any of these, none of these. What the builder of
// audiences shows and changes. Pure.
import { EVERYBODY } from './audience.ts';
import type { Audience, Part } from './audience.ts';

export const PLACES = ['all', 'any', 'none'] as const;
export type Place = (typeof PLACES)[number];

export interface Placed {
  place: Place;
  part: Part;
}

export const partsOf = ({ saved, stages, did, any, none }: Audience): Placed[] => [
  ...(saved ? [{ place: 'all' as const, part: { saved } }] : []),
  ...(stages.length ? [{ place: 'all' as const, part: { stages } }] : []),
  ...did.map((one) => ({ place: 'all' as const, part: { did: one } })),
  ...(any ?? []).map((part) => ({ place: 'any' as const, part })),
  ...(none ?? []).map((part) => ({ place: 'none' as const, part })),
];

/** Of several saved audiences, or sets of stages, that must all hold, the last one counts. */
export function audienceOf(placed: readonly Placed[]): Audience {
  const at = (place: Place) => placed.filter((one) => one.place === place).map(({ part }) => part);
  const audience: Audience = { ...EVERYBODY, did: [] };
  for (const part of at('all')) {
    if ('saved' in part) audience.saved = part.saved;
    else if ('stages' in part) audience.stages = [...part.stages];
    else audience.did.push(part.did);
  }
  const [any, none] = [at('any'), at('none')];
  return { ...audience, ...(any.length && { any }), ...(none.length && { none }) };
}

/** One saved audience and one set of stages may stand where all must hold. */
export const isSingle = (part: Part): boolean => !('did' in part);
const kindOf = (part: Part): string => Object.keys(part)[0] ?? '';

/** The part in another place; what stands there already and can stand there only once takes its place in turn. */
export function placedAt(placed: readonly Placed[], index: number, place: Place): Placed[] {
  const from = placed[index];
  if (!from || from.place === place) return [...placed];
  const isTaken = (other: Placed) =>
    place === 'all' &&
    other.place === 'all' &&
    isSingle(from.part) &&
    kindOf(other.part) === kindOf(from.part);
  return placed.map((other, i) => {
    if (i === index) return { ...from, place };
    return isTaken(other) ? { ...other, place: from.place } : other;
  });
}

/** True when the part says something. */
export const isSaid = (part: Part): boolean => !('stages' in part) || part.stages.length > 0;

/** Where the part stands in the list that the audience gives back; null when it is not there. */
export function indexOf(placed: readonly Placed[], wanted: Placed): number | null {
  const text = JSON.stringify(wanted);
  const index = placed.findIndex((one) => JSON.stringify({ place: one.place, part: one.part }) === text);
  return index < 0 ? null : index;
}
