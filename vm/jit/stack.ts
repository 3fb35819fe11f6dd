// What an instruction's text is made with: the operand stack, which lives in variables within a basic block, and the ways
// to leave compiled code and to go on. emit.ts has the picture of the whole function and says what an exit is.

import { Field } from "../format/cells.js";
import { Reg } from "../format/registers.js";
import { Immediate } from "../format/words.js";
import type { Block, Decoding } from "./decode.js";

/** What compiled functions return beside a Status: see jit.ts. */
export const Outcome = {
  /** Returned to the compiled caller. */ DONE: -1,
  /** Not entered; nothing has changed. */ REFUSED: -2,
  /** The state is in the registers: go on there. */ SWITCH: -3,
  /** The fuel does not suffice for a whole block. */ LOW: -4,
  /** No label is at PC. */ ELSEWHERE: -5,
  /** The host's stack is deep enough: go on from its bottom. */ DEEP: -6,
  /** The function has been compiled anew: leave this one. */ REPLACED: -7,
} as const;

/** A place where compiled code gives up: the interpreter goes on at `pc`. */
export interface Exit {
  readonly pc: number;
  /** The stack pointer there, as a distance below fp. */
  readonly below: number;
  /** Steps to be given back. */
  readonly refund: number;
  /** The instruction that gave up; -1 where only the fuel was missing. */
  readonly culprit: number;
  count: number;
}
export interface EmitOptions {
  /** The tags of keys in the property cache (kernel/property.ts), and CALL_MARGIN. */
  readonly storeTag: number;
  readonly defineTag: number;
  readonly callMargin: number;
  /** Where the cache counts how often it was emptied. */
  readonly flushesAt: number;
  /** Address of the first variable of the core. */
  readonly coreVariables: number;
  /** Instructions that have given up too often, and how many times: once, then they do more by themselves where they can; else they are left to `step`. */
  readonly culprits: ReadonlyMap<number, number>;
}

/** Where a word of the operand stack is now; `stored`: at its home as well. */
export type Entry =
  | { at: "home" } | { at: "word"; stored: boolean } | { at: "number" }
  | { at: "constant"; word: number; stored: boolean } | { at: "local"; slot: number; stored: boolean };
export const HOME: Entry = { at: "home" };
export const WORD: Entry = { at: "word", stored: false };
export const NUMBER: Entry = { at: "number" };

const { NONE } = Immediate;

export abstract class StackText {
  protected readonly lines: string[] = [];
  protected readonly exits: Exit[] = [];
  protected stack: Entry[] = [];
  protected readonly slotsUsed = new Set<number>();
  protected readonly slotNumbers = new Set<number>();
  protected words = 0;
  protected numbers = 0;
  protected caches = 0;
  /** By depth: the highest variable used of the scope that many parents up; likewise by module. */
  protected readonly scopes = new Map<number, number>();
  protected readonly modules = new Map<number, number>();
  protected readonly labels = new Map<number, number>();
  protected currentBlock!: Block;
  protected index = 0;
  /** Index in the block of the instruction where an exit goes on. */
  protected resume = 0;
  protected hasExit = new Map<string, number>();
  /** Locals whose value is in d<slot>. */
  protected readonly known = new Set<number>();

  constructor(protected readonly decoding: Decoding, protected readonly options: EmitOptions) {
    decoding.blocks.forEach((block, index) => this.labels.set(block.pc, index));
  }

  protected put(text: string): void { if (text !== "") this.lines.push(text); }

  // The operand stack.

  protected home(index: number): string { return `M[fp-${this.decoding.slots + index}]`; }
  /** How far below fp the stack pointer is while `depth` words are on the operand stack. */
  protected below(depth: number): number { return this.decoding.slots + depth - 1; }
  protected s(index: number): string { this.words = Math.max(this.words, index + 1); return `s${index}`; }
  protected n(index: number): string { this.numbers = Math.max(this.numbers, index + 1); return `n${index}`; }
  protected local(slot: number): string { this.slotsUsed.add(slot); return `l${slot}`; }
  protected d(slot: number): string { this.slotNumbers.add(slot); return `d${slot}`; }
  /** Changes whenever the property cache is emptied: then what a place remembers of other objects than its own is void. */
  protected get flushes(): string { return `C[${this.options.flushesAt}]`; }
  protected get depth(): number { return this.stack.length; }
  /** A tagged word of the stack as an expression that may be evaluated more than once. */
  protected word(index: number): string {
    const entry = this.stack[index]!;
    switch (entry.at) {
      case "word": return this.s(index);
      case "constant": return String(entry.word);
      case "local": return this.local(entry.slot);
      case "home":
        this.put(`${this.s(index)}=${this.home(index)};`);
        this.stack[index] = { at: "word", stored: true };
        break;
      case "number":
        this.put(`if((${this.s(index)}=numberResult(${this.n(index)}))===${NONE})${this.exit()}`);
        this.stack[index] = WORD;
    }
    return this.s(index);
  }
  protected push(entry: Entry): void { this.stack.push(entry); }
  /** Pushes a word that an expression gives. */
  protected pushWord(expression: string): void {
    this.put(`${this.s(this.depth)}=${expression};`);
    this.push(WORD);
  }
  /** Replaces the top `pops` words by one. */
  protected replace(pops: number, expression: string): void {
    this.stack.length -= pops;
    this.pushWord(expression);
  }
  protected two(): [string, string] { return [this.word(this.depth - 2), this.word(this.depth - 1)]; }

