// Storing values: into names, properties and patterns, declared or assigned. Order of evaluation is the language's: what
// is stored to is evaluated before the value is fetched, defaults only when needed, iterators closed when left early.

import type * as acorn from "acorn";
import { Label, Region } from "./assembler.js";
import { assignKept, getKept, keepObject } from "./dynamic.js";
import { expression, namedExpression, plainIdentifier } from "./expressions.js";
import type { Generator } from "./generator.js";
import { closeAndRethrow } from "./leave.js";
import { arrayIndex, bigLiteral, literalValue } from "./scopes.js";
import { notIterable, wording } from "./wording.js";

// References: what an assignment stores to

/** A place to store to, its parts on the stack or in temporary slots. */
export type Reference =
  | { kind: "name"; node: acorn.Identifier; /** Of a name that objects may have (dynamic.ts): the one that has it. */ slot: number }
  /** object */ | { kind: "property"; name: string }
  /** object key */ | { kind: "element"; ofArguments: boolean }
  /** object name */ | { kind: "private" }
  /** Nothing on the stack. */ | { kind: "super"; node: acorn.Node; key: number };

/** The name of a property that is written as one, and is no array index; null otherwise. */
export function propertyName(property: acorn.Expression | acorn.PrivateIdentifier, computed: boolean): string | null {
  let name: unknown;
  if (!computed && property.type === "Identifier") ({ name } = property);
  else name = literalValue(property) ?? (computed ? undefined : bigLiteral(property)?.toString());
  if (typeof name === "number" && !computed) name = String(name);
  return typeof name === "string" && arrayIndex(name) < 0 ? name : null;
}

/** Pushes a computed or literal property key. */
export function pushKey(g: Generator, property: acorn.Expression | acorn.PrivateIdentifier, computed: boolean): void {
  if (!computed && property.type === "Identifier") {
    g.key(property.name);
    return;
  }
  const literal = literalValue(property);
  if (typeof literal === "string") g.key(literal);
  else if (typeof literal === "number") g.key(String(literal));
  else if (!computed && bigLiteral(property) !== undefined) g.key(String(bigLiteral(property)));
  else expression(g, property as acorn.Expression);
}

export function reference(g: Generator, node: acorn.Pattern, readsToo: boolean): Reference {
  if (node.type === "Identifier") {
    const { objects } = g.useOf(node);
    return { kind: "name", node, slot: objects === undefined ? -1 : keepObject(g, node.name, objects) };
  }
  if ((node as acorn.AnyNode).type === "CallExpression") {
    // Only in sloppy code (parse.ts): it is called, then it is an error.
    expression(g, node as acorn.AnyNode as acorn.CallExpression);
    g.emit("POP");
    g.throwValue("NOT_DEFINED", "what the result of a call would be assigned to");
    return { kind: "property", name: "" };
  }
  if (node.type !== "MemberExpression") throw g.error("this cannot be assigned to", node, "assignment");
  const { object, property, computed } = node;
  if (object.type === "Super") {
    const key = g.temporary();
    if (g.owner.kind === "derived" && computed) {
      g.this(object);
      g.emit("POP");
    }
    pushKey(g, property, computed);
    if (readsToo) g.emit("TO_PROPERTY_KEY");
    g.putLocal(key);
    return { kind: "super", node: object, key };
  }
  expression(g, object);
  if (property.type === "PrivateIdentifier") {
    g.getVariable(g.useOf(property).binding!, false);
    return { kind: "private" };
  }
  const name = propertyName(property, computed);
  if (name !== null) return { kind: "property", name };
  pushKey(g, property, computed);
  if (readsToo && !g.context.numeric.isPrimitive(property)) g.emit("TO_ELEMENT_KEY");
  const ofArguments = object.type === "Identifier" && g.argumentCountSlot >= 0 && g.useOf(object).binding === g.info.argumentsBinding;
  return { kind: "element", ofArguments };
}

/** How many words a reference keeps on the stack. */
export function referenceWords(place: Reference): number {
  return place.kind === "property" ? 1 : place.kind === "element" || place.kind === "private" ? 2 : 0;
}

/** Pushes the present value, the reference staying below it. */
export function readReference(g: Generator, place: Reference): void {
  switch (place.kind) {
    case "name":
      if (place.slot < 0) {
        expression(g, place.node);
      } else {
        const { binding, checked } = g.useOf(place.node);
        getKept(g, place.node.name, place.slot, () => plainIdentifier(g, place.node, binding, checked));
      }
      break;
    case "property":
      g.emit("DUP");
      g.emit("GET_PROPERTY", g.name(place.name));
      break;
    case "element":
      g.emit("DUP2");
      g.emit("GET_ELEMENT");
      break;
    case "private":
      g.emit("DUP2");
      g.emit("GET_PRIVATE");
      break;
    case "super":
      pushSuper(g, place.node);
      g.getLocal(place.key);
      g.emit("GET_SUPER");
      break;
  }
}

