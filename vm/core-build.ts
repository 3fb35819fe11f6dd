// Builds the core: runs its files inside the machine, in a memory whose heap lies where the core will be, and takes the
// heap as it is afterwards. Done once per release, by the build.
//
// Before the first file the bootstrap makes what the kernel cannot do without: the cell of the roots (the first cell, at
// ROOTS_CELL), the interned names, the shapes of literals and functions, four empty objects, the scope of the core's
// top-level variables. Everything else the files make themselves.

import { Attribute, Cell, Field, FunctionPart, ShapeFlag, taggedFirst } from "./format/cells.js";
import { BARE_LENGTH, codeLimit, setCodeField } from "./format/code.js";
import { CodeFlag } from "./format/frame.js";
import { instructionLayout, opcodes, opNames } from "./format/opcodes.js";
import { Reg, registers, registerNames, Status } from "./format/registers.js";
import { coreNames, OBJECT_SHAPES, ROOT_COUNT, Root, rootNames, rootNumber, ROOTS, ROOTS_CELL } from "./format/roots.js";
import { CORE_WORDS, HEAP, Immediate } from "./format/words.js";
import { Loader, unitWords } from "./load.js";
import type { Kernel } from "./machine.js";
import type { CoreUnit } from "./unit.js";

/** The core as hosts load it: its words (from address 0), and where each module's cells end. */
export interface Core {
  words: Int32Array;
  /** The next serial for a program's objects. */
  nextSerial: number;
  /** By module, the ranges of addresses [start, end) that its cells lie in. */
  modules: { name: string; ranges: [number, number][] }[];
}

const STACK_WORDS = 0x40000;

/** Builds the core from its unit. Throws an Error that says what went wrong in which file. `partial`: some files are left out, to see what the others weigh, and so roots may be missing. */
export function buildCore(kernel: Kernel, unit: CoreUnit, describe: (kernel: Kernel, word: number) => string, partial = false): Core {
  const memory = new ArrayBuffer((HEAP + STACK_WORDS) * 4);
  kernel.attach(memory, new Int32Array(kernel.CACHE_WORDS), new Int32Array(CORE_WORDS));
  kernel.setHeapBase(true);
  kernel.setBuildingCore(true);
  try {
    return build(kernel, unit, describe, partial);
  } finally {
    kernel.setHeapBase(false);
    kernel.setBuildingCore(false);
  }
}

function build(kernel: Kernel, unit: CoreUnit, describe: (kernel: Kernel, word: number) => string, partial: boolean): Core {
  const { M } = kernel;
  for (const name of registerNames) M[Reg[name]] = registers[name][0] === "word" ? Immediate.UNDEFINED : 0;
  M[Reg.HEAP_TOP] = ROOTS_CELL;
  M[Reg.STACK_FLOOR] = CORE_WORDS;
  M[Reg.MEMORY_LIMIT] = 0x7fffffff;
  M[Reg.STACK_LIMIT] = STACK_WORDS - 0x4000;
  M[Reg.SP] = kernel.memoryWords;
  M[Reg.FP] = kernel.memoryWords;
  const loader = new Loader(kernel, false, false);
  makeRoots(kernel, loader, unit.variables.length);
  const borders = new Borders(kernel, unit.files.length + 1);
  borders.mark();
  for (const file of unit.files) {
    if (unitWords(file.body, false) > CORE_WORDS - M[Reg.HEAP_TOP]!) throw new Error(`the core is full at ${file.name}: raise CORE_WORDS`);
    const entry = loader.closure(loader.unit(file.body));
    kernel.begin(entry, Immediate.UNDEFINED);
    const status = kernel.execute(0x7fffffff);
    if (status !== Status.ENDED) throw new Error(`${file.name}: the core's file stopped with status ${status}`);
    const result = M[Reg.RESULT]!;
    if (result !== Immediate.UNDEFINED) throw new Error(`${file.name}: ${describe(kernel, result)}`);
    M[Reg.SP] = kernel.memoryWords;
    M[Reg.RESULT] = Immediate.UNDEFINED;
    kernel.collect();
    borders.mark();
  }
  const missing = rootNames.filter((name, number) => M[ROOTS + number] === Immediate.UNDEFINED && name !== "internTable");
  if (missing.length > 0 && !partial) throw new Error(`roots that no file of the core defines: ${missing.join(", ")}`);
  giveCode(kernel);
  M[Reg.TRANSITIONS] = Immediate.UNDEFINED;
  trim(kernel);
  M[Reg.INTERN] = Immediate.UNDEFINED;
  kernel.collect();
  const modules = borders.take(["(roots)", ...unit.files.map((file) => file.name), "(forms)"]);
  internTable(kernel);
  modules[modules.length - 1]!.ranges[0]![1] = M[Reg.HEAP_TOP]!;
  const top = M[Reg.HEAP_TOP]!;
  for (let address = ROOTS_CELL; address < top; address += kernel.cellSize(address)) {
    const kind = kernel.cellKind(address);
    if (kind >= Cell.OBJECT && kind <= Cell.TYPED_ARRAY) kernel.objectSerial(address);
    if (kind === Cell.ROPE) throw new Error("a text of the core is a rope, and nobody could make it flat: use $joinTexts");
  }
  return { words: M.slice(0, top), nextSerial: M[Reg.NEXT_SERIAL]!, modules };
}

