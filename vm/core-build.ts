// Builds the core: runs its files inside the machine, in a memory whose heap lies where the core will be, and takes the
// heap as it is afterwards. Done once per release, by the build.
//
// Before the first file the bootstrap makes what the kernel cannot do without: the cell of the roots (the first cell, at
// ROOTS_CELL), the interned names, the shapes of literals and functions, four empty objects, the scope of the core's
// top-level variables. Everything else the files make themselves.

import { Attribute, Cell, Field, ShapeFlag, taggedFirst } from "./format/cells.js";
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
  /** Ranges of addresses, in order. */
  modules: { name: string; start: number; end: number }[];
}

const STACK_WORDS = 0x40000;

/** Builds the core from its unit. Throws an Error that says what went wrong in which file. */
export function buildCore(kernel: Kernel, unit: CoreUnit, describe: (kernel: Kernel, word: number) => string): Core {
  const memory = new ArrayBuffer((HEAP + STACK_WORDS) * 4);
  kernel.attach(memory, new Int32Array(kernel.CACHE_WORDS), new Int32Array(CORE_WORDS));
  kernel.setHeapBase(true);
  kernel.setBuildingCore(true);
  try {
    return build(kernel, unit, describe);
  } finally {
    kernel.setHeapBase(false);
    kernel.setBuildingCore(false);
  }
}

function build(kernel: Kernel, unit: CoreUnit, describe: (kernel: Kernel, word: number) => string): Core {
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
  const modules: Core["modules"] = [];
  let start = M[Reg.HEAP_TOP]!;
  modules.push({ name: "(roots)", start: ROOTS_CELL, end: start });
  for (const file of unit.files) {
    if (unitWords(file.body, false) > CORE_WORDS - M[Reg.HEAP_TOP]!) throw new Error(`the core is full at ${file.name}: raise CORE_WORDS`);
    const entry = loader.closure(loader.code(file.body));
    kernel.begin(entry, Immediate.UNDEFINED);
    const status = kernel.execute(0x7fffffff);
    if (status !== Status.ENDED) throw new Error(`${file.name}: the core's file stopped with status ${status}`);
    const result = M[Reg.RESULT]!;
    if (result !== Immediate.UNDEFINED) throw new Error(`${file.name}: ${describe(kernel, result)}`);
    M[Reg.SP] = kernel.memoryWords;
    M[Reg.RESULT] = Immediate.UNDEFINED;
    kernel.collect();
    const end = M[Reg.HEAP_TOP]!;
    modules.push({ name: file.name, start, end });
    start = end;
  }
  const missing = rootNames.filter((name, number) => M[ROOTS + number] === Immediate.UNDEFINED && name !== "internTable");
  if (missing.length > 2) throw new Error(`roots that no file of the core defines: ${missing.join(", ")}`);
  M[Reg.TRANSITIONS] = Immediate.UNDEFINED;
  trim(kernel);
  kernel.collect();
  settleInterned(kernel);
  M[ROOTS + Root.internTable!] = M[Reg.INTERN]!;
  kernel.collect();
  const top = M[Reg.HEAP_TOP]!;
  for (let address = ROOTS_CELL; address < top; address += kernel.cellSize(address)) {
    const kind = kernel.cellKind(address);
    if (kind >= Cell.OBJECT && kind <= Cell.TYPED_ARRAY) kernel.objectSerial(address);
  }
  return { words: M.slice(0, top), nextSerial: M[Reg.NEXT_SERIAL]!, modules };
}

/**
 * Takes off what only a growing heap needs: the shapes that led to a shape (a program's own transitions start from the
 * last one), the free entries of property tables.
 */
