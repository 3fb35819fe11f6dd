// The compiled tier: it finds the functions in which a program spends its steps, has them written as JavaScript (emit.ts)
// and runs the program by those and by the interpreter, whichever is there for the running frame. It changes neither the
// steps nor the results nor what is in the memory at any place where something can look at it, so a host may have it or
// not, and an image goes on under either.
//
// A compiled function is called in two ways:
//
//   compiled(argc ≥ 0, sp, callerFp, returnPc, fuel, depth)   by compiled code: it pushes its frame and runs
//   compiled(-1, 0, 0, 0, 0, depth)                           by `dispatch` or `nested`: it goes on at PC
//
// and gives a Status, or an Outcome: DONE (returned to the compiled caller: the result is where the callee was, the fuel
// in FUEL), REFUSED (nothing has been done), SWITCH (the registers say where the program is now), DEEP, LOW, ELSEWHERE.
//
// Guest calls nest on the host's stack only down to DEPTH, and only as a shortcut: at any depth a compiled function may
// give SWITCH and leave everything to `dispatch`. No memory moves while compiled code is on the host's stack: RETRY goes
// all the way out first.
//
// Compiled code holds no addresses. It is kept by what it was made from (`Source`), and a table from the addresses of
// code cells to compiled functions is made anew whenever the cells may have moved.

import { Cell, Field, ShapeFlag } from "../format/cells.js";
import { CALLEE, ReturnMode } from "../format/frame.js";
import { Reg, Status } from "../format/registers.js";
import { Root, ROOTS, ROOTS_CELL } from "../format/roots.js";
import { CORE_WORDS, Immediate } from "../format/words.js";
import type { Kernel } from "../machine.js";
import { decode } from "./decode.js";
import { emit } from "./emit.js";
import { TABLE_SIZE } from "./operations.js";
import { Outcome, type Exit } from "./stack.js";

type Compiled = (argc: number, sp: number, callerFp: number, returnPc: number, fuel: number, depth: number) => number;

/** At the places of the table where no function is: V8 finds elements fast only in an array without gaps. */
function nothing(): number { return Outcome.ELSEWHERE; }

/** What is known of a function: of one code cell until cells move, and then of one that is the same word for word. */
interface Source {
  /** The words of the code cell from the handlers on, and the numbers of its frame. */
  readonly words: Int32Array;
  readonly numbers: readonly number[];
  /** Some code cell has it. What its places remember of objects is about that one's constants, so another that is alike has one of its own. */
  taken: boolean;
  /** Samples that found it running in the interpreter. */
  samples: number;
  compiled: Compiled | undefined;
  /** Makes it forget which objects it has seen. */
  forget: () => void;
  /** Instructions that gave up too often, and how many times; how often it was compiled anew for their sake; where it gives up. */
  readonly culprits: Map<number, number>;
  renewals: number;
  exits: readonly Exit[];
  /** Where the compiled function can be entered, as PC counts. */
  labels: ReadonlySet<number>;
  /** Too long, or of a kind that is not compiled. */
  never: boolean;
}

/** When a function is compiled, and how much is compiled at all. */
export interface JitOptions {
  /** Steps of the process before functions are looked at: short programs never pay. */
  afterSteps: number;
  /** Samples that make a function hot. */
  samples: number;
}
const ordinary: JitOptions = { afterSteps: 20_000, samples: 8 };

/** Steps between two samples. */
const SLICE = 256;
/** Longer bytecode is left to the interpreter: V8 optimises no function whose own bytecode exceeds 60 KB. */
const BYTES_MAX = 1500;
/** So many exits at one place, and the function is compiled anew, without what led to them; but not more often than RENEWALS. */
const EXITS_MAX = 100;
const RENEWALS = 8;
/** How deep guest calls may nest on the host's stack. */
const DEPTH = 100;

