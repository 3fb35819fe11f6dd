// Writes units (unit.ts) into a memory as cells. The caller makes sure there is room for all of it at once
// (`unitWords`), because what is being built is not reachable yet and the collector must not run meanwhile.
//
// The debug cell of a code (ELEMENTS): name; the file, or where code of several files is in one function ELEMENTS of them;
// source text or undefined; ELEMENTS of slot names; ELEMENTS of scopes (each an ELEMENTS of the slot number and the names);
// BYTES of two words an entry: bytecode offset and line << 10 | column or, where what follows is from another file, ~number
// of that in the list, beginning with file 0; ELEMENTS of what instructions are about, a bytecode offset and a text for each,
// or undefined.

import { Cell, Field, FunctionPart } from "./format/cells.js";
import { HANDLER_WORDS, setCodeField, type CodeField } from "./format/code.js";
import { Fast } from "./format/intrinsics.js";
import { Root } from "./format/roots.js";
import { Immediate } from "./format/words.js";
import type { Kernel } from "./machine.js";
import { lineBytes, type Constant, type FunctionUnit } from "./unit.js";
import { bigWords, writeBig } from "./value.js";

/** Words that the cells of a unit take at most. */
export function unitWords(unit: FunctionUnit, withDebug: boolean): number {
  let words = 64 + unit.constants.length + unit.handlers.length * HANDLER_WORDS + unit.labels.length + (unit.code.length >> 2);
  words += textRoom(unit.name);
  for (const constant of unit.constants) {
    words += typeof constant === "number" ? 4 : typeof constant === "bigint" ? bigWords(constant) : typeof constant === "string" ? textRoom(constant) : unitWords(constant, withDebug);
  }
  const debug = unit.debug;
  if (withDebug && debug !== undefined) {
    words += 64 + textRoom(debug.source ?? "") + debug.lines.length * 2 + debug.slots.length;
    for (const { text } of debug.words) words += 2 + textRoom(text);
    for (const file of debug.files) words += 2 + textRoom(file);
    for (const name of debug.slots) words += textRoom(name);
    for (const scope of debug.scopes) {
      words += 8 + scope.names.length;
      for (const name of scope.names) words += textRoom(name);
    }
  }
  return words;
}
/** A text takes its cell, its interned copy and a share of the table of interned strings. */
function textRoom(text: string): number { return 18 + text.length; }

export class Loader {
  private readonly texts = new Map<string, number>();

  /** `withLabels`: the verifier needs them; the core, which is not verified, does without. */
  constructor(private readonly kernel: Kernel, private readonly withDebug: boolean, private readonly withLabels = true) {}

