/**
 * Sequences of names as lines have them, each found again by comparing bytes: most lines of a file name the same
 * things in the same order. What follows from a sequence is worked out once.
 */
import { FIELDS } from './fields.query.ts';
import type { NamedFields } from './ndjson-record.ts';

/** Where a name stands: in the line itself, in its `properties`, or as the name of those. */
export type Level = 'top' | 'properties' | 'container';

/** Beyond so many sequences lines are read one by one. */
const MAX_NODES = 20_000;

/** JavaScript puts whole numbers before other names. */
const ODD_NAME = /^(__proto__|\d+)$/;

export interface LineShape {
  /** Names of the members, as they come. */
  readonly nodes: readonly KeyNode[];
  /** Members that may be fields. */
  readonly named: Int32Array;
  /** The members in the order of their names. */
  readonly order: Int32Array;
}

/** A name after the names before it. */
export class KeyNode {
  readonly level: Level;
  readonly key: string;
  /** As it begins a member of the properties: `"name":`. */
  readonly prefix: Buffer;
  /** Place of the field that it stands for; -1: none. */
  readonly field: number;
  /** The lowest is the surest. */
  readonly rank: number;
  private readonly tree: { readonly names: NamedFields; nodes: number };
  private readonly parent: KeyNode | null;
  private readonly bytes: Buffer;
  private readonly children: KeyNode[] = [];
  private known: LineShape | null | undefined;

  static root(names: NamedFields): KeyNode {
    return new KeyNode({ names, nodes: 0 }, null, Buffer.alloc(0), 'container');
  }

  private constructor(tree: KeyNode['tree'], parent: KeyNode | null, bytes: Buffer, level: Level) {
    this.tree = tree;
    this.parent = parent;
    this.bytes = bytes;
    this.level = level;
    this.key = bytes.toString('utf8');
    this.prefix = Buffer.from(`"${this.key}":`);
    const named = level === 'top' ? tree.names.named(this.key) : null;
    this.field = named ? FIELDS.indexOf(named.field) : -1;
    this.rank = named?.rank ?? 0;
  }

  /** The name that follows; null once there are too many. */
  child(source: Buffer, start: number, end: number, level: Level): KeyNode | null {
    const length = end - start;
    for (const node of this.children) {
      const { bytes } = node;
      if (bytes.length !== length || node.level !== level) continue;
      let i = 0;
      while (i < length && bytes[i] === source[start + i]) i += 1;
      if (i === length) return node;
    }
    this.tree.nodes += 1;
    if (this.tree.nodes > MAX_NODES) return null;
    const added = new KeyNode(this.tree, this, Buffer.from(source.subarray(start, end)), level);
    this.children.push(added);
    return added;
  }

  /** What holds of every line whose names end here; null where that is not plain to see. */
  shape(): LineShape | null {
    if (this.known === undefined) this.known = this.workOut();
    return this.known;
  }

  private workOut(): LineShape | null {
    const path: KeyNode[] = [];
    const add = (node: KeyNode): void => {
      if (node.parent) add(node.parent);
      if (node.parent) path.push(node);
    };
    add(this);
    const names = new Set(path.map((node) => node.key));
    if (names.size < path.length || path.some(({ key }) => ODD_NAME.test(key))) return null;
    const members = path.filter((node) => node.level !== 'container');
    const keys = members.map((node) => node.key);
    return {
      nodes: members,
      named: Int32Array.from(members.flatMap((node, i) => (node.field < 0 ? [] : [i]))),
      order: Int32Array.from([...keys].sort().map((key) => keys.indexOf(key))),
    };
  }
}
