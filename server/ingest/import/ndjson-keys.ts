/**
 * Sequences of names as lines have them, each found again by comparing bytes: most lines of a file name the same
 * things in the same order. What follows from a sequence is worked out once.
 */
import type { NamedField, NamedFields } from './ndjson-record.ts';

/** Where a name stands: in the line itself, in its `properties`, or as the name of those. */
export type Level = 'top' | 'properties' | 'container';

/** Beyond so many sequences lines are read one by one. */
const MAX_NODES = 20_000;

/** JavaScript puts whole numbers before other names. */
const ODD_NAME = /^(__proto__|\d+)$/;

/** A name after the names before it. */
export class KeyNode {
  readonly level: Level;
  readonly key: string;
  /** As it begins a member of the properties: `"name":`. */
  readonly prefix: Buffer;
  /** The field that it stands for. */
  readonly named: NamedField | null;
  private readonly tree: { readonly names: NamedFields; nodes: number };
  private readonly parent: KeyNode | null;
  private readonly bytes: Buffer;
  private readonly children: KeyNode[] = [];
  private ordered: readonly number[] | null | undefined;

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
    this.named = level === 'top' ? tree.names.named(this.key) : null;
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

  /** The members of a line that ends here in the order of their names; null where that is not plain to see. */
  order(): readonly number[] | null {
    if (this.ordered === undefined) this.ordered = this.workOutOrder();
    return this.ordered;
  }

  private workOutOrder(): readonly number[] | null {
    const path: KeyNode[] = [];
    for (let node: KeyNode = this; node.parent; node = node.parent) path.unshift(node);
    const names = new Set(path.map((node) => node.key));
    if (names.size < path.length || path.some(({ key }) => ODD_NAME.test(key))) return null;
    const members = path.filter((node) => node.level !== 'container').map((node) => node.key);
    const sorted = [...members].sort();
    return sorted.map((key) => members.indexOf(key));
  }
}