  /** A new, plain string cell: its word. */
  text(text: string): number {
    const { kernel } = this;
    const empty = kernel.root(Root.NAME_!);
    if (text === "" && empty !== Immediate.UNDEFINED) return empty;
    let wide = false;
    for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 255) { wide = true; break; }
    const address = kernel.newText(text.length, wide);
    const start = kernel.textStart(address);
    for (let i = 0; i < text.length; i++) {
      if (wide) kernel.H[start + i] = text.charCodeAt(i);
      else kernel.B[start + i] = text.charCodeAt(i);
    }
    return kernel.reference(address);
  }

  /** A string constant: interned, unless it is an array index (then it is never a property name). */
  name(text: string): number {
    const word = this.text(text);
    if (this.kernel.arrayIndex(word) >= 0) return word;
    return this.kernel.internKey(word);
  }

  constant(constant: Constant): number {
    if (typeof constant === "number") return this.kernel.numberWord(constant);
    if (typeof constant === "bigint") return writeBig(this.kernel, constant);
    if (typeof constant === "string") return this.withLabels || /^[\w$]*$/.test(constant) ? this.name(constant) : this.prose(constant);
    return this.code(constant);
  }

  /** A constant of the core that is hardly a property's name: no need to intern it. Each is made once in a unit. */
  private prose(text: string): number {
    const word = this.texts.get(text) ?? this.text(text);
    this.texts.set(text, word);
    return word;
  }

  elements(words: readonly number[]): number {
    const { kernel } = this;
    const cell = kernel.newElements(words.length);
    words.forEach((word, index) => { kernel.M[cell + kernel.FIRST_ELEMENT + index] = word; });
    return kernel.reference(cell);
  }

  /** The CODE cell of a unit with those of all functions within: its word. */
  unit(unit: FunctionUnit): number {
    this.texts.clear();
    return this.code(unit);
  }

  /** The CODE cell of a function, inner functions first: its word. */
  private code(unit: FunctionUnit): number {
    const { kernel } = this;
    const constants = unit.constants.map((constant) => this.constant(constant));
    const name = this.name(unit.name);
    const about = this.withDebug && unit.debug !== undefined ? [this.debug(name, unit.debug)] : unit.name === "" ? [] : [name];
    const { handlers } = unit;
    const labels = this.withLabels ? unit.labels : [];
    const tables = handlers.length + labels.length > 0 ? 1 : 0;
    const headWords = Field.CODE_TAIL! + constants.length + about.length + tables + handlers.length * HANDLER_WORDS + labels.length;
    const words = headWords + ((unit.code.length + 3) >> 2);
    const cell = kernel.allocate(Cell.CODE, words);
    const { M, B } = kernel;
    M.fill(0, cell + 1, cell + words);
    const set = (field: CodeField, value: number): void => setCodeField(M, cell, field, value);
    set("flags", unit.flags);
    set("padding", kernel.cellSize(cell) * 4 - headWords * 4 - unit.code.length);
    set("tables", tables);
    set("about", about.length);
    set("fast", unit.fast === "" ? 0 : Fast[unit.fast] ?? 0);
    set("length", unit.length);
    set("slots", unit.slotCount);
    set("parameters", unit.parameterCount);
    set("capacity", unit.capacity);
    set("start", headWords);
    set("stackWords", unit.stackWords);
    let at = cell + Field.CODE_TAIL!;
    for (const word of [...constants, ...about]) M[at++] = word;
    for (const handler of handlers) {
      M[at++] = handler.start;
      M[at++] = handler.end;
      M[at++] = handler.target;
      M[at++] = handler.depth;
    }
    for (const label of labels) M[at++] = (label.offset << 8) | label.depth;
    if (tables !== 0) M[at++] = (handlers.length << 16) | labels.length;
    B.set(unit.code, at * 4);
    return kernel.reference(cell);
  }

  private debug(name: number, debug: NonNullable<FunctionUnit["debug"]>): number {
    const { kernel } = this;
    const files = debug.files.map((file) => this.name(file));
    const source = debug.source === undefined ? Immediate.UNDEFINED : this.text(debug.source);
    const slots = this.elements(debug.slots.map((name) => this.name(name)));
    const scopes = this.elements(debug.scopes.map((scope) => this.elements([scope.slot << 1, ...scope.names.map((name) => this.name(name))])));
    const words = debug.words.length === 0 ? Immediate.UNDEFINED : this.elements(debug.words.flatMap(({ offset, text }) => [offset << 1, this.name(text)]));
    const lines = kernel.allocateBytes(debug.lines.length * 8);
    kernel.B.set(lineBytes(debug.lines), kernel.byteStart(lines));
    return this.elements([name, files.length === 1 ? files[0]! : this.elements(files), source, slots, scopes, kernel.reference(lines), words]);
  }

  /** A closure of a code over nothing: the entry function. */
  closure(code: number): number {
    const { kernel } = this;
    const address = kernel.allocate(Cell.FUNCTION, kernel.FUNCTION_WORDS);
    const { M } = kernel;
    M[address + 1] = kernel.root(Root.SHAPE_method!);
    M[address + 2] = Immediate.UNDEFINED;
    M[address + Field.FUNCTION_CODE!] = code;
    M[address + FunctionPart.SCOPE] = Immediate.UNDEFINED;
    M[address + FunctionPart.HOME] = Immediate.UNDEFINED;
    M[address + FunctionPart.FIELDS] = Immediate.UNDEFINED;
    return kernel.reference(address);
  }

  /** A scope of so many holes. */
  scope(variables: number): number {
    const { kernel } = this;
    const cell = kernel.allocate(Cell.SCOPE, Field.SCOPE_TAIL! + variables);
    kernel.M[cell + Field.SCOPE_PARENT!] = Immediate.UNDEFINED;
    kernel.fillWords(cell + Field.SCOPE_TAIL!, Immediate.HOLE, variables);
    return kernel.reference(cell);
  }
}
