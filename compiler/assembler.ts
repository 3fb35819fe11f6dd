// From a list of instructions to a FunctionUnit. The code generator emits instructions with labels instead of
// distances; the assembler follows the operand stack while they come, joins pairs that are one instruction, drops what
// cannot be reached, chooses the short and long forms, and lays the bytes out.
//
// The stack's depth is known at every instruction: a label takes the depth of the first jump to it (or, for the head of
// a loop, the one it is placed with), and any later one must agree, else the code generator is wrong and it throws.
// Emitting where nothing can arrive (after a jump or return, before the next label that something jumps to) does nothing.
//
// An instruction that depends on its neighbour (a pair that is joined) may not be joined over a place where a label,
// or the border of a handler's range, lies between: `barrier` is the index from which joining is allowed.

import { codeLimit, HANDLER_WORDS } from "../vm/format/code.js";
import { Op, opcodes, opNames, instructionLayout, type Instruction, type OpName } from "../vm/format/opcodes.js";
import type { Place } from "./error.js";
import { shorten, shortJump } from "./shorten.js";
import { threadJumps } from "./threading.js";
import type { Constant, DebugInfo, FunctionUnit, Handler, Label as UnitLabel, LineEntry, Wording } from "../vm/unit.js";

/** A place in the code. */
export class Label {
  /** Words on the operand stack there; -1 while unknown. */
  depth = -1;
  /** Index of the instruction it stands before; -1 while not placed. */
  index = -1;
  /** Something jumps to it. */
  reached = false;
}

/** An exception handler and the stretches of code it covers. */
export class Region {
  readonly target = new Label();
  readonly ranges: { start: number; end: number }[] = [];
  open = -1;
  constructor(readonly depth: number) {}
}

export interface Item {
  op: number;
  /** But for the jump's. */
  operands: number[];
  label: Label | null;
  /** Offset in the source that it comes from, -1 if that of the one before. */
  source: number;
  /** What it is about, in the source's words, for errors (wording.ts). */
  words?: string;
}

export const instructions: readonly Instruction[] = opNames.map((name) => opcodes[name]);
const layouts = instructions.map(instructionLayout);

/** A comparison followed by a conditional jump is one instruction: [if it was JUMP_FALSE, if it was JUMP_TRUE]. */
const joinedJumps: Partial<Record<OpName, [OpName, OpName]>> = {
  LT: ["JUMP_NOT_LT", "JUMP_LT"], LE: ["JUMP_NOT_LE", "JUMP_LE"], GT: ["JUMP_NOT_GT", "JUMP_GT"], GE: ["JUMP_NOT_GE", "JUMP_GE"],
  SEQ: ["JUMP_SNE", "JUMP_SEQ"], SNE: ["JUMP_SEQ", "JUMP_SNE"], NOT: ["JUMP_TRUE", "JUMP_FALSE"],
};
const wideForms: Partial<Record<OpName, OpName>> = { GET_LOCAL: "GET_LOCAL16", PUT_LOCAL: "PUT_LOCAL16", SET_LOCAL: "SET_LOCAL16" };

export const SHORT_JUMP = 0x7f00;

/** Where the instructions of a function were written. Most functions are of one file. */
class LineTable {
  private readonly lines: LineEntry[] = [];
  private readonly files: string[] = [];
  private last: Place | undefined;

  add(offset: number, place: Place): void {
    const { last } = this;
    if (place.file !== last?.file) {
      const known = this.files.indexOf(place.file);
      const file = known >= 0 ? known : this.files.push(place.file) - 1;
      if (last !== undefined) this.lines.push({ offset, file });
    } else if (last.line === place.line && last.column === place.column) return;
    this.lines.push({ offset, line: place.line, column: place.column });
    this.last = place;
  }
  content(): { lines: LineEntry[]; files: string[] } { return { lines: this.lines, files: this.files }; }
}

/** Thrown for what the format cannot hold; the code generator adds the position. */
export class LimitError extends Error {}

