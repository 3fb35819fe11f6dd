// Which cells of the core a profile has, and which of its tables the kernel needs for them. Addresses stay as they are, so the
// core becomes a row of regions, of which some are absent; each of those belongs to a part.
//
// What stays is what can be reached from the roots without what the parts name: a module's own objects and functions, single
// functions, roots, members of objects. Code reaches the core's variables by its instructions alone, so a variable that only
// absent code uses is absent too. Words that refer to what is absent stay: whoever follows one meets the hole.
//
// Without the part "unused" a firmware runs the one program that is built in, and lacks what that cannot reach: members whose
// names neither it nor what stays has (it cannot make such a name), instructions that its code has not, roots that then nobody
// asks for. Its code is all that it will ever have.
//
// Interned strings stay in all profiles but those without the part "names": there go those that nothing of what remains has,
// nor the image that is built in. A program must not make such a string anew, since elsewhere it would find the core's; so
// their places in the core's table hold bits of their hashes instead of addresses, by which the kernel knows them (text.ts).

import * as fs from "node:fs";
import { Cell, Field, taggedFirst } from "../../vm/format/cells.js";
import { errorNames, errors } from "../../vm/format/errors.js";
import { intrinsicNames, fastPaths } from "../../vm/format/intrinsics.js";
import { Reg } from "../../vm/format/registers.js";
import { instructionLayout, opcodes, opNames } from "../../vm/format/opcodes.js";
import { coreFunctionNames, coreObjects, coreSymbols, OBJECT_SHAPES, Root, rootNames, ROOTS, ROOTS_CELL } from "../../vm/format/roots.js";
import { CORE_WORDS, HEAP } from "../../vm/format/words.js";
import * as kernel from "../../vm/kernel/index.js";
import { readText } from "../../vm/value.js";
import type { Part } from "./profiles.js";

/** A module as build/core.json has it: its cells, and the numbers of the core's variables that it declares. */
export interface Module {
  readonly name: string;
  readonly ranges: [number, number][];
  readonly variables: readonly number[];
  /** Those variables that are no functions, by name. */
  readonly objects: Readonly<Record<string, number>>;
  /** Those that are functions, which the first file has made, by name. */
  readonly functions: Readonly<Record<string, number>>;
}
/** Words [start, end) of the core, which belong to the absent part of that number, from 1 on, or, with 0, are there. */
export interface Region { readonly start: number; end: number; readonly part: number }

/** The core of a profile. */
export interface CorePieces {
  /** Its words, some of which differ from the whole core's, and lie behind it: `length` is where that ends. */
  readonly words: Int32Array;
  readonly length: number;
  readonly regions: readonly Region[];
  /** What no code that is there uses, with the number of a part that does: `Op.NAME`, `Intrinsic.name`, `Fast.name`. */
  readonly unused: ReadonlyMap<string, number>;
}

/** Objects that are a module's own wherever they are referred to; other kinds of cells may have come to lie there for others. */
const OWN: ReadonlySet<number> = new Set([Cell.OBJECT, Cell.FUNCTION, Cell.RECORD, Cell.ARRAY, Cell.SCOPE]);
/** No other text of the core's code is as long as that of the kernel's errors. */
const ERROR_TEXTS_LEAST = 1000;
/** A hole of so few words is filled: what says where it is takes as much. */
const LEAST_HOLE_WORDS = 4;

const sizes = opNames.map((name) => instructionLayout(opcodes[name]).sizeBytes);