/** Where each file's cells end while the collector moves them: empty cells, which it keeps because a register refers to them. */
class Borders {
  private count = 0;
  constructor(private readonly kernel: Kernel, most: number) {
    const list = kernel.newElements(most);
    kernel.fillWords(list + kernel.FIRST_ELEMENT, Immediate.UNDEFINED, most);
    kernel.M[Reg.MODULES] = kernel.reference(list);
  }
  private at(index: number): number { return (this.kernel.M[Reg.MODULES]! >> 2) + this.kernel.FIRST_ELEMENT + index; }
  /** The cells so far belong to one file. */
  mark(): void {
    const { kernel } = this;
    const mark = kernel.reference(kernel.newElements(0));
    kernel.M[this.at(this.count++)] = mark;
  }
  /** The ranges, by name; one more than there are marks. The marks are gone afterwards. */
  take(names: readonly string[]): Core["modules"] {
    const { kernel } = this;
    const { M } = kernel;
    let gone = kernel.cellSize(M[Reg.MODULES]! >> 2);
    const ends: number[] = [];
    for (let i = 0; i < this.count; i++) {
      const mark = M[this.at(i)]! >> 2;
      ends.push(mark - gone);
      gone += kernel.cellSize(mark);
    }
    M[Reg.MODULES] = Immediate.UNDEFINED;
    kernel.collect();
    ends.push(M[Reg.HEAP_TOP]!);
    return names.map((name, i) => ({ name, ranges: [[i === 0 ? ROOTS_CELL : ends[i - 1]!, ends[i]!]] }));
  }
}

/** All cells below `top`. */
function* cellsOf(kernel: Kernel, top: number): Generator<{ address: number; kind: number }> {
  for (let address = ROOTS_CELL; address < top;) {
    const next = address + kernel.cellSize(address);
    yield { address, kind: kernel.cellKind(address) };
    address = next;
  }
}
/** The tagged words of a cell. */
function* wordsOf(kernel: Kernel, address: number): Generator<number> {
  const first = taggedFirst[kernel.cellKind(address)]!;
  if (first === 0) return;
  for (let at = address + first; at < kernel.taggedLimit(address); at++) yield kernel.M[at]!;
}

/** Takes off what only a growing heap, and only the building of the core, needs. */
function trim(kernel: Kernel): void {
  forgetVariables(kernel);
  kernel.collect();
  makeLazy(kernel);
  settleShapes(kernel);
  forgetNames(kernel);
  kernel.collect();
  bareFunctions(kernel);
  shortenTables(kernel);
  shortenSlots(kernel);
  shortenFunctions(kernel);
  shareEqual(kernel);
}

