// The instruction set: one table from which the interpreter, the assembler, the disassembler, the verifier, the C
// headers and the documentation take names, operands and stack effects. Numbers follow the order of this table and
// are part of the abi: new instructions go to the end.
//
// The machine is a stack machine whose commonest pairs are single instructions. An instruction is its opcode byte and
// its operands, little-endian, unaligned. A jump counts from the end of its instruction. In the sentences `a b -> c`
// has the top of the stack on the right.

/** Kinds of operands and their sizes in bytes. */
export const operandBytes = {
  /** A local of the frame (frame.ts). */ slot: 1, slot16: 2,
  /** An index into the function's constants. */ constant: 2,
  /** A signed distance from the end of the instruction. */ jump: 2, jump32: 4, jump8: 1,
  /** A number of arguments. */ argc: 1,
  /** Numbers whose meaning the instruction gives. */ u8: 1, u16: 2, i8: 1, i16: 2,
} as const;
export type OperandKind = keyof typeof operandBytes;

/** What happens after an instruction: `next`, `jump` (may also jump), `goto` (always jumps), `end` (never goes on here). */
export type Flow = "next" | "jump" | "goto" | "end";

export interface Instruction {
  readonly operands: readonly OperandKind[];
  /** Words taken from the stack, plus the value of operand `popsOperand` if there is one. */
  readonly pops: number;
  readonly popsOperand: number;
  readonly pushes: number;
  /** Where the stack differs when the jump is taken: words more (or less) than when it is not. */
  readonly jumpExtra: number;
  readonly flow: Flow;
  /** Only code of the core may hold it. */
  readonly core: boolean;
  readonly doc: string;
}

function op(operands: string, pops: number, pushes: number, doc: string, more: Partial<Instruction> = {}): Instruction {
  const flow = more.flow ?? (/jump/.test(operands) ? "jump" : "next");
  return {
    operands: (operands === "" ? [] : operands.split(" ")) as OperandKind[],
    pops, popsOperand: -1, pushes, jumpExtra: 0, core: false, doc, ...more, flow,
  };
}
function core(operands: string, pops: number, pushes: number, doc: string, more: Partial<Instruction> = {}): Instruction {
  return op(operands, pops, pushes, doc, { ...more, core: true });
}