type Maker = (kernel: Kernel, engine: object, exits: readonly Exit[], source: Source) => { compiled: Compiled; forget: () => void };
/** The function of that text; undefined in a process that allows no code from strings (then the interpreter does it all). */
function makerOf(text: string): Maker | undefined {
  try {
    return new Function("kernel", "engine", "exits", "source", text) as Maker;
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

export class Jit {
  private readonly views: { M: Int32Array; F: Float64Array; C: Int32Array; lowest: number };
  /** Direct-mapped: addresses of code cells, and the functions at the same places. */
  private readonly table = new Int32Array(TABLE_SIZE).fill(-1);
  private readonly compiled: Compiled[] = Array.from({ length: TABLE_SIZE }, () => nothing);
  private begun = false;
  /** By address. Those of the core stay; those of the program are found anew after a collection. */
  private readonly core = new Map<number, Source>();
  private readonly program = new Map<number, Source>();
  /** Places of the table that functions of the program have. */
  private readonly programPlaces: number[] = [];
  /** All that are compiled. */
  private readonly all: Source[] = [];
  /** By a hash of the words. */
  private readonly sources = new Map<number, Source[]>();
  private readonly engine: object;
  private steps = 0;
  private readonly options: JitOptions;

  constructor(readonly kernel: Kernel, options: Partial<JitOptions> = {}) {
    this.options = { ...ordinary, ...options };
    this.views = { M: kernel.M, F: kernel.F, C: kernel.C, lowest: 0 };
    this.engine = {
      views: this.views, table: this.table, compiled: this.compiled,
      slow: this.slow.bind(this), leap: this.leap.bind(this), failed: this.failed.bind(this), low: this.low.bind(this), leave: this.leave.bind(this),
      exit: this.exit.bind(this), ownPlace: this.ownPlace.bind(this), methodPlace: this.methodPlace.bind(this), globalPlace: this.globalPlace.bind(this),
    };
  }

  /** How many functions have been compiled. */
  get compiledCount(): number { return this.all.length; }

  /** The memory is another one, or its cells have moved. */
  moved(): void {
    for (const source of this.program.values()) source.taken = false;
    this.program.clear();
    for (const place of this.programPlaces) this.table[place] = -1;
    this.programPlaces.length = 0;
    // The property cache is empty now too: what gives up for that reason is no culprit.
    for (const source of this.all) {
      source.forget();
      for (const exit of source.exits) exit.count = 0;
    }
  }

  /** Functions of the core that have a fast path in the kernel are in the table from the beginning: a call tries that, as the interpreter does. */
  private enterFastPaths(): void {
    this.begun = true;
    const { kernel, views } = this;
    const { M } = kernel;
    for (let cell = ROOTS_CELL; cell < CORE_WORDS && M[cell] !== 0; cell += (M[cell]! >>> 8) << 1) {
      if ((M[cell]! & 255) !== Cell.CODE || kernel.codeFast(cell) === 0) continue;
      const number = kernel.codeFast(cell);
      this.enterTable(cell, (argc, sp, _callerFp, _returnPc, fuel) => {
        if (argc < 0) return Outcome.ELSEWHERE;
        if (argc > 255) return Outcome.REFUSED;
        const { M } = views;
        M[Reg.FUEL] = fuel;
        const result = kernel.fastPath(number, sp, argc);
        if (result === Immediate.NONE || result === Immediate.DELETED) return Outcome.REFUSED;
        M[sp + argc + 1] = result;
        return Outcome.DONE;
      });
    }
  }

  /** As the kernel's `execute`. */
  execute(fuel: number): number {
    const { kernel } = this;
    if (kernel.M[Reg.REALMS] !== 0) return kernel.execute(fuel);
    let left = fuel;
    if (this.steps < this.options.afterSteps) {
      const first = Math.min(fuel, this.options.afterSteps - this.steps);
      const status = kernel.execute(first);
      left -= first - kernel.M[Reg.FUEL]!;
      this.steps += fuel - left;
      if (status !== Status.FUEL || left <= 0) return status;
    }
    kernel.beginRun(left);
    if (!this.begun) this.enterFastPaths();
    this.refresh();
    return this.drive(this.dispatch());
  }
  /** As the kernel's `executeAgain`. */
  executeAgain(): number {
    const { kernel } = this;
    if (this.steps < this.options.afterSteps) return kernel.executeAgain();
    this.refresh();
    return this.drive(kernel.resumeRun());
  }
  private drive(first: number): number {
    const { kernel } = this;
    let status = first;
    while (status === Status.RETRY || status === Status.RUNNING) {
      if (status === Status.RETRY) {
        status = kernel.relieve();
        this.moved();
        this.refresh();
      } else if (kernel.M[Reg.REALMS] !== 0) {
        status = kernel.runSteps();
      } else {
        status = this.dispatch();
      }
    }
    kernel.endRun();
    return status;
  }
  /** Takes over what the memory and its limits are now. */
  private refresh(): void {
    const { kernel, views } = this;
    const { M } = kernel;
    views.M = M;
    views.F = kernel.F;
    views.C = kernel.C;
    views.lowest = Math.max(kernel.memoryWords - M[Reg.STACK_LIMIT]!, M[Reg.STACK_FLOOR]!);
  }

  /** Goes on in the running frame with compiled code; ELSEWHERE if there is none, or none that begins at PC. */
  private enter(depth: number): number {
    const { M } = this.views;
    const code = this.kernel.codeOf(M[M[Reg.FP]! + CALLEE]!);
    const place = (code >> 1) & (TABLE_SIZE - 1);
    return this.table[place] === code ? this.compiled[place]!(-1, 0, 0, 0, 0, depth) : Outcome.ELSEWHERE;
  }
  /** Runs until something else than RUNNING. */
  private dispatch(): number {
    const { kernel } = this;
    const { M } = this.views;
    for (;;) {
      if (M[Reg.FUEL]! <= 0) return Status.FUEL;
      let status = this.enter(DEPTH);
      if (status === Outcome.ELSEWHERE) {
        const source = this.running();
        if (source.compiled === undefined) {
          this.sample(source);
          status = kernel.runBelow(0x7fffffff, SLICE);
          if (status === Status.FUEL) continue;
        } else if (this.returnToTable(source)) {
          continue;
        } else {
          status = this.stepToLabel(source);
        }
      }
      if (status === Status.RUNNING || status === Outcome.SWITCH || status === Outcome.DEEP || status === Outcome.REPLACED) continue;
      return status === Outcome.LOW ? kernel.run() : status;
    }
  }
  /**
   * Runs what the frame at `fp` has called until that frame runs again: 0 if it then is at `next`. A throw may have ended
   * it, or brought it elsewhere: SWITCH.
   */
  private nested(fp: number, next: number, depth: number): number {
    const { kernel } = this;
    const { M } = this.views;
    for (;;) {
      if (M[Reg.FP]! >= fp) return M[Reg.FP] === fp && M[Reg.PC] === next ? 0 : Outcome.SWITCH;
      if (M[Reg.FUEL]! <= 0) return Outcome.LOW;
      let status = this.enter(depth);
      if (status === Outcome.ELSEWHERE) {
        const source = this.running();
        if (source.compiled === undefined) {
          this.sample(source);
          status = kernel.runBelow(fp, SLICE);
          if (status === Status.FUEL) continue;
        } else if (this.returnToTable(source)) {
          continue;
        } else {
          status = this.stepToLabel(source, fp);
        }
      }
      if (status === Status.RUNNING || status === Outcome.SWITCH || status === Outcome.REPLACED) continue;
      return status;
    }
  }
  /** Steps until the running frame is at a place where compiled code can be entered, or is another one. */
  private stepToLabel(source: Source, highest = 0x7fffffff): number {
    const { kernel } = this;
    const { M } = this.views;
    const fp = M[Reg.FP];
    for (;;) {
      if (M[Reg.FUEL]! <= 0) return Outcome.LOW;
      M[Reg.FUEL]--;
      const status = kernel.step();
      if (status !== Status.RUNNING) {
        if (status === Status.RETRY) M[Reg.FUEL]++;
        return status;
      }
      if (M[Reg.FP] !== fp || M[Reg.FP]! >= highest || source.labels.has(M[Reg.PC]!)) return status;
    }
  }

  // What compiled code calls.

  /** Leaves an instruction to `step`, and runs what it calls. 0: the frame is at `next`, the result on its stack. */
  private slow(pc: number, sp: number, fp: number, fuel: number, next: number, depth: number): number {
    const { M } = this.views;
    M[Reg.PC] = pc;
    M[Reg.SP] = sp;
    M[Reg.FP] = fp;
    M[Reg.FUEL] = fuel - 1;
    const status = this.kernel.step();
    if (status !== Status.RUNNING) {
      // What it was charged for before stays charged.
      if (status === Status.RETRY) M[Reg.FUEL]!++;
      return status;
    }
    return this.arrive(fp, next, depth);
  }
  /** Leaves an instruction that ends or suspends the frame to `step`. */
  private leap(pc: number, sp: number, fp: number, fuel: number): number {
    const { M } = this.views;
    M[Reg.PC] = pc;
    M[Reg.SP] = sp;
    M[Reg.FP] = fp;
    M[Reg.FUEL] = fuel - 1;
    const status = this.kernel.step();
    if (status === Status.RUNNING) return Outcome.SWITCH;
    if (status === Status.RETRY) M[Reg.FUEL]!++;
    return status;
  }
  /** An intrinsic has given NONE. */
  private failed(pc: number, sp: number, fp: number, next: number, depth: number): number {
    const status = this.kernel.stopped(pc, sp, fp);
    return status === Status.RUNNING ? this.arrive(fp, next, depth) : status;
  }
  private arrive(fp: number, next: number, depth: number): number {
    const { M } = this.views;
    if (M[Reg.FP]! >= fp) return M[Reg.FP] === fp && M[Reg.PC] === next ? 0 : Outcome.SWITCH;
    return depth > 0 ? this.nested(fp, next, depth - 1) : Outcome.DEEP;
  }
  /** Compiled code has given up: goes on in its stead up to the next label of the frame. */
  private exit(exit: Exit, fp: number, fuel: number, depth: number, source: Source): number {
    const { M } = this.views;
    M[Reg.PC] = exit.pc;
    M[Reg.SP] = fp - exit.below;
    M[Reg.FP] = fp;
    M[Reg.FUEL] = fuel + exit.refund;
    if (exit.culprit < 0) return Outcome.LOW;
    if (++exit.count === EXITS_MAX && source.renewals < RENEWALS) {
      this.renew(source);
      return Outcome.REPLACED;
    }
    for (;;) {
      if (M[Reg.FUEL]! <= 0) return Outcome.LOW;
      M[Reg.FUEL]--;
      let status = this.kernel.step();
      if (status !== Status.RUNNING) {
        if (status === Status.RETRY) M[Reg.FUEL]++;
        return status;
      }
      if (M[Reg.FP]! < fp) {
        if (depth <= 0) return Outcome.DEEP;
        status = this.nested(fp, -1, depth - 1);
        if (status !== Outcome.SWITCH) return status;
      }
      if (M[Reg.FP] !== fp || source.labels.has(M[Reg.PC]!)) return Outcome.SWITCH;
    }
  }
  /**
   * Where the property cache has an own property inside the object's cell, as an offset; 0 where it lies elsewhere, or may
   * come to lie elsewhere without the shape changing. `pops`: 0 for a get, 1 for a definition, 2 for a store; those may
   * add it. An object of the core is another one once the program has changed it; only what is defined into is new.
   */
  private ownPlace(object: number, key: number, pops: number): number {
    const { M, C } = this.views;
    const shape = M[(object >> 2) + 1]!;
    if ((shape >> 2 < CORE_WORDS && pops !== 1) || (M[(shape >> 2) + Field.SHAPE_FLAGS!]! & ShapeFlag.UNIQUE) !== 0) return 0;
    const place = this.kernel.cachePlace(shape, key);
    if (C[place] !== shape || C[place + 1] !== key) return 0;
    const base = C[place + 3]!;
    return base === 0 || (pops !== 0 && base !== 1) ? C[place + 2]! : 0;
  }
  /** Address of a property that the property cache has found in another object than this one; 0 if it has not. */
  private methodPlace(object: number, key: number): number {
    const { M, C } = this.views;
    const kind = M[object >> 2]! & 255;
    if (kind < Cell.OBJECT || kind > Cell.TYPED_ARRAY) return 0;
    const shape = M[(object >> 2) + 1]!;
    const place = this.kernel.cachePlace(shape, key);
    if (C[place] !== shape || C[place + 1] !== key) return 0;
    const base = C[place + 3]!;
    return base > 1 ? base + C[place + 2]! : 0;
  }
  /** Address of a property of the global object that a store has just found in the property cache. */
  private globalPlace(key: number): number {
    const { M, C } = this.views;
    const global = M[ROOTS + Root.global!]! >> 2;
    return global + C[this.kernel.cachePlace(M[global + 1]!, key) + 2]!;
  }
  /** The fuel does not suffice for the block at `pc`. */
  private low(pc: number, sp: number, fp: number, fuel: number): number {
    const { M } = this.views;
    M[Reg.PC] = pc;
    M[Reg.SP] = sp;
    M[Reg.FP] = fp;
    M[Reg.FUEL] = fuel;
    return Outcome.LOW;
  }
  /** Returns from a frame that was not called by compiled code, if the result is only to be pushed. `link`: where LINK is. */
  private leave(value: number, fp: number, link: number, fuel: number): boolean {
    const { M } = this.views;
    const word = M[link]! >> 1;
    if ((word & 15) !== ReturnMode.PUSH) return false;
    M[Reg.PC] = M[link + 1]! >> 1;
    M[Reg.SP] = fp + CALLEE;
    M[Reg.FP] = fp + (word >> 4);
    M[fp + CALLEE] = value;
    M[Reg.FUEL] = fuel;
    return true;
  }

  // Which functions are compiled.

  /** The source of the running frame's code. */
  private running(): Source {
    const { M } = this.views;
    const code = this.kernel.codeOf(M[M[Reg.FP]! + CALLEE]!);
    return (code < CORE_WORDS ? this.core : this.program).get(code) ?? this.meet(code);
  }
  /** A code that was not seen since cells moved. */
  private meet(code: number): Source {
    const { kernel } = this;
    const first = kernel.handlersAt(code);
    const words = kernel.M.subarray(first, code + ((kernel.M[code]! >>> 8) << 1));
    const numbers = [kernel.codeFlags(code), kernel.codeFast(code), kernel.codeParameters(code), kernel.codeSlots(code), kernel.codeStackWords(code), kernel.codeCapacity(code), kernel.codeConstants(code), kernel.codeHandlers(code), kernel.codeStart(code), kernel.codeEnd(code)];
    let hash = 0;
    for (const word of words) hash = (Math.imul(hash, 31) + word) | 0;
    let alike = this.sources.get(hash);
    if (alike === undefined) this.sources.set(hash, alike = []);
    let source = alike.find((each) => !each.taken && each.words.length === words.length && each.words.every((word, i) => word === words[i]) && each.numbers.every((number, i) => number === numbers[i]));
    if (source === undefined) alike.push(source = { words: words.slice(), numbers, samples: 0, taken: false, compiled: undefined, forget: () => undefined, culprits: new Map(), renewals: 0, exits: [], labels: new Set(), never: false });
    source.taken = true;
    (code < CORE_WORDS ? this.core : this.program).set(code, source);
    if (source.compiled !== undefined) this.enterTable(code, source.compiled);
    return source;
  }
  private enterTable(code: number, compiled: Compiled): void {
    const place = (code >> 1) & (TABLE_SIZE - 1);
    this.table[place] = code;
    if (code >= CORE_WORDS) this.programPlaces.push(place);
    this.compiled[place] = compiled;
  }
  /** Another function with the same place may have driven the running one out of the table: puts it back. False if it is there. */
  private returnToTable(source: Source): boolean {
    const code = this.kernel.codeOf(this.views.M[this.views.M[Reg.FP]! + CALLEE]!);
    if (this.table[(code >> 1) & (TABLE_SIZE - 1)] === code) return false;
    this.enterTable(code, source.compiled!);
    return true;
  }
  private sample(source: Source): void {
    if (source.never || ++source.samples < this.options.samples) return;
    const { M } = this.views;
    const code = this.kernel.codeOf(M[M[Reg.FP]! + CALLEE]!);
    this.compile(source, code);
  }
  private compile(source: Source, code: number): void {
    const { kernel } = this;
    const decoding = decode(kernel, code, BYTES_MAX);
    if (decoding === undefined) {
      source.never = true;
      return;
    }
    const { text, exits } = emit(decoding, {
      storeTag: kernel.STORE_TAG, defineTag: kernel.DEFINE_TAG, callMargin: kernel.CALL_MARGIN, flushesAt: kernel.CACHE_FLUSHES,
      coreVariables: (kernel.M[ROOTS + Root.coreScope!]! >> 2) + Field.SCOPE_TAIL!, culprits: source.culprits,
    });
    const make = makerOf(text);
    if (make === undefined) {
      source.never = true;
      return;
    }
    const { compiled, forget } = make(kernel, this.engine, exits, source);
    if (source.compiled === undefined) this.all.push(source);
    source.compiled = compiled;
    source.forget = forget;
    source.exits = exits;
    source.labels = new Set(decoding.blocks.map((block) => block.pc));
    this.enterTable(code, compiled);
  }
  /** Compiles the running frame's function anew: what it gave up at often is left to `step` from now on. */
  private renew(source: Source): void {
    const { M } = this.views;
    source.renewals++;
    for (const culprit of new Set(source.exits.filter(({ count }) => count > EXITS_MAX >> 2).map(({ culprit }) => culprit))) source.culprits.set(culprit, (source.culprits.get(culprit) ?? 0) + 1);
    this.compile(source, this.kernel.codeOf(M[M[Reg.FP]! + CALLEE]!));
  }
}
