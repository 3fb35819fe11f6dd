// The intrinsics: what the core's JavaScript asks of the kernel. In the core's sources they are spelled `$name(…)`,
// which no user program can write, with exactly as many arguments as here. An intrinsic never calls user code and never
// trusts its operands' kinds (a forged image may call it with anything: the machine then stops with FAULT). Numbers are
// part of the abi: new ones go to the end. `text` is a string, `n` a number, `i` a small non-negative integer.

export const intrinsics = {
  // Values
  isObject: [1, "(v) is v an object (functions included)?"],
  isCallable: [1, "(v)"], isConstructor: [1, "(v)"], isArray: [1, "(v) a cell ARRAY"],
  kind: [1, "(v) cell kind of a reference, else 0"],
  brand: [1, "(v) brand of a RECORD, 0 for anything else"],
  sameValue: [2, "(a, b)"], sameValueZero: [2, "(a, b)"],
  done: [0, "() DONE"], isDone: [1, "(v)"], hole: [0, "() the hole"], isHole: [1, "(v)"],
  // Records
  newRecord: [2, "(brand, prototype) with all slots of the brand undefined"],
  slot: [2, "(record, i)"], setSlot: [3, "(record, i, v) v"],
  // Ordinary objects; the first of these, to getOwnValue, and ownKeys are a call of the core's `proxy` where the object is a proxy
  newObject: [1, "(prototype or null)"],
  getPrototype: [1, "(object)"],
  setPrototype: [2, "(object, prototype or null) false if refused (not extensible, cycle)"],
  isExtensible: [1, "(object)"], preventExtensions: [1, "(object) true"],
  getOwn: [2, "(object, key) attributes of an own property (a small integer: WRITABLE 1, ENUMERABLE 2, CONFIGURABLE 4, ACCESSOR 8) or -1; handles arrays, typed arrays, functions"],
  getOwnValue: [2, "(object, key) value of an own property, its ACCESSOR cell if it is one, undefined if absent"],
  accessorGet: [1, "(accessor)"], accessorSet: [1, "(accessor)"],
  define: [4, "(object, key, value, attributes) creates or overwrites an own property without checks; true"],
  defineAccessor: [5, "(object, key, get, set, attributes) likewise"],
  deleteOwn: [2, "(object, key) removes an own property without checks; true if it was there"],
  ownKeys: [1, "(object) array of its own keys: indices as strings, strings, symbols; no private names"],
  setExotic: [1, "(object) marks it: internal methods are the core's"],
  isExotic: [1, "(object)"],
  freezeElements: [1, "(object) makes its elements sparse so that they can have attributes"],
  // Arrays (cells ARRAY; i within bounds unless said otherwise)
  newArray: [1, "(length) of holes"],
  push: [2, "(array, v) the new length"], pop: [1, "(array) the last element, removed; undefined if empty or a hole"],
  elementAt: [2, "(array, i) own element, undefined if a hole or out of bounds"],
  setElement: [3, "(array, i, v) v; i at most the length"],
  isDense: [1, "(v) is v an array whose elements are all present, writable, with Array.prototype as prototype and no indexed properties on prototypes?"],
  setLength: [2, "(array, n) cuts or extends; false if an element refused deletion or the length is read-only"],
  arrayMove: [4, "(array, to, from, count) like copyWithin on a dense array"],
  arraySlice: [3, "(array, from, to) new dense array of a dense array's part"],
  arrayFill: [4, "(array, v, from, to)"],
  arrayIndexOf: [4, "(array, v, from, mode) 0 strict equality, 1 SameValueZero, 2 strict backwards; -1 if absent"],
  arrayConcat: [2, "(array, dense array) appends"],
  arrayReverse: [1, "(dense array)"],
  mergeStep: [2, "(state, 0 texts by units, 1 numbers ascending, 2 descending) a portion of one pass of a merge sort; state is an array from, to, width, low, left, right; true when the pass is complete"],
  // Strings
  charCode: [2, "(text, i) unit, or -1 outside"],
  codePoint: [2, "(text, i) code point at i, or -1 outside"],
  charAt: [2, "(text, i) one-unit text, empty outside"],
  substring: [3, "(text, from, to)"],
  indexOf: [3, "(text, part, from) -1 if absent"], lastIndexOf: [3, "(text, part, from)"],
  fromCharCode: [1, "(n) ToUint16"], fromCodePoint: [1, "(i)"],
  compareText: [2, "(a, b) -1, 0, 1 by units"],
  repeat: [2, "(text, count)"],
  joinTexts: [2, "(dense array of strings, separator)"],
  trim: [2, "(text, mode) 1 start, 2 end, 3 both"],
  upper: [1, "(text) by the full mapping of Latin-1 and the simple one beyond"], lower: [1, "(text)"],
  isIndex: [1, "(key) is it a string that is an array index or an integer index up to 2^53-1? its number, else -1"],
  hashText: [1, "(text) a number"],
  // Numbers
  numberToText: [2, "(n, radix)"], toFixed: [2, "(n, digits)"], toExponential: [2, "(n, digits or -1)"], toPrecision: [2, "(n, digits)"],
  textToNumber: [1, "(text)"], parseFloat: [1, "(text)"], parseInt: [2, "(text, radix)"],
  math: [2, "(function number, x): 0 abs 1 floor 2 ceil 3 trunc 4 round 5 sqrt 6 sign 7 fround 8 exp 9 expm1 10 log 11 log1p 12 log2 13 log10 14 sin 15 cos 16 tan 17 asin 18 acos 19 atan 20 sinh 21 cosh 22 tanh 23 asinh 24 acosh 25 atanh 26 cbrt 27 clz32"],
  math2: [3, "(function number, x, y): 0 pow 1 atan2 2 imul 3 max 4 min 5 hypot"],
  random: [0, "() from the program's own state"],
  // Symbols
  newSymbol: [1, "(description or undefined)"], description: [1, "(symbol)"], markRegistered: [1, "(symbol)"], isRegistered: [1, "(symbol)"],
  // Hash tables (cells TABLE; keys by SameValueZero)
  newTable: [2, "(words an entry: 1 set, 2 map; weak keys: true or false)"],
  tableFind: [2, "(table, key) entry index or -1"], tableGet: [2, "(table, key) value or undefined"],
  tableSet: [3, "(table, key, value) the table the owner must keep from now on (a grown one, or the same)"],
  tableDelete: [2, "(table, key) true if it was there"], tableClear: [1, "(table) a new empty table; the old one remembers it"],
  tableCount: [1, "(table)"], tableKey: [2, "(table, i)"], tableValue: [2, "(table, i)"],
  tableNext: [2, "(table, i) index of the first live entry at or after i, -1 if none"],
  tableForward: [2, "(table, i) where index i of an old table is in the table that follows it; the table itself by accessor tableSuccessor"],
  tableSuccessor: [1, "(table) the table that replaced it, or undefined"],
  // Bytes and typed arrays
  newBytes: [1, "(length) zeros; RangeError INVALID_ARRAY_LENGTH beyond the largest cell"], bytesLength: [1, "(bytes)"],
  byteAt: [2, "(bytes, i)"], setByte: [3, "(bytes, i, n)"],
  bytesMove: [5, "(target, to, source, from, count)"], bytesFill: [4, "(bytes, byte, from, to)"],
  bytesRead: [4, "(bytes, offset, element type, little-endian)"], bytesWrite: [5, "(bytes, offset, element type, little-endian, n)"],
  newTyped: [5, "(prototype, element type, buffer, byte offset, length or -1)"],
  typedInfo: [2, "(typed array, 0 type, 1 buffer, 2 byte offset, 3 fixed length or -1, 4 present length in elements, -1 when out of bounds or detached)"],
  typedFill: [4, "(typed array, n, from, to)"],
  utf8Encode: [1, "(text) bytes"], utf8Decode: [4, "(bytes, from, to, fatal) text, or undefined if malformed and fatal"],
  latin1Text: [3, "(bytes, from, to) text of one unit a byte"],
  // Regular expressions
  regexpMatch: [3, "(program, text, from) array of 2 * groups positions (-1 unmatched), or null; resumable, one step a backtracking step"],
  // JSON
  jsonQuote: [1, "(text) with quotes and escapes"],
  jsonScan: [2, "(text, i) i behind the opening quote of a string: index of the closing one, -1 if an escape, a unit below 32 or the end comes first"],
  // Functions and coroutines
  functionInfo: [2, "(function, 0 flags, 1 length, 2 name, 3 source text or undefined, 4 home, 5 scope, 6 as a comparator of numbers: 1 a - b, 2 b - a, 0 anything else)"],
  setFunctionName: [2, "(function, text) defines name"],
  newBound: [4, "(prototype, target, this, arguments array)"],
  captureStack: [1, "(limit, a number or anything) array of function and place, a bytecode offset, for each frame of user code; then of what waits for these: function and ~place, name of a combinator and ~index"],
  coroutineState: [1, "(coroutine)"], setCoroutineState: [2, "(coroutine, i)"],
  newCoroutine: [0, "reserved"],
  newClosure: [2, "(function, prototype) another closure of the same code"],
  // The program and the host
  state: [1, "(i) per-program variable (State of registers.ts)"], setState: [2, "(i, v) v"],
  host: [1, "(array: operation name, arguments...) the host's answer"],
  wait: [1, "(microseconds of program time when to wake, or -1) undefined once there is a message or it is time"],
  takeInbox: [0, "() array of messages or undefined"],
  end: [1, "(v) ends the program with that result"],
  root: [2, "(number, v) while the core is built: sets a root"],
  modules: [0, "() the ELEMENTS of module scopes"], moduleVariable: [2, "(module, i)"],
  setModuleVariable: [3, "(module, i, v)"],
  overlay: [1, "(object) the cell itself, or its overlay"],
  freezeCore: [1, "(object) while the core is built: settles its form (unique shape if it has properties)"],
  elementKeys: [1, "(object) array of its index keys, ascending, as strings"],
  rootValue: [1, "(number) a root, while the core is built and after"],
  setHome: [2, "(function, object) sets its home object"],
  jsonParse: [1, "(text) the value of a JSON text, or V8's SyntaxError; resumable"],
  jsonWrite: [2, "(value, text that indents) the JSON text of a value, undefined if it has none, DONE if it is not plain data all through (nothing has happened then); resumable"],
  captures: [2, "(text, positions) array of the texts between each two positions, undefined where they are -1"],
  matchArray: [2, "(text, positions) the same array with the properties index, input and groups (undefined) of exec's result"],
  expand: [4, "(template, text, position, captures) the template of a replacement with its $$, $&, $`, $' and $1 filled in; the captures, texts or undefined, begin with what matched, at the position"],
  newCode: [1, "(parts, an array: new-code.ts) CODE cell of what a compiler made; undefined where the verifier refuses it"],
  elements: [1, "(dense array) ELEMENTS cell of just those"],
  textBytes: [1, "(text of units below 256) BYTES of them"],
  newEntry: [2, "(code, scope or undefined) a function of it"],
  moduleCount: [0, "() how many modules the program has"],
  addModule: [1, "(variables) the number of a new module, its variables in their dead zone"],
  lexicalsChanged: [0, "() the names of State LEXICALS are others now"],
  propertyCount: [1, "(object) how many places for properties with names it has, those of deleted ones counted"],
  frameFacts: [2, "(function or name, place) what captureStack has kept of a frame: array of function name, file, line, column, or of name and index"],
  // Big integers
  bigBits: [1, "(big) bits of its magnitude"],
  bigNumber: [1, "(big) the nearest number"], bigOfNumber: [1, "(integral n) the big integer"],
  bigWrap: [3, "(bits, big, signed) what so many bits of its two's complement are, as a signed or an unsigned number; fewer than 2^29 where an unsigned one is made of a negative one"],
  bigText: [2, "(big of at most 32 words, radix)"],
  bigParse: [4, "(text, from, to, radix) the big integer of at most 256 digits, undefined if one of the units is none"],
  isProxy: [1, "(v)"], isArrayObject: [1, "(v) 7.2.2 IsArray: an array, or a proxy of one; a TypeError if that is revoked"],
  pointsText: [1, "(dense array) the text of code points that its elements are; undefined where one is no small integer up to 0x10ffff"],
  foldPoint: [2, "(code point, mode) what a regular expression that ignores case compares, without (0) or with (1) the flag u; its small letter (2)"],
  iterableWords: [2, "(function, place) what is gone over at a place that captureStack has kept, in the source's words; undefined if nothing is, or they are not known"],
  // Realms
  newRealm: [0, "() the global object of a new realm, a copy of the core's objects"],
  realmObject: [2, "(an object of the core in the running realm, function) the same object of the function's realm; a TypeError if that is a proxy which is revoked"],
} as const satisfies Record<string, readonly [number, string]>;