export const opcodes = {
  // Constants and the stack
  NOP: op("", 0, 0, "Nothing."),
  UNDEFINED: op("", 0, 1, "Pushes undefined."),
  NULL: op("", 0, 1, "Pushes null."),
  TRUE: op("", 0, 1, "Pushes true."),
  FALSE: op("", 0, 1, "Pushes false."),
  HOLE: op("", 0, 1, "Pushes the hole: what a binding in its dead zone and an absent element hold."),
  SMALL8: op("i8", 0, 1, "Pushes a small integer."),
  SMALL16: op("i16", 0, 1, "Pushes a small integer."),
  CONSTANT: op("constant", 0, 1, "Pushes a constant."),
  POP: op("", 1, 0, "a ->"),
  DUP: op("", 1, 2, "a -> a a"),
  DUP2: op("", 2, 4, "a b -> a b a b"),
  SWAP: op("", 2, 2, "a b -> b a"),
  ROTATE3: op("", 3, 3, "a b c -> c a b"),
  ROTATE4: op("", 4, 4, "a b c d -> d a b c"),

  // Locals
  GET_LOCAL: op("slot", 0, 1, "Pushes a local."),
  PUT_LOCAL: op("slot", 1, 0, "Pops into a local."),
  SET_LOCAL: op("slot", 1, 1, "Stores the top into a local and keeps it."),
  GET_LOCAL16: op("slot16", 0, 1, "GET_LOCAL for any slot."),
  PUT_LOCAL16: op("slot16", 1, 0, "PUT_LOCAL for any slot."),
  SET_LOCAL16: op("slot16", 1, 1, "SET_LOCAL for any slot."),
  CHECK: op("constant", 1, 1, "ReferenceError (the constant is the variable's name) if the top is the hole."),
  GET_LOCALS: op("slot slot", 0, 2, "GET_LOCAL of the first, then of the second."),
  INCREMENT_LOCAL: op("slot", 0, 0, "Adds 1 to a local (ToNumeric first)."),
  DECREMENT_LOCAL: op("slot", 0, 0, "Subtracts 1 from a local (ToNumeric first)."),

  // Scopes
  CALLEE_SCOPE: op("", 0, 1, "Pushes the scope that the running function closes over."),
  NEW_SCOPE: op("u16", 1, 1, "parent -> scope, with that many variables, all holes."),
  COPY_SCOPE: op("", 1, 1, "scope -> copy with the same parent: a fresh binding per iteration."),
  GET_SCOPED: op("slot u16", 0, 1, "Pushes variable u16 of the scope in a local."),
  PUT_SCOPED: op("slot u16", 1, 0, "Pops into variable u16 of the scope in a local."),
  GET_OUTER: op("u8 u16", 0, 1, "Pushes variable u16 of the scope u8 parents above the running function's scope."),
  PUT_OUTER: op("u8 u16", 1, 0, "Pops into that variable."),
  GET_OUTER_CHECKED: op("u8 u16 constant", 0, 1, "GET_OUTER, then CHECK."),
  GET_MODULE: op("u16 u16", 0, 1, "Pushes variable (second operand) of the top-level scope of a module (first operand)."),
  PUT_MODULE: op("u16 u16", 1, 0, "Pops into that variable."),
  GET_MODULE_CHECKED: op("u16 u16 constant", 0, 1, "GET_MODULE, then CHECK."),
  GET_CORE: core("u16", 0, 1, "Pushes a top-level variable of the core."),
  PUT_CORE: core("u16", 1, 0, "While the core is built: pops into a top-level variable of the core."),
  GET_GLOBAL: op("constant", 0, 1, "Pushes a property of the global object; ReferenceError if it has none."),
  GET_GLOBAL_OR_UNDEFINED: op("constant", 0, 1, "The same for typeof: undefined if it has none."),
  PUT_GLOBAL: op("constant", 1, 0, "Pops into a property of the global object; in strict code ReferenceError if it has none."),

  // Operators
  ADD: op("", 2, 1, "a b -> a + b"),
  SUB: op("", 2, 1, "a b -> a - b"),
  MUL: op("", 2, 1, "a b -> a * b"),
  DIV: op("", 2, 1, "a b -> a / b"),
  MOD: op("", 2, 1, "a b -> a % b"),
  POW: op("", 2, 1, "a b -> a ** b"),
  BIT_AND: op("", 2, 1, "a b -> a & b"),
  BIT_OR: op("", 2, 1, "a b -> a | b"),
  BIT_XOR: op("", 2, 1, "a b -> a ^ b"),
  SHL: op("", 2, 1, "a b -> a << b"),
  SHR: op("", 2, 1, "a b -> a >> b"),
  USHR: op("", 2, 1, "a b -> a >>> b"),
  LT: op("", 2, 1, "a b -> a < b"),
  LE: op("", 2, 1, "a b -> a <= b"),
  GT: op("", 2, 1, "a b -> a > b"),
  GE: op("", 2, 1, "a b -> a >= b"),
  EQ: op("", 2, 1, "a b -> a == b"),
  NE: op("", 2, 1, "a b -> a != b"),
  SEQ: op("", 2, 1, "a b -> a === b"),
  SNE: op("", 2, 1, "a b -> a !== b"),
  INSTANCEOF: op("", 2, 1, "a b -> a instanceof b"),
  IN: op("", 2, 1, "key object -> key in object"),
  NEG: op("", 1, 1, "a -> -a"),
  TO_NUMBER: op("", 1, 1, "a -> +a"),
  TO_NUMERIC: op("", 1, 1, "a -> ToNumeric(a)"),
  INC: op("", 1, 1, "a -> ToNumeric(a) + 1"),
  DEC: op("", 1, 1, "a -> ToNumeric(a) - 1"),
  BIT_NOT: op("", 1, 1, "a -> ~a"),
  NOT: op("", 1, 1, "a -> !a"),
  TYPEOF: op("", 1, 1, "a -> typeof a"),
  TO_STRING: op("", 1, 1, "a -> ToString(a), as a template literal needs it"),
  TO_PROPERTY_KEY: op("", 1, 1, "a -> ToPropertyKey(a)"),
  ADD_SMALL: op("i8", 1, 1, "a -> a + i8"),

  // Jumps
  JUMP: op("jump", 0, 0, "Jumps.", { flow: "goto" }),
  JUMP32: op("jump32", 0, 0, "Jumps far.", { flow: "goto" }),
  JUMP_FALSE: op("jump", 1, 0, "a -> ; jumps if a is falsy."),
  JUMP_TRUE: op("jump", 1, 0, "a -> ; jumps if a is truthy."),
  JUMP_FALSE_KEEP: op("jump", 1, 0, "Jumps and keeps a if it is falsy, else pops it.", { jumpExtra: 1 }),
  JUMP_TRUE_KEEP: op("jump", 1, 0, "Jumps and keeps a if it is truthy, else pops it.", { jumpExtra: 1 }),
  JUMP_NOT_NULLISH_KEEP: op("jump", 1, 0, "Jumps and keeps a if it is neither undefined nor null, else pops it.", { jumpExtra: 1 }),
  JUMP_NULLISH: op("jump", 1, 1, "Pops a and jumps if it is undefined or null, else keeps it.", { jumpExtra: -1 }),
  JUMP_NOT_UNDEFINED_KEEP: op("jump", 1, 0, "Jumps and keeps a if it is not undefined, else pops it.", { jumpExtra: 1 }),
  JUMP_DONE: op("jump", 1, 1, "Pops a and jumps if it is DONE, else keeps it.", { jumpExtra: -1 }),
  JUMP_LT: op("jump", 2, 0, "a b -> ; jumps if a < b."),
  JUMP_LE: op("jump", 2, 0, "a b -> ; jumps if a <= b."),
  JUMP_GT: op("jump", 2, 0, "a b -> ; jumps if a > b."),
  JUMP_GE: op("jump", 2, 0, "a b -> ; jumps if a >= b."),
  JUMP_NOT_LT: op("jump", 2, 0, "a b -> ; jumps unless a < b."),
  JUMP_NOT_LE: op("jump", 2, 0, "a b -> ; jumps unless a <= b."),
  JUMP_NOT_GT: op("jump", 2, 0, "a b -> ; jumps unless a > b."),
  JUMP_NOT_GE: op("jump", 2, 0, "a b -> ; jumps unless a >= b."),
  JUMP_SEQ: op("jump", 2, 0, "a b -> ; jumps if a === b."),
  JUMP_SNE: op("jump", 2, 0, "a b -> ; jumps if a !== b."),

  // Properties
  GET_PROPERTY: op("constant", 1, 1, "object -> object.name"),
  GET_METHOD: op("constant", 1, 2, "object -> object.name object, ready for arguments and CALL"),
  PUT_PROPERTY: op("constant", 2, 0, "object value -> ; object.name = value"),
  GET_ELEMENT: op("", 2, 1, "object key -> object[key]"),
  GET_ELEMENT_METHOD: op("", 2, 2, "object key -> object[key] object"),
  PUT_ELEMENT: op("", 3, 0, "object key value -> ; object[key] = value"),
  DELETE_PROPERTY: op("constant", 1, 1, "object -> delete object.name"),
  DELETE_ELEMENT: op("", 2, 1, "object key -> delete object[key]"),
  GET_SUPER: op("", 3, 1, "receiver home key -> super[key]: found from home's prototype, with that receiver"),
  PUT_SUPER: op("", 4, 0, "receiver home key value -> ; super[key] = value"),
  GET_PRIVATE: op("", 2, 1, "object name -> object.#name"),
  PUT_PRIVATE: op("", 3, 0, "object name value -> ; object.#name = value"),
  HAS_PRIVATE: op("", 2, 1, "name object -> #name in object"),
  DEFINE_PRIVATE: op("u8", 3, 1, "object name value -> object: adds a private field (0), method (1), getter (2) or setter (3); TypeError if it is there"),
  NEW_PRIVATE_NAME: op("constant", 0, 1, "Pushes a new private name (a symbol no user code can get) with that description."),

  // Objects, arrays, functions
  NEW_OBJECT: op("u8", 0, 1, "Pushes a new ordinary object with room for that many properties."),
  NEW_ARRAY: op("u16", 0, 1, "Pops u16 values into a new array.", { popsOperand: 0 }),
  ARRAY_APPEND: op("", 2, 1, "array value -> array, one longer (the hole makes an absent element)"),
  ARRAY_SPREAD: op("", 2, 1, "array iterable -> array, longer by what the iterable gives"),
  DEFINE_PROPERTY: op("constant", 2, 1, "object value -> object: an own, enumerable, writable, configurable property"),
  DEFINE_ELEMENT: op("", 3, 1, "object key value -> object: likewise; key is a property key"),
  DEFINE_METHOD: op("u8", 3, 1, "object key function -> object: a method (u8 & 3 is 0), getter (1) or setter (2) with that home object; enumerable if u8 & 4; key is a property key"),
  SET_NAME: op("u8", 2, 2, "key function -> key function, named after the key if it is anonymous: prefix none (0), get (1), set (2)"),
  SET_HOME: op("", 2, 2, "object function -> object function, the object being its home object"),
  SET_PROTOTYPE: op("", 2, 1, "object value -> object, with that prototype if it is an object or null (`__proto__: value`)"),
  CLOSURE: op("constant", 1, 1, "scope -> function: closes the constant's code over a scope (or undefined)"),
  SET_FIELDS: op("", 2, 1, "constructor function -> constructor, with that initialiser of its instances' fields; its home is the constructor's"),
  GET_FIELDS: op("", 1, 1, "constructor -> its fields' initialiser or undefined"),

  // Calls
  CALL: op("argc", 2, 1, "callee this arguments... -> result", { popsOperand: 0 }),
  CALL_SPREAD: op("", 3, 1, "callee this array -> result"),
  CONSTRUCT: op("argc", 2, 1, "constructor newTarget arguments... -> object", { popsOperand: 0 }),
  CONSTRUCT_SPREAD: op("", 3, 1, "constructor newTarget array -> object"),
  RETURN: op("", 1, 0, "Returns the top.", { flow: "end" }),
  RETURN_UNDEFINED: op("", 0, 0, "Returns undefined.", { flow: "end" }),
  THROW: op("", 1, 0, "Throws the top.", { flow: "end" }),
  THROW_ERROR: op("u8 constant", 0, 0, "Throws the error with that number (errors.ts), about the constant.", { flow: "end" }),
  THIS: op("", 0, 1, "Pushes this of the frame (the hole in a derived constructor before super returns)."),
  PUT_THIS: op("", 1, 0, "Pops into this of the frame; ReferenceError if it was set before."),
  CHECK_THIS: op("", 1, 1, "ReferenceError if the top is the hole: super was not called."),
  SLOPPY_THIS: op("", 0, 0, "Makes this of the frame an object as sloppy code needs it."),
  CALLEE: op("", 0, 1, "Pushes the running function."),
  HOME: op("", 0, 1, "Pushes the running function's home object."),
  NEW_TARGET: op("", 0, 1, "Pushes new.target of the frame."),
  ARGUMENTS: op("u8", 0, 1, "Pushes a new arguments object: unmapped (0) or sloppy (1: has callee)."),
  REST: op("u8", 0, 1, "Pushes an array of the arguments from u8 on."),
  CONSTRUCTOR_RESULT: op("", 2, 1, "value this -> what a derived constructor returns: value if an object, this if undefined and set, else an error"),
  CORE: op("u16", 0, 2, "Pushes a function of the core (roots.ts) and undefined, ready for arguments and CALL."),
  ROOT: op("u16", 0, 1, "Pushes a root of the core (roots.ts)."),
  INTRINSIC: core("u8 argc", 0, 1, "arguments... -> result of an intrinsic (intrinsics.ts).", { popsOperand: 1 }),

  // Iteration, generators, async
  GET_ITERATOR: op("", 1, 2, "iterable -> iterator next"),
  ITERATOR_NEXT: op("", 2, 3, "iterator next -> iterator next value, or DONE"),
  ITERATOR_STEP: op("", 2, 3, "The same for destructuring: DONE if iterator is undefined."),
  ITERATOR_VALUE: op("", 3, 3, "iterator next value: after ITERATOR_STEP; if value is DONE makes iterator and value undefined."),
  ITERATOR_CLOSE: op("", 2, 0, "iterator next -> ; calls the iterator's return method, unless iterator is undefined."),
  START_GENERATOR: op("u8", 1, 0, "prototype -> ; moves the frame into a new generator (0) or async generator (1) and returns that.", { flow: "next" }),
  START_ASYNC: op("", 0, 0, "Moves the frame into a new coroutine and returns what core.asyncStart makes of it."),
  YIELD: op("jump", 1, 1, "value -> sent: suspends; goes on here (next), throws here (throw), or jumps (return)."),
  YIELD_DELEGATE: op("", 1, 2, "value -> sent mode: suspends; mode is 0 next, 1 throw, 2 return."),
  AWAIT: op("", 1, 1, "value -> settled value: suspends for the core's scheduler; goes on here or throws here."),
  RESUME: core("", 3, 1, "generator mode sent -> what it yields, awaits or returns."),

  // Pairs so common that they are one instruction
  GET_LOCAL_SMALL: op("slot i8", 0, 2, "GET_LOCAL, then SMALL8."),
  GET_LOCAL_PROPERTY: op("slot constant", 0, 1, "GET_LOCAL, then GET_PROPERTY."),
  GET_LOCALS_ELEMENT: op("slot slot", 0, 1, "GET_LOCALS, then GET_ELEMENT."),
  SUB_SMALL: op("i8", 1, 1, "a -> a - i8"),
  TO_ELEMENT_KEY: op("", 2, 2, "object key -> object ToPropertyKey(key): TypeError if object is undefined or null, which is checked first."),
  JUMP_LOCALS_LT: op("slot slot jump", 0, 0, "Jumps if the first local < the second."),

  // Short forms, which only the core has: its bytecode is what a device keeps in flash (compiler/shorten.ts)
  CORE_CALLEE: core("u16", 0, 2, "GET_CORE, then UNDEFINED: ready for arguments and CALL."),
  GET_CORE8: core("u8", 0, 1, "GET_CORE."),
  CORE_CALLEE8: core("u8", 0, 2, "CORE_CALLEE."),
  CONSTANT8: core("u8", 0, 1, "CONSTANT."),
  GET_LOCAL_PROPERTY8: core("slot u8", 0, 1, "GET_LOCAL_PROPERTY."),
  INTRINSIC1: core("u8", 1, 1, "INTRINSIC with 1 argument."),
  INTRINSIC2: core("u8", 2, 1, "INTRINSIC with 2 arguments."),
  INTRINSIC3: core("u8", 3, 1, "INTRINSIC with 3 arguments."),
  INTRINSIC4: core("u8", 4, 1, "INTRINSIC with 4 arguments."),
  CALL1: core("", 3, 1, "CALL with 1 argument."),
  CALL2: core("", 4, 1, "CALL with 2 arguments."),
  CALL3: core("", 5, 1, "CALL with 3 arguments."),
  CALL4: core("", 6, 1, "CALL with 4 arguments."),
  ZERO: core("", 0, 1, "Pushes 0."),
  ONE: core("", 0, 1, "Pushes 1."),
  GET_LOCAL_0: core("", 0, 1, "GET_LOCAL of slot 0."),
  GET_LOCAL_1: core("", 0, 1, "GET_LOCAL of slot 1."),
  GET_LOCAL_2: core("", 0, 1, "GET_LOCAL of slot 2."),
  GET_LOCAL_3: core("", 0, 1, "GET_LOCAL of slot 3."),
  GET_LOCAL_4: core("", 0, 1, "GET_LOCAL of slot 4."),
  GET_LOCAL_5: core("", 0, 1, "GET_LOCAL of slot 5."),
  GET_LOCAL_6: core("", 0, 1, "GET_LOCAL of slot 6."),
  GET_LOCAL_7: core("", 0, 1, "GET_LOCAL of slot 7."),
  GET_LOCAL_8: core("", 0, 1, "GET_LOCAL of slot 8."),
  GET_LOCAL_9: core("", 0, 1, "GET_LOCAL of slot 9."),
  GET_LOCAL_10: core("", 0, 1, "GET_LOCAL of slot 10."),
  GET_LOCAL_11: core("", 0, 1, "GET_LOCAL of slot 11."),
  GET_LOCAL_12: core("", 0, 1, "GET_LOCAL of slot 12."),
  GET_LOCAL_13: core("", 0, 1, "GET_LOCAL of slot 13."),
  GET_LOCAL_14: core("", 0, 1, "GET_LOCAL of slot 14."),
  GET_LOCAL_15: core("", 0, 1, "GET_LOCAL of slot 15."),
  PUT_LOCAL_4: core("", 1, 0, "PUT_LOCAL of slot 4."),
  PUT_LOCAL_5: core("", 1, 0, "PUT_LOCAL of slot 5."),
  PUT_LOCAL_6: core("", 1, 0, "PUT_LOCAL of slot 6."),
  PUT_LOCAL_7: core("", 1, 0, "PUT_LOCAL of slot 7."),
  PUT_LOCAL_8: core("", 1, 0, "PUT_LOCAL of slot 8."),
  PUT_LOCAL_9: core("", 1, 0, "PUT_LOCAL of slot 9."),
  PUT_LOCAL_10: core("", 1, 0, "PUT_LOCAL of slot 10."),
  PUT_LOCAL_11: core("", 1, 0, "PUT_LOCAL of slot 11."),
  PUT_LOCAL_12: core("", 1, 0, "PUT_LOCAL of slot 12."),
  PUT_LOCAL_13: core("", 1, 0, "PUT_LOCAL of slot 13."),
  PUT_LOCAL_14: core("", 1, 0, "PUT_LOCAL of slot 14."),
  PUT_LOCAL_15: core("", 1, 0, "PUT_LOCAL of slot 15."),
  SET_LOCAL_4: core("", 1, 1, "SET_LOCAL of slot 4."),
  SET_LOCAL_5: core("", 1, 1, "SET_LOCAL of slot 5."),
  SET_LOCAL_6: core("", 1, 1, "SET_LOCAL of slot 6."),
  SET_LOCAL_7: core("", 1, 1, "SET_LOCAL of slot 7."),
  SET_LOCAL_8: core("", 1, 1, "SET_LOCAL of slot 8."),
  SET_LOCAL_9: core("", 1, 1, "SET_LOCAL of slot 9."),
  SET_LOCAL_10: core("", 1, 1, "SET_LOCAL of slot 10."),
  SET_LOCAL_11: core("", 1, 1, "SET_LOCAL of slot 11."),
  GET_LOCALS4: core("u8", 0, 2, "GET_LOCALS of the slots in the low and the high half of the operand."),
  GET_LOCAL_SMALL4: core("u8", 0, 2, "GET_LOCAL_SMALL likewise: slot and number."),
  GET_LOCAL_ELEMENT4: core("u8", 0, 1, "GET_LOCAL_SMALL4, then GET_ELEMENT."),
  GET_OUTER8: core("u8", 0, 1, "GET_OUTER of a variable of the running function's own scope."),
  GET_SCOPED8: core("slot u8", 0, 1, "GET_SCOPED."),
  PUT_SCOPED8: core("slot u8", 1, 0, "PUT_SCOPED."),
  NEW_ARRAY8: core("u8", 0, 1, "NEW_ARRAY.", { popsOperand: 0 }),
  GET_PROPERTY8: core("u8", 1, 1, "GET_PROPERTY."),
  PUT_PROPERTY8: core("u8", 2, 0, "PUT_PROPERTY."),
  DEFINE_PROPERTY8: core("u8", 2, 1, "DEFINE_PROPERTY."),
  CLOSURE8: core("u8", 1, 1, "CLOSURE."),
  CORE_CALLEE_THIS: core("u8", 0, 3, "CORE_CALLEE8, then THIS."),
  CORE_CALLEE_FIRST: core("u8", 0, 3, "CORE_CALLEE8, then GET_LOCAL of slot 0."),
  ROOT8: core("u8", 0, 1, "ROOT."),
  POP_RETURN: core("", 1, 0, "POP, then RETURN_UNDEFINED.", { flow: "end" }),
  JUMP8: core("jump8", 0, 0, "JUMP.", { flow: "goto" }),
  JUMP_FALSE8: core("jump8", 1, 0, "JUMP_FALSE."),
  JUMP_TRUE8: core("jump8", 1, 0, "JUMP_TRUE."),
  JUMP_SEQ8: core("jump8", 2, 0, "JUMP_SEQ."),
  JUMP_SNE8: core("jump8", 2, 0, "JUMP_SNE."),
} as const satisfies Record<string, Instruction>;

export type OpName = keyof typeof opcodes;
export const opNames = Object.keys(opcodes) as readonly OpName[];
/** Opcode numbers. */
export const Op = Object.fromEntries(opNames.map((name, number) => [name, number])) as { readonly [K in OpName]: number };

/** Where each operand lies behind the opcode byte, and the instruction's whole size in bytes. */
export function instructionLayout(instruction: Instruction): { offsets: number[]; sizeBytes: number } {
  const offsets: number[] = [];
  let sizeBytes = 1;
  for (const kind of instruction.operands) {
    offsets.push(sizeBytes);
    sizeBytes += operandBytes[kind];
  }
  return { offsets, sizeBytes };
}
