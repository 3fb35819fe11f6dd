// Brands: what tells a Date from a Map when both are cells of kind RECORD, and the internal slots each has, as indices
// for the core's intrinsics `$slot(object, index)` and for the kernel. Numbers are part of the abi.

export const brands = {
  NONE: [], ERROR: ["frames"], BOOLEAN: ["value"], NUMBER: ["value"], STRING: ["value"], SYMBOL: ["value"], BIGINT: ["value"],
  DATE: ["time"], REGEXP: ["source", "flags", "program"], MAP: ["table"], SET: ["table"], WEAK_MAP: ["table"], WEAK_SET: ["table"],
  PROMISE: ["state", "result", "reactions", "handled"], ARRAY_BUFFER: ["bytes", "maxLength", "shared"],
  COROUTINE: ["frame", "state", "queue", "extra"],
  ARRAY_ITERATOR: ["array", "index", "kind"], STRING_ITERATOR: ["string", "index"],
  TABLE_ITERATOR: ["table", "index", "kind", "set"], REGEXP_STRING_ITERATOR: ["regexp", "string", "flags"],
  ARGUMENTS: [], BOUND_FUNCTION: ["target", "this", "arguments"], FOR_IN: ["object", "keys", "index", "seen"],
  ASYNC_FROM_SYNC: ["iterator", "next"], ITERATOR_HELPER: ["state", "open", "step"], WRAP_ITERATOR: ["iterator", "next"],
  CAPABILITY: ["promise", "resolve", "reject"], NAMESPACE: ["module"], HOST_OBJECT: ["name", "options", "id"],
  TEXT_ENCODER: [], TEXT_DECODER: ["label", "fatal", "ignoreBOM"], TIMER: ["id"],
  PROXY: ["target", "handler", "calls", "found", "instance"], WEAK_REF: ["target"], FINALIZATION_REGISTRY: ["cells", "callback"],
  DISPOSABLE_STACK: ["isAsync", "resources"], RAW_JSON: ["text"],
} as const satisfies Record<string, readonly string[]>;
export type BrandName = keyof typeof brands;
export const brandNames = Object.keys(brands) as readonly BrandName[];
/** Brand numbers. */
export const Brand = Object.fromEntries(brandNames.map((name, index) => [name, index])) as { readonly [K in BrandName]: number };
/** How many internal slots each brand has. */
export const brandSlots: readonly number[] = brandNames.map((name) => brands[name].length);
/** Index of an internal slot, as `PROMISE_STATE`. */
export const Slot: Readonly<Record<string, number>> = Object.fromEntries(
  brandNames.flatMap((name) => brands[name].map((slot, index) => [`${name}_${slot.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase()}`, index])));

/** What the kernel calls the root `proxy` for: calls, and the intrinsics that met a proxy. */
export const ProxyAct = {
  CALL: 0, CONSTRUCT: 1, INSTANCE: 2, GET_PROTOTYPE: 3, SET_PROTOTYPE: 4, IS_EXTENSIBLE: 5, PREVENT_EXTENSIONS: 6, GET_OWN: 7, GET_OWN_VALUE: 8, OWN_KEYS: 9, IS_ARRAY: 10,
} as const;
/** A proxy's slot `calls`: it cannot be called, it can, it is a constructor too. */
export const ProxyCalls = { NEVER: 0, CALLABLE: 1, CONSTRUCTOR: 2 } as const;

/** Element types of a typed array, in the specification's order, and DataView. */
export const ElementType = {
  INT8: 0, UINT8: 1, UINT8_CLAMPED: 2, INT16: 3, UINT16: 4, INT32: 5, UINT32: 6, FLOAT32: 7, FLOAT64: 8, BIGINT64: 9, BIGUINT64: 10, DATA_VIEW: 11,
} as const;