export type IntrinsicName = keyof typeof intrinsics;
export const intrinsicNames = Object.keys(intrinsics) as readonly IntrinsicName[];
/** Intrinsic numbers. */
export const Intrinsic = Object.fromEntries(intrinsicNames.map((name, index) => [name, index])) as { readonly [K in IntrinsicName]: number };

/** Fast paths: a core function whose body begins with the directive "fast: NAME" is tried in the kernel first, without a frame; where its operands are not of the ordinary kind the JavaScript body runs instead. */
export const fastPaths = [
  "", "mathAbs", "mathFloor", "mathCeil", "mathTrunc", "mathRound", "mathSqrt", "mathMax", "mathMin", "mathImul", "mathPow", "mathRandom",
  "mathSin", "mathCos", "mathTan", "mathExp", "mathLog", "mathAtan2",
  "charCodeAt", "charAt", "codePointAt", "fromCharCode", "stringSlice", "stringSubstring", "stringIndexOf", "stringAt", "startsWith", "toUpperCase", "toLowerCase",
  "arrayPush", "arrayPop", "arrayIsArray", "arrayAt", "arrayIndexOf", "arraySlice", "arrayShift", "arrayIncludes",
  "mapGet", "mapHas", "mapSet", "setHas", "setAdd", "mapDelete", "hasOwnProperty", "objectIs", "numberIsInteger", "isNaN", "isFinite", "numberIsSafeInteger",
] as const;
export type FastPath = (typeof fastPaths)[number];
export const Fast = Object.fromEntries(fastPaths.map((name, index) => [name === "" ? "NONE" : name, index])) as Readonly<Record<string, number>>;