/** receiver home, for super properties. */
export function pushSuper(g: Generator, node: acorn.Node): void {
  g.this(node);
  g.hidden("home", "HOME");
}

/** reference value -> value if `keep`: stores. */
export function writeReference(g: Generator, place: Reference, keep: boolean): void {
  if (keep) {
    g.emit("DUP");
    const words = referenceWords(place);
    if (words > 0) g.emit(words === 1 ? "ROTATE3" : "ROTATE4");
  }
  switch (place.kind) {
    case "name":
      if (place.slot < 0) g.assign(place.node);
      else assignKept(g, place.node.name, place.slot, () => g.assignTo(place.node, g.useOf(place.node)));
      break;
    case "property":
      g.emit("PUT_PROPERTY", g.name(place.name));
      break;
    case "element":
      g.emit("PUT_ELEMENT");
      if (place.ofArguments) g.reloadParameters();
      break;
    case "private":
      g.emit("PUT_PRIVATE");
      break;
    case "super": {
      const value = g.temporary();
      g.putLocal(value);
      pushSuper(g, place.node);
      g.getLocal(place.key);
      g.getLocal(value);
      g.emit("PUT_SUPER");
      g.release(value);
      break;
    }
  }
}

export function releaseReference(g: Generator, place: Reference): void {
  if (place.kind === "super") g.release(place.key);
  if (place.kind === "name" && place.slot >= 0) g.release(place.slot);
}

// Patterns

/**
 * value -> ; stores it into a pattern or plain target. `declares`: names are initialised, not assigned. `from`: where the
 * value comes from, for errors; null: from no expression.
 */
export function store(g: Generator, target: acorn.Pattern, declares: boolean, from?: acorn.Expression | null): void {
  switch (target.type) {
    case "Identifier":
      if (declares) g.initialise(target);
      else g.assign(target);
      break;
    case "AssignmentPattern":
      defaultValue(g, target);
      store(g, target.left, declares);
      break;
    case "ObjectPattern":
      storeObject(g, target, declares, from);
      break;
    case "ArrayPattern":
      storeArray(g, target, declares, from);
      break;
    case "RestElement":
      store(g, target.argument, declares);
      break;
    default:
      storeTo(g, prepare(g, target));
  }
}

/** value -> the value, or that of the default if it is undefined. */
export function defaultValue(g: Generator, pattern: acorn.AssignmentPattern): void {
  const given = new Label();
  g.jump("JUMP_NOT_UNDEFINED_KEEP", given);
  namedExpression(g, pattern.right, pattern.left.type === "Identifier" ? pattern.left.name : "");
  g.place(given);
}

/** A reference whose parts wait in slots while a value is fetched. */
interface Prepared { place: Reference; slots: number[] }

function prepare(g: Generator, target: acorn.Pattern): Prepared {
  const place = reference(g, target, false);
  const slots: number[] = [];
  for (let i = referenceWords(place); i > 0; i--) {
    const slot = g.temporary();
    g.putLocal(slot);
    slots.unshift(slot);
  }
  return { place, slots };
}

function storeTo(g: Generator, { place, slots }: Prepared): void {
  for (const slot of slots) g.getLocal(slot);
  if (slots.length === 1) g.emit("SWAP");
  if (slots.length === 2) {
    g.emit("ROTATE3");
    g.emit("ROTATE3");
  }
  writeReference(g, place, false);
  g.release(...slots);
  releaseReference(g, place);
}

function withoutDefault(pattern: acorn.Pattern): acorn.Pattern {
  if (pattern.type === "AssignmentPattern") return pattern.left;
  return pattern.type === "RestElement" ? pattern.argument : pattern;
}

/** Evaluates a target's parts if it has any to evaluate before the value is fetched. */
function prepareMember(g: Generator, pattern: acorn.Pattern): Prepared | null {
  const target = withoutDefault(pattern);
  return target.type === "MemberExpression" ? prepare(g, target) : null;
}

/** value -> ; with the pattern's default, to the prepared place or into the pattern. */
function storePrepared(g: Generator, pattern: acorn.Pattern, prepared: Prepared | null, declares: boolean): void {
  if (prepared === null) {
    store(g, pattern, declares);
  } else {
    if (pattern.type === "AssignmentPattern") defaultValue(g, pattern);
    storeTo(g, prepared);
  }
}

