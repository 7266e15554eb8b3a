/** A sum of whole numbers that stays exact beyond what a double can hold. Pure. */
export class WholeSum {
  private near = 0;
  private far = 0n;

  add(value: number): void {
    this.near += value;
    if (Math.abs(this.near) > LARGEST) {
      this.far += BigInt(this.near);
      this.near = 0;
    }
  }

  /** Rounded once, as ClickHouse rounds its sum of whole numbers. */
  value(): number {
    return this.far === 0n ? this.near : Number(this.far + BigInt(this.near));
  }
}

const LARGEST = 2 ** 51;