/** What the program that is built in has of the core. */
export interface ProgramUse {
  /** Addresses of cells of the core that it refers to (and others: it has raw words too). */
  readonly addresses: ReadonlySet<number>;
  /** Instructions in its code, and roots, by number, that they or the kernel ask for. */
  readonly opcodes: ReadonlySet<string>;
  readonly roots: ReadonlySet<number>;
}
/** Adds the roots that an instruction of a code asks for: literals have shapes by their number of properties. */
function addRoots(roots: Set<number>, { op, at, root }: Named): void {
  if (root >= 0) roots.add(root);
  if (op === "NEW_OBJECT") roots.add(Root[`SHAPE_object${Math.min(kernel.B[at + 1]!, OBJECT_SHAPES - 1)}`]!);
}
/** As a file, and back. */
export function writeUse(file: string, { addresses, opcodes: named, roots }: ProgramUse): void {
  fs.writeFileSync(file, JSON.stringify({ addresses: [...addresses], opcodes: [...named], roots: [...roots] }));
}
export function readUse(file: string): ProgramUse {
  const { addresses, opcodes: named, roots } = JSON.parse(fs.readFileSync(file, "utf8")) as { addresses: number[]; opcodes: string[]; roots: number[] };
  return { addresses: new Set(addresses), opcodes: new Set(named), roots: new Set(roots) };
}
/** The use of the image in the memory that the kernel is attached to, of its own; `parts` are its words. */
export function programUse(parts: { low: Int32Array; stack: Int32Array }): ProgramUse {
  const found = new Set<string>(), roots = new Set<number>();
  for (let address = HEAP; address < kernel.M[Reg.HEAP_TOP]!; address += kernel.cellSize(address)) {
    if (kernel.cellKind(address) === Cell.CODE) for (const named of instructions(address)) {
      found.add(named.op);
      addRoots(roots, named);
    }
  }
  return { addresses: new Set([...parts.low, ...parts.stack].filter((word) => kernel.isReference(word)).map((word) => word >>> 2)), opcodes: found, roots };
}
/** What the instructions of a code name: a variable or a root of the core, -1 for none. */
interface Named { op: string; at: number; variable: number; root: number }
function* instructions(code: number): Generator<Named> {
  const { B } = kernel;
  const end = code * 4 + kernel.codeEnd(code);
  for (let at = code * 4 + kernel.codeStart(code); at < end; at += sizes[B[at]!]!) {
    const op = opNames[B[at]!]!;
    const operand = sizes[B[at]!] === 3 ? B[at + 1]! | B[at + 2]! << 8 : B[at + 1]!;
    yield { op, at, variable: op.startsWith("GET_CORE") || op.startsWith("CORE_CALLEE") ? operand : -1, root: op === "CORE" || op === "ROOT" || op === "ROOT8" ? operand : -1 };
  }
}

/** The core's pieces for a profile without these parts, with one program. */
export function corePieces(words: Int32Array, modules: readonly Module[], absent: readonly Part[], use?: ProgramUse): CorePieces {
  return pieces(words, modules, absent, use).take();
}
/** For whoever lays out the core: the part that a cell belongs to, 0 if it stays; does anything that stays use the variable of that number? */
export interface CoreParts { partOf(address: number): number; usesVariable(number: number): boolean }
export function coreParts(words: Int32Array, modules: readonly Module[], absent: readonly Part[]): CoreParts {
  return pieces(words, modules, absent, undefined).reach();
}
function pieces(words: Int32Array, modules: readonly Module[], absent: readonly Part[], use: ProgramUse | undefined): Pieces {
  const memory = new Int32Array(HEAP + 64);
  memory.set(words);
  kernel.attach(memory.buffer, new Int32Array(kernel.CACHE_WORDS), new Int32Array(CORE_WORDS));
  return new Pieces(words, modules, absent, use);
}

class Pieces {
  private readonly scope = kernel.M[ROOTS + Root.coreScope!]! >> 2;
  /** By address of a word that refers to something of a part's: a variable, a root, a property's place. */
  private readonly cut = new Map<number, number>();
  /** By address of a cell that is a part's own. */
  private readonly owned = new Map<number, number>();
  private readonly kept = new Set<number>();
  private readonly parts = new Map<number, number>();
  private readonly usedVariables = new Set<number>();
  /** Addresses of interned strings that stay, unless there is no part that takes any away. */
  private readonly keys: Set<number> | undefined;

