/**
 * Paths evaluated slowly and obviously over plain arrays: what the statements of paths are compared with.
 * Shares no code with them but the normalised question.
 */
import type { PathsQuery } from '../../server/insights/paths/paths.query.ts';

export interface OracleEvent {
  readonly id: string;
  readonly customer: string;
  readonly event: string;
  readonly timeMs: number;
  readonly channel: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The parts of a question that the oracle reads; which events take part is decided before. */
export type OracleQuery = Omit<PathsQuery, 'match' | 'where' | 'audience'>;

interface Visit {
  readonly node: string;
  readonly timeMs: number;
}

interface Path {
  readonly customer: string;
  readonly nodes: readonly string[];
  /** Seconds to each node from the one before; the first is 0. */
  readonly seconds: readonly number[];
}

export interface OracleNode {
  readonly step: number;
  readonly name: string;
  readonly paths: number;
  readonly customers: number;
  readonly ended: number;
}

export interface OracleEdge {
  readonly step: number;
  readonly from: string;
  readonly to: string;
  readonly paths: number;
  readonly customers: readonly string[];
  readonly averageSeconds: number;
  readonly medianSeconds: number;
}

export interface OracleGraph {
  readonly nodes: readonly OracleNode[];
  readonly edges: readonly OracleEdge[];
}

/** Journey stages by event, as `compileScope` has them. */
const STAGES: Readonly<Record<string, string>> = { page_view: 'discover', purchase: 'buy' };

export function pathsOracle(query: OracleQuery, events: readonly OracleEvent[]): OracleGraph {
  const customers = [...new Set(events.map((event) => event.customer))];
  const paths = customers.flatMap((customer) =>
    sessionsOf(
      query,
      events.filter((event) => event.customer === customer),
    ).flatMap((session) => pathOf(query, customer, session)),
  );
  return graphOf(query, paths);
}

// ---------------------------------------------------------------- events to paths

function sessionsOf(query: OracleQuery, events: readonly OracleEvent[]): Visit[][] {
  const visits = [...events]
    .filter(({ timeMs }) => timeMs >= query.range.fromMs && timeMs < query.range.toMs)
    .sort((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1))
    .map((event) => ({ node: grouped(query, nameOf(query, event)), timeMs: event.timeMs }))
    .filter(({ node }) => node !== '' && !query.exclude.includes(node));
  const sessions: Visit[][] = [];
  for (const visit of visits) {
    const before = sessions.at(-1)?.at(-1);
    if (before && visit.timeMs <= gapEnd(query, before.timeMs)) sessions.at(-1)?.push(visit);
    else sessions.push([visit]);
  }
  return sessions;
}

function gapEnd({ sessionGap }: OracleQuery, fromMs: number): number {
  const end = new Date(fromMs);
  const day = end.getUTCDate();
  end.setUTCDate(1);
  end.setUTCMonth(end.getUTCMonth() + sessionGap.months);
  const last = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate();
  end.setUTCDate(Math.min(day, last));
  return end.getTime() + sessionGap.ms;
}

function nameOf({ node, property }: OracleQuery, event: OracleEvent): string {
  const text = (name: string): string => {
    const value = event.properties[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  switch (node) {
    case 'EVENT':
      return event.event;
    case 'CHANNEL':
      return event.channel;
    case 'STAGE':
      return STAGES[event.event] ?? '';
    case 'PROPERTY':
      return text(property ?? '');
    case 'TOUCHPOINT': {
      if (event.event === 'page_viewed') {
        const url = text('url') && (new URL(text('url'), 'https://host').pathname || '/');
        const page = text('path') || url;
        return page === '' ? event.event : withoutSlash(page) || '/';
      }
      if (event.event === 'screen_viewed') return text('screen') || text('name') || event.event;
      return event.event;
    }
  }
}

function withoutSlash(name: string): string {
  return name.replace(/\/+$/, '');
}

function grouped({ groups }: OracleQuery, name: string): string {
  if (name === '') return '';
  return groups.find((pattern) => matches(name, pattern.split('*'))) ?? name;
}

/** Every piece of the pattern, in order, one after the other. */
function matches(name: string, pieces: readonly string[]): boolean {
  let at = 0;
  for (const piece of pieces) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return true;
}

function pathOf(query: OracleQuery, customer: string, session: readonly Visit[]): readonly Path[] {
  let walk = session.filter((visit, i) => session[i + 1]?.node !== visit.node);
  const find = (node: string): number =>
    walk.findIndex((visit) => withoutSlash(visit.node) === withoutSlash(node));
  if (query.startAt !== null) {
    if (find(query.startAt) === -1) return [];
    walk = walk.slice(find(query.startAt));
  }
  if (query.endAt !== null) {
    if (find(query.endAt) === -1) return [];
    walk = walk.slice(0, find(query.endAt) + 1);
  }
  const timed = walk.map(({ node, timeMs }, i) => ({
    node,
    seconds: (timeMs - (walk[i - 1]?.timeMs ?? timeMs)) / 1000,
  }));
  const kept = cut(query, timed);
  return [{ customer, nodes: kept.map((v) => v.node), seconds: kept.map((v) => v.seconds) }];
}

function cut<T extends { readonly node: string; readonly seconds: number }>(
  { startAt, endAt, maxSteps }: OracleQuery,
  walk: readonly T[],
): readonly { readonly node: string; readonly seconds: number }[] {
  if (walk.length <= maxSteps) return walk;
  if (endAt === null) return walk.slice(0, maxSteps);
  if (startAt === null) return walk.slice(walk.length - maxSteps);
  const head = Math.floor(maxSteps / 2);
  const middle = { node: '...', seconds: walk[head]?.seconds ?? 0 };
  return [...walk.slice(0, head), middle, ...walk.slice(walk.length - (maxSteps - head))];
}

// ---------------------------------------------------------------- paths to a graph

interface Move {
  readonly customer: string;
  readonly step: number;
  readonly from: string;
  /** Null: the path ends here. */
  readonly to: string | null;
  readonly seconds: number;
}

function movesOf({ customer, nodes, seconds }: Path): readonly Move[] {
  return nodes.map((from, i) => {
    const to = nodes[i + 1] ?? null;
    return { customer, step: i + 1, from, to, seconds: seconds[i + 1] ?? 0 };
  });
}

function graphOf(query: OracleQuery, paths: readonly Path[]): OracleGraph {
  const moves = paths.flatMap(movesOf);
  const edges = shownEdges(query, moves);
  const nodes = new Set<string>(edges.flatMap((e) => [key(e.step, e.from), key(e.step + 1, e.to)]));
  for (const end of largest(
    moves.filter((move) => move.step === 1 && move.to === null),
    query.maxEdges,
  )) {
    nodes.add(key(1, end.from));
  }
  if (query.startAt !== null)
    for (const {
      nodes: [first = ''],
    } of paths)
      nodes.add(key(1, first));
  const isShown = new Set(edges.map((e) => key(e.step, e.from, e.to)));
  const named = moves.map((move) => {
    const from = nodes.has(key(move.step, move.from)) ? move.from : '';
    if (move.to === null) return { ...move, from };
    const next = nodes.has(key(move.step + 1, move.to)) ? move.to : '';
    const isOver = isShown.has(key(move.step, move.from, move.to));
    return { ...move, from, to: isOver ? move.to : from === '' ? next : '' };
  });
  return {
    nodes: groupedBy(named, (move) => key(move.step, move.from)).map((group) => ({
      step: group[0].step,
      name: group[0].from,
      paths: group.length,
      customers: new Set(group.map((move) => move.customer)).size,
      ended: group.filter((move) => move.to === null).length,
    })),
    edges: groupedBy(
      named.filter((move) => move.to !== null),
      (move) => key(move.step, move.from, move.to ?? ''),
    ).map((group) => ({
      step: group[0].step,
      from: group[0].from,
      to: group[0].to ?? '',
      paths: group.length,
      customers: [...new Set(group.map((move) => move.customer))].sort(),
      averageSeconds: group.reduce((sum, move) => sum + move.seconds, 0) / group.length,
      medianSeconds: median(group.map((move) => move.seconds)),
    })),
  };
}

function shownEdges(query: OracleQuery, moves: readonly Move[]) {
  const all = groupedBy(
    moves.filter((move) => move.to !== null),
    (move) => key(move.step, move.from, move.to ?? ''),
  );
  const allowed = all.filter(
    ({ length }) => length >= (query.minPaths ?? 0) && length <= (query.maxPaths ?? Infinity),
  );
  let edges = largest(allowed.flat(), query.maxEdges).map(({ step, from, to }) => ({
    step,
    from,
    to: to ?? '',
  }));
  if (query.startAt === null) return edges;
  for (let changed = true; changed;) {
    const reached = new Set(edges.map((e) => key(e.step + 1, e.to)));
    const still = edges.filter((e) => e.step === 1 || reached.has(key(e.step, e.from)));
    changed = still.length < edges.length;
    edges = still;
  }
  return edges;
}

/** One move of each of the `most` largest groups; equal ones by their names with the step before them. */
function largest(moves: readonly Move[], most: number): readonly Move[] {
  const name = ({ step, from, to }: Move): [string, string] => [`${step}_${from}`, `${step + 1}_${to ?? ''}`];
  return groupedBy(moves, (move) => key(move.step, move.from, move.to ?? ''))
    .sort((a, b) => {
      const [aFrom, aTo] = name(a[0]);
      const [bFrom, bTo] = name(b[0]);
      return b.length - a.length || compare(aFrom, bFrom) || compare(aTo, bTo);
    })
    .slice(0, most)
    .map(([first]) => first);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function key(...parts: readonly (string | number)[]): string {
  return JSON.stringify(parts);
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (i: number): number => sorted[i] ?? 0;
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
}
