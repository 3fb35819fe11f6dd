// A seeded source of numbers: every random choice of a test comes from one of these, so that a failure's seed repeats it.

export class Random {
  private state: number;
  constructor(seed: number) { this.state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 1; }

  /** An integer from 0 to `below` - 1. Source: Marsaglia, xorshift32. */
  next(below: number): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return (x >>> 0) % below;
  }

  /** One element of a list. */
  pick<T>(list: readonly T[]): T { return list[this.next(list.length)]!; }
}

/** A seed from a name: every program gets choices of its own, the same in every run. */
export function seedOf(name: string): number {
  let seed = 17;
  for (const letter of name) seed = (Math.imul(seed, 31) + letter.charCodeAt(0)) | 0;
  return seed >>> 0;
}