  constructor(private readonly words: Int32Array, private readonly modules: readonly Module[], private readonly absent: readonly Part[], private readonly use: ProgramUse | undefined) {
    this.keys = absent.some(({ name }) => name === "names") ? new Set(use?.addresses) : undefined;
    this.findModules();
    absent.forEach((part, i) => this.findNamed(part, i + 1));
  }

  private variableAt(number: number): number { return this.scope + Field.SCOPE_TAIL! + number; }

  // What the parts name

  /** Whole modules. */
  private findModules(): void {
    const scopeEnd = kernel.taggedLimit(this.scope);
    const shared = new Set<number>();
    for (const { modules: named = [], keeps = [] } of this.absent) {
      const own = this.modules.filter((each) => named.includes(each.name));
      if (own.length !== named.length || !keeps.every((name) => own.some((each) => name in each.functions))) throw new Error(`profiles.ts names what the core does not have, among ${[...named, ...keeps].join(", ")}`);
    }
    for (const module of this.modules) {
      const part = this.absent.findIndex((each) => each.modules?.includes(module.name)) + 1;
      const keeps = new Set(this.absent[part - 1]?.keeps?.map((name) => module.functions[name]));
      for (const number of module.variables) {
        const at = this.variableAt(number);
        if (at >= scopeEnd) continue;
        if (part === 0 || keeps.has(number)) shared.add(kernel.M[at]!);
        else this.cut.set(at, part);
      }
      if (part === 0) continue;
      for (const number of Object.values(module.functions)) {
        if (keeps.has(number)) continue;
        const word = this.variableAt(number) < scopeEnd ? kernel.M[this.variableAt(number)]! : 0;
        if (kernel.isReference(word)) this.owned.set(word >> 2, part);
      }
      for (const [start, end] of module.ranges) {
        for (let address = start; address < end; address += kernel.cellSize(address)) if (OWN.has(kernel.cellKind(address))) this.owned.set(address, part);
      }
    }
    for (const name of this.absent.flatMap(({ keepsRoots = [] }) => keepsRoots)) this.owned.delete(kernel.M[ROOTS + Root[name]!]! >> 2);
    // Of equal codes there is one, so what is an absent function's may be another's.
    for (const word of shared) if (kernel.isReference(word) && kernel.cellKind(word >> 2) === Cell.CODE) this.owned.delete(word >> 2);
  }