/** Core variables that no code uses which is still there: what only the files' own statements needed. */
function forgetVariables(kernel: Kernel): void {
  const { M } = kernel;
  const scope = M[ROOTS + Root.coreScope!]!;
  const variable = (number: number): number => (scope >> 2) + Field.SCOPE_TAIL! + number;
  const seen = new Set<number>([scope >> 2, M[Reg.INTERN]! >> 2]);
  const used = new Set<number>();
  const open = [ROOTS_CELL];
  const follow = (word: number): void => {
    if (!kernel.isReference(word) || seen.has(word >> 2)) return;
    seen.add(word >> 2);
    open.push(word >> 2);
  };
  for (let address = open.pop(); address !== undefined; address = open.pop()) {
    for (const word of wordsOf(kernel, address)) follow(word);
    if (kernel.cellKind(address) !== Cell.CODE) continue;
    for (const { at, op } of instructionsOf(kernel, address)) {
      if (!getsVariable[op]) continue;
      const number = variableAt(kernel, at);
      used.add(number);
      follow(M[variable(number)]!);
    }
  }
  const end = kernel.taggedLimit(scope >> 2);
  for (let number = 0; variable(number) < end; number++) {
    if (!used.has(number)) M[variable(number)] = Immediate.UNDEFINED;
  }
  // They have the highest numbers (compiler/core-unit.ts).
  cutOff(kernel, scope >> 2, Field.SCOPE_TAIL! + Math.max(...used) + 1);
}
const sizes = opNames.map((name) => instructionLayout(opcodes[name]).sizeBytes);
/** By opcode: does its operand, of one or two bytes, name a core variable that it pushes? */
const getsVariable = opNames.map((name) => name.startsWith("GET_CORE") || name.startsWith("CORE_CALLEE"));

/**
 * A function whose own properties are a length and a name, such as a file has given it, becomes lazy again: both are
 * written into its code, into a copy of it where others have the same and it takes no more than they do.
 */
function makeLazy(kernel: Kernel): void {
  const { M } = kernel;
  const top = M[Reg.HEAP_TOP]!;
  const uses = new Map<number, number>();
  for (const { address } of cellsOf(kernel, top)) {
    for (const word of wordsOf(kernel, address)) {
      if (kernel.kindOf(word) === Cell.CODE) uses.set(word, (uses.get(word) ?? 0) + 1);
    }
  }
  const lazy = M[ROOTS + rootNumber("shape:core")]!;
  for (const { address, kind } of cellsOf(kernel, top)) {
    if (kind !== Cell.FUNCTION) continue;
    const shape = kernel.shapeOf(address);
    if (M[shape + Field.SHAPE_COUNT!] !== 2 || (kernel.shapeFlags(shape) & ShapeFlag.LAZY) !== 0 || M[shape + Field.SHAPE_PROTOTYPE!] !== M[(lazy >> 2) + Field.SHAPE_PROTOTYPE!]) continue;
    if (uses.get(M[address + Field.FUNCTION_CODE!]!)! > 1 && kernel.cellSize(M[address + Field.FUNCTION_CODE!]! >> 2) > OWN_WORDS) continue;
    const own = [Root.NAME_length!, Root.NAME_name!].map((name) => kernel.findOwn(address, M[ROOTS + name]!) === kernel.DATA && kernel.foundAttributes === Attribute.CONFIGURABLE ? M[kernel.foundAt]! : Immediate.NONE);
    const [length, name] = own as [number, number];
    if (length < 0 || (length & 1) !== 0 || length >> 1 > codeLimit("length") || !kernel.isText(name)) continue;
    const code = copyCode(kernel, M[address + Field.FUNCTION_CODE!]! >> 2, kernel.internKey(name));
    setCodeField(M, code, "length", length >> 1);
    M[address + Field.FUNCTION_CODE!] = kernel.reference(code);
    M[address + 1] = lazy;
    M[address + 2] = Immediate.UNDEFINED;
  }
}
/** Words of a shape, a table and slots for two properties. */
const OWN_WORDS = 24;
/** A copy of a code, with another name. */
function copyCode(kernel: Kernel, from: number, name: number): number {
  const { M } = kernel;
  const head = kernel.handlersAt(from) - kernel.codeAbout(from) - from;
  const rest = (kernel.codeEnd(from) + 3 >> 2) - head - kernel.codeAbout(from);
  const words = head + 1 + rest;
  if (!kernel.reserve(words + 1)) throw new Error("no room to settle the core: raise CORE_WORDS");
  const copy = kernel.allocate(Cell.CODE, words);
  M.copyWithin(copy + 1, from + 1, from + head);
  M[copy + head] = name;
  M.copyWithin(copy + head + 1, kernel.handlersAt(from), kernel.handlersAt(from) + rest);
  setCodeField(M, copy, "padding", kernel.cellSize(copy) * 4 - words * 4 + (-kernel.codeEnd(from) & 3));
  setCodeField(M, copy, "start", (kernel.codeStart(from) >> 2) + 1 - kernel.codeAbout(from));
  setCodeField(M, copy, "about", 1);
  return copy;
}