/** Words of a code cell's head and tables beyond constants, handlers and labels, at most. */
const HEAD_MAX = 8;
/** The code cell counts them in a field of so many bits. */
function limit(most: number, count: number, what: string): void {
  if (count > most) throw new LimitError(`more than ${most} ${what} in one function`);
}

export class Assembler {
  private items: Item[] = [];
  private readonly handlers: Region[] = [];
  private readonly constants: Constant[] = [];
  private readonly constantNumbers = new Map<string, number>();
  private barrier = 0;
  private source = -1;
  /** Words on the operand stack here; -1 where nothing can arrive. */
  depth = 0;

  /** Code of the core has instructions of its own (shorten.ts). */
  constructor(private readonly core = false) {}

  get reachable(): boolean { return this.depth >= 0; }

  /** The instructions from here on come from this offset of the source. */
  at(offset: number): void { this.source = offset; }

  constant(value: number | bigint | string): number {
    const key = typeof value === "string" ? `s${value}` : typeof value === "bigint" ? `b${value}` : Object.is(value, -0) ? "n-0" : `n${value}`;
    let number = this.constantNumbers.get(key);
    if (number === undefined) {
      number = this.addConstant(value);
      this.constantNumbers.set(key, number);
    }
    return number;
  }

  /** The last instruction is about what these words say. */
  about(words: string | undefined): void {
    if (this.depth >= 0 && words !== undefined) this.items[this.items.length - 1]!.words = words;
  }

  /** A constant that is the code of an inner function. */
  code(unit: FunctionUnit): number { return this.addConstant(unit); }

  private addConstant(value: Constant): number {
    return this.constants.push(value) - 1;
  }

  emit(name: OpName, ...operands: number[]): void { this.add(name, operands, null); }

  /** An instruction with a jump; its label is the operand of kind jump. */
  jump(name: OpName, label: Label): void {
    if (this.depth >= 0) label.reached = true;
    this.add(name, [], label);
  }

  private add(name: OpName, operands: number[], label: Label | null): void {
    if (this.depth < 0) return;
    const previous = this.items.length > this.barrier ? this.items[this.items.length - 1]! : null;
    if (previous !== null && this.join(previous, name, operands, label)) return;
    let op: number = Op[name];
    if (operands.length > 0 && operands[0]! > 255) op = Op[wideForms[name] ?? name];
    this.items.push({ op, operands, label, source: this.source });
    this.step(op, operands, label);
  }

  /** Follows the stack over an instruction. */
  private step(op: number, operands: number[], label: Label | null): void {
    const instruction = instructions[op]!;
    const before = this.depth - instruction.pops - (instruction.popsOperand < 0 ? 0 : operands[instruction.popsOperand]!);
    if (before < 0) throw new Error(`${opNames[op]} takes more than the stack holds`);
    const after = before + instruction.pushes;
    if (label !== null) this.reach(label, after + instruction.jumpExtra);
    this.depth = instruction.flow === "end" || instruction.flow === "goto" ? -1 : after;
  }

  private reach(label: Label, depth: number): void {
    if (label.depth >= 0 && label.depth !== depth) throw new Error(`a label is reached with ${label.depth} and with ${depth} words on the stack`);
    label.depth = depth;
  }

