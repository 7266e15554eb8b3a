/** Times that customers took, kept for their average and quantiles in the form that statements give. Pure. */
import { quantileExactInclusive, SortedValues } from '../../../query/sorted-values.ts';
import { WholeSum } from './whole-sum.ts';

export class Spans {
  /** In milliseconds. */
  readonly values = new SortedValues();
  private readonly sum = new WholeSum();

  count(ms: number, weight: 1 | -1): void {
    if (weight === 1) this.values.add(ms);
    else this.values.remove(ms);
    this.sum.add(weight * ms);
  }

  average(): number | string {
    const { size } = this.values;
    return size === 0 ? '-nan' : this.sum.value() / size;
  }

  quantile(share: number): number | string {
    const value = quantileExactInclusive(this.values, share);
    return Number.isNaN(value) ? 'nan' : value;
  }

  /** How many are shorter. */
  below(ms: number): number {
    let low = 0;
    let high = this.values.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.values.at(middle) < ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
