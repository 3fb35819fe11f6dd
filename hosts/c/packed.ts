// Prints kernel functions as packed code: instructions of a byte or three for a small stack machine (packed-run.h), for builds
// where flash counts more than time (-DMVMJS_PACKED). A function so takes less than half of what a compiler makes of it.
// What is worth native code even there says `@native`.
//
// The packed machine has cells of 64 bits, each an exact integer or a double, so the dialect's exact sums need no care:
// an integer is cut to 32 bits where the source says so or where it is stored. Locals are words, of doubles two. Functions
// do not recurse, so how deep cells and words can get is known here, and both are arrays of that size.
//
// What this file cannot print, a function with a construct that no kernel file uses so far, stays native as well.

import { FunctionPacker, half, INVERSES, NAMES, OPCODES, packedAbsent, Unpackable, type Item, type Numbering, type Packed } from "./packed-function.js";
import { findMacros, type Macros } from "./packed-macros.js";
import { I32_RANGE, type KernelFunction, type Program, type State, type Table, type Type, type View } from "./program.js";
import { bitsOf, storedAs } from "./c-expressions.js";

/** Cells and words that a call of a function takes at most. */
interface Depth { readonly cells: number; readonly words: number }

/** What the printer of C has to know about the packed code. */
export interface PackedNames {
  state(state: State): string;
  table(table: Table): string;
  callee(callee: KernelFunction): string;
  cType(type: Type): string;
  /** The number of the absent part that a function belongs to, 0 if it is there. */
  absent(callee: KernelFunction): number;
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

class Packer implements PackedCode, Numbering {
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
  private macros: Macros = { bodies: [] };
  private readonly macroPlaces: number[] = [];
  /** Per function and callee: cells below the arguments, at most. */
  private readonly below = new Map<KernelFunction, Map<KernelFunction, number>>();
  private readonly most = new Map<KernelFunction, number>();

  constructor(all: readonly KernelFunction[], private readonly names: PackedNames, roots: ReadonlySet<string>, readonly programStart: number) {
    const known = new Map(all.map(callee => [callee.name, callee]));
    for (const callee of all) if (callee.reference !== undefined) this.standIns.set(callee, known.get(callee.reference)!);
    for (const callee of all) this.calls.set(callee, names.absent(callee) !== 0 ? new Set() : this.standIns.has(callee) ? new Set([this.standIns.get(callee)!]) : new Set([...callsOf(callee)].map(each => this.standIn(each))));
    const called = all.filter(callee => callee.exported && roots.has(callee.name));
    const kept = this.reachable(called.length > 0 ? called : all.filter(callee => callee.exported));
    for (const callee of all) {
      if (!kept.has(callee)) {
        this.unreached.add(callee);
        this.calls.delete(callee);
        continue;
      }
      if (names.absent(callee) !== 0) {
        this.packed.set(callee, packedAbsent(callee, names.absent(callee)));
        this.below.set(callee, new Map());
        this.most.set(callee, 1);
        this.functions.add(callee);
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
        case "macro": return 1;
        case "call": return !this.packed.has(item.callee) ? 2 + (item.tail ? 1 : 0) : shortNumber.has(item.callee) ? 2 : 3;
      }
    };
    const ends = (item: Item): boolean => item.kind === "call" ? item.tail : item.kind === "bytes" && ENDS.has(NAMES[item.bytes[0]!]!);
    this.macros = findMacros([...this.packed.values()], 256 - NAMES.length, size, ends);
    let offset = 0;
    for (const body of this.macros.bodies) {
      this.macroPlaces.push(offset);
      offset += body.reduce((sum, item) => sum + size(item), 0) + (ends(body.at(-1)!) ? 0 : 1);
    }
    offset += offset & 1;
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
    const call = (item: Item & { kind: "call" }): void => {
      const target = this.packed.get(item.callee);
      const number = shortNumber.get(item.callee);
      if (target === undefined) this.code.push(OPCODES.get("NATIVE")!, numberOf(this.natives, item.callee), ...item.tail ? [OPCODES.get(item.callee.result === "void" ? "RETURN_VOID" : "RETURN")!] : []);
      else if (number !== undefined) this.code.push(OPCODES.get(item.tail ? "TAIL8" : "CALL8")!, number);
      else this.code.push(OPCODES.get(item.tail ? "TAIL16" : "CALL16")!, ...half(target.offset >> 1));
    };
    for (const body of this.macros.bodies) {
      for (const item of body) {
        if (item.kind === "bytes") this.code.push(...item.bytes);
        else call(item);
      }
      if (!ends(body.at(-1)!)) this.code.push(OPCODES.get("MACRO_END")!);
    }
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
          case "call": call(item); break;
          case "macro": this.code.push(NAMES.length + item.number); break;
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
/** From here on opcodes are macros. */
enum { PACKED_MACRO = ${NAMES.length} };
enum { PACKED_CELLS = ${cells}, PACKED_WORDS = ${words} };

static const uint8_t packed_code[] = {
${wrapped(this.code.map(String))}};
/** The functions that are called most, by number. */
static const uint16_t packed_short[] = { ${this.short.map(callee => this.packed.get(callee)!.offset >> 1).join(", ") || "0"} };
static const uint16_t packed_macros[] = { ${this.macroPlaces.join(", ") || "0"} };
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

/** Instructions behind which nothing goes on. */
const ENDS: ReadonlySet<string> = new Set(["RETURN", "RETURN_VOID", "RETURN0", "RETURN1", "RETURN_SMALL"]);
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

function numberOf<T>(list: T[], item: T): number {
  const at = list.indexOf(item);
  return at >= 0 ? at : list.push(item) - 1;
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