  /** Functions, roots and members. */
  private findNamed(part: Part, number: number): void {
    for (const name of part.core ?? []) {
      const variable = this.modules.map(({ functions }) => functions[name]).find((each) => each !== undefined);
      if (variable === undefined) throw new Error(`profiles.ts names ${name}, which is no function of the core`);
      this.cut.set(this.variableAt(variable), number);
    }
    for (const name of part.roots ?? []) {
      if (!(name in Root)) throw new Error(`profiles.ts names ${name}, which is no root`);
      this.cut.set(ROOTS + Root[name]!, number);
    }
    if (part.textsFrom !== undefined) this.findTexts(part.textsFrom, number);
    if (part.name === "symbols") for (const name of rootNames) if (name.startsWith("symbol:")) this.cut.set((kernel.M[ROOTS + rootNames.indexOf(name)]! >> 2) + Field.SYMBOL_DESCRIPTION!, number);
    for (const path of part.members ?? []) {
      const dot = path.lastIndexOf(".");
      this.cut.set(this.member(dot < 0 ? this.global() : this.object(path.slice(0, dot)), path.slice(dot + 1), path), number);
    }
    for (const [path, stay] of Object.entries(part.others ?? {})) {
      const object = this.object(path);
      for (const name of stay) this.member(object, name, `${path}.${name}`);
      for (const { name, at } of this.properties(object)) if (!stay.includes(name) && !this.cut.has(at)) this.cut.set(at, number);
    }
  }
  /** The constants of code that are texts of so many units, but for the one of the kernel's errors. */
  private findTexts(units: number, part: number): void {
    for (let address = ROOTS_CELL; address < this.words.length; address += kernel.cellSize(address)) {
      if (kernel.cellKind(address) !== Cell.CODE) continue;
      for (let at = address + taggedFirst[Cell.CODE]!; at < kernel.taggedLimit(address); at++) {
        const word = kernel.M[at]!;
        if (kernel.kindOf(word) !== Cell.STRING) continue;
        const length = kernel.M[(word >> 2) + Field.STRING_LENGTH!]!;
        if (length >= units && length < ERROR_TEXTS_LEAST) this.cut.set(at, part);
      }
    }
  }
  private global(): number { return kernel.M[ROOTS + Root.global!]! >> 2; }
  /** The object that a path from the global object leads to, or a root. */
  private object(path: string): number {
    if (path in Root) return kernel.M[ROOTS + Root[path]!]! >> 2;
    const variable = this.modules.map(({ objects }) => objects[path]).find((each) => each !== undefined);
    // Variables that only the core's building needed are let go.
    const word = variable === undefined || this.variableAt(variable) >= kernel.taggedLimit(this.scope) ? 0 : kernel.M[this.variableAt(variable)]!;
    if (kernel.isReference(word)) return word >> 2;
    return path.split(".").reduce((object, name) => kernel.M[this.member(object, name, path)]! >> 2, this.global());
  }
  /** Where an object's property lies. */
  private member(object: number, name: string, path: string): number {
    const found = this.properties(object).find((each) => each.name === name);
    if (found === undefined) throw new Error(`profiles.ts names ${path}, which the core does not have`);
    return found.at;
  }
  /** An object's properties with names or well-known symbols (`@iterator`): where each lies. */
  private properties(object: number): { name: string; key: number; at: number }[] {
    const shape = kernel.shapeOf(object);
    const word = kernel.M[shape + Field.SHAPE_TABLE!]!;
    if (!kernel.isReference(word) || (kernel.shapeFlags(shape) & 32) !== 0) return [];
    return Array.from({ length: kernel.M[shape + Field.SHAPE_COUNT!]! }, (_, i) => kernel.M[(word >> 2) + Field.PROPERTY_TABLE_TAIL! + 2 * i]!).filter((key) => kernel.isReference(key)).map((key) => {
      const isSymbol = kernel.kindOf(key) === Cell.SYMBOL;
      const text = readText(kernel, isSymbol ? kernel.M[(key >> 2) + Field.SYMBOL_DESCRIPTION!]! : key);
      kernel.findOwn(object, key);
      return { name: isSymbol ? text.replace("Symbol.", "@") : text, key, at: kernel.foundAt };
    });
  }

  // What can be reached

  /** Follows references from a cell, marking what is not marked yet. */
  private follow(first: number, mark: (address: number) => boolean): void {
    const open = [first];
    const visit = (at: number): void => {
      const word = kernel.M[at]!;
      if (!this.cut.has(at) && kernel.isReference(word) && mark(word >> 2)) open.push(word >> 2);
    };
    for (let address = open.pop(); address !== undefined; address = open.pop()) {
      const kind = kernel.cellKind(address);
      const from = taggedFirst[kind]!;
      if (address === this.scope || from === 0) continue;
      const own = kind === Cell.CODE && kernel.codeAbout(address) !== 0 ? kernel.handlersAt(address) - 1 : -1;
      for (let at = address + from; at < kernel.taggedLimit(address); at++) {
        // Keys of properties and names of functions are kept for themselves.
        if (this.keys !== undefined && (kind === Cell.PROPERTY_TABLE || at === own) && (this.isKey(kernel.M[at]!) || this.isFitted)) continue;
        if (address === ROOTS_CELL && this.isFitted && this.isKey(kernel.M[at]!)) continue;
        visit(at);
      }
      if (kind === Cell.CODE) for (const { variable, root } of instructions(address)) {
        if (variable >= 0) visit(this.variableAt(variable));
        if (root >= 0) visit(ROOTS + root);
      }
    }
  }
  private isKey(word: number): boolean {
    return kernel.kindOf(word) === Cell.KEY || kernel.kindOf(word) === Cell.WIDE_KEY;
  }

