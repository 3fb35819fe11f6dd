// Names that only the running program can tell apart (ECMA-262 section 9.1.1.2): between such a use and the binding that it
// has lie objects, of with statements or of names that a sloppy direct eval has declared. The object that has the name is
// looked for first (core.findName gives it, or undefined), which makes a reference of two words: the object, in a slot, and
// the name. Where no object has it, the name means what it means otherwise.
//
// What a text of a direct eval sees travels as a descriptor, a text in JSON: the compiler writes it where the call is, and
// reads it again when the program asks for the text to be compiled.

import { Label } from "./assembler.js";
import type { Generator } from "./generator.js";
import { Binding, FunctionInfo, Scope, type BindingKind, type FunctionKind, type Hidden, type ScopeKind, type Storage } from "./scopes.js";
import type { Around } from "./names.js";

/** Pushes the first of the objects that has the name, or undefined. */
function findObject(g: Generator, name: string, objects: readonly Binding[]): void {
  g.core("findName");
  g.text(name);
  for (const object of objects) g.getVariable(object, false);
  g.emit("CALL", objects.length + 1);
}

/** Looks for the object and keeps it in a slot, which the caller releases. */
export function keepObject(g: Generator, name: string, objects: readonly Binding[]): number {
  findObject(g, name, objects);
  const slot = g.temporary();
  g.putLocal(slot);
  return slot;
}

/** Runs `found` where the slot holds an object and `plainly` where it does not; both push as many words. */
function either(g: Generator, slot: number, found: () => void, plainly: () => void): void {
  const none = new Label();
  const end = new Label();
  g.getLocal(slot);
  g.jump("JUMP_NULLISH", none);
  g.emit("POP");
  found();
  g.jump("JUMP", end);
  g.place(none);
  plainly();
  g.place(end);
}

/** Pushes the value of a name whose object is in the slot. */
export function getKept(g: Generator, name: string, slot: number, plainly: () => void): void {
  either(g, slot, () => {
    g.core("getName");
    g.getLocal(slot);
    g.text(name);
    g.emit(g.info.strict ? "TRUE" : "FALSE");
    g.emit("CALL", 3);
  }, plainly);
}

/** value -> ; gives the name a value, its object being in the slot. */
export function assignKept(g: Generator, name: string, slot: number, plainly: () => void): void {
  const value = g.temporary();
  g.putLocal(value);
  either(g, slot, () => {
    g.core("putName");
    g.getLocal(slot);
    g.text(name);
    g.getLocal(value);
    g.emit(g.info.strict ? "TRUE" : "FALSE");
    g.emit("CALL", 4);
    g.emit("POP");
  }, () => {
    g.getLocal(value);
    plainly();
  });
  g.release(value);
}

export function getDynamic(g: Generator, name: string, objects: readonly Binding[], plainly: () => void): void {
  const slot = keepObject(g, name, objects);
  getKept(g, name, slot, plainly);
  g.release(slot);
}

export function assignDynamic(g: Generator, name: string, objects: readonly Binding[], plainly: () => void): void {
  // The value waits meanwhile.
  const value = g.temporary();
  g.putLocal(value);
  const slot = keepObject(g, name, objects);
  g.getLocal(value);
  g.release(value);
  assignKept(g, name, slot, plainly);
  g.release(slot);
}

/** value -> ; gives a name that the object of a function's evals has a value. */
export function putInto(g: Generator, object: Binding, name: string): void {
  const slot = g.temporary();
  g.getVariable(object, false);
  g.putLocal(slot);
  assignKept(g, name, slot, () => g.emit("POP"));
  g.release(slot);
}

export function deleteDynamic(g: Generator, name: string, objects: readonly Binding[], plainly: () => void): void {
  const slot = keepObject(g, name, objects);
  either(g, slot, () => {
    g.core("deleteName");
    g.getLocal(slot);
    g.text(name);
    g.emit("CALL", 2);
  }, plainly);
  g.release(slot);
}

/** Pushes a function and its this: the object, if it is a with's that has the name. */
export function calleeDynamic(g: Generator, name: string, objects: readonly Binding[], plainly: () => void): void {
  const slot = keepObject(g, name, objects);
  getKept(g, name, slot, plainly);
  // What an eval has declared is called without a this.
  for (const object of objects) {
    if (object.name !== VARIABLES) continue;
    const other = new Label();
    g.getLocal(slot);
    g.getVariable(object, false);
    g.jump("JUMP_SNE", other);
    g.emit("UNDEFINED");
    g.putLocal(slot);
    g.place(other);
  }
  g.getLocal(slot);
  g.release(slot);
}

