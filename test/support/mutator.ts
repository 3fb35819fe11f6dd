// Forges programs: changes words of an image, so that some are refused and many (those whose words are exchanged for
// others like them) are not. Which words is a matter of chance, but every cell and every register gets its turn, not
// only the long ones.

import { HEAP, Immediate, REGISTER_WORDS, REGISTERS } from "../../vm/format/words.js";
import type { Random } from "./random.js";

const immediates = [Immediate.UNDEFINED, Immediate.NULL, Immediate.TRUE, Immediate.FALSE, Immediate.HOLE, Immediate.NONE, Immediate.DELETED];
const numbers = [0, 1, -1, 2, -2, 0x7fffffff, -0x80000000, 0x3fffffff << 1, 255, 256, 65535, 0x7ff80000];

export class Mutator {
  /** Offsets of the cells in `low`, and the same by kind. */
  private readonly cells: number[] = [];
  private readonly byKind: number[][] = [];

  /** `low`: registers, then heap; both arrays are changed. */
  constructor(private readonly random: Random, private readonly low: Int32Array, private readonly stack: Int32Array) {
    for (let at = REGISTER_WORDS; at < low.length; at += (low[at]! >>> 8) << 1) {
      this.cells.push(at);
      (this.byKind[low[at]! & 255] ??= []).push(at);
    }
  }

  /** Changes one to three words. Says which, and how. */
  mutate(): string {
    const said: string[] = [];
    for (let left = this.random.next(6) === 0 ? 3 : 1; left > 0; left--) {
      const [words, at] = this.place();
      const was = words[at]!;
      // One that has no other like it is changed to anything.
      const alike = this.random.next(8) < 5 ? this.alike(was) : was;
      words[at] = alike !== was ? alike : this.anything(was);
      said.push(`${words === this.stack ? "stack" : "low"}[${at}] ${was}→${words[at]}`);
    }
    return said.join(", ");
  }

  private place(): [Int32Array, number] {
    const { random, low, stack } = this;
    const where = random.next(16);
    if (where < 4 && stack.length > 0) return [stack, random.next(stack.length)];
    if (where === 4) return [low, random.next(REGISTER_WORDS)];
    if (where < 8) return [low, REGISTER_WORDS + random.next(low.length - REGISTER_WORDS)];
    const cell = random.pick(this.cells);
    return [low, cell + random.next((low[cell]! >>> 8) << 1)];
  }
  /** A word like it: another small integer, another immediate, a reference to another cell of the kind. */
  private alike(word: number): number {
    const { random } = this;
    if ((word & 1) === 0) return random.next(4) === 0 ? random.next(0x40000000) << 1 : random.next(64) << 1;
    if ((word & 3) === 3) return random.pick(immediates);
    if (word >> 2 < HEAP) return word;
    const others = this.byKind[this.low[(word >> 2) - REGISTERS]! & 255];
    return others === undefined ? word : (random.pick(others) + REGISTERS) << 2 | 1;
  }
  private anything(word: number): number {
    const { random, low } = this;
    switch (random.next(7)) {
      case 0: return word ^ (1 << random.next(32));
      case 1: return word + random.next(17) - 8;
      case 2: return low[random.next(low.length)]!;
      case 3: return (random.pick(this.cells) + REGISTERS) << 2 | 1;
      case 4: return random.pick(numbers);
      case 5: return random.pick(immediates);
      default: return word ^ ((1 + random.next(255)) << (8 * random.next(4)));
    }
  }
}
