// A journey map that is being edited, and what can be done with its stages. Pure: each change gives a new map.

export interface DraftStage {
  key: string;
  name: string;
  color: string;
  description: string;
  rule: unknown;
  isLost: boolean;
}

export interface DraftJourneyStage {
  key: string;
  name: string;
  color: string;
  description: string;
  events: string[];
}

export interface DraftMap {
  stages: readonly DraftJourneyStage[];
  lifecycle: readonly DraftStage[];
  orderEvents: readonly string[];
  returnEvents: readonly string[];
}

export const MOST_STAGES = 30;

/** The parts of an answer that are the map, in one order of keys, so that equal maps are equal texts. */
export function draftOf(map: {
  stages: readonly DraftJourneyStage[];
  lifecycle: readonly DraftStage[];
  orderEvents: readonly string[];
  returnEvents: readonly string[];
}): DraftMap {
  return {
    stages: map.stages.map(({ key, name, color, description, events }) => ({
      ...{ key, name, color, description },
      events: [...events],
    })),
    lifecycle: map.lifecycle.map(({ key, name, color, description, rule, isLost }) => ({
      ...{ key, name, color, description, rule, isLost },
    })),
    orderEvents: [...map.orderEvents],
    returnEvents: [...map.returnEvents],
  };
}

export const isSame = (one: DraftMap, other: DraftMap): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** What stood in the browser's storage, where it is a map at all; what is wrong in it the server tells. */
export function checkDraft(raw: unknown): DraftMap | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const { stages, lifecycle, orderEvents, returnEvents } = raw as Record<string, unknown>;
  const isStage = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    ['key', 'name', 'color', 'description'].every((name) => name in value);
  const isJourneyStage = (value: unknown): boolean =>
    isStage(value) && Array.isArray((value as DraftJourneyStage).events);
  const isWhole =
    Array.isArray(stages) &&
    stages.every(isJourneyStage) &&
    Array.isArray(lifecycle) &&
    lifecycle.length > 0 &&
    lifecycle.every((value) => isStage(value) && 'rule' in (value as object)) &&
    Array.isArray(orderEvents) &&
    Array.isArray(returnEvents);
  if (!isWhole) return null;
  const given = raw as DraftMap;
  const whole = given.lifecycle.map((stage) => ({ ...stage, isLost: stage.isLost === true }));
  return draftOf({ ...given, lifecycle: whole });
}

type Keyed = { readonly key: string };

/** A key that none of the stages has: the name in plain letters, else `stage_N`. */
export function freeKey(name: string, stages: readonly Keyed[]): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[^a-z]+|_+$/g, '')
    .slice(0, 40);
  const taken = new Set(stages.map(({ key }) => key));
  if (plain && !taken.has(plain)) return plain;
  const stem = plain || 'stage';
  for (let n = 2; ; n += 1) if (!taken.has(`${stem}_${n}`)) return `${stem}_${n}`;
}

/** Colours to choose from: those of the built-in stages and the eight categories, safe for the colour-blind. */
export const COLORS = [
  ...['#a3acb0', '#4da9dc', '#3f9d5d', '#0f807b', '#d9a520', '#e57f2c', '#a383ae', '#a8442f', '#98b928'],
  ...['#459187', '#c9860f', '#9f90f5', '#b54c18', '#81cae2', '#824a97', '#ccc071', '#45484d'],
] as const;

/** The first that no stage has. */
export function freeColor(stages: readonly { readonly color: string }[]): string {
  const taken = new Set(stages.map(({ color }) => color.toLowerCase()));
  return COLORS.find((color) => !taken.has(color)) ?? COLORS[0];
}

/** A new stage above the last, which is everybody else. */
export function withStage(
  map: DraftMap,
  stage: Omit<DraftStage, 'key'>,
  at = map.lifecycle.length - 1,
): DraftMap {
  const place = Math.min(at, map.lifecycle.length - 1);
  const added = { ...stage, key: freeKey(stage.name, map.lifecycle) };
  return { ...map, lifecycle: [...map.lifecycle.slice(0, place), added, ...map.lifecycle.slice(place)] };
}

export function replaceStage(map: DraftMap, index: number, stage: DraftStage): DraftMap {
  return { ...map, lifecycle: map.lifecycle.map((other, i) => (i === index ? stage : other)) };
}

export function withoutStage(map: DraftMap, index: number): DraftMap {
  return { ...map, lifecycle: map.lifecycle.filter((_, i) => i !== index) };
}

/** The last stage is everybody else and stays the last. */
export function moveStage(map: DraftMap, from: number, to: number): DraftMap {
  const last = map.lifecycle.length - 1;
  if (from === to || from < 0 || to < 0 || from >= last || to >= last) return map;
  return { ...map, lifecycle: moved(map.lifecycle, from, to) };
}

export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, i) => i !== from);
  const item = list[from];
  return item === undefined ? rest : [...rest.slice(0, to), item, ...rest.slice(to)];
}

/** Another key, also where rules name the stage. */
export function rekeyed(map: DraftMap, from: string, to: string): DraftMap {
  const named = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(named);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([kind, part]) => [
        kind,
        kind === 'stageBefore' && Array.isArray(part)
          ? part.map((key: unknown) => (key === from ? to : key))
          : named(part),
      ]),
    );
  };
  return {
    ...map,
    lifecycle: map.lifecycle.map((stage) => ({
      ...stage,
      key: stage.key === from ? to : stage.key,
      rule: named(stage.rule),
    })),
  };
}

/** The event stands in this stage alone; null: in none. */
export function assigned(map: DraftMap, event: string, stage: string | null): DraftMap {
  return {
    ...map,
    stages: map.stages.map((each) => {
      const others = each.events.filter((name) => name !== event);
      return { ...each, events: each.key === stage ? [...others, event] : others };
    }),
  };
}