  /** Makes one instruction of the previous one and this one, where there is one that does both. */
  private join(previous: Item, name: OpName, operands: number[], label: Label | null): boolean {
    if (name === "GET_LOCAL" && previous.op === Op.GET_LOCAL && operands[0]! <= 255) {
      previous.op = Op.GET_LOCALS;
      previous.operands = [previous.operands[0]!, operands[0]!];
      this.depth++;
      return true;
    }
    if (name === "SMALL8" && previous.op === Op.GET_LOCAL) {
      previous.op = Op.GET_LOCAL_SMALL;
      previous.operands = [previous.operands[0]!, operands[0]!];
      this.depth++;
      return true;
    }
    if (name === "GET_ELEMENT" && previous.op === Op.GET_LOCALS) {
      previous.op = Op.GET_LOCALS_ELEMENT;
      previous.source = this.source;
      this.depth--;
      return true;
    }
    if (name === "GET_PROPERTY" && (previous.op === Op.GET_LOCAL || previous.op === Op.GET_LOCALS)) {
      const slot = previous.operands[previous.operands.length - 1]!;
      if (previous.op === Op.GET_LOCAL) this.items.pop();
      else {
        previous.op = Op.GET_LOCAL;
        previous.operands = [previous.operands[0]!];
      }
      this.items.push({ op: Op.GET_LOCAL_PROPERTY, operands: [slot, operands[0]!], label: null, source: this.source });
      return true;
    }
    if (this.core && this.joinInCore(previous, name, operands)) return true;
    if (name === "GET_LOCAL" && previous.op === Op.PUT_LOCAL && previous.operands[0] === operands[0]) {
      previous.op = Op.SET_LOCAL;
      this.depth++;
      return true;
    }
    if ((name === "JUMP_FALSE" || name === "JUMP_TRUE") && label !== null) {
      const joined = joinedJumps[opNames[previous.op]!];
      if (joined === undefined) return false;
      const op = Op[joined[name === "JUMP_FALSE" ? 0 : 1]];
      this.items.pop();
      // The stack as it was before the comparison.
      this.depth += instructions[previous.op]!.pops - 1;
      const inverted = opNames[op]!;
      const locals = this.items.length > this.barrier ? this.items[this.items.length - 1]! : null;
      if (inverted === "JUMP_LT" && locals !== null && locals.op === Op.GET_LOCALS) {
        locals.op = Op.JUMP_LOCALS_LT;
        locals.label = label;
        this.depth -= 2;
        this.reach(label, this.depth);
        return true;
      }
      if (previous.op === Op.NOT && this.items.length > this.barrier && this.join(this.items[this.items.length - 1]!, inverted, operands, label)) return true;
      this.items.push({ op, operands, label, source: previous.source });
      this.step(op, operands, label);
      return true;
    }
    if (name === "POP" && previous.op === Op.DUP) {
      this.items.pop();
      this.depth--;
      return true;
    }
    if (name === "POP" && (previous.op === Op.SET_LOCAL || previous.op === Op.SET_LOCAL16)) {
      previous.op = previous.op === Op.SET_LOCAL ? Op.PUT_LOCAL : Op.PUT_LOCAL16;
      this.depth--;
      return true;
    }
    return false;
  }

  /** Pairs that only the core has as one. */
  private joinInCore(previous: Item, name: OpName, operands: number[]): boolean {
    const [a = 0, b = 0] = previous.operands;
    if (name === "UNDEFINED" && previous.op === Op.GET_CORE) {
      previous.op = Op.CORE_CALLEE;
      this.depth++;
    } else if (previous.op === Op.CORE_CALLEE && a < 256 && (name === "THIS" || (name === "GET_LOCAL" && operands[0] === 0))) {
      previous.op = name === "THIS" ? Op.CORE_CALLEE_THIS : Op.CORE_CALLEE_FIRST;
      this.depth++;
    } else if (name === "GET_ELEMENT" && previous.op === Op.GET_LOCAL_SMALL && a < 16 && b >= 0 && b < 16) {
      previous.op = Op.GET_LOCAL_ELEMENT4;
      previous.operands = [a | (b << 4)];
      previous.source = this.source;
      this.depth--;
    } else if (name === "RETURN_UNDEFINED" && previous.op === Op.POP) {
      previous.op = Op.POP_RETURN;
      this.depth = -1;
    } else {
      return false;
    }
    return true;
  }

  /** Puts a label here. The head of a loop that nothing has jumped to yet is given its depth. */
  place(label: Label, depth = -1): void {
    if (depth >= 0 && this.depth < 0 && label.depth < 0) label.depth = depth;
    if (this.depth >= 0) this.reach(label, this.depth);
    else if (label.depth >= 0) this.depth = label.depth;
    label.index = this.items.length;
    this.barrier = this.items.length;
  }

  /** From here on exceptions go to the region's handler. */
  open(region: Region): void {
    region.open = this.items.length;
    this.barrier = this.items.length;
  }