  take(): CorePieces {
    this.reach();
    const words = this.keys === undefined ? this.words : this.withoutNames();
    return { words, length: this.words.length, regions: this.regions(this.holes(), words.length), unused: this.unused() };
  }
  reach(): CoreParts {
    const { kept, parts, owned, cut } = this;
    const keep = (address: number): boolean => !owned.has(address) && !kept.has(address) && (kept.add(address), true);
    if (this.isFitted) {
      this.fit(this.use!, keep);
    } else {
      keep(ROOTS_CELL);
      this.follow(ROOTS_CELL, keep);
    }
    const claim = (part: number) => (address: number): boolean => !kept.has(address) && !parts.has(address) && (parts.set(address, part), true);
    for (const [address, part] of owned) if (claim(part)(address)) this.follow(address, claim(part));
    for (const [at, part] of cut) {
      const word = kernel.M[at]!;
      if (kernel.isReference(word) && claim(part)(word >> 2)) this.follow(word >> 2, claim(part));
    }
    for (const address of kept) {
      if (kernel.cellKind(address) === Cell.CODE) for (const { variable } of instructions(address)) if (variable >= 0) this.usedVariables.add(variable);
    }
    this.keepNames();
    return { partOf: (address) => this.partOf(address), usesVariable: (number) => this.usedVariables.has(number) };
  }
  /** The part that a cell belongs to, 0 if it stays. */
  private partOf(address: number): number {
    if (!this.isKey(kernel.reference(address))) return this.kept.has(address) ? 0 : this.parts.get(address) ?? 0;
    return this.keys?.has(address) === false ? this.part("names") : 0;
  }
  /** Is the core for one program? */
  private get isFitted(): boolean { return this.use !== undefined && this.part("unused") !== 0; }
  /** A part's number, 0 if it is not absent. */
  private part(name: string): number { return this.absent.findIndex((each) => each.name === name) + 1; }

  /** Keeps what one program can reach. Each round may find names in code that stays, by which more members are reached. */
  private fit({ addresses, roots }: ProgramUse, keep: (address: number) => boolean): void {
    const { kept, cut } = this;
    const asked = new Set([...roots, Root.global!, Root.coreScope!, Root.internTable!, Root.start!, Root.throw!]);
    const names = new Set([...addresses, ...this.namesOf(asked)]);
    // The core asks for errors by names that it takes from a text.
    for (const { key } of this.properties(this.object("errorPrototypes"))) names.add(key >> 2);
    const others = new Map<number, number>();
    for (let address = ROOTS_CELL; address < this.words.length; address += kernel.cellSize(address)) {
      const kind = kernel.cellKind(address);
      if (kind >= Cell.OBJECT && kind <= Cell.TYPED_ARRAY) for (const { key, at } of this.properties(address)) if (!cut.has(at)) others.set(at, key >> 2);
    }
    const unused = this.part("unused");
    // JSON texts have objects of any number of properties.
    const shapes = this.part("json") === 0 ? [] : Array.from({ length: OBJECT_SHAPES }, (_, count) => `SHAPE_object${count}`);
    const symbols = coreSymbols.map((name) => `SYMBOL_${name}`);
    const optional = [...coreFunctionNames, ...coreObjects, ...shapes, ...symbols].map((name) => Root[name]!).filter((number) => !cut.has(ROOTS + number));
    for (let size = -1; size !== names.size + asked.size;) {
      size = names.size + asked.size;
      for (const number of optional) {
        if (asked.has(number)) cut.delete(ROOTS + number);
        else cut.set(ROOTS + number, unused);
      }
      for (const [at, key] of others) {
        if (names.has(key)) cut.delete(at);
        else cut.set(at, unused);
      }
      kept.clear();
      keep(ROOTS_CELL);
      this.follow(ROOTS_CELL, keep);
      for (const address of addresses) if (this.isCell(address) && !this.isKey(kernel.reference(address)) && keep(address)) this.follow(address, keep);
      for (const address of kept) {
        if (this.isKey(kernel.reference(address)) || kernel.cellKind(address) === Cell.SYMBOL) names.add(address);
        if (kernel.cellKind(address) === Cell.CODE) for (const named of instructions(address)) addRoots(asked, named);
      }
    }
  }
  /** Property names among roots. */
  private namesOf(roots: ReadonlySet<number>): number[] {
    return [...roots].filter((number) => rootNames[number]!.startsWith("name:")).map((number) => kernel.M[ROOTS + number]!).filter((word) => kernel.isReference(word)).map((word) => word >> 2);
  }
  private readonly cells = new Set<number>();
  private isCell(address: number): boolean {
    if (this.cells.size === 0) for (let each = ROOTS_CELL; each < this.words.length; each += kernel.cellSize(each)) this.cells.add(each);
    return this.cells.has(address);
  }