function storeObject(g: Generator, pattern: acorn.ObjectPattern, declares: boolean, from?: acorn.Expression | null): void {
  const { properties } = pattern;
  const first = properties[0];
  const words = from ? wording(from) : undefined;
  // Reading a named property of undefined or null throws by itself.
  if (first === undefined || first.type === "RestElement" || propertyName(first.key, first.computed) === null || withoutDefault(first.value).type === "MemberExpression") {
    g.core("requireObjectCoercible");
    g.emit("ROTATE3");
    g.emit("ROTATE3");
    g.text(words === undefined ? "what is given" : `'${words}'`);
    g.emit("CALL", 2);
  }
  const source = g.temporary();
  g.putLocal(source);
  const rest = properties[properties.length - 1]?.type === "RestElement";
  /** Keys that rest leaves out: names, and slots of computed ones. */
  const taken: (string | number)[] = [];
  for (const property of properties) {
    if (property.type === "RestElement") {
      const prepared = prepareMember(g, property);
      restOfObject(g, source, taken);
      storePrepared(g, property.argument, prepared, declares);
      continue;
    }
    const name = propertyName(property.key, property.computed);
    if (name !== null) {
      taken.push(name);
      const prepared = prepareMember(g, property.value);
      g.at(property);
      g.getLocal(source);
      g.emit("GET_PROPERTY", g.name(name));
      if (property === first && (words !== undefined || from === null)) g.code.about(words === undefined ? `property '${name}'` : `property '${name}' of '${words}'`);
      storePrepared(g, property.value, prepared, declares);
    } else {
      const key = g.temporary();
      pushKey(g, property.key, property.computed);
      if (property.computed && !g.context.numeric.isNumeric(property.key)) g.emit("TO_PROPERTY_KEY");
      g.putLocal(key);
      const prepared = prepareMember(g, property.value);
      g.getLocal(source);
      g.getLocal(key);
      g.emit("GET_ELEMENT");
      storePrepared(g, property.value, prepared, declares);
      if (rest) taken.push(key);
      else g.release(key);
    }
  }
  for (const key of taken) if (typeof key === "number") g.release(key);
  g.release(source);
}

/** Pushes a new object with the source's properties but the taken ones. */
function restOfObject(g: Generator, source: number, taken: (string | number)[]): void {
  g.core("copyDataProperties");
  g.emit("NEW_OBJECT", 0);
  g.getLocal(source);
  g.emit("NEW_ARRAY", 0);
  for (const key of taken) {
    if (typeof key === "number") excludedKey(g, key);
    else g.text(key);
    g.emit("ARRAY_APPEND");
  }
  g.emit("CALL", 3);
}

/** Pushes a computed key as the core compares it: all but symbols as text. */
function excludedKey(g: Generator, slot: number): void {
  const done = new Label();
  g.getLocal(slot);
  g.emit("DUP");
  g.emit("TYPEOF");
  g.text("symbol");
  g.jump("JUMP_SEQ", done);
  g.emit("TO_STRING");
  g.place(done);
}

function storeArray(g: Generator, pattern: acorn.ArrayPattern, declares: boolean, from?: acorn.Expression | null): void {
  g.emit("GET_ITERATOR");
  if (from) g.code.about(notIterable(from));
  const region = new Region(g.code.depth);
  g.contexts.push({ kind: "iterator", isAsync: false, region });
  let exhausted = false;
  g.code.open(region);
  for (const element of pattern.elements) {
    if (element?.type === "RestElement") {
      const prepared = prepareMember(g, element);
      g.code.close(region);
      g.emit("NEW_ARRAY", 0);
      collectRest(g);
      exhausted = true;
      storePrepared(g, element.argument, prepared, declares);
      break;
    }
    const prepared = element ? prepareMember(g, element) : null;
    g.code.close(region);
    g.emit("ITERATOR_STEP");
    g.emit("ITERATOR_VALUE");
    g.code.open(region);
    if (element) storePrepared(g, element, prepared, declares);
    else g.emit("POP");
  }
  if (!exhausted) g.code.close(region);
  g.contexts.pop();
  g.code.finish(region);
  if (exhausted) {
    g.emit("POP");
    g.emit("POP");
  } else {
    g.emit("ITERATOR_CLOSE");
  }
  if (region.ranges.length === 0) return;
  const over = new Label();
  g.jump("JUMP", over);
  closeAndRethrow(g, region, false);
  g.place(over);
}

/** iterator next array -> undefined undefined array, with all that is left. */
function collectRest(g: Generator): void {
  const array = g.temporary();
  const loop = new Label();
  const done = new Label();
  g.putLocal(array);
  g.place(loop);
  g.emit("ITERATOR_STEP");
  g.jump("JUMP_DONE", done);
  g.getLocal(array);
  g.emit("SWAP");
  g.emit("ARRAY_APPEND");
  g.emit("POP");
  g.jump("JUMP", loop);
  g.place(done);
  g.emit("POP");
  g.emit("POP");
  g.emit("UNDEFINED");
  g.emit("UNDEFINED");
  g.getLocal(array);
  g.release(array);
}