  /** Here the region's handler ends, or is suspended until it is opened again. */
  close(region: Region): void {
    if (region.open < this.items.length) {
      region.ranges.push({ start: region.open, end: this.items.length });
      this.reach(region.target, region.depth + 1);
    }
    region.open = -1;
    this.barrier = this.items.length;
  }

  /** The region is complete. Inner ones must be finished before those around them. */
  finish(region: Region): void {
    if (region.ranges.length > 0) this.handlers.push(region);
  }

  /** The code as data. `describe` says where what is at an offset of the source was written. */
  assemble(describe: (offset: number) => Place): AssembledCode {
    if (this.depth >= 0) throw new Error("control runs off the end of the code");
    this.items = threadJumps(this.items, this.handlers);
    if (this.core) this.shorten();
    this.stretchJumps();
    const offsets = this.layOut();
    const code = new Uint8Array(offsets[this.items.length]!);
    const table = new LineTable();
    const words: Wording[] = [];
    let lastSource = -1;
    for (let i = 0; i < this.items.length; i++) {
      const item = this.items[i]!;
      this.encode(item, code, offsets[i]!, offsets);
      if (item.source >= 0 && item.source !== lastSource) {
        lastSource = item.source;
        table.add(offsets[i]!, describe(item.source));
      }
      if (item.words !== undefined) words.push({ offset: offsets[i]!, text: item.words });
    }
    const handlers: Handler[] = [];
    for (const region of this.handlers) {
      for (const { start, end } of region.ranges) {
        handlers.push({ start: offsets[start]!, end: offsets[end]!, target: offsets[region.target.index]!, depth: region.depth });
      }
    }
    const labels = this.labels(offsets);
    const stackWords = this.deepest();
    limit(codeLimit("start") - HEAD_MAX, this.constants.length + handlers.length * HANDLER_WORDS + labels.length, "constants, handlers and places that are jumped to");
    limit(codeLimit("stackWords"), stackWords, "values at a time");
    return { code, constants: this.constants, handlers, labels, stackWords, words, ...table.content() };
  }

  /** The labels that something jumps to, by offset. */
  private labels(offsets: number[]): UnitLabel[] {
    const depths = new Map<number, number>();
    const use = (label: Label) => {
      if (label.index < 0) throw new Error("a jump to a label that was not placed");
      if (label.depth > 255) throw new LimitError("an expression is nested too deeply");
      depths.set(offsets[label.index]!, label.depth);
    };
    for (const item of this.items) if (item.label !== null) use(item.label);
    for (const region of this.handlers) if (region.ranges.length > 0) use(region.target);
    return [...depths].map(([offset, depth]) => ({ offset, depth })).sort((a, b) => a.offset - b.offset);
  }

  /** The most words the operand stack holds: one pass from the start, as the verifier does it. */
  private deepest(): number {
    const depths = new Map<number, number>();
    for (const item of this.items) if (item.label !== null) depths.set(item.label.index, item.label.depth);
    for (const region of this.handlers) if (region.ranges.length > 0) depths.set(region.target.index, region.target.depth);
    let depth = 0;
    let deepest = 0;
    this.items.forEach((item, i) => {
      const declared = depths.get(i);
      if (declared !== undefined && depth >= 0 && declared !== depth) throw new Error("the stack differs at a label");
      depth = declared ?? depth;
      if (depth < 0) throw new Error("code that nothing reaches");
      const instruction = instructions[item.op]!;
      depth += instruction.pushes - instruction.pops - (instruction.popsOperand < 0 ? 0 : item.operands[instruction.popsOperand]!);
      deepest = Math.max(deepest, declared ?? 0, depth, depth + instruction.jumpExtra);
      if (instruction.flow === "end" || instruction.flow === "goto") depth = -1;
    });
    return deepest;
  }

  private layOut(): number[] {
    const offsets: number[] = [];
    let offset = 0;
    for (const item of this.items) {
      offsets.push(offset);
      offset += layouts[item.op]!.sizeBytes;
    }
    offsets.push(offset);
    return offsets;
  }

