// One function as packed code (packed.ts): a list of instructions, calls and jumps whose sizes are settled when all functions
// are there.

import { localRep } from "./c-expressions.js";
import {
  I32_RANGE, U32_RANGE, contains, within,
  type Action, type Expression, type KernelFunction, type Label as SourceLabel, type Local, type Loop, type State, type Statement,
  type Table, type Type, type View,
} from "./program.js";

/** The numbers by which packed code names things. */
export interface Numbering {
  /** The first word that is the program's own. */
  readonly programStart: number;
  /** The function that packed code calls for this one. */
  standIn(callee: KernelFunction): KernelFunction;
  state(state: State): number;
  table(table: Table): number;
  view(view: View): number;
  integer(value: number): number;
  double(value: number): number;
}

/** Short forms: an operand in the opcode. Wide locals begin at even words, so theirs is half of it. */
const LOCALS = 16, SETS = 12, TEES = 12, LONGS = 8, CONSTANTS = 16;
const COMPARISONS = ["LT", "LE", "GT", "GE", "EQ", "NE"] as const;
type Comparison = typeof COMPARISONS[number];
export const INVERSES: Readonly<Record<string, Comparison>> = { LT: "GE", LE: "GT", GT: "LE", GE: "LT", EQ: "NE", NE: "EQ" };
const short = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}${i}`);
/** The instructions; packed-run.h counts on the order of those with numbers, of the comparisons, and of what takes two integers. */
export const NAMES = [
  ...short("LOCAL", LOCALS), ...short("SET", SETS), ...short("TEE", TEES), ...short("LONG", LONGS), ...short("CONSTANT", CONSTANTS),
  "LOCAL", "UNSIGNED", "LONG", "SET", "SET_LONG", "SMALL8", "SMALL16", "INTEGER", "DOUBLE8", "DOUBLE16", "DUP", "POP",
  "ADD_SMALL", "NEXT", "BEFORE", "TWICE", "HALVED", "ADDRESS", "GET", "GET_AT", "FIELD", "REGISTER", "SET_REGISTER",
  "STORE", "BYTE", "STORE_BYTE", "HALF", "STORE_HALF", "REAL", "STORE_REAL", "VIEW", "SET_VIEW", "TABLE", "STATE", "SET_STATE",
  "NOT", "NEG", "SIGNED", "TO_UNSIGNED", "CLZ", "ABS", "INVERSE",
  ...COMPARISONS, "ADD", "SUB", "MUL", "DIV", "UDIV", "REM", "AND", "OR", "XOR", "SHL", "SHR", "USHR",
  ...COMPARISONS.map(name => `F${name}`), "FADD", "FSUB", "FMUL", "FDIV",
  "FREM", "FNEG", "FLOOR", "CEIL", "TRUNC", "SQRT", "FABS", "TO_DOUBLE", "TO_SIGNED", "TO_U32",
  "JUMP8", "JUMP16", "FALSE8", "FALSE16", "TRUE8", "TRUE16", ...COMPARISONS.map(name => `IF_${name}8`), "SWITCH",
  "RETURN", "RETURN_VOID", "RETURN0", "RETURN1", "RETURN_SMALL", "CALL8", "CALL16", "TAIL8", "TAIL16", "NATIVE", "ABSENT", "MACRO_END",
] as const;
type Name = typeof NAMES[number] | string;
/** By opcode: bytes of operands, of the instructions that stand in runs of bytes. */
const ONE_BYTE = new Set<string>(["LOCAL", "UNSIGNED", "LONG", "SET", "SET_LONG", "SMALL8", "INTEGER", "DOUBLE8", "ADD_SMALL", "GET_AT", "FIELD", "REGISTER", "SET_REGISTER", "VIEW", "SET_VIEW", "TABLE", "STATE", "SET_STATE", "RETURN_SMALL", "ABSENT"]);
export const OPERAND_BYTES: readonly number[] = NAMES.map(name => ONE_BYTE.has(name) ? 1 : name === "SMALL16" || name === "DOUBLE16" ? 2 : 0);
export const OPCODES = new Map<string, number>(NAMES.map((name, i) => [name, i]));

/** A place that jumps go to. */
export interface Place { at: number; used: boolean }
export type Item =
  /** `last`: where its last instruction begins. */
  | { kind: "bytes"; bytes: number[]; last: number }
  | { kind: "jump"; name: "JUMP" | "FALSE" | "TRUE" | Comparison; to: Place; long: boolean }
  | { kind: "switch"; low: number; targets: Place[]; otherwise: Place }
  | { kind: "place"; place: Place }
  /** \`tail\`: what it gives is what the function gives. */
  | { kind: "call"; callee: KernelFunction; tail: boolean }
  | { kind: "macro"; number: number };

/** Thrown for what this file does not print. */
export class Unpackable extends Error {}

export interface Packed { readonly callee: KernelFunction; readonly items: Item[]; readonly words: number; readonly wide: number; offset: number }

/** What stands for a function of a part that is absent: it stops the machine and gives nothing. */
export function packedAbsent(callee: KernelFunction, part: number): Packed {
  let wide = 0, words = 0;
  callee.parameters.forEach(({ type }, i) => {
    if (type === "f64") {
      if (i > 7) throw new Unpackable("a double among later parameters");
      wide |= 1 << i;
    }
    words += type === "f64" ? 2 + (words & 1) : 1;
  });
  const bytes = [OPCODES.get("ABSENT")!, part, OPCODES.get(callee.result === "void" ? "RETURN_VOID" : "RETURN0")!];
  return { callee, items: [{ kind: "bytes", bytes, last: 2 }], words, wide, offset: 0 };
}

/** One function. */
export class FunctionPacker {
  readonly below = new Map<KernelFunction, number>();
  most = 0;
  private readonly items: Item[] = [];
  private depth = 0;
  /** Control does not come here: nothing is printed until a place that may be jumped to. */
  private isDead = false;
  private readonly words = new Map<Local, number>();
  private next = 0;
  private highest = 0;
  private breaks: Place[] = [];
  private continues: (Place | undefined)[] = [];
  private readonly absentPlaces = new Map<number, Place>();
  private readonly labels = new Map<SourceLabel, { break: Place; continue: Place | undefined }>();

  constructor(private readonly packer: Numbering, private readonly callee: KernelFunction) {}

  function(): Packed {
    let wide = 0;
    this.callee.parameters.forEach((parameter, i) => {
      if (parameter.type === "f64") {
        if (i > 7) throw new Unpackable("a double among later parameters");
        wide |= 1 << i;
      }
      this.declare(parameter);
    });
    this.statements(this.callee.body);
    if (this.callee.result === "void") this.leave();
    else if (!this.isDead) throw new Error(`${this.callee.name} ends without a result`);
    for (const [part, place] of this.absentPlaces) {
      this.put(place);
      if (part !== 0) this.op(0, "ABSENT", part);
      this.op(0, this.callee.result === "void" ? "RETURN_VOID" : "RETURN0");
      this.isDead = true;
    }
    return { callee: this.callee, items: this.items, words: this.highest, wide, offset: 0 };
  }

  // Instructions

  private push(change: number, ...bytes: number[]): void {
    if (!this.isDead) {
      const last = this.items.at(-1);
      if (last?.kind === "bytes") {
        last.last = last.bytes.length;
        last.bytes.push(...bytes);
      } else this.items.push({ kind: "bytes", bytes, last: 0 });
    }
    this.move(change);
  }
  /** The last instruction, if nothing can come between it and the next: its name and operand. */
  private lastName(): readonly [Name | undefined, number | undefined] {
    const last = this.items.at(-1);
    return last?.kind !== "bytes" || last.last >= last.bytes.length ? [undefined, undefined] : [NAMES[last.bytes[last.last]!], last.bytes[last.last + 1]];
  }
  /** Takes the last instruction away, whose effect on the depth is \`change\`. */
  private takeBack(change: number): void {
    const last = this.items.at(-1) as Item & { kind: "bytes" };
    last.bytes.length = last.last;
    this.depth -= change;
  }
  private move(change: number): void {
    this.depth += change;
    if (this.depth < 0) throw new Error(`${this.callee.name}: the packed stack underflows`);
    this.most = Math.max(this.most, this.depth + 1);
  }
  private op(change: number, name: Name, ...operands: number[]): void {
    const opcode = OPCODES.get(name);
    if (opcode === undefined) throw new Error(`no packed instruction ${name}`);
    this.push(change, opcode, ...operands);
  }
  private place(): Place { return { at: -1, used: false }; }
  private put(place: Place): void {
    this.items.push({ kind: "place", place });
    if (place.used) this.isDead = false;
  }
  private jump(to: Place): void {
    if (this.isDead) return;
    this.items.push({ kind: "jump", name: "JUMP", to, long: false });
    to.used = true;
    this.isDead = true;
  }
  private jumpIf(name: "FALSE" | "TRUE", to: Place): void {
    const [comparison] = this.lastName();
    if (!this.isDead) to.used = true;
    if (!this.isDead && comparison !== undefined && comparison in INVERSES) {
      this.takeBack(-1);
      this.items.push({ kind: "jump", name: name === "TRUE" ? comparison as Comparison : INVERSES[comparison]!, to, long: false });
      return this.move(-2);
    }
    if (!this.isDead) this.items.push({ kind: "jump", name, to, long: false });
    this.move(-1);
  }
  private constant(value: number): void {
    if (!Number.isInteger(value)) throw new Unpackable("an integer that is none");
    if (value >= 0 && value < CONSTANTS) this.op(1, `CONSTANT${value}`);
    else if (value >= -128 && value < 128) this.op(1, "SMALL8", value & 255);
    else if (value >= -32768 && value < 32768) this.op(1, "SMALL16", ...half(value));
    else if (contains(I32_RANGE, value)) this.op(1, "INTEGER", this.packer.integer(value));
    else if (contains(U32_RANGE, value)) {
      this.op(1, "INTEGER", this.packer.integer(value | 0));
      this.op(0, "TO_UNSIGNED");
    } else throw new Unpackable("an integer of more than 32 bits");
  }
  private real(value: number): void {
    const number = this.packer.double(value);
    if (number < 256) this.op(1, "DOUBLE8", number);
    else this.op(1, "DOUBLE16", ...half(number));
  }

  // Locals

  private declare(local: Local): void {
    if (isWide(local)) this.next += this.next & 1;
    this.words.set(local, this.next);
    this.next += isWide(local) ? 2 : 1;
    this.highest = Math.max(this.highest, this.next);
  }
  private get(local: Local): void {
    const at = this.words.get(local)!;
    const rep = localRep(local);
    if (isWide(local)) {
      if (at >> 1 < LONGS) this.op(1, `LONG${at >> 1}`);
      else this.op(1, "LONG", at);
    } else if (rep === "u32") this.op(1, "UNSIGNED", at);
    else if (!this.isDead && at < TEES && this.lastName()[0] === `SET${at}`) {
      this.takeBack(-1);
      this.op(0, `TEE${at}`);
    } else if (at < LOCALS) this.op(1, `LOCAL${at}`);
    else this.op(1, "LOCAL", at);
  }
  private set(local: Local): void {
    const at = this.words.get(local)!;
    if (isWide(local)) this.op(-1, "SET_LONG", at);
    else if (at < SETS) this.op(-1, `SET${at}`);
    else this.op(-1, "SET", at);
  }
  private initialise(local: Local, value: Expression | undefined): void {
    if (value === undefined) {
      if (local.type === "f64") this.real(0);
      else this.constant(0);
    } else if (localRep(local) === local.type) this.stored(value, local.type);
    // An f64 that only holds a sum of integers.
    else this.integer(value);
    this.declare(local);
    this.set(local);
  }

  // Statements

  private scoped(print: () => void): void {
    const { next } = this;
    print();
    this.next = next;
  }
  private statements(statements: readonly Statement[]): void {
    this.scoped(() => { for (const statement of statements) this.statement(statement); });
  }
  private statement(statement: Statement): void {
    switch (statement.kind) {
      case "variables": for (const { local, value } of statement.list) this.initialise(local, value); break;
      case "action": this.action(statement.action); break;
      case "block": this.statements(statement.body); break;
      case "if": {
        const otherwise = this.place(), end = this.place();
        this.branch(statement.condition, false, otherwise);
        this.statements(statement.then);
        if (statement.otherwise !== undefined) {
          this.jump(end);
          this.put(otherwise);
          this.statements(statement.otherwise);
        } else this.put(otherwise);
        this.put(end);
        break;
      }
      case "loop": this.scoped(() => this.loop(statement)); break;
      case "switch": this.switch(statement); break;
      case "labelled": {
        const end = this.place();
        this.labels.set(statement.label, { break: end, continue: undefined });
        this.statements(statement.body);
        this.put(end);
        break;
      }
      case "break": this.jump(statement.label !== undefined ? this.labels.get(statement.label)!.break : this.breaks.at(-1)!); break;
      case "continue": this.jump(statement.label !== undefined ? this.labels.get(statement.label)!.continue! : this.continues.filter(each => each !== undefined).at(-1)!); break;
      case "return":
        if (statement.value === undefined) this.leave();
        else if (!this.isDead) {
          this.stored(statement.value, this.callee.result);
          if (this.callee.result === "i32" && !this.isSigned(statement.value)) this.op(0, "SIGNED");
          if (this.callee.result === "u32") this.op(0, "TO_UNSIGNED");
          this.giveBack();
        }
        this.isDead = true;
        break;
      case "absent": this.jump(this.absent(statement.part)); break;
      case "empty": break;
    }
  }
  /** Where the function stops because of an absent part: one place for all its cases. */
  private absent(part: number): Place {
    const place = this.absentPlaces.get(part) ?? this.place();
    this.absentPlaces.set(part, place);
    return place;
  }
  /** The function ends with what is on top. */
  private giveBack(): void {
    const last = this.items.at(-1);
    const [name, operand] = this.lastName();
    if (last?.kind === "call" && last.callee.result === this.callee.result) {
      last.tail = true;
      return this.move(-1);
    }
    if (name !== "CONSTANT0" && name !== "CONSTANT1" && name !== "SMALL8") return this.op(-1, "RETURN");
    this.takeBack(1);
    if (name === "SMALL8") this.op(0, "RETURN_SMALL", operand!);
    else this.op(0, name === "CONSTANT0" ? "RETURN0" : "RETURN1");
  }
  /** The function ends, with nothing. */
  private leave(): void {
    const last = this.items.at(-1);
    if (!this.isDead && last?.kind === "call" && last.callee.result === "void") last.tail = true;
    else this.op(0, "RETURN_VOID");
  }

  private loop(loop: Loop): void {
    const top = this.place(), next = this.place(), end = this.place();
    for (const { local, value } of loop.variables) this.initialise(local, value);
    for (const action of loop.first) this.action(action);
    if (loop.label !== undefined) this.labels.set(loop.label, { break: end, continue: next });
    this.breaks.push(end);
    this.continues.push(next);
    this.put(top);
    if (loop.form !== "do" && loop.condition !== undefined && loop.condition.value !== true) this.branch(loop.condition, false, end);
    this.statements(loop.body);
    this.put(next);
    for (const action of loop.next) this.action(action);
    if (loop.form === "do" && loop.condition !== undefined) this.branch(loop.condition, true, top);
    else this.jump(top);
    this.breaks.pop();
    this.continues.pop();
    this.put(end);
  }

  private switch(statement: Statement & { kind: "switch" }): void {
    const end = this.place();
    const clauses = statement.clauses.map(clause => ({ clause, place: this.place() }));
    const labels = clauses.flatMap(({ clause, place }) => clause.labels.map(label => ({ value: label.value as number, place })));
    const otherwise = clauses.find(({ clause }) => clause.isDefault)?.place ?? end;
    const values = labels.map(({ value }) => value);
    const low = Math.min(...values), high = Math.max(...values);
    if (statement.label !== undefined) this.labels.set(statement.label, { break: end, continue: undefined });
    this.integer(statement.subject);
    if (labels.length > 0 && high - low < 255 && high - low < labels.length * 3 + 4 && low >= -32768 && low < 32768) {
      const targets = Array.from({ length: high - low + 1 }, (_, i) => labels.find(({ value }) => value === low + i)?.place ?? otherwise);
      if (!this.isDead) {
        this.items.push({ kind: "switch", low, targets, otherwise });
        for (const target of [...targets, otherwise]) target.used = true;
      }
      this.move(-1);
      this.isDead = true;
    } else {
      for (const { value, place } of labels) {
        this.op(1, "DUP");
        this.constant(value);
        this.op(-1, "EQ");
        const other = this.place();
        this.jumpIf("FALSE", other);
        this.op(-1, "POP");
        this.jump(place);
        this.put(other);
        this.depth++;
      }
      this.op(-1, "POP");
      this.jump(otherwise);
    }
    this.breaks.push(end);
    this.continues.push(undefined);
    for (const { clause, place } of clauses) {
      this.put(place);
      this.statements(clause.body);
      this.jump(end);
    }
    this.breaks.pop();
    this.continues.pop();
    this.put(end);
  }

  private action(action: Action): void {
    if (action.kind === "call") {
      this.any(action.call);
      if (action.call.kind !== "call" || action.call.callee.result !== "void") this.op(-1, "POP");
      return;
    }
    const { value, targets } = action;
    const [first] = targets;
    if (first!.kind === "element") return this.store(first!.array as View, first!.index, value);
    const type = first!.kind === "local" ? first!.local.type : (first as typeof first & { kind: "state" }).state.type;
    this.stored(value, type);
    targets.forEach((target, i) => {
      if (i < targets.length - 1) this.op(1, "DUP");
      if (target.kind === "local") this.set(target.local);
      else if (target.kind === "state") this.op(-1, "SET_STATE", this.packer.state(target.state));
      else throw new Unpackable("several elements assigned at once");
    });
  }
  private store(view: View, index: Expression, value: Expression): void {
    const push = (): void => { if (view.element === "f64") this.double(value); else this.word(value); };
    if (view.name === "M" && typeof index.value === "number" && this.isRegister(index.value)) {
      push();
      this.op(-1, "SET_REGISTER", index.value - this.packer.programStart);
      return;
    }
    this.modulo(index);
    push();
    const name = { M: "STORE", B: "STORE_BYTE", H: "STORE_HALF", F: "STORE_REAL" }[view.name];
    if (name !== undefined) this.op(-2, name);
    else this.op(-2, "SET_VIEW", this.packer.view(view));
  }
  private isRegister(index: number): boolean {
    return index >= this.packer.programStart && index < this.packer.programStart + 256;
  }

  // Conditions

  /** Jumps to `to` if the condition is `wanted`. */
  private branch(e: Expression, wanted: boolean, to: Place): void {
    if (typeof e.value === "boolean") {
      if (e.value === wanted) this.jump(to);
      return;
    }
    if (e.kind === "unary" && e.operator === "!") return this.branch(e.operand, !wanted, to);
    if (e.kind === "binary" && (e.operator === "&&" || e.operator === "||")) {
      if ((e.operator === "&&") !== wanted) {
        this.branch(e.left, wanted, to);
        this.branch(e.right, wanted, to);
      } else {
        const past = this.place();
        this.branch(e.left, !wanted, past);
        this.branch(e.right, wanted, to);
        this.put(past);
      }
      return;
    }
    // `x === 0` and `x !== 0` are tests as they are.
    if (e.kind === "binary" && (e.operator === "===" || e.operator === "!==") && e.right.value === 0 && e.left.type === "int" && e.right.type === "int") {
      this.integer(e.left);
      return this.jumpIf((e.operator === "===") === wanted ? "FALSE" : "TRUE", to);
    }
    this.integer(e);
    this.jumpIf(wanted ? "TRUE" : "FALSE", to);
  }

  // Expressions

  /** A value as an argument, initial value or result of this type; an integer may still have more bits than a word. */
  private stored(e: Expression, type: Type): void {
    if (type === "f64") return this.double(e);
    if (e.type !== "f64") return this.integer(e);
    if (e.whole) return this.modulo(e);
    this.double(e);
    this.op(0, "TO_SIGNED");
  }
  /** Whatever it is. */
  private any(e: Expression): void {
    if (e.type === "f64") this.double(e);
    else this.integer(e);
  }
  private isSigned(e: Expression): boolean {
    return e.type === "bool" || e.type === "int" && within(e.range, I32_RANGE);
  }

  /** The exact integer or truth value. */
  private integer(e: Expression): void {
    if (e.value !== undefined) return this.constant(Number(e.value));
    switch (e.kind) {
      case "local": return this.get(e.local);
      case "state": return this.op(1, "STATE", this.packer.state(e.state));
      case "element": return this.element(e);
      case "length": return this.length(e.array);
      case "step": return this.step(e);
      case "unary":
        if (e.operator === "!") {
          this.integer(e.operand);
          return this.op(0, "INVERSE");
        }
        if (e.operator === "~") {
          this.word(e.operand);
          return this.op(0, "NOT");
        }
        this.integer(e.operand);
        return this.op(0, "NEG");
      case "binary": return this.binary(e);
      case "conditional": return this.choice(e, side => this.integer(side));
      case "math": return this.integerMath(e);
      case "call": return this.call(e);
      default: throw new Unpackable(`an expression of kind ${e.kind}`);
    }
  }
  private choice(e: Expression & { kind: "conditional" }, side: (e: Expression) => void): void {
    const otherwise = this.place(), end = this.place();
    this.branch(e.condition, false, otherwise);
    side(e.whenTrue);
    this.jump(end);
    this.put(otherwise);
    this.move(-1);
    side(e.whenFalse);
    this.put(end);
  }
  private two(left: () => void, right: () => void, name: Name): void {
    left();
    right();
    this.op(-1, name);
  }
  private binary(e: Expression & { kind: "binary" }): void {
    const { operator, left, right } = e;
    switch (operator) {
      case "+": case "-": case "*": return this.sum(e, each => this.integer(each));
      case "%": return this.two(() => this.integer(left), () => this.integer(right), "REM");
      case "&&": case "||": {
        const end = this.place();
        this.integer(left);
        this.op(1, "DUP");
        this.jumpIf(operator === "&&" ? "FALSE" : "TRUE", end);
        this.op(-1, "POP");
        this.integer(right);
        return this.put(end);
      }
      case "&": case "|": case "^":
        if (right.value === 0 && operator !== "&") return this.word(left);
        return this.two(() => this.word(left), () => this.word(right), { "&": "AND", "|": "OR", "^": "XOR" }[operator]);
      case "<<":
        if (right.value === 1) {
          this.word(left);
          return this.op(0, "TWICE");
        }
        return this.two(() => this.word(left), () => this.word(right), "SHL");
      case ">>":
        if (right.value === 0) return this.word(left);
        if (right.value === 1 || right.value === 2) {
          this.word(left);
          return this.op(0, right.value === 1 ? "HALVED" : "ADDRESS");
        }
        return this.two(() => this.word(left), () => this.word(right), "SHR");
      case ">>>":
        this.unsigned(left);
        if (right.value === 0) return;
        this.word(right);
        return this.op(-1, "USHR");
      default: return this.comparison(e);
    }
  }
  /** A sum with a small constant has a short form. */
  private sum(e: Expression & { kind: "binary" }, side: (e: Expression) => void): void {
    const { operator, left, right } = e;
    const distance = typeof right.value !== "number" || operator === "*" ? undefined : operator === "-" ? -right.value : right.value;
    if (distance !== undefined && Number.isInteger(distance) && distance >= -128 && distance < 128) {
      side(left);
      if (distance === 1) this.op(0, "NEXT");
      else if (distance === -1) this.op(0, "BEFORE");
      else if (distance !== 0) this.op(0, "ADD_SMALL", distance & 255);
      return;
    }
    this.two(() => side(left), () => side(right), { "+": "ADD", "-": "SUB", "*": "MUL" }[operator]!);
  }
  private comparison(e: Expression & { kind: "binary" }): void {
    const { operator, left, right } = e;
    const isReal = left.type === "f64" || right.type === "f64";
    const side = (each: Expression): void => { if (isReal) this.double(each); else this.integer(each); };
    this.two(() => side(left), () => side(right), (isReal ? "F" : "") + { "<": "LT", "<=": "LE", ">": "GT", ">=": "GE", "===": "EQ", "!==": "NE" }[operator]!);
  }

  /** ToInt32. */
  private word(e: Expression): void {
    if (typeof e.value === "number") return this.constant(e.value | 0);
    if (e.kind === "binary" && e.operator === "/") return this.quotient(e);
    if (e.type === "f64") {
      this.double(e);
      return this.op(0, "TO_SIGNED");
    }
    if (this.isSigned(e)) return this.integer(e);
    if (e.kind === "conditional") return this.choice(e, side => this.word(side));
    this.integer(e);
    this.op(0, "SIGNED");
  }
  /** ToUint32. */
  private unsigned(e: Expression): void {
    if (e.type === "f64") {
      if (e.kind === "binary" && e.operator === "/") {
        this.word(e);
        return this.op(0, "TO_UNSIGNED");
      }
      this.double(e);
      return this.op(0, "TO_U32");
    }
    this.integer(e);
    if (!within(e.range, U32_RANGE)) this.op(0, "TO_UNSIGNED");
  }
  /** `(left / right) | 0`. */
  private quotient(e: Expression & { kind: "binary" }): void {
    const { left, right } = e;
    if (left.type === "int" && right.type === "int") {
      for (const [range, name] of [[I32_RANGE, "DIV"], [U32_RANGE, "UDIV"]] as const) {
        if (within(left.range, range) && within(right.range, range)) return this.two(() => this.integer(left), () => this.integer(right), name);
      }
    }
    this.double(e);
    this.op(0, "TO_SIGNED");
  }
  /** The value modulo 2^32 in the lower half of a cell. */
  private modulo(e: Expression): void {
    if (typeof e.value === "number") return this.constant(e.value | 0);
    if (e.kind === "binary" && "+-*".includes(e.operator) && (e.type === "int" || e.whole)) return this.sum(e, side => this.modulo(side));
    if (e.kind === "conditional") return this.choice(e, side => this.modulo(side));
    if (e.type === "f64") {
      this.double(e);
      return this.op(0, "TO_U32");
    }
    this.integer(e);
  }

  private element(e: Expression & { kind: "element" }): void {
    const { array, index } = e;
    if (array.kind === "table") {
      this.modulo(index);
      return this.op(0, "TABLE", this.packer.table(array));
    }
    if (array.name === "M") return this.wordOfMemory(index);
    this.modulo(index);
    const name = { B: "BYTE", H: "HALF", F: "REAL" }[array.name];
    if (name !== undefined) this.op(0, name);
    else this.op(0, "VIEW", this.packer.view(array));
  }
  private wordOfMemory(index: Expression): void {
    if (typeof index.value === "number") {
      if (this.isRegister(index.value)) return this.op(1, "REGISTER", index.value - this.packer.programStart);
      this.constant(index.value | 0);
      return this.op(0, "GET");
    }
    let base = index, distance = 0;
    if (index.kind === "binary" && (index.operator === "+" || index.operator === "-") && index.type === "int" && typeof index.right.value === "number" && Math.abs(index.right.value) < 128) {
      base = index.left;
      distance = index.operator === "-" ? -index.right.value : index.right.value;
    }
    if (base.kind === "binary" && base.operator === ">>" && base.right.value === 2) {
      this.word(base.left);
      return this.op(0, "FIELD", distance & 255);
    }
    this.modulo(base);
    if (distance === 0) this.op(0, "GET");
    else this.op(0, "GET_AT", distance & 255);
  }
  private length(array: View | Table): void {
    const known = array.kind === "table" ? array.values.length : array.length;
    if (known === undefined) throw new Unpackable("the length of a view of the host's");
    this.constant(known);
  }
  private step(e: Expression & { kind: "step" }): void {
    if (!("parameter" in e.target) || isWide(e.target)) throw new Unpackable("a step of what is no word");
    this.get(e.target);
    if (!e.prefix) this.op(1, "DUP");
    this.op(0, e.operator === "++" ? "NEXT" : "BEFORE");
    if (e.prefix) this.op(1, "DUP");
    this.set(e.target);
  }
  private call(e: Expression & { kind: "call" }): void {
    const callee = this.packer.standIn(e.callee);
    this.below.set(callee, Math.max(this.below.get(callee) ?? 0, this.depth));
    e.arguments.forEach((value, i) => this.stored(value, callee.parameters[i]!.type));
    if (!this.isDead) this.items.push({ kind: "call", callee, tail: false });
    this.move((callee.result === "void" ? 0 : 1) - e.arguments.length);
  }
  private integerMath(e: Expression & { kind: "math" }): void {
    const [first, second] = e.arguments;
    switch (e.name) {
      case "imul":
        this.two(() => this.word(first!), () => this.word(second!), "MUL");
        return this.op(0, "SIGNED");
      case "clz32":
        this.unsigned(first!);
        return this.op(0, "CLZ");
      case "abs":
        this.integer(first!);
        return this.op(0, "ABS");
      default: throw new Unpackable(`Math.${e.name} of integers`);
    }
  }

  /** The value as a double, with JavaScript's zero. */
  private double(e: Expression): void {
    if (typeof e.value === "number") return this.real(e.value);
    if (e.type !== "f64" && e.minusZero) {
      if (e.kind === "unary") {
        this.double(e.operand);
        return this.op(0, "FNEG");
      }
      if (e.kind === "binary" && e.operator === "%") return this.two(() => this.double(e.left), () => this.integer(e.right), "FREM");
      if (e.kind === "binary") return this.realBinary(e);
      if (e.kind === "conditional") return this.choice(e, side => this.double(side));
    }
    if (e.type !== "f64") {
      this.integer(e);
      return this.op(0, "TO_DOUBLE");
    }
    switch (e.kind) {
      case "local": return this.get(e.local);
      case "state": return this.op(1, "STATE", this.packer.state(e.state));
      case "element": return this.element(e);
      case "unary":
        this.double(e.operand);
        return this.op(0, "FNEG");
      case "binary": return this.realBinary(e);
      case "conditional": return this.choice(e, side => this.double(side));
      case "math": {
        this.double(e.arguments[0]!);
        const name = { floor: "FLOOR", ceil: "CEIL", trunc: "TRUNC", sqrt: "SQRT", abs: "FABS" }[e.name];
        if (name === undefined) throw new Unpackable(`Math.${e.name}`);
        return this.op(0, name);
      }
      case "call": return this.call(e);
      default: throw new Unpackable(`a double of kind ${e.kind}`);
    }
  }
  private realBinary(e: Expression & { kind: "binary" }): void {
    const name = { "+": "FADD", "-": "FSUB", "*": "FMUL", "/": "FDIV" }[e.operator];
    if (name === undefined) throw new Unpackable(`doubles with ${e.operator}`);
    this.two(() => this.double(e.left), () => this.double(e.right), name);
  }
}

function isWide(local: Local): boolean {
  const rep = localRep(local);
  return rep === "f64" || rep === "i64";
}
export function half(value: number): [number, number] {
  return [value & 255, value >> 8 & 255];
}