/** A shape of its own lets the property cache know an object by it, also when the program has changed the object. The shapes that led to a shape are let go: a program's own transitions start from the last one. */
function settleShapes(kernel: Kernel): void {
  const { M } = kernel;
  const top = M[Reg.HEAP_TOP]!;
  for (const { address, kind } of cellsOf(kernel, top)) {
    if (kind < Cell.OBJECT || kind > Cell.TYPED_ARRAY) continue;
    const shape = kernel.shapeOf(address);
    if (M[shape + Field.SHAPE_COUNT!]! > 0 && (M[shape + Field.SHAPE_FLAGS!]! & (ShapeFlag.LAZY | ShapeFlag.UNIQUE)) === 0 && !kernel.makeUnique(address)) {
      throw new Error("no room to settle the core: raise CORE_WORDS");
    }
  }
  for (const { address, kind } of cellsOf(kernel, top)) {
    if (kind === Cell.SHAPE) M[address + Field.SHAPE_PARENT!] = Immediate.UNDEFINED;
  }
}

/** Functions that only the core itself calls need no name: nobody can ask for it. */
function forgetNames(kernel: Kernel): void {
  const { M } = kernel;
  const top = M[Reg.HEAP_TOP]!;
  const visible = new Set<number>();
  for (const { address, kind } of cellsOf(kernel, top)) {
    if (kind !== Cell.SLOTS && kind !== Cell.ACCESSOR && kind !== Cell.OBJECT && kind !== Cell.RECORD) continue;
    for (const word of wordsOf(kernel, address)) visible.add(word);
  }
  for (const { address, kind } of cellsOf(kernel, top)) {
    if (kind !== Cell.FUNCTION || visible.has(kernel.reference(address))) continue;
    const code = kernel.codeOf(kernel.reference(address));
    if (kernel.codeAbout(code) === 0) continue;
    const end = code + kernel.cellSize(code);
    const padding = kernel.codePadding(code) + 4;
    M.copyWithin(kernel.handlersAt(code) - 1, kernel.handlersAt(code), end);
    M[end - 1] = 0;
    setCodeField(M, code, "start", (kernel.codeStart(code) >> 2) - 1);
    setCodeField(M, code, "about", 0);
    setCodeField(M, code, "padding", padding & 7);
    if (padding > 7) cutOff(kernel, code, kernel.cellSize(code) - 2);
  }
}

/** Bytecode of a code cell, instruction by instruction. */
function* instructionsOf(kernel: Kernel, code: number): Generator<{ at: number; op: number }> {
  const { B } = kernel;
  const end = code * 4 + kernel.codeEnd(code);
  for (let at = code * 4 + kernel.codeStart(code); at < end; at += sizes[B[at]!]!) yield { at, op: B[at]! };
}
/** The core variable that an instruction pushes. */
function variableAt(kernel: Kernel, at: number): number {
  const { B } = kernel;
  return sizes[B[at]!] === 3 ? B[at + 1]! | (B[at + 2]! << 8) : B[at + 1]!;
}
/** Instructions that ask for more of the running function than its code. */
const asksForCallee: ReadonlySet<string> = new Set([
  "CALLEE", "HOME", "CALLEE_SCOPE", "GET_OUTER", "GET_OUTER8", "PUT_OUTER", "GET_OUTER_CHECKED", "ARGUMENTS", "START_ASYNC", "START_GENERATOR",
]);

