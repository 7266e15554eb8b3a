/** Who is who, slow and obvious: groups of ids, each with a name; the rules of docs/semantics.md said once more. */

export type Traits = Readonly<Record<string, unknown>>;

interface Group {
  name: string;
  /** Identified as a customer: what joins the group keeps its name. */
  isKnown: boolean;
  readonly ids: Set<string>;
  traits: Traits;
}

export class WhoIsWho {
  private readonly groups: Group[] = [];

  groupOf(id: string): Group {
    const found = this.groups.find(({ ids }) => ids.has(id));
    if (found) return found;
    const group = { name: id, isKnown: false, ids: new Set([id]), traits: {} };
    this.groups.push(group);
    return group;
  }

  /** False where two customers would become one: then nothing is changed. */
  identify(customerId: string, anonymousId: string | null, traits: Traits): boolean {
    const own = this.groupOf(customerId);
    const other = anonymousId === null ? own : this.groupOf(anonymousId);
    if (other !== own) {
      const isAnothersId = other.name !== anonymousId;
      if (isAnothersId || (other.isKnown && own.isKnown)) return false;
      this.join(other, own);
    }
    own.isKnown = true;
    own.traits = { ...own.traits, ...traits };
    return true;
  }

  /** False where it is refused. */
  merge(id: string, into: string, didAnything: (id: string) => boolean): boolean {
    const from = this.groupOf(id);
    const to = this.groupOf(into);
    if (![from, to].every((group) => group.isKnown || [...group.ids].some(didAnything))) return false;
    if (from.name !== id || id === into) return false;
    if (from === to) to.name = into;
    else if (to.name !== into) return false;
    else this.join(from, to);
    to.isKnown = true;
    return true;
  }

  private join(other: Group, own: Group): void {
    for (const id of other.ids) own.ids.add(id);
    own.traits = { ...other.traits, ...own.traits };
    this.groups.splice(this.groups.indexOf(other), 1);
  }
}
