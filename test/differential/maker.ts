// What all parts of the generator share: the random choices of one program, how much of it is still to be made, the names
// in sight, and what the language allows at the place that is being written (a `yield`, a `super`, a `break`). Parts are
// functions from a Maker to text. Every composite expression comes in parentheses, so that parts can be put together
// without a thought of precedence; what is about precedence itself is made in one place (expressions.ts, chain).

import { Random } from "../support/random.js";

/** What a name is bound to when it was declared; programs assign what they like later. */
export type Kind = "value" | "function" | "generator" | "async" | "asyncGenerator" | "class" | "array" | "object" | "text" | "number";
export interface Name { name: string; kind: Kind }

/** What the language allows here. */
export interface Place {
  strict: boolean;
  yields: boolean;
  awaits: boolean;
  /** `return`, `arguments` and `new.target`; not in a class's field or static block. */
  inFunction: boolean;
  /** `arguments` is refused in fields and static blocks. */
  argumentsAllowed: boolean;
  superMember: boolean;
  superCall: boolean;
  /** An unlabelled continue, or break. */
  loop: boolean;
  breakable: boolean;
  loopLabels: readonly string[];
  labels: readonly string[];
  /** Private names in sight. */
  privates: readonly string[];
}

export const TOP: Place = {
  strict: false, yields: false, awaits: false, inFunction: true, argumentsAllowed: true, superMember: false, superCall: false,
  loop: false, breakable: false, loopLabels: [], labels: [], privates: [],
};
/** What a function's body leaves behind of the place around it. */
export const BODY: Partial<Place> = {
  yields: false, awaits: false, inFunction: true, argumentsAllowed: true, superMember: false, superCall: false,
  loop: false, breakable: false, loopLabels: [], labels: [],
};

export type Way = (() => string) | [number, () => string];

const DEPTH_MAX = 6;

export class Maker {
  readonly random: Random;
  names: Name[] = [];
  place: Place;
  private depth = 0;
  private serial = 0;

  /** `size`: how many expressions and statements the program has, about. */
  constructor(seed: number, private size: number, strict: boolean) {
    this.random = new Random(seed);
    for (let i = 0; i < 8; i++) this.random.next(2);
    this.place = { ...TOP, strict };
  }

  next(below: number): number { return this.random.next(below); }
  chance(percent: number): boolean { return this.random.next(100) < percent; }
  pick<T>(list: readonly T[]): T { return this.random.pick(list); }

  /** One of several ways, by weight (1 if none is given). */
  choose(...ways: Way[]): string {
    const weighted = ways.map((way) => (typeof way === "function" ? [1, way] as const : way));
    let left = this.random.next(weighted.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, make] of weighted) {
      left -= weight;
      if (left < 0) return make();
    }
    throw new Error("no way has any weight");
  }
  some(least: number, most: number, make: (index: number) => string): string[] {
    return Array.from({ length: least + this.next(most - least + 1) }, (_, index) => make(index));
  }

  /** Little is left to be made: take something simple. */
  get tired(): boolean { return this.depth >= DEPTH_MAX || this.size <= 0; }
  deeper(make: () => string): string {
    this.depth++;
    this.size--;
    try {
      return make();
    } finally {
      this.depth--;
    }
  }
  /** A part of the program begins that shall not suffer from how much was made before. */
  refresh(size: number): void { this.size = size; }

  fresh(prefix = "v"): string { return `${prefix}${this.serial++}`; }
  tag(): string { return `"${this.serial++}"`; }
  declare(name: string, kind: Kind = "value"): string {
    this.names.push({ name, kind });
    return name;
  }
  /** A name in sight, of that kind if there is one; undefined if there is none at all. */
  name(...kinds: Kind[]): string | undefined {
    const fitting = kinds.length === 0 ? this.names : this.names.filter(({ kind }) => kinds.includes(kind));
    const from = fitting.length > 0 ? fitting : kinds.length > 0 ? [] : this.names;
    if (from.length === 0) return undefined;
    // The newer ones more often, else what is near is never looked at.
    const near = this.chance(60) ? Math.max(0, from.length - 6) : 0;
    return from[near + this.next(from.length - near)]!.name;
  }
  /** What is declared inside is out of sight afterwards. */
  within(place: Partial<Place>, make: () => string): string {
    const outside = this.place;
    const count = this.names.length;
    this.place = { ...outside, ...place };
    try {
      return make();
    } finally {
      this.place = outside;
      this.names.length = count;
    }
  }
}
