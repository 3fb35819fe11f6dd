// The registers: the first words of a program's memory. Everything the machine knows about a running program that is
// not a cell is here, so an image needs nothing else. A kind says how the collector and the image writer treat each:
// `word` a tagged word (a root of the collector), `raw` a number, `stack` an address in the stack (stored in an image
// as a distance from the stack's base), `host` a fact about this host's physical memory (zero in an image).
// Numbers are part of the abi: new registers go to the end.

import { REGISTERS, REGISTER_WORDS } from "./words.js";

export type RegisterKind = "word" | "raw" | "stack" | "host";
export const registers = {
  PC: ["raw", "Byte offset of the next instruction in the running function's code cell."],
  SP: ["stack", "Address of the top of the stack (the last word pushed)."],
  FP: ["stack", "Address of slot 0 of the running frame (frame.ts)."],
  HEAP_TOP: ["raw", "Address behind the last cell."],
  STACK_FLOOR: ["host", "Lowest address the stack may reach before the collector is asked for room."],
  FUEL: ["host", "Steps left to this call of run."],
  REQUEST: ["host", "Words an instruction found missing (status RETRY)."],
  STEPS_LOW: ["raw", "Steps run since the program began, low word."],
  STEPS_HIGH: ["raw", "The high word."],
  INPUTS_LOW: ["raw", "Inputs taken (answers, messages), low word."],
  INPUTS_HIGH: ["raw", "The high word."],
  OUTPUTS_LOW: ["raw", "Host calls made, low word."],
  OUTPUTS_HIGH: ["raw", "The high word."],
  MEMORY_LIMIT: ["raw", "Words that registers, live heap and stack may take together."],
  STACK_LIMIT: ["raw", "Words the stack may take: deeper is a RangeError."],
  STACK_PEAK: ["host", "The most words of stack this host has seen in use."],
  NEXT_SERIAL: ["raw", "The next serial for an object, symbol or shape."],
  REQUESTED: ["raw", "Words allocated since the last epoch (C5), number boxes not counted."],
  EPOCHS: ["raw", "How many times weak edges were cleared."],
  STATUS: ["raw", "What the program waits for (status.ts)."],
  WAKE_LOW: ["raw", "When parked: program time in microseconds at which a timer is due, low word; -1, -1 for never."],
  WAKE_HIGH: ["raw", "The high word."],
  RANDOM_0: ["raw", "State of Math.random (xorshift128+)."],
  RANDOM_1: ["raw", ""], RANDOM_2: ["raw", ""], RANDOM_3: ["raw", ""],
  INTERN: ["word", "WEAK_SET of the program's interned strings."],
  TRANSITIONS: ["word", "WEAK_SET of the program's shape transitions and root shapes."],
  MODULES: ["word", "ELEMENTS: the top-level scope of each module."],
  STATE: ["word", "ELEMENTS: the core's variables of this program (state.ts)."],
  HOST_CALL: ["word", "Array: the operation and arguments of the host call being made."],
  INBOX: ["word", "Array of messages that the host left, or undefined."],
  OVERLAYS: ["word", "TABLE of the core's objects that the program changed, to their overlay cells."],
  OVERLAY_BITS: ["word", "BYTES: one bit per core object, set if it has an overlay."],
  RESULT: ["word", "What the program ended with."],
  ENTRY: ["word", "The function that the program starts with."],
  PROTOTYPE_ELEMENTS: ["raw", "1 once an object that others may have as prototype has had an indexed element: until then a missing element is missing everywhere."],
  STACK_REQUEST: ["host", "Words of stack a call found missing (status RETRY)."],
  TIME_LOW: ["raw", "Program time in microseconds, without the time it was frozen, when the host last stopped the program for an image, low word."],
  TIME_HIGH: ["raw", "The high word."],
  LENGTH: ["host", "The `length` last looked up of a function that is lazy: a lookup answers with the address of a word."],
  REALMS: ["raw", "1 once the program has made a further realm (realm.ts): from then on it runs by the reference alone."],
} as const satisfies Record<string, readonly [RegisterKind, string]>;

export type RegisterName = keyof typeof registers;
export const registerNames = Object.keys(registers) as readonly RegisterName[];
if (registerNames.length > REGISTER_WORDS) throw new Error("too many registers");
/** Addresses of the registers. */
export const Reg = Object.fromEntries(registerNames.map((name, index) => [name, REGISTERS + index])) as { readonly [K in RegisterName]: number };

/** By offset from REGISTERS: 1 for a tagged word, a root of the collector. */
export const registerIsWord: readonly number[] = Array.from({ length: REGISTER_WORDS }, (_, index) =>
  registers[registerNames[index] as RegisterName]?.[0] === "word" ? 1 : 0);
/** By offset: 1 for a raw register that is the program's own state (HEAP_TOP counts boxes, so it is not hashed). */
export const registerIsHashed: readonly number[] = Array.from({ length: REGISTER_WORDS }, (_, index) =>
  registers[registerNames[index] as RegisterName]?.[0] === "raw" && registerNames[index] !== "HEAP_TOP" ? 1 : 0);

/** Why the machine stopped. Never mixed: WAITING and HOST_CALL are the program's own doing, the limits the host's, and a FAULT is a bug or a forged image. */
export const Status = {
  /** Go on (inside the machine only). */ RUNNING: 0,
  /** The fuel is spent. */ FUEL: 1,
  /** The instruction needs REQUEST words: collect, then run it again (inside the machine only). */ RETRY: 2,
  /** Nothing to do until a message comes or the time WAKE. */ WAITING: 3,
  /** HOST_CALL asks the host for something; goes on with the answer. */ HOST_CALL: 4,
  /** Ended; RESULT is what with. */ ENDED: 5,
  /** Limit: the live words and the request exceed MEMORY_LIMIT. */ OUT_OF_MEMORY: 6,
  /** A forged image, or a bug of ours: an operand was of the wrong kind. */ FAULT: 7,
  /** The host's buffer is too small, though not the program's limit: a larger one of REQUEST words is wanted (between kernel and host only). */ GROW: 8,
} as const;

/** What the core keeps per program, as indices into STATE. */
export const State = {
  /** Ring of jobs (microtasks). */ JOBS: 0, JOBS_HEAD: 1, JOBS_COUNT: 2,
  /** Timers, ordered by due time. */ TIMERS: 3, NEXT_TIMER: 4,
  /** Symbol.for's registry. */ SYMBOLS: 5,
  /** Compiled regular expressions by source and flags. */ REGEXPS: 6,
  /** Pending host calls by id. */ CALLS: 7, NEXT_CALL: 8,
  /** Rejected promises without a handler yet. */ REJECTIONS: 9,
  /** Message listeners. */ LISTENERS: 10,
  /** console's group indentation, counters and timers. */ CONSOLE: 11,
  /** CommonJS modules by number, and module namespaces. */ REQUIRED: 12, NAMESPACES: 13,
  /** process.argv, process.env. */ PROCESS: 14,
  /** Program time: microseconds that had passed when the host clock was last read. */ CLOCK: 15,
  SPARE_0: 16, SPARE_1: 17, SPARE_2: 18, SPARE_3: 19,
  /** Debug information: texts that say where the program imports what needs functions of the host (load.ts). */ NEEDS: 20,
  /** TABLE of the names that scripts declare with let, const and class: where each variable is (lexicalOf in object.ts). */ LEXICALS: 21,
  /** Text and positions of RegExp's last match (core/regexp-legacy.js), and what RegExp.input was set to since then. */ LAST_TEXT: 22, LAST_MATCH: 23, LAST_INPUT: 24,
} as const;
export const STATE_WORDS = 25;
