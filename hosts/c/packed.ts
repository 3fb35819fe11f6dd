// Prints kernel functions as packed code: instructions of a byte or three for a small stack machine (packed-run.h), for builds
// where flash counts more than time (-DMVMJS_PACKED). A function so takes less than half of what a compiler makes of it.
// What is worth native code even there says `@native`.
//
// The packed machine has cells of 64 bits, each an exact integer or a double, so the dialect's exact sums need no care:
// an integer is cut to 32 bits where the source says so or where it is stored. Locals are words, of doubles two. Functions
// do not recurse, so how deep cells and words can get is known here, and both are arrays of that size.
//
// What this file cannot print, a function with a construct that no kernel file uses so far, stays native as well.

import {
  I32_RANGE, U32_RANGE, contains, within,
  type Action, type Expression, type KernelFunction, type Label as SourceLabel, type Local, type Loop, type Program,
  type State, type Statement, type Table, type Type, type View,
} from "./program.js";
import { bitsOf, localRep, storedAs } from "./c-expressions.js";

/** Short forms: an operand in the opcode. Wide locals begin at even words, so theirs is half of it. */
const LOCALS = 16, SETS = 12, TEES = 12, LONGS = 8, CONSTANTS = 16;
const COMPARISONS = ["LT", "LE", "GT", "GE", "EQ", "NE"] as const;
type Comparison = typeof COMPARISONS[number];
const INVERSES: Readonly<Record<string, Comparison>> = { LT: "GE", LE: "GT", GT: "LE", GE: "LT", EQ: "NE", NE: "EQ" };
const short = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}${i}`);
/** The instructions; packed-run.h counts on the order of those with numbers, of the comparisons, and of what takes two integers. */
const NAMES = [
  ...short("LOCAL", LOCALS), ...short("SET", SETS), ...short("TEE", TEES), ...short("LONG", LONGS), ...short("CONSTANT", CONSTANTS),
  "LOCAL", "UNSIGNED", "LONG", "SET", "SET_LONG", "SMALL8", "SMALL16", "INTEGER", "DOUBLE8", "DOUBLE16", "DUP", "POP",
  "ADD_SMALL", "NEXT", "BEFORE", "TWICE", "HALVED", "ADDRESS", "GET", "GET_AT", "FIELD", "REGISTER", "SET_REGISTER",
  "STORE", "BYTE", "STORE_BYTE", "HALF", "STORE_HALF", "REAL", "STORE_REAL", "VIEW", "SET_VIEW", "TABLE", "STATE", "SET_STATE",
  "NOT", "NEG", "SIGNED", "TO_UNSIGNED", "CLZ", "ABS", "INVERSE",
  ...COMPARISONS, "ADD", "SUB", "MUL", "DIV", "UDIV", "REM", "AND", "OR", "XOR", "SHL", "SHR", "USHR",
  ...COMPARISONS.map(name => `F${name}`), "FADD", "FSUB", "FMUL", "FDIV",
  "FREM", "FNEG", "FLOOR", "CEIL", "TRUNC", "SQRT", "FABS", "TO_DOUBLE", "TO_SIGNED", "TO_U32",
  "JUMP8", "JUMP16", "FALSE8", "FALSE16", "TRUE8", "TRUE16", ...COMPARISONS.map(name => `IF_${name}8`), "SWITCH",
  "RETURN", "RETURN_VOID", "RETURN0", "RETURN1", "RETURN_SMALL", "CALL8", "CALL16", "TAIL8", "TAIL16", "NATIVE",
] as const;
type Name = typeof NAMES[number] | string;
const OPCODES = new Map<string, number>(NAMES.map((name, i) => [name, i]));

/** A place that jumps go to. */
interface Place { at: number; used: boolean }
type Item =
  /** `last`: where its last instruction begins. */
  | { kind: "bytes"; bytes: number[]; last: number }
  | { kind: "jump"; name: "JUMP" | "FALSE" | "TRUE" | Comparison; to: Place; long: boolean }
  | { kind: "switch"; low: number; targets: Place[]; otherwise: Place }
  | { kind: "place"; place: Place }
  /** \`tail\`: what it gives is what the function gives. */
  | { kind: "call"; callee: KernelFunction; tail: boolean };

/** Thrown for what this file does not print. */
class Unpackable extends Error {}

interface Packed { readonly callee: KernelFunction; readonly items: Item[]; readonly words: number; readonly wide: number; offset: number }
/** Cells and words that a call of a function takes at most. */
interface Depth { readonly cells: number; readonly words: number }

/** What the printer of C has to know about the packed code. */
export interface PackedNames {
  state(state: State): string;
  table(table: Table): string;
  callee(callee: KernelFunction): string;
  cType(type: Type): string;
}
export interface PackedCode {
  /** The functions that have no C body when packed. */
  readonly functions: ReadonlySet<KernelFunction>;
  /** Those that nothing calls then, and that are left out. */
  readonly unreached: ReadonlySet<KernelFunction>;
  /** The body that stands for it: calls the packed code. */
  stub(callee: KernelFunction, parameters: readonly string[]): string[];
  /** Data and dispatchers, C, before packed-run.h; they call functions declared before. */
  data(): string;
}

export function pack(program: Program, names: PackedNames, roots: ReadonlySet<string>, programStart: number): PackedCode {
  const all = program.files.flatMap(file => file.declarations.flatMap(each => each.kind === "entity" && each.entity.kind === "function" && !each.entity.host ? [each.entity] : []));
  return new Packer(all, names, roots, programStart);
}

class Packer implements PackedCode {
  readonly functions = new Set<KernelFunction>();
  readonly unreached = new Set<KernelFunction>();
  private readonly packed = new Map<KernelFunction, Packed>();
  private readonly calls = new Map<KernelFunction, ReadonlySet<KernelFunction>>();
  private readonly standIns = new Map<KernelFunction, KernelFunction>();
  private readonly states: State[] = [];
  private readonly tables: Table[] = [];
  private readonly views: View[] = [];
  private readonly natives: KernelFunction[] = [];
  private readonly integers: number[] = [];
  private readonly doubles: number[] = [];
  private readonly depths = new Map<KernelFunction, Depth>();
  private readonly short: KernelFunction[];
  private readonly code: number[] = [];
  /** Per function and callee: cells below the arguments, at most. */
  private readonly below = new Map<KernelFunction, Map<KernelFunction, number>>();
  private readonly most = new Map<KernelFunction, number>();

  constructor(all: readonly KernelFunction[], private readonly names: PackedNames, roots: ReadonlySet<string>, readonly programStart: number) {
    const known = new Map(all.map(callee => [callee.name, callee]));
    for (const callee of all) if (callee.reference !== undefined) this.standIns.set(callee, known.get(callee.reference)!);
    for (const callee of all) this.calls.set(callee, this.standIns.has(callee) ? new Set([this.standIns.get(callee)!]) : new Set([...callsOf(callee)].map(each => this.standIn(each))));
    const called = all.filter(callee => callee.exported && roots.has(callee.name));
    const kept = this.reachable(called.length > 0 ? called : all.filter(callee => callee.exported));
    for (const callee of all) {
      if (!kept.has(callee)) {
        this.unreached.add(callee);
        this.calls.delete(callee);
        continue;
      }
      if (isNative(callee)) continue;
      const printer = new FunctionPacker(this, callee);
      try {
        this.packed.set(callee, printer.function());
        this.below.set(callee, printer.below);
        this.most.set(callee, printer.most);
        this.functions.add(callee);
      } catch (error) {
        if (!(error instanceof Unpackable)) throw error;
      }
    }
    const uses = new Map<KernelFunction, number>();
    for (const { items } of this.packed.values()) for (const item of items) if (item.kind === "call" && this.packed.has(item.callee)) uses.set(item.callee, (uses.get(item.callee) ?? 0) + 1);
    this.short = [...uses].filter(([, count]) => count > 2).sort((a, b) => b[1] - a[1]).slice(0, 256).map(([callee]) => callee);
    this.layOut();
  }

  private reachable(roots: readonly KernelFunction[]): ReadonlySet<KernelFunction> {
    const found = new Set(roots), list = [...roots];
    for (let next = list.pop(); next !== undefined; next = list.pop()) {
      for (const callee of this.calls.get(next) ?? []) if (!found.has(callee)) found.add(callee), list.push(callee);
    }
    return found;
  }

  /** The function that packed code calls for this one. */
  standIn(callee: KernelFunction): KernelFunction { return this.standIns.get(callee) ?? callee; }

  // Numbers of things

  state(state: State): number { return numberOf(this.states, state); }
  table(table: Table): number { return numberOf(this.tables, table); }
  view(view: View): number { return numberOf(this.views, view); }
  integer(value: number): number { return numberOf(this.integers, value); }
  double(value: number): number {
    const at = this.doubles.findIndex(each => Object.is(each, value));
    return at >= 0 ? at : this.doubles.push(value) - 1;
  }

  // Layout

  private layOut(): void {
    const shortNumber = new Map(this.short.map((callee, i) => [callee, i]));
    const size = (item: Item): number => {
      switch (item.kind) {
        case "bytes": return item.bytes.length;
        case "jump": return !item.long ? 2 : item.name in INVERSES ? 4 : 3;
        case "switch": return 6 + item.targets.length * 2;
        case "place": return 0;
        case "call": return !this.packed.has(item.callee) ? 2 + (item.tail ? 1 : 0) : shortNumber.has(item.callee) ? 2 : 3;
      }
    };
    let offset = 0;
    for (const packed of this.packed.values()) {
      // Jumps begin short and become long where they must, until nothing changes.
      for (let again = true; again;) {
        again = false;
        let at = headerBytes(packed);
        for (const item of packed.items) {
          if (item.kind === "place") item.place.at = at;
          at += size(item);
        }
        at = headerBytes(packed);
        for (const item of packed.items) {
          at += size(item);
          if (item.kind !== "jump" || item.long) continue;
          const distance = item.to.at - at;
          if (distance < -128 || distance > 127) item.long = again = true;
        }
      }
      packed.offset = offset;
      offset += headerBytes(packed) + packed.items.reduce((sum, item) => sum + size(item), 0);
      // Calls say half of it.
      offset += offset & 1;
    }
    if (offset > 0x1ffff) throw new Error(`packed code of ${offset} bytes: more than its calls can reach`);
    for (const packed of this.packed.values()) {
      const { callee } = packed;
      if (packed.words > 255 || callee.parameters.length > 127) throw new Error(`${callee.name} has too many variables to be packed`);
      if (this.code.length < packed.offset) this.code.push(0);
      this.code.push(callee.parameters.length | (packed.wide === 0 ? 0 : 128), packed.words, ...packed.wide === 0 ? [] : [packed.wide]);
      for (const item of packed.items) {
        const start = this.code.length - packed.offset;
        switch (item.kind) {
          case "bytes": this.code.push(...item.bytes); break;
          case "place": break;
          case "jump": {
            const distance = item.to.at - start - size(item);
            if (!(item.name in INVERSES)) this.code.push(OPCODES.get(item.name + (item.long ? "16" : "8"))!);
            else if (item.long) this.code.push(OPCODES.get(item.name)!, OPCODES.get("TRUE16")!);
            else this.code.push(OPCODES.get(`IF_${item.name}8`)!);
            this.code.push(distance & 255);
            if (item.long) this.code.push(distance >> 8 & 255);
            break;
          }
          case "switch": {
            const end = start + size(item);
            this.code.push(OPCODES.get("SWITCH")!, ...half(item.low), item.targets.length, ...half(item.otherwise.at - end));
            for (const target of item.targets) this.code.push(...half(target.at - end));
            break;
          }
          case "call": {
            const target = this.packed.get(item.callee);
            const number = shortNumber.get(item.callee);
            if (target === undefined) this.code.push(OPCODES.get("NATIVE")!, numberOf(this.natives, item.callee), ...item.tail ? [OPCODES.get(item.callee.result === "void" ? "RETURN_VOID" : "RETURN")!] : []);
            else if (number !== undefined) this.code.push(OPCODES.get(item.tail ? "TAIL8" : "CALL8")!, number);
            else this.code.push(OPCODES.get(item.tail ? "TAIL16" : "CALL16")!, ...half(target.offset >> 1));
          }
        }
      }
    }
    for (const [what, list] of [["states", this.states], ["tables", this.tables], ["views", this.views], ["native functions", this.natives], ["integers", this.integers]] as const) {
      if (list.length > 256) throw new Error(`packed code names ${list.length} ${what}: more than a byte tells apart`);
    }
  }

  /** What a call takes, arguments included: of cells from the first argument on, of words from the first free one. */
  private depth(callee: KernelFunction): Depth {
    const known = this.depths.get(callee);
    if (known !== undefined) return known;
    const packed = this.packed.get(callee);
    const given = Math.max(callee.parameters.length, 1);
    let cells = packed === undefined ? given : Math.max(given, this.most.get(callee)!), words = 0;
    for (const each of this.calls.get(callee) ?? []) {
      const inner = this.depth(each);
      // A native function is handed cells that stay where they are while it runs.
      const under = packed === undefined ? given : this.below.get(callee)!.get(each) ?? 0;
      cells = Math.max(cells, under + inner.cells);
      words = Math.max(words, inner.words);
    }
    const depth = { cells, words: words + (packed === undefined ? 0 : packed.words + FRAME_WORDS) };
    this.depths.set(callee, depth);
    return depth;
  }

  // C

  stub(callee: KernelFunction, parameters: readonly string[]): string[] {
    const packed = this.packed.get(callee);
    if (packed === undefined) throw new Error(`${callee.name} is not packed`);
    const { offset } = packed;
    const plain = callee.parameters.every(({ type }) => type !== "f64");
    const give = (value: string): string => callee.result === "void" ? `  (void)${value};` : callee.result === "bool" ? `  return ${value} != 0;` : callee.result === "u32" ? `  return (uint32_t)${value};` : `  return ${value};`;
    if (plain && callee.result !== "f64" && parameters.length <= 3) {
      const values = callee.parameters.map(({ type }, i) => type === "u32" ? `(int32_t)${parameters[i]!}` : parameters[i]!);
      return [give(`packed_call_${parameters.length}(${[...values, offset].join(", ")})`)];
    }
    const sets = callee.parameters.map(({ type }, i) => type === "f64" ? `  packed_top[${i}].real = ${parameters[i]!};` : `  packed_top[${i}].integer = ${parameters[i]!};`);
    return [...sets, callee.result === "f64" ? `  return packed_call(${offset})->real;` : callee.result === "void" ? `  (void)packed_call(${offset});` : give(`(int32_t)packed_call(${offset})->integer`)];
  }

  data(): string {
    let cells = 1, words = 1;
    for (const callee of this.calls.keys()) {
      const depth = this.depth(callee);
      cells = Math.max(cells, depth.cells);
      words = Math.max(words, depth.words);
    }
    const { names } = this;
    const accessor = (view: View): string => view.element === "f64" ? "real" : "integer";
    return `// Generated from vm/kernel by hosts/c/translate.ts. Do not edit.
