// One picture of a frame, for the interpreter, the compiler, the verifier and `inspect`.
//
// The stack grows downwards. A call pushes, from high addresses to low:
//
//   fp + 2     callee       the function (in the core the CODE cell of one that is only called)
//   fp + 1     this         HOLE in a derived constructor before super() returned
//   fp         slot 0       parameter 0
//   ...
//   fp - (p-1) slot p-1     parameter p-1, where p is the code's parameterCount; missing arguments are undefined
//   fp - p     slot p       RETURN_PC: small integer, byte offset in the caller's code cell where it goes on
//              slot p+1     LINK: small integer, (caller's fp - fp) << 4 | return mode
//              slot p+2     NEW_TARGET: undefined in a call; in CONSTRUCT the new target
//              slot p+3     COUNT: small integer, how many arguments the caller gave
//   fp-(p+4)   slot p+4     the first other local; locals end before slot `slotCount`
//   fp-slotCount            the operand stack, of at most `stackWords` words
//
// Every word of the stack is a tagged word, the frame's own data as small integers, so the collector needs no map.
// Nothing in it is an absolute address. Arguments beyond p are dropped, except for code with the flag ARGUMENTS: then,
// if there are more than p, the call pushes callee, this and the first p again above the whole list, so parameter i of
// what the caller gave is at fp + 2 + COUNT - i.

/** Words of a frame between the parameters and the other locals, as offsets from slot p. */
export const Frame = { RETURN_PC: 0, LINK: 1, NEW_TARGET: 2, COUNT: 3 } as const;
export const FRAME_WORDS = 4;
/** Callee and this, relative to fp. */
export const CALLEE = 2;
export const THIS = 1;

/** What the machine does with a callee's result: bits 0 to 3 of LINK. */
export const ReturnMode = {
  /** Push it. */ PUSH: 0,
  /** Forget it (setters). */ DROP: 1,
  /** Push it if it is an object, else the frame's this. */ CONSTRUCT: 2,
  /** Push whether it is truthy. */ TO_BOOLEAN: 3,
  /** Push whether it is falsy (`!=`). */ TO_INVERSE: 4,
  /** RETURN_PC is at the jump operand of a jump: jump if it is truthy. */ JUMP_TRUE: 5,
  /** Likewise if it is falsy. */ JUMP_FALSE: 6,
  /** RETURN_PC is at the slot operand of INCREMENT_LOCAL and the like: store it there. */ LOCAL: 7,
  /** The resumed coroutine's frame: its result ends the coroutine. */ COROUTINE: 8,
  /** Push it below the operand on top (the method of GET_METHOD, below its object). */ METHOD: 9,
  /** An array of two from the core: push both. */ PAIR: 11,
  /** Store it as this of the caller's frame. */ THIS: 12,
  /** A generator's frame resumed by a loop: push what it yields as it is, DONE at its end. */ ITERATE: 13,
  /** The bottom frame: the program ends. */ END: 10,
} as const;

/** Flags of a code cell. */
export const CodeFlag = {
  STRICT: 1, ARROW: 2, GENERATOR: 4, ASYNC: 8,
  /** May be the target of CONSTRUCT. */ CONSTRUCTOR: 16,
  /** Of a class: a plain call is a TypeError. */ CLASS: 32,
  /** `extends`: this is not made by the caller. */ DERIVED: 64,
  /** Uses ARGUMENTS or REST: arguments beyond the parameters are kept. */ ARGUMENTS: 128,
  /** Part of the core: not shown in stack traces. */ CORE: 256,
  /** Body of a module or program (no function that a user wrote). */ TOP_LEVEL: 512,
  /** What the compiler has added, of no function that a user wrote: not shown in stack traces. */ GLUE: 1024,
} as const;

/** States of a coroutine, and the ways to resume one. */
export const CoroutineState = { START: 0, YIELD: 1, RUNNING: 2, DONE: 3, AWAIT: 4 } as const;
export const ResumeMode = { NEXT: 0, THROW: 1, RETURN: 2 } as const;