/** Functions that are only called, through their variable, do with their code alone. */
function bareFunctions(kernel: Kernel): void {
  const { M } = kernel;
  const top = M[Reg.HEAP_TOP]!;
  const scope = M[ROOTS + Root.coreScope!]! >> 2;
  const pushed = new Set<number>();
  const references = new Map<number, number>();
  for (const { address, kind } of cellsOf(kernel, top)) {
    for (const word of wordsOf(kernel, address)) references.set(word, (references.get(word) ?? 0) + 1);
    if (kind !== Cell.CODE) continue;
    for (const { at, op } of instructionsOf(kernel, address)) if (opNames[op]!.startsWith("GET_CORE")) pushed.add(variableAt(kernel, at));
  }
  for (let number = 0, at = scope + Field.SCOPE_TAIL!; at < kernel.taggedLimit(scope); at++, number++) {
    const word = M[at]!;
    if (kernel.kindOf(word) !== Cell.FUNCTION || pushed.has(number) || references.get(word) !== 1) continue;
    const code = kernel.codeOf(word);
    if (M[(word >> 2) + FunctionPart.SCOPE] !== Immediate.UNDEFINED || kernel.codeFast(code) !== 0 || references.get(kernel.reference(code)) !== 1) continue;
    if ((kernel.codeFlags(code) & (CodeFlag.GENERATOR | CodeFlag.ASYNC | CodeFlag.CONSTRUCTOR | CodeFlag.CLASS)) !== 0) continue;
    if ([...instructionsOf(kernel, code)].some(({ op }) => asksForCallee.has(opNames[op]!))) continue;
    setCodeField(M, code, "length", BARE_LENGTH);
    M[at] = kernel.reference(code);
  }
}

/** Property tables without free entries. */
function shortenTables(kernel: Kernel): void {
  const { M } = kernel;
  const end = M[Reg.HEAP_TOP]!;
  const exact = new Map<number, number>();
  for (const { address, kind } of cellsOf(kernel, end)) {
    if (kind !== Cell.SHAPE) continue;
    const word = M[address + Field.SHAPE_TABLE!]!;
    if (word === Immediate.UNDEFINED) continue;
    const table = word >> 2;
    const count = M[address + Field.SHAPE_COUNT!]!;
    const longest = exact.get(table) ?? 0;
    if (count > longest) exact.set(table, count);
  }
  const replaced = new Map<number, number>();
  for (const [table, count] of exact) {
    if (count === M[table + Field.PROPERTY_TABLE_CAPACITY!] || M[table + Field.PROPERTY_TABLE_LIVE!] !== M[table + Field.PROPERTY_TABLE_USED!]) continue;
    if (!kernel.reserve(kernel.tableWords(count) + 1)) throw new Error("no room to trim the core: raise CORE_WORDS");
    replaced.set(table, kernel.copyPropertyTable(table, count, count));
  }
  for (const { address, kind } of cellsOf(kernel, end)) {
    if (kind !== Cell.SHAPE) continue;
    const word = M[address + Field.SHAPE_TABLE!]!;
    const table = replaced.get(word >> 2);
    if (word !== Immediate.UNDEFINED && table !== undefined) M[address + Field.SHAPE_TABLE!] = kernel.reference(table);
  }
}

/** Makes a cell shorter; what is cut off becomes an empty cell, which the next collection takes. */
function cutOff(kernel: Kernel, address: number, words: number): void {
  const { M } = kernel;
  const whole = kernel.cellSize(address);
  const kept = (words + 1) & -2;
  if (kept === whole) return;
  M[address] = (kept << 7) | kernel.cellKind(address);
  M[address + kept] = ((whole - kept) << 7) | Cell.ELEMENTS;
  M.fill(Immediate.UNDEFINED, address + kept + 1, address + whole);
}

