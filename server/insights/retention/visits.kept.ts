/** What one customer did, interval by interval in order; the same objects serve one customer after the other. */

export interface Visit {
  /** Position of the interval among the rows. */
  slot: number;
  /** Events that are a start, a return, and a return that bears revenue. */
  starts: number;
  returns: number;
  paid: number;
  /** Of the returns, ten-thousandths. */
  amount: number;
}

export class Visits {
  private readonly visits: Visit[] = [];
  private used = 0;

  get count(): number {
    return this.used;
  }

  at(index: number): Visit {
    const visit = this.visits[index];
    if (!visit) throw new RangeError(`There is no visit ${index}.`);
    return visit;
  }

  clear(): void {
    this.used = 0;
  }

  /** The visit in a slot, begun with nothing where there is none yet. */
  in(slot: number): Visit {
    const { visits } = this;
    let at = this.used;
    while (at > 0 && (visits[at - 1]?.slot ?? 0) > slot) at -= 1;
    const known = visits[at - 1];
    if (at > 0 && known?.slot === slot) return known;
    const visit = visits[this.used] ?? { slot, starts: 0, returns: 0, paid: 0, amount: 0 };
    for (let i = this.used; i > at; i -= 1) visits[i] = this.at(i - 1);
    visits[at] = visit;
    this.used += 1;
    visit.slot = slot;
    visit.starts = visit.returns = visit.paid = visit.amount = 0;
    return visit;
  }
}