  /** An instruction has done something: from here on an exit goes on behind it, so the whole stack has to be at home. */
  protected done(): void {
    // Boxes first: where there is no room for one, the exit would do again what has been done, so `boxed` came before.
    this.stack.forEach((entry, index) => {
      if (entry.at === "home" || (entry.at !== "number" && entry.stored)) return;
      this.put(`${this.home(index)}=${this.word(index)};`);
      this.stack[index] = { ...this.stack[index]!, stored: true } as Entry;
    });
    this.resume = this.index + 1;
  }
  /** Before an instruction that does something: what has no box yet gets one, while an exit can still go back. */
  protected boxed(): void { this.stack.forEach((entry, index) => { if (entry.at === "number") this.word(index); }); }
  /** The same for instructions that need their operands at home: as if the one before had been `done`. */
  protected settled(): void {
    this.boxed();
    this.index--;
    this.done();
    this.index++;
  }
  /** Before a local changes: what stands for its old value on the stack is copied. */
  protected detach(slot: number): void {
    this.known.delete(slot);
    this.stack.forEach((entry, index) => {
      if (entry.at !== "local" || entry.slot !== slot) return;
      this.put(`${this.s(index)}=${this.local(slot)};`);
      this.stack[index] = { at: "word", stored: entry.stored };
    });
  }

  // Leaving and going on.

  protected constant(index: number): string { return `M[code+${Field.CODE_TAIL! + index}]`; }
  protected addExit(index: number, culprit: number): number {
    const { instructions } = this.currentBlock;
    const key = `${index} ${culprit}`;
    let number = this.hasExit.get(key);
    if (number === undefined) {
      const at = instructions[index];
      const last = instructions.at(-1)!;
      // Behind the last instruction the depth is that of the stack now.
      const exit: Exit = { pc: at?.pc ?? last.next, below: this.below(at?.depth ?? this.depth), refund: instructions.length - index, culprit, count: 0 };
      number = this.exits.push(exit) - 1;
      this.hasExit.set(key, number);
    }
    return number;
  }
  /** Text that leaves the current instruction, and what came before it since `resume`, to the interpreter. */
  protected exit(): string { return `{status=${this.addExit(this.resume, this.currentBlock.instructions[this.index]!.pc)};break cold;}`; }
  /** Steps taken from the fuel for instructions behind the current one. */
  protected get ahead(): number { return this.currentBlock.instructions.length - this.index - 1; }
  /** Text that takes FUEL over, which bulk work may have been charged to; the stack is at home. */
  protected charged(): string {
    if (this.ahead === 0) return `fuel=M[${Reg.FUEL}];`;
    return `if((fuel=M[${Reg.FUEL}]-${this.ahead})<0){status=${this.addExit(this.index + 1, -1)};break cold;}`;
  }
  /** Leaves the instruction to `step`, and what it calls to the machine; goes on behind it. */
  protected step(): void {
    const { pc, next, table, operands } = this.currentBlock.instructions[this.index]!;
    this.settled();
    this.put(`if((status=slow(${pc},fp-${this.below(this.depth)},fp,fuel+${this.ahead + 1},${next},depth))!==0)break done;`);
    this.stack.fill(HOME);
    this.stack.length -= table.pops + (table.popsOperand < 0 ? 0 : operands[table.popsOperand]!);
    for (let i = 0; i < table.pushes; i++) this.push(HOME);
    this.resume = this.index + 1;
    if (table.flow === "end" || table.flow === "goto" || table.flow === "jump") this.put(`status=${Outcome.SWITCH};break done;`);
    else this.put(this.charged());
  }
  /** An instruction that takes this frame off the stack: another may lie in its place then, so nothing here may go on. */
  protected leap(): void {
    const { pc, table, operands } = this.currentBlock.instructions[this.index]!;
    this.settled();
    this.put(`return leap(${pc},fp-${this.below(this.depth)},fp,fuel+${this.ahead + 1});`);
    this.stack.length -= table.pops + (table.popsOperand < 0 ? 0 : operands[table.popsOperand]!);
    for (let i = 0; i < table.pushes; i++) this.push(HOME);
    this.stack.fill(HOME);
  }
  /** `t` holds the result of a kernel function, NONE where it gave up: replaces `pops` words by it. */
  protected result(pops: number): void {
    this.put(`if(t===${NONE})${this.exit()}`);
    this.replace(pops, "t");
  }
  protected jump(target: number): string { return `{label=${this.labels.get(target)!};continue L;}`; }
}