  private holes(): Region[] {
    const holes: Region[] = [];
    if (this.absent.length === 0) return holes;
    const add = (start: number, end: number, part: number): void => {
      const last = holes.at(-1);
      if (last?.part === part && last.end === start) last.end = end;
      else holes.push({ start, end, part });
    };
    for (let address = ROOTS_CELL; address < this.words.length;) {
      const next = address + kernel.cellSize(address);
      const part = this.partOf(address);
      if (part !== 0) add(address, next, part);
      else if (address === this.scope) this.scopeHoles(add);
      else if (kernel.cellKind(address) === Cell.STRING) this.textHole(address, add);
      else if (kernel.cellKind(address) === Cell.SLOTS) this.slotHoles(address, add);
      address = next;
    }
    return holes;
  }
  /** Variables that only absent code uses: nobody meets these holes, so they are all the first part's, and few. */
  private scopeHoles(add: (start: number, end: number, part: number) => void): void {
    const count = kernel.taggedLimit(this.scope) - this.variableAt(0);
    for (let number = 0; number < count; number++) {
      const at = this.variableAt(number);
      if (!this.usedVariables.has(number)) add(at, at + 1, 1);
    }
  }
  /** Places of properties whose values are absent, where nothing copies an object of the core. */
  private slotHoles(address: number, add: (start: number, end: number, part: number) => void): void {
    if (!this.absent.some(({ name }) => name === "patches")) return;
    for (let at = address + Field.SLOTS_TAIL!; at < kernel.taggedLimit(address); at++) {
      const word = kernel.M[at]!;
      const part = this.cut.get(at) ?? (kernel.isReference(word) ? this.partOf(word >> 2) : 0);
      if (part !== 0) add(at, at + 1, part);
    }
  }
  /** Of the errors' texts, which are searched from the first on, the last ones that only absent parts throw. */
  private textHole(address: number, add: (start: number, end: number, part: number) => void): void {
    if (kernel.M[address + Field.STRING_LENGTH!]! < ERROR_TEXTS_LEAST) return;
    let first = errorNames.length;
    while (first > 0 && this.absent.some((part) => part.errors?.includes(errorNames[first - 1]!))) first--;
    const from = errorNames.slice(0, first).reduce((sum, name) => sum + errors[name].join(":").length + 1, 0);
    const part = this.absent.findIndex(({ errors: own }) => own?.includes(errorNames[first]!)) + 1;
    if (!readText(kernel, kernel.reference(address)).startsWith(`${errors[errorNames[0]!].join(":")}\n`) || part === 0) return;
    const start = address + Field.STRING_TAIL! + (from >> 2) + 1;
    add(start + (start & 1), address + kernel.cellSize(address), part);
  }