/** SLOTS cells without the free ones at their end. */
function shortenSlots(kernel: Kernel): void {
  const { M } = kernel;
  for (const { address, kind } of cellsOf(kernel, M[Reg.HEAP_TOP]!)) {
    if (kind < Cell.OBJECT || kind > Cell.TYPED_ARRAY || kernel.kindOf(M[address + 2]!) !== Cell.SLOTS) continue;
    const shape = kernel.shapeOf(address);
    const outside = Math.max(0, M[shape + Field.SHAPE_COUNT!]! - kernel.shapeInline(shape));
    cutOff(kernel, M[address + 2]! >> 2, Field.SLOTS_TAIL! + outside);
  }
}

/**
 * Functions without what the core has no use for: home object and fields (it has no `super` and no classes with fields),
 * a scope that is undefined.
 */
function shortenFunctions(kernel: Kernel): void {
  const { M } = kernel;
  const top = M[Reg.HEAP_TOP]!;
  for (const { address, kind } of cellsOf(kernel, top)) {
    if (kind !== Cell.FUNCTION) continue;
    const words = M[address + FunctionPart.SCOPE] === Immediate.UNDEFINED ? FunctionPart.SCOPE : FunctionPart.HOME + 1;
    M[address + FunctionPart.HOME] = Immediate.UNDEFINED;
    cutOff(kernel, address, words);
  }
}

/**
 * Of equal cells that nothing ever changes one is enough, and of a text the interned one if there is one. Twice, since
 * codes may be equal once what they refer to is the same.
 */
function shareEqual(kernel: Kernel): void {
  const { M } = kernel;
  const top = M[Reg.HEAP_TOP]!;
  const shared: readonly number[] = [Cell.NUMBER, Cell.STRING, Cell.PROPERTY_TABLE, Cell.CODE];
  for (let round = 0; round < 2; round++) {
    const first = new Map<string, number>();
    const content = (address: number, from: number): string => M.subarray(address + from, address + kernel.cellSize(address)).join();
    const text = (address: number, tail: number): string => `text ${M[address + 1]!} ${content(address, tail).replace(/(,0)+$/, "")}`;
    for (const { address, kind } of cellsOf(kernel, top)) if (kind === Cell.KEY) first.set(text(address, Field.KEY_TAIL!), address);
    const instead = new Map<number, number>();
    for (const { address, kind } of cellsOf(kernel, top)) {
      if (!shared.includes(kind)) continue;
      const key = kind === Cell.STRING ? text(address, Field.STRING_TAIL!) : `${kind} ${content(address, 0)}`;
      const other = first.get(key);
      if (other === undefined) first.set(key, address);
      else instead.set(kernel.reference(address), kernel.reference(other));
    }
    for (const { address, kind } of cellsOf(kernel, top)) {
      if (taggedFirst[kind] === 0) continue;
      for (let at = address + taggedFirst[kind]!; at < kernel.taggedLimit(address); at++) M[at] = instead.get(M[at]!) ?? M[at]!;
    }
  }
}

/** The table of the core's interned strings (text.ts, findInCore), behind all else: it holds addresses that the collector does not know of. */
function internTable(kernel: Kernel): void {
  const { M, H } = kernel;
  const keys: number[] = [];
  for (const { address, kind } of cellsOf(kernel, M[Reg.HEAP_TOP]!)) if (kind === Cell.KEY || kind === Cell.WIDE_KEY) keys.push(address);
  // A sixth of the places is free, so that a search for what is not there ends soon.
  const size = Math.ceil(keys.length / 5) * 6;
  const table = kernel.allocateBytes(size * 2);
  const first = (table + Field.BYTES_TAIL!) * 2;
  H.fill(0, first, first + size);
  for (const key of keys) {
    let place = (M[key + Field.KEY_HASH!]! & 0x7fffffff) % size;
    while (H[first + place] !== 0) place = (place + 1) % size;
    H[first + place] = key >> 1;
  }
  M[ROOTS + Root.internTable!] = kernel.reference(table);
}