function trim(kernel: Kernel): void {
  const { M } = kernel;
  const top = M[Reg.HEAP_TOP]!;
  for (let address = ROOTS_CELL; address < top; address += kernel.cellSize(address)) {
    const kind = kernel.cellKind(address);
    if (kind < Cell.OBJECT || kind > Cell.TYPED_ARRAY) continue;
    // A shape of its own lets the property cache know an object by it, also when the program has changed the object.
    const shape = kernel.shapeOf(address);
    if (M[shape + Field.SHAPE_COUNT!]! > 0 && (M[shape + Field.SHAPE_FLAGS!]! & (ShapeFlag.LAZY | ShapeFlag.UNIQUE)) === 0 && !kernel.makeUnique(address)) {
      throw new Error("no room to settle the core: raise CORE_WORDS");
    }
  }
  for (let address = ROOTS_CELL; address < top; address += kernel.cellSize(address)) {
    if (kernel.cellKind(address) === Cell.SHAPE) M[address + Field.SHAPE_PARENT!] = Immediate.UNDEFINED;
  }
  forgetNames(kernel, top);
  kernel.collect();
  const end = M[Reg.HEAP_TOP]!;
  const exact = new Map<number, number>();
  for (let address = ROOTS_CELL; address < end; address += kernel.cellSize(address)) {
    if (kernel.cellKind(address) !== Cell.SHAPE) continue;
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
  for (let address = ROOTS_CELL; address < end; address += kernel.cellSize(address)) {
    if (kernel.cellKind(address) !== Cell.SHAPE) continue;
    const word = M[address + Field.SHAPE_TABLE!]!;
    const table = replaced.get(word >> 2);
    if (word !== Immediate.UNDEFINED && table !== undefined) M[address + Field.SHAPE_TABLE!] = kernel.reference(table);
  }
}

/** Functions that only the core itself calls need no name: nobody can ask for it. */
function forgetNames(kernel: Kernel, top: number): void {
  const { M } = kernel;
  const visible = new Set<number>();
  for (let address = ROOTS_CELL; address < top; address += kernel.cellSize(address)) {
    const kind = kernel.cellKind(address);
    if (kind !== Cell.SLOTS && kind !== Cell.ACCESSOR && kind !== Cell.OBJECT && kind !== Cell.RECORD) continue;
    for (let at = address + 1; at < kernel.taggedLimit(address); at++) visible.add(M[at]!);
  }
  for (let address = ROOTS_CELL; address < top; address += kernel.cellSize(address)) {
    if (kernel.cellKind(address) !== Cell.FUNCTION || visible.has(kernel.reference(address))) continue;
    M[kernel.codeOf(kernel.reference(address)) + Field.CODE_ABOUT!] = M[ROOTS + Root.NAME_!]!;
  }
}

/** Interned strings that nothing uses any more are let go, and the set is made anew with what is left. */
function settleInterned(kernel: Kernel): void {
  const { M } = kernel;
  const set = M[Reg.INTERN]! >> 2;
  const used = new Set<number>();
  const top = M[Reg.HEAP_TOP]!;
  for (let address = ROOTS_CELL; address < top; address += kernel.cellSize(address)) {
    if (address === set) continue;
    for (let at = address + taggedFirst[kernel.cellKind(address)]!; taggedFirst[kernel.cellKind(address)] !== 0 && at < kernel.taggedLimit(address); at++) used.add(M[at]!);
  }
  const capacity = M[set + Field.WEAK_SET_CAPACITY]!;
  const keys: number[] = [];
  for (let i = 0; i < capacity; i++) {
    const word = M[set + Field.WEAK_SET_TAIL! + i]!;
    if (kernel.isReference(word) && used.has(word)) keys.push(word);
  }
  let size = 16;
  while (size * 0.85 < keys.length) size *= 2;
  const fresh = kernel.allocate(Cell.WEAK_SET, Field.WEAK_SET_TAIL! + size);
  kernel.fillWords(fresh + 1, 0, Field.WEAK_SET_TAIL! - 1);
  kernel.fillWords(fresh + Field.WEAK_SET_TAIL!, Immediate.UNDEFINED, size);
  for (const key of keys) {
    let place = M[(key >> 2) + Field.KEY_HASH!]! & (size - 1);
    while (M[fresh + Field.WEAK_SET_TAIL! + place] !== Immediate.UNDEFINED) place = (place + 1) & (size - 1);
    M[fresh + Field.WEAK_SET_TAIL! + place] = key;
  }
  M[fresh + Field.WEAK_SET_USED!] = keys.length;
  M[fresh + Field.WEAK_SET_LIVE!] = keys.length;
  M[fresh + Field.WEAK_SET_CAPACITY!] = size;
  M[Reg.INTERN] = kernel.reference(fresh);
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
  const functionPrototype = set("FunctionPrototype", plain(objectPrototype));
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
