// The cell kinds: what a cell of each kind holds, field by field. The collector, the verifier, the image writer,
// `inspect` and the C headers read this table, so a kind is added here and nowhere else. Numbers are part of the abi.
//
// A cell starts at an even address. Word 0 is its header: (size in 8-byte units << 8) | kind. Fields follow; a field
// is a tagged word or raw (a number the collector leaves alone). What follows the fields is the tail: `words` (tagged
// to the end), `raw`, or `mixed` (tagged up to a count that the fields give). Padding at the end of a tail is zero.

export type Tail = "none" | "words" | "raw" | "mixed";
export interface CellKind {
  /** Names of the fields from word 1 on; a leading `#` marks a raw one. */
  readonly fields: readonly string[];
  readonly tail: Tail;
  /** Does it stand for a JavaScript object: shape in word 1, slots in word 2? */
  readonly object: boolean;
  readonly doc: string;
}

function cell(fields: string, tail: Tail, doc: string): CellKind {
  const names = fields === "" ? [] : fields.split(" ");
  return { fields: names, tail, object: names[0] === "shape", doc };
}

export const cells = {
  NUMBER: cell("#pad #low #high", "none", "A double that is not a small integer."),
  STRING: cell("#length", "raw", "Latin-1 text: one byte a unit."),
  WIDE_STRING: cell("#length", "raw", "UTF-16 text with a unit above 255: two bytes a unit."),
  KEY: cell("#length #hash", "raw", "An interned Latin-1 string: property keys are compared by address. Never an array index."),
  WIDE_KEY: cell("#length #hash", "raw", "An interned UTF-16 string."),
  ROPE: cell("#length left right", "none", "A concatenation not yet copied together. Once flat, left is the text and right the empty string."),
  SYMBOL: cell("#flags #serial description", "none", "A symbol. Flags: 1 private name, 2 private method, 4 registered (Symbol.for)."),
  BIGINT: cell("#sign #length", "raw", "A big integer: sign (1 negative) and magnitude, `length` words from the least significant one, the last not zero; zero has no words and no sign."),
  CODE: cell("#form #frame #counts", "mixed", "A function's code: constants and what is known about it (tagged), tables, bytecode. code.ts draws it."),
  SCOPE: cell("parent", "words", "Variables that closures share."),
  SHAPE: cell("#flags #count #serial prototype table parent key", "none",
    "What objects of one form have in common. Flags: bits 0-7 flags, 8-15 inline slots, 16-23 attributes of the last key, 24-31 cell kind."),
  PROPERTY_TABLE: cell("#used #live #capacity #indexSize", "mixed",
    "Keys of a line of shapes: `capacity` entries of two words (key, attributes as a small integer), then a raw hash index of `indexSize` places (entry + 1, 0 free), bytes while capacity is below 256, then words; none while it is at most 8."),
  SLOTS: cell("serial elements", "words", "An object's further words: its serial (small integer or undefined), indexed elements (ELEMENTS, SPARSE or undefined), then properties beyond the inline ones."),
  ELEMENTS: cell("", "words", "Indexed elements; absent ones are holes."),
  SPARSE: cell("#used #live #capacity #indexSize", "mixed", "Indexed elements that are far apart or have attributes: entries of three words (index, attributes, value), then a hash index of `indexSize` words like that of PROPERTY_TABLE."),
  ACCESSOR: cell("get set", "none", "The value of an accessor property."),
  OBJECT: cell("shape slots", "words", "An ordinary object; the tail is its inline properties."),
  ARRAY: cell("shape slots elements #length", "none", "An array. Length is an unsigned 32-bit number."),
  FUNCTION: cell("shape slots code", "words",
    "A function: slots is undefined until its own properties are first needed. The tail is its scope, home object and fields' initialiser, and 0 or, in a further realm, the REALM (FunctionPart); functions of the core have no more of it than they need."),
  RECORD: cell("shape slots brand", "words", "An object with internal slots: brand (a small integer, brands.ts), then the slots."),
  TYPED_ARRAY: cell("shape slots buffer #type #offset #length", "none", "A typed array (types in brands.ts) or, as type DATA_VIEW, a view; length in elements, -1 tracking the buffer."),
  BYTES: cell("#length", "raw", "The bytes of an ArrayBuffer, a compiled regular expression, a matcher's state."),
  TABLE: cell("#used #live #capacity #indexSize #entryWords #flags next", "mixed",
    "An insertion-ordered hash table (Map, Set, WeakMap, …): `capacity` entries of `entryWords` words (the key first), then an index of `indexSize` words like that of PROPERTY_TABLE. Deleted entries have the key DELETED. A rehash makes a new cell and leaves the old one as it was but for `next`, so iterators find their place; flag 1: weak keys, flag 2: was cleared (next is empty or filled anew)."),
  WEAK_SET: cell("#used #live #capacity #pad", "words", "A hash set of cells found by content: interned strings, shape transitions. Its edges are weak."),
  FRAME: cell("#words #fp #pc", "words", "A suspended coroutine's frame: `words` words as they lay on the stack, from low addresses, and a padding; fp is the distance of its slot 0 from the last (highest) word; pc the byte offset of the instruction that suspended it."),
  REALM: cell("lexicals objects", "words", "A further realm: what State.LEXICALS is there, its objects by those of the core (realm.ts), then its roots, by number."),
} as const satisfies Record<string, CellKind>;