/** Function.prototype: a function before there is any code. It gets that of the root emptyFunction. */
function functionWithoutCode(kernel: Kernel, prototype: number): number {
  const { M } = kernel;
  const cell = kernel.allocate(Cell.FUNCTION, kernel.FUNCTION_WORDS);
  kernel.fillWords(cell + 1, Immediate.UNDEFINED, FunctionPart.FIELDS);
  M[cell + 1] = kernel.reference(kernel.rootShape(prototype, Cell.FUNCTION, 0));
  return cell;
}
function giveCode(kernel: Kernel): void {
  const { M } = kernel;
  const code = (root: number): number => (M[ROOTS + root]! >> 2) + Field.FUNCTION_CODE!;
  if (M[ROOTS + Root.emptyFunction!] !== Immediate.UNDEFINED) M[code(Root.FunctionPrototype!)] = M[code(Root.emptyFunction!)]!;
}

function makeRoots(kernel: Kernel, loader: Loader, variables: number): void {
  const { M } = kernel;
  const roots = kernel.newElements(ROOT_COUNT);
  if (roots !== ROOTS_CELL) throw new Error("the roots are not the first cell");
  for (let number = 0; number < ROOT_COUNT; number++) M[ROOTS + number] = Immediate.UNDEFINED;
  for (const name of coreNames) {
    const word = loader.text(name);
    M[ROOTS + rootNumber(`name:${name}`)] = name === "0" ? word : kernel.internKey(word);
  }
  const set = (name: string, address: number): number => {
    M[ROOTS + rootNumber(name)] = kernel.reference(address);
    return kernel.reference(address);
  };
  const plain = (prototype: number): number => kernel.newObject(kernel.rootShape(prototype, Cell.OBJECT, 0));
  const objectPrototype = set("ObjectPrototype", plain(Immediate.NULL));
  const functionPrototype = set("FunctionPrototype", functionWithoutCode(kernel, objectPrototype));
  set("global", plain(objectPrototype));
  const arrayShape = kernel.rootShape(objectPrototype, Cell.ARRAY, 0);
  const arrayPrototype = kernel.newArray(Immediate.UNDEFINED, 0);
  M[arrayPrototype + 1] = kernel.reference(arrayShape);
  set("ArrayPrototype", arrayPrototype);
  set("shape:array", kernel.rootShape(kernel.reference(arrayPrototype), Cell.ARRAY, 0));
  for (let capacity = 0; capacity < OBJECT_SHAPES; capacity++) {
    set(`shape:object${capacity}`, kernel.rootShape(objectPrototype, Cell.OBJECT, capacity));
  }
  kernel.markPrototype(functionPrototype);
  const lazy = (prototypeAttributes: number): number => {
    const root = kernel.newShape((Cell.FUNCTION << 24) | ShapeFlag.LAZY, 0, functionPrototype, Immediate.UNDEFINED, Immediate.UNDEFINED, Immediate.NONE);
    let shape = kernel.childShape(root, M[ROOTS + Root.NAME_length!]!, Attribute.CONFIGURABLE);
    shape = kernel.childShape(shape, M[ROOTS + Root.NAME_name!]!, Attribute.CONFIGURABLE);
    return prototypeAttributes < 0 ? shape : kernel.childShape(shape, M[ROOTS + Root.NAME_prototype!]!, prototypeAttributes);
  };
  set("shape:function", lazy(Attribute.WRITABLE));
  set("shape:constructor", lazy(0));
  set("shape:method", lazy(-1));
  set("shape:core", lazy(-1));
  M[ROOTS + Root.coreScope!] = loader.scope(variables);
  M[Field.SCOPE_PARENT! + (M[ROOTS + Root.coreScope!]! >> 2)] = Immediate.UNDEFINED;
}