// The packed functions (${this.packed.size} of them), what they name, and the machine that runs them.

enum {
${wrapped(NAMES.map((name, i) => `PACKED_${name} = ${i}`))}};
enum { PACKED_CELLS = ${cells}, PACKED_WORDS = ${words} };

static const uint8_t packed_code[] = {
${wrapped(this.code.map(String))}};
/** The functions that are called most, by number. */
static const uint16_t packed_short[] = { ${this.short.map(callee => this.packed.get(callee)!.offset >> 1).join(", ") || "0"} };
static const int32_t packed_integers[] = { ${this.integers.map(value => value === I32_RANGE.low ? "INT32_MIN" : String(value)).join(", ") || "0"} };
static const double packed_doubles[] = { ${this.doubles.map(doubleText).join(", ") || "0.0"} };

static void packed_get_state(unsigned number, union packed *to MVMJS_UNUSED) {
  switch (number) {
${this.states.map((state, i) => `    case ${i}: to->${state.type === "f64" ? "real" : "integer"} = ${names.state(state)}; break;\n`).join("")}    default: break;
  }
}
static void packed_set_state(unsigned number, const union packed *from MVMJS_UNUSED) {
  switch (number) {
${this.states.map((state, i) => `    case ${i}: ${names.state(state)} = ${narrowed(state.type, "from")}; break;\n`).join("")}    default: break;
  }
}
static void packed_get_view(unsigned number, union packed *at MVMJS_UNUSED) {
  const uint32_t i MVMJS_UNUSED = (uint32_t)at->integer;
  switch (number) {
${this.views.map((view, i) => `    case ${i}: at->${accessor(view)} = ${view.name}_get(i); break;\n`).join("")}    default: break;
  }
}
static void packed_set_view(unsigned number, const union packed *at MVMJS_UNUSED) {
  const uint32_t i MVMJS_UNUSED = (uint32_t)at[0].integer;
  switch (number) {
${this.views.map((view, i) => `    case ${i}: ${view.name}_set(i, ${view.element === "f64" ? "at[1].real" : "(int32_t)at[1].integer"}); break;\n`).join("")}    default: break;
  }
}
static void packed_get_table(unsigned number, union packed *at MVMJS_UNUSED) {
  const uint32_t i MVMJS_UNUSED = (uint32_t)at->integer;
  switch (number) {
${this.tables.map((table, i) => `    case ${i}: at->${table.element === "f64" ? "real" : "integer"} = ${tableElement(table, names.table(table))}; break;\n`).join("")}    default: break;
  }
}
/** How many arguments the functions that are not packed have. */
static const uint8_t packed_given[] = { ${this.natives.map(callee => callee.parameters.length).join(", ") || "0"} };
/** Calls a function that is not packed: its arguments are the cells from \`at\` on, where its result comes. How many cells those are. */
static unsigned packed_native(unsigned number, union packed *at MVMJS_UNUSED) {
  switch (number) {
${this.natives.map((callee, i) => this.nativeCase(callee, i)).join("")}    default: return 0;
  }
}
`;
  }

  private nativeCase(callee: KernelFunction, number: number): string {
    const values = callee.parameters.map(({ type }, i) => narrowed(type, `(at + ${i})`));
    const call = `${this.names.callee(callee)}(${values.join(", ")})`;
    if (callee.result === "void") return `    case ${number}: ${call}; return 0;\n`;
    return `    case ${number}: at->${callee.result === "f64" ? "real" : "integer"} = ${call}; return 1;\n`;
  }
}

/** How many arguments, words of locals, and, if there are any, which arguments are doubles. */
function headerBytes({ wide }: Packed): number {
  return wide === 0 ? 2 : 3;
}
/** What a call keeps of its caller, in words. */
const FRAME_WORDS = 2;

/** Does the function stay native? The loop is the reference then, a call of it. */
function isNative(callee: KernelFunction): boolean {
  return callee.reference !== undefined || callee.native;
}

/** One function. */
class FunctionPacker {
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
  private readonly labels = new Map<SourceLabel, { break: Place; continue: Place | undefined }>();

  constructor(private readonly packer: Packer, private readonly callee: KernelFunction) {}

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
      case "empty": break;
    }
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
function numberOf<T>(list: T[], item: T): number {
  const at = list.indexOf(item);
  return at >= 0 ? at : list.push(item) - 1;
}
function half(value: number): [number, number] {
  return [value & 255, value >> 8 & 255];
}

/** The functions that a function calls. */
function callsOf(callee: KernelFunction): ReadonlySet<KernelFunction> {
  const found = new Set<KernelFunction>();
  const seen = new Set<unknown>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) return value.forEach(visit);
    const node = value as { kind?: string; callee?: KernelFunction; [key: string]: unknown };
    if (node.kind === "function") return;
    if (node.kind === "call" && node.callee !== undefined) found.add(node.callee);
    for (const [key, each] of Object.entries(node)) if (key !== "node" && key !== "callee") visit(each);
  };
  visit(callee.body);
  return found;
}

/** A cell as an argument or state of this type. */
function narrowed(type: Type, cell: string): string {
  switch (type) {
    case "f64": return `${cell}->real`;
    case "bool": return `${cell}->integer != 0`;
    case "u32": return `(uint32_t)${cell}->integer`;
    default: return `(int32_t)${cell}->integer`;
  }
}
function tableElement(table: Table, name: string): string {
  const width = bitsOf(table);
  if (width !== undefined) return `MVMJS_BITS(${name}, ${width}, ${table.values.length}, i)`;
  return `${storedAs(table)?.accessor ?? (table.element === "bool" ? "i32" : table.element)}_element(${name}, ${table.values.length}, i)`;
}
function doubleText(value: number): string {
  if (Number.isNaN(value)) return "(double)NAN";
  if (!Number.isFinite(value)) return value < 0 ? "-(double)INFINITY" : "(double)INFINITY";
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
function wrapped(values: readonly string[]): string {
  const lines: string[] = [];
  for (let i = 0; i < values.length; i += 24) lines.push(`  ${values.slice(i, i + 24).join(", ")},\n`);
  return lines.join("");
}