  private regions(holes: readonly Region[], length: number): Region[] {
    const regions: Region[] = [];
    let at = 0;
    for (const { start: from, end: to, part } of holes) {
      const start = from + (from & 1), end = to - (to & 1);
      if (end - start < LEAST_HOLE_WORDS) continue;
      if (start > at) regions.push({ start: at, end: start, part: 0 });
      regions.push({ start, end, part });
      at = end;
    }
    regions.push({ start: at, end: length, part: 0 });
    return regions;
  }

  /** Interned strings stay if the kernel names them, code that stays has them as constants, or a property that stays has that name. */
  private keepNames(): void {
    const { keys } = this;
    if (keys === undefined) return;
    for (const key of this.namesOf(this.isFitted ? this.use!.roots : new Set(rootNames.keys()))) keys.add(key);
    for (const address of this.kept) {
      const kind = kernel.cellKind(address);
      if (kind === Cell.KEY || kind === Cell.WIDE_KEY) keys.add(address);
      if (kind >= Cell.OBJECT && kind <= Cell.TYPED_ARRAY) for (const { key, at } of this.properties(address)) if (this.isPresent(at) && kernel.kindOf(key) !== Cell.SYMBOL) keys.add(key >> 2);
    }
  }
  /** The words with the table of interned strings as the kernel wants it where some are absent. */
  private withoutNames(): Int32Array {
    const keys = this.keys!;
    const table = kernel.M[ROOTS + Root.internTable!]! >> 2;
    const places = kernel.M[table + Field.BYTES_LENGTH!]! >> 1;
    if (table + kernel.cellSize(table) !== this.words.length) throw new Error("the table of interned strings is not the core's last cell");
    const words = new Int32Array(this.words.length + (Math.ceil(places / 8) << 1));
    words.set(this.words);
    const halves = new Uint16Array(words.buffer), bytes = new Uint8Array(words.buffer);
    for (let place = 0; place < places; place++) {
      const at = (table + Field.BYTES_TAIL!) * 2 + place;
      const key = halves[at]! << 1;
      if (key === 0 || keys.has(key)) continue;
      const quotient = Math.floor((kernel.M[key + Field.KEY_HASH!]! & 0x7fffffff) / places);
      halves[at] = 0x8000 | quotient & 0x7fff;
      bytes[this.words.length * 4 + place] = quotient >> 15 & 255;
    }
    return words;
  }
  /** Does the property that lies there have a value that is there? An accessor's functions may be. */
  private isPresent(at: number): boolean {
    const word = kernel.M[at]!;
    return !this.cut.has(at) && (!kernel.isReference(word) || this.isKey(word) || this.kept.has(word >> 2));
  }

  private unused(): Map<string, number> {
    const used = new Set<string>(), others = new Map<string, number>();
    const note = (code: number, part: number): void => {
      const names = new Set([`Fast.${fastPaths[kernel.codeFast(code)]!}`]);
      for (const { op, at } of instructions(code)) {
        names.add(`Op.${op}`);
        if (op.startsWith("INTRINSIC")) names.add(`Intrinsic.${intrinsicNames[kernel.B[at + 1]!]!}`);
      }
      for (const name of names) {
        if (part === 0) used.add(name);
        else if (!others.has(name)) others.set(name, part);
      }
    };
    for (const address of this.kept) if (kernel.cellKind(address) === Cell.CODE) note(address, 0);
    for (const [address, part] of this.parts) if (kernel.cellKind(address) === Cell.CODE) note(address, part);
    for (const name of this.use?.opcodes ?? []) used.add(`Op.${name}`);
    const all = [...opNames.filter((name) => opcodes[name].core || this.isFitted).map((name) => `Op.${name}`), ...intrinsicNames.map((name) => `Intrinsic.${name}`), ...fastPaths.map((name) => `Fast.${name}`)];
    // With all of the core there is nothing to tell.
    if (this.absent.length === 0) return new Map();
    return new Map(all.filter((name) => !used.has(name)).map((name) => [name, others.get(name) ?? 1]));
  }
}