export type CellName = keyof typeof cells;
export const cellNames = Object.keys(cells) as readonly CellName[];
/** Kind numbers, from 1: a zero word is no header. */
export const Cell = Object.fromEntries(cellNames.map((name, index) => [name, index + 1])) as { readonly [K in CellName]: number };

/**
 * By kind number: the first tagged word of a cell of that kind. Its tagged words are one run: from there to the end of
 * the fields, to the end of the cell (tail `words`), or to a count that the fields give (`mixed`). 0: it has none.
 */
export const taggedFirst: readonly number[] = [0, ...cellNames.map((name) => {
  const kind: CellKind = cells[name];
  const first = kind.fields.findIndex((field) => !field.startsWith("#"));
  if (first >= 0 && kind.fields.slice(first).some((field) => field.startsWith("#")) && kind.tail !== "none") throw new Error(`raw field behind a tagged one in ${name}`);
  if (first >= 0) return first + 1;
  return kind.tail === "words" || kind.tail === "mixed" ? kind.fields.length + 1 : 0;
})];
/** By kind number: the end of the tagged run where it does not depend on the cell (tail `none` or `raw`), else 0. */
export const taggedEnd: readonly number[] = [0, ...cellNames.map((name) => {
  const kind: CellKind = cells[name];
  if (kind.tail === "words" || kind.tail === "mixed") return 0;
  let end = 0;
  kind.fields.forEach((field, index) => { if (!field.startsWith("#")) end = index + 2; });
  return end;
})];

type FieldName<S> = S extends `#${infer N}` ? N : S;
/** Word offset of each field, as `CODE_FLAGS` and so on, and of the tail, as `CODE_TAIL`. */
export const Field: Readonly<Record<string, number>> = Object.fromEntries(
  cellNames.flatMap((name) => [
    ...cells[name].fields.map((field, index): [string, number] => [`${name}_${fieldConstant(field)}`, index + 1]),
    [`${name}_TAIL`, cells[name].fields.length + 1] as [string, number],
  ]));

function fieldConstant(field: string): string {
  return field.replace("#", "").replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase() as FieldName<string>;
}

/** Words of an object that every object kind has. */
export const OBJECT_SHAPE = 1;
export const OBJECT_SLOTS = 2;

/** The words of a FUNCTION's tail. */
export const FunctionPart = { SCOPE: Field.FUNCTION_TAIL!, HOME: Field.FUNCTION_TAIL! + 1, FIELDS: Field.FUNCTION_TAIL! + 2, REALM: Field.FUNCTION_TAIL! + 3 } as const;

/** Flags of a shape (its low byte). */
export const ShapeFlag = {
  /** Owned by one object, its table changed in place: dictionaries and prototypes. */ UNIQUE: 1,
  /** Some object has it as its prototype: changes invalidate the property cache. */ PROTOTYPE: 2,
  /** No properties may be added. */ NON_EXTENSIBLE: 4,
  /** Internal methods are the core's (Proxy, String, mapped arguments, namespaces). */ EXOTIC: 8,
  /** May have indexed properties that an ordinary lookup must not miss (an element on a prototype). */ INDEXED: 16,
  /** A function whose own properties (length, name, perhaps prototype) are not made yet. */ LAZY: 32,
} as const;

/** Attributes of a property. ACCESSOR: the slot holds an ACCESSOR cell. */
export const Attribute = { WRITABLE: 1, ENUMERABLE: 2, CONFIGURABLE: 4, ACCESSOR: 8, ALL: 7 } as const;