/** The variable that holds what evals have declared in a function. */
export const VARIABLES = "%vars";

// Descriptors

/** Scopes from outside in, each with its function by number; the functions from outside in as well. */
interface Descriptor {
  module: number;
  file: string;
  strict: boolean;
  functions: { kind: FunctionKind; strict: boolean; generator: boolean; async: boolean; top: number; body: number; hidden: Hidden[]; fields: boolean }[];
  scopes: { kind: ScopeKind; owner: number; cell: string[]; object: string | null; names: [name: string, kind: BindingKind, storage: Storage, place: number, target?: [module: number, place: number]][] }[];
}

/** What the text of a direct eval in `scope` sees; `strict`: it stands in strict code. */
export function describeScope(g: Generator, scope: Scope, strict: boolean): string {
  const chain: Scope[] = [];
  for (let at: Scope | null = scope; at !== null; at = at.parent) chain.unshift(at);
  const infos: FunctionInfo[] = [];
  for (const { owner } of chain) if (!infos.includes(owner)) infos.push(owner);
  const descriptor: Descriptor = {
    module: g.context.number,
    file: g.context.referrer,
    strict,
    functions: infos.map((info) => ({
      kind: info.kind, strict: info.strict, generator: info.generator, async: info.async,
      top: chain.indexOf(info.top), body: chain.indexOf(info.body), hidden: [...info.hidden.keys()], fields: info.hasFields,
    })),
    scopes: chain.map((at) => ({
      kind: at.kind, owner: infos.indexOf(at.owner), cell: at.cell.map(({ name }) => name), object: at.object?.name ?? null,
      names: [...at.bindings].map(([name, { kind, storage, place, target }]) => target === null ? [name, kind, storage, place] : [name, kind, storage, place, [target.module, target.binding?.place ?? -1]]),
    })),
  };
  return JSON.stringify(descriptor);
}

/** The same as the scopes that it was made from, as far as names are concerned; undefined if it is no descriptor. */
export function readDescriptor(text: string): Around & { module: number; file: string } | undefined {
  let read: Descriptor;
  try {
    read = JSON.parse(text) as Descriptor;
  } catch {
    return undefined;
  }
  const infos: FunctionInfo[] = [];
  const scopes: Scope[] = [];
  for (const { kind, strict, generator, async } of read.functions) infos.push(new FunctionInfo(kind, null, infos.at(-1) ?? null, null, strict, generator, async));
  for (const { kind, owner, cell, object, names } of read.scopes) {
    const scope = new Scope(kind, scopes.at(-1) ?? null, infos[owner]!, 0);
    for (const [key, kindOf, storage, place, target] of names) {
      const binding = new Binding(key, kindOf, scope);
      binding.storage = storage;
      binding.place = place;
      binding.captured = binding.used = binding.written = true;
      binding.values = null;
      if (lexical.has(kindOf)) binding.initialisedAt = Infinity;
      if (target !== undefined) binding.target = { module: target[0], binding: target[1] < 0 ? null : placed(key, target[1], scope), checked: true };
      scope.bindings.set(key, binding);
    }
    for (const name of cell) scope.cell.push(scope.bindings.get(name) ?? new Binding(name, "hidden", scope));
    scope.object = object === null ? null : scope.bindings.get(object) ?? null;
    scopes.push(scope);
  }
  read.functions.forEach(({ top, body, hidden, fields }, number) => {
    const info = infos[number]!;
    info.fieldsAround = fields;
    info.top = scopes[top] ?? scopes[0]!;
    // In an initialiser of a parameter the body's names are not in sight.
    info.body = scopes[body] ?? new Scope("body", info.top, info, 0);
    for (const what of hidden) {
      const binding = info.top.bindings.get(`%${what}`);
      if (binding !== undefined) info.hidden.set(what, binding);
    }
    info.argumentsBinding = info.top.bindings.get("arguments") ?? null;
  });
  const scope = scopes.at(-1);
  return scope && { scope, info: scope.owner, strict: read.strict, module: read.module, file: read.file };
}
const lexical: ReadonlySet<BindingKind> = new Set(["let", "const", "class", "import"]);

function placed(name: string, place: number, scope: Scope): Binding {
  const binding = new Binding(name, "let", scope);
  binding.storage = "module";
  binding.place = place;
  return binding;
}