  /** A jump's end and its target only come nearer while others are shortened. */
  private shorten(): void {
    shorten(this.items);
    for (let changed = true; changed;) {
      changed = false;
      const offsets = this.layOut();
      this.items.forEach((item, i) => {
        if (item.label === null) return;
        const op = shortJump(opNames[item.op]!, offsets[item.label.index]! - offsets[i + 1]!);
        if (op === undefined) return;
        item.op = op;
        changed = true;
      });
    }
  }

  /**
   * Gives jumps that are too far for their operand a JUMP32 to jump to: right behind themselves, jumped over by a
   * JUMP. That is one form for all of them, whatever they do to the stack. Needed only in functions above 32 KB.
   */
  private stretchJumps(): void {
    for (;;) {
      const offsets = this.layOut();
      if (offsets[this.items.length]! <= SHORT_JUMP) return;
      const far = new Set<number>();
      this.items.forEach((item, i) => {
        if (item.label === null || item.op === Op.JUMP32) return;
        const distance = offsets[item.label.index]! - offsets[i + 1]!;
        if (distance > SHORT_JUMP || distance < -SHORT_JUMP) far.add(i);
      });
      if (far.size === 0) return;
      this.insertFarJumps(far);
    }
  }

  private insertFarJumps(far: Set<number>): void {
    const moved: number[] = [];
    const result: Item[] = [];
    const added: Label[] = [];
    this.items.forEach((item, i) => {
      moved.push(result.length);
      result.push(item);
      if (!far.has(i)) return;
      const target = item.label!;
      if (item.op === Op.JUMP) {
        item.op = Op.JUMP32;
        return;
      }
      const over = new Label();
      const trampoline = new Label();
      item.label = trampoline;
      over.depth = target.depth - instructions[item.op]!.jumpExtra;
      trampoline.depth = target.depth;
      result.push({ op: Op.JUMP, operands: [], label: over, source: -1 });
      trampoline.index = result.length;
      result.push({ op: Op.JUMP32, operands: [], label: target, source: -1 });
      over.index = result.length;
      added.push(over, trampoline);
    });
    moved.push(result.length);
    const seen = new Set<Label>(added);
    for (const item of result) this.moveLabel(item.label, moved, seen);
    for (const region of this.handlers) {
      this.moveLabel(region.target, moved, seen);
      for (const range of region.ranges) {
        range.start = moved[range.start]!;
        range.end = moved[range.end]!;
      }
    }
    this.items = result;
  }

  private moveLabel(label: Label | null, moved: number[], seen: Set<Label>): void {
    if (label === null || seen.has(label)) return;
    seen.add(label);
    label.index = moved[label.index]!;
  }

  private encode(item: Item, code: Uint8Array, at: number, offsets: number[]): void {
    const instruction = instructions[item.op]!;
    const layout = layouts[item.op]!;
    code[at] = item.op;
    let next = 0;
    instruction.operands.forEach((kind, i) => {
      const place = at + layout.offsets[i]!;
      const isJump = kind === "jump" || kind === "jump32" || kind === "jump8";
      const value = isJump ? offsets[item.label!.index]! - (at + layout.sizeBytes) : item.operands[next++]!;
      const size = i + 1 < layout.offsets.length ? layout.offsets[i + 1]! - layout.offsets[i]! : layout.sizeBytes - layout.offsets[i]!;
      const signed = isJump || kind === "i8" || kind === "i16";
      const limit = 2 ** (8 * size);
      if (!Number.isInteger(value) || value < (signed ? -limit / 2 : 0) || value >= (signed ? limit / 2 : limit)) {
        throw new LimitError(`${value} does not fit ${opNames[item.op]}'s operand: the function is too large`);
      }
      for (let byte = 0; byte < size; byte++) code[place + byte] = value >> (8 * byte);
    });
  }
}

export interface AssembledCode {
  code: Uint8Array;
  constants: Constant[];
  handlers: Handler[];
  labels: UnitLabel[];
  stackWords: number;
  lines: DebugInfo["lines"];
  words: Wording[];
  /** Where the lines are; none if there are no lines. */
  files: string[];
}
