/** Which numbers came before, for a few at a time and often: a list is looked through sooner than a set is filled. */

const FEW = 16;

export class Distinct {
  private readonly few = new Float64Array(FEW);
  private count = 0;
  private readonly rest = new Set<number>();

  /** True for a number that was not added since the last `clear`. */
  add(value: number): boolean {
    const { few, count } = this;
    for (let i = 0; i < count; i += 1) if (few[i] === value) return false;
    if (count < FEW) {
      few[count] = value;
      this.count = count + 1;
      return true;
    }
    if (this.rest.has(value)) return false;
    this.rest.add(value);
    return true;
  }

  clear(): void {
    this.count = 0;
    if (this.rest.size > 0) this.rest.clear();
  }
}
