// Bytecode → the text of a JavaScript function that does the same. What it may do in its own way is little: the operand
// stack lives in variables within a basic block, locals are kept in variables beside their words in the frame, fuel is
// debited once per block, numbers that are used up at once get no box. Whenever something else may look at the program (a
// call, an instruction left to `step`, the end of the fuel) the memory is what the interpreter would have left there.
//
//   return function compiledCode(argc, sp, callerFp, returnPc, fuel, depth) {
//     if (argc >= 0) { … push the frame … }    called by compiled code
//     else { … }                               entered where the register PC says
//     L: for (;;) {
//       done: { cold: { switch (label) {
//         case 0:                              a block: takes its steps from the fuel, or stops before it
//           if ((fuel -= 3) < 0) { status = 0; break cold; }
//           …
//         case 1: … }
//         }
//         status = exit(status, …);            an exit: the interpreter does what is rare, up to the next label
//       }
//       …                                      go on at the label where the frame is now, or return
//     }
//   }
//
// l<slot> is a local, d<slot> its value where it is known to be a number, s<i> word i of the operand stack, n<i> the same
// as a number without a box. The home of word i is fp - slots - i. Results and arguments are described in jit.ts.
//
// Exits. Instructions that only read and compute leave the frame in the memory as it was at the last instruction that did
// more: at `resume`. So where one of them meets something rare, it needs to put nothing right: it goes back to `resume`,
// gives back the fuel from there on, and the interpreter does it all again. An exit is a number; what belongs to it is in
// the list `exits`. That keeps the text short, which V8 rewards more than anything else.

import { Cell, Field, FunctionPart } from "../format/cells.js";
import { BARE_LENGTH } from "../format/code.js";
import { CALLEE, CodeFlag, Frame, FRAME_WORDS, ReturnMode, THIS } from "../format/frame.js";
import { Intrinsic } from "../format/intrinsics.js";
import { Op, type OpName } from "../format/opcodes.js";
import { Reg } from "../format/registers.js";
import { Root, ROOTS } from "../format/roots.js";
import { CORE_WORDS, Immediate } from "../format/words.js";
import type { Block, Decoded, Decoding } from "./decode.js";

/** Beside the number of arguments: the call is that of a constructor. */
const MAKING = 256;

/** What compiled functions return beside a Status: see jit.ts. */
export const Outcome = {
  /** Returned to the compiled caller. */ DONE: -1,
  /** Not entered; nothing has changed. */ REFUSED: -2,
  /** The state is in the registers: go on there. */ SWITCH: -3,
  /** The fuel does not suffice for a whole block. */ LOW: -4,
  /** No label is at PC. */ ELSEWHERE: -5,
  /** The host's stack is deep enough: go on from its bottom. */ DEEP: -6,
  /** The function has been compiled anew: leave this one. */ REPLACED: -7,
} as const;

/** Places of the table of compiled functions that calls look into. */
export const TABLE_SIZE = 16384;

/** A place where compiled code gives up: the interpreter goes on at `pc`. */
export interface Exit {
  readonly pc: number;
  /** The stack pointer there, as a distance below fp. */
  readonly below: number;
  /** Steps to be given back. */
  readonly refund: number;
  /** The instruction that gave up; -1 where only the fuel was missing. */
  readonly culprit: number;
  count: number;
}
export interface Emitted { readonly text: string; readonly exits: readonly Exit[] }
export interface EmitOptions {
  /** The tags of keys in the property cache (kernel/property.ts), and CALL_MARGIN. */
  readonly storeTag: number;
  readonly defineTag: number;
  readonly callMargin: number;
  /** Where the cache counts how often it was emptied. */
  readonly flushesAt: number;
  /** Address of the first variable of the core. */
  readonly coreVariables: number;
  /** Instructions that have given up too often, and how many times: once, then they do more by themselves where they can; else they are left to `step`. */
  readonly culprits: ReadonlyMap<number, number>;
}

/** Where a word of the operand stack is now; `stored`: at its home as well. */
type Entry =
  | { at: "home" } | { at: "word"; stored: boolean } | { at: "number" }
  | { at: "constant"; word: number; stored: boolean } | { at: "local"; slot: number; stored: boolean };
const HOME: Entry = { at: "home" };
const WORD: Entry = { at: "word", stored: false };
const NUMBER: Entry = { at: "number" };

const UNDEFINED = Immediate.UNDEFINED;
const NONE = Immediate.NONE;
/** The first element of an ELEMENTS cell (kernel/elements.ts). */
const FIRST_ELEMENT = 1;

/** These need the machine's registers, or stop it. */
const steppedIntrinsics = new Set<number>([Intrinsic.host, Intrinsic.wait, Intrinsic.end, Intrinsic.regexpMatch, Intrinsic.captureStack, Intrinsic.jsonParse, Intrinsic.jsonWrite]);

/** The text of a function that makes the compiled function from the kernel and the engine (jit.ts), and its exits. */
export function emit(decoding: Decoding, options: EmitOptions): Emitted { return new Emitter(decoding, options).emitted(); }

class Emitter {
  private readonly lines: string[] = [];
  private readonly exits: Exit[] = [];
  private stack: Entry[] = [];
  private readonly slotsUsed = new Set<number>();
  private readonly slotNumbers = new Set<number>();
  private words = 0;
  private numbers = 0;
  private caches = 0;
  /** By depth: the highest variable used of the scope that many parents up; likewise by module. */
  private readonly scopes = new Map<number, number>();
  private readonly modules = new Map<number, number>();
  private readonly labels = new Map<number, number>();
  private currentBlock!: Block;
  private index = 0;
  /** Index in the block of the instruction where an exit goes on. */
  private resume = 0;
  private hasExit = new Map<string, number>();
  /** Locals whose value is in d<slot>. */
  private readonly known = new Set<number>();

  constructor(private readonly decoding: Decoding, private readonly options: EmitOptions) {
    decoding.blocks.forEach((block, index) => this.labels.set(block.pc, index));
  }

  emitted(): Emitted {
    const { decoding } = this;
    decoding.blocks.forEach((block, index) => this.block(block, index));
    const slots = [...this.slotsUsed].sort((a, b) => a - b);
    const variables = [
      ...slots.map((slot) => `l${slot}=${UNDEFINED}`), ...[...this.slotNumbers].map((slot) => `d${slot}=0`),
      ...Array.from({ length: this.words }, (_, i) => `s${i}=0`), ...Array.from({ length: this.numbers }, (_, i) => `n${i}=0`),
    ];
    const caches = Array.from({ length: this.caches }, (_, i) => `e${i}=0,h${i}=0,i${i}=0,j${i}=0,k${i}=0`).join(",");
    const cases = decoding.blocks.map((block, index) => `case ${block.pc}:return ${index};`).join("");
    const places = [
      ...[...this.scopes].map(([depth, most]) => ({ name: `o${depth}`, place: `variableAt(scope,${depth},${most})`, most })),
      ...[...this.modules].map(([module, most]) => ({ name: `p${module}`, place: `moduleVariableAt(${module},${most})`, most })),
    ];
    const { start, slots: slotCount } = decoding;
    const text = [
      `"use strict";`,
      `const{views,table,compiled,slow,leap,failed,low,leave,exit,ownPlace,methodPlace}=engine;`,
      `const{computeNumbers,combineNumbers,orderOf,variableAt,moduleVariableAt,cachedProperty,quickProperty,quickStore,quickElement,otherElement,nextElement,strictEquals,typeOf,truthy,numberResult,numberValue,isNumber,reserve,newObject,objectWords,objectIntrinsic,fastPath,joinValues,order,quickRemainder,quickPrivate,quickStorePrivate,gatherArray,isText,isObject,constructThis}=kernel;`,
      caches === "" ? "" : `let ${caches};`,
      `function labelAt(pc){switch(pc){${cases}}return -1;}`,
      `function compiledCode(argc,sp,callerFp,returnPc,fuel,depth){`,
      `const M=views.M,F=views.F,C=views.C;let fp=0,label=0,status=0,making=0,t=0,u=0,w=0,a=0,x=0,y=0,yes=false${variables.map((each) => `,${each}`).join("")};`,
      `if(argc>=0){${this.prologue()}}`,
      `else{fp=M[${Reg.FP}];fuel=M[${Reg.FUEL}];label=labelAt(M[${Reg.PC}]);if(label<0)return ${Outcome.ELSEWHERE};${slots.map((slot) => `l${slot}=M[fp-${slot}];`).join("")}}`,
      // Functions of the core that are only called are their code (kernel/code.ts).
      `const callee=M[fp+${CALLEE}]>>2,bare=(M[callee]&255)===${Cell.CODE},code=bare?callee:M[callee+${Field.FUNCTION_CODE}]>>2,scope=bare?${UNDEFINED}:M[callee+${FunctionPart.SCOPE}];`,
      ...places.map(({ name, place, most }) => `const ${name}=${place}-${most};`),
      // A forged closure may lack a scope: the interpreter will say so.
      places.length === 0 ? "" : `if(${places.map(({ name }) => `${name}<=0`).join("||")}){if(argc<0)return ${Outcome.ELSEWHERE};low(${start},fp-${slotCount - 1},fp,fuel);return ${Outcome.SWITCH};}`,
      `L:for(;;){done:{cold:{switch(label){`,
      ...this.lines,
      `}}`,
      `status=exit(exits[status],fp,fuel,depth,source);`,
      `}`,
      `if(status!==${Outcome.SWITCH}||M[${Reg.FP}]!==fp)return status;`,
      `label=labelAt(M[${Reg.PC}]);if(label<0)return status;`,
      // The interpreter may have changed locals on its way here.
      `fuel=M[${Reg.FUEL}];${slots.map((slot) => `l${slot}=M[fp-${slot}];`).join("")}`,
      `}}`,
      `return{compiled:compiledCode,forget(){${Array.from({ length: this.caches }, (_, i) => `h${i}=`).join("")}0;}};`,
    ].join("\n");
    return { text, exits: this.exits };
  }

  /** Pushes the frame as kernel/call.ts does, for a call with `argc` arguments, the last at sp. */
  private prologue(): string {
    const { flags, fast, parameters, slots, stackWords } = this.decoding;
    if ((flags & CodeFlag.ARGUMENTS) !== 0) return `return ${Outcome.REFUSED};`;
    const constructor = (flags & CodeFlag.CONSTRUCTOR) !== 0;
    const locals = slots - parameters - FRAME_WORDS;
    const fill = Array.from({ length: locals }, (_, i) => `M[sp-${FRAME_WORDS + 1 + i}]=${UNDEFINED};`);
    return [
      `making=argc&${MAKING};argc&=${MAKING - 1};`,
      constructor ? "" : `if(making!==0)return ${Outcome.REFUSED};`,
      (flags & CodeFlag.CLASS) === 0 ? "" : `if(making===0)return ${Outcome.REFUSED};`,
      fast === 0 ? "" : `if(making===0){M[${Reg.FUEL}]=fuel;t=fastPath(${fast},sp,argc);if(t===${NONE})return ${Outcome.REFUSED};if(t!==${Immediate.DELETED}){M[sp+argc+1]=t;return ${Outcome.DONE};}}`,
      `if(depth<=0||sp-${slots + stackWords + this.options.callMargin}<views.lowest)return ${Outcome.REFUSED};`,
      // The object is made last, so that whoever refuses has made none.
      constructor ? `if(making!==0){w=M[sp+argc];t=${(flags & CodeFlag.DERIVED) !== 0 ? Immediate.HOLE : `constructThis(w,${this.decoding.capacity})`};if(t===${NONE})return ${Outcome.REFUSED};M[sp+argc]=t;}else w=${UNDEFINED};` : "",
      `if(argc!==${parameters}){t=argc;for(;t<${parameters};t++){sp--;M[sp]=${UNDEFINED};}sp+=t-${parameters};}fp=sp+${parameters - 1};`,
      `M[sp-1]=returnPc<<1;M[sp-2]=((callerFp-fp)<<5)|${constructor ? `(making===0?${ReturnMode.PUSH << 1}:${ReturnMode.CONSTRUCT << 1})` : ReturnMode.PUSH << 1};M[sp-3]=${constructor ? "w" : UNDEFINED};M[sp-4]=argc<<1;`,
      locals > 8 ? `for(t=0;t<${locals};t++)M[sp-${FRAME_WORDS + 1}-t]=${UNDEFINED};` : fill.join(""),
      ...[...this.slotsUsed].filter((slot) => slot < parameters).map((slot) => `l${slot}=M[fp-${slot}];`),
    ].join("");
  }

  private put(text: string): void { if (text !== "") this.lines.push(text); }

  // The operand stack.

  private home(index: number): string { return `M[fp-${this.decoding.slots + index}]`; }
  /** How far below fp the stack pointer is while `depth` words are on the operand stack. */
  private below(depth: number): number { return this.decoding.slots + depth - 1; }
  private s(index: number): string { this.words = Math.max(this.words, index + 1); return `s${index}`; }
  private n(index: number): string { this.numbers = Math.max(this.numbers, index + 1); return `n${index}`; }
  private local(slot: number): string { this.slotsUsed.add(slot); return `l${slot}`; }
  private d(slot: number): string { this.slotNumbers.add(slot); return `d${slot}`; }
  /** Changes whenever the property cache is emptied: then what a place remembers of other objects than its own is void. */
  private get flushes(): string { return `C[${this.options.flushesAt}]`; }
  private get depth(): number { return this.stack.length; }
  /** A tagged word of the stack as an expression that may be evaluated more than once. */
  private word(index: number): string {
    const entry = this.stack[index]!;
    switch (entry.at) {
      case "word": return this.s(index);
      case "constant": return String(entry.word);
      case "local": return this.local(entry.slot);
      case "home":
        this.put(`${this.s(index)}=${this.home(index)};`);
        this.stack[index] = { at: "word", stored: true };
        break;
      case "number":
        this.put(`if((${this.s(index)}=numberResult(${this.n(index)}))===${NONE})${this.exit()}`);
        this.stack[index] = WORD;
    }
    return this.s(index);
  }
  private push(entry: Entry): void { this.stack.push(entry); }
  /** Pushes a word that an expression gives. */
  private pushWord(expression: string): void {
    this.put(`${this.s(this.depth)}=${expression};`);
    this.push(WORD);
  }
  /** Replaces the top `pops` words by one. */
  private replace(pops: number, expression: string): void {
    this.stack.length -= pops;
    this.pushWord(expression);
  }
  private two(): [string, string] { return [this.word(this.depth - 2), this.word(this.depth - 1)]; }

  /** An instruction has done something: from here on an exit goes on behind it, so the whole stack has to be at home. */
  private done(): void {
    // Boxes first: where there is no room for one, the exit would do again what has been done, so `boxed` came before.
    this.stack.forEach((entry, index) => {
      if (entry.at === "home" || (entry.at !== "number" && entry.stored)) return;
      this.put(`${this.home(index)}=${this.word(index)};`);
      this.stack[index] = { ...this.stack[index]!, stored: true } as Entry;
    });
    this.resume = this.index + 1;
  }
  /** Before an instruction that does something: what has no box yet gets one, while an exit can still go back. */
  private boxed(): void { this.stack.forEach((entry, index) => { if (entry.at === "number") this.word(index); }); }
  /** The same for instructions that need their operands at home: as if the one before had been `done`. */
  private settled(): void {
    this.boxed();
    this.index--;
    this.done();
    this.index++;
  }
  /** Before a local changes: what stands for its old value on the stack is copied. */
  private detach(slot: number): void {
    this.known.delete(slot);
    this.stack.forEach((entry, index) => {
      if (entry.at !== "local" || entry.slot !== slot) return;
      this.put(`${this.s(index)}=${this.local(slot)};`);
      this.stack[index] = { at: "word", stored: entry.stored };
    });
  }

  // Leaving and going on.

  private constant(index: number): string { return `M[code+${Field.CODE_TAIL! + index}]`; }
  private addExit(index: number, culprit: number): number {
    const { instructions } = this.currentBlock;
    const key = `${index} ${culprit}`;
    let number = this.hasExit.get(key);
    if (number === undefined) {
      const at = instructions[index];
      const last = instructions.at(-1)!;
      // Behind the last instruction the depth is that of the stack now.
      const exit: Exit = { pc: at?.pc ?? last.next, below: this.below(at?.depth ?? this.depth), refund: instructions.length - index, culprit, count: 0 };
      number = this.exits.push(exit) - 1;
      this.hasExit.set(key, number);
    }
    return number;
  }
  /** Text that leaves the current instruction, and what came before it since `resume`, to the interpreter. */
  private exit(): string { return `{status=${this.addExit(this.resume, this.currentBlock.instructions[this.index]!.pc)};break cold;}`; }
  /** Steps taken from the fuel for instructions behind the current one. */
  private get ahead(): number { return this.currentBlock.instructions.length - this.index - 1; }
  /** Text that takes FUEL over, which bulk work may have been charged to; the stack is at home. */
  private charged(): string {
    if (this.ahead === 0) return `fuel=M[${Reg.FUEL}];`;
    return `if((fuel=M[${Reg.FUEL}]-${this.ahead})<0){status=${this.addExit(this.index + 1, -1)};break cold;}`;
  }
  /** Leaves the instruction to `step`, and what it calls to the machine; goes on behind it. */
  private step(): void {
    const { pc, next, table, operands } = this.currentBlock.instructions[this.index]!;
    this.settled();
    this.put(`if((status=slow(${pc},fp-${this.below(this.depth)},fp,fuel+${this.ahead + 1},${next},depth))!==0)break done;`);
    this.stack.fill(HOME);
    this.stack.length -= table.pops + (table.popsOperand < 0 ? 0 : operands[table.popsOperand]!);
    for (let i = 0; i < table.pushes; i++) this.push(HOME);
    this.resume = this.index + 1;
    if (table.flow === "end" || table.flow === "goto" || table.flow === "jump") this.put(`status=${Outcome.SWITCH};break done;`);
    else this.put(this.charged());
  }
  /** An instruction that takes this frame off the stack: another may lie in its place then, so nothing here may go on. */
  private leap(): void {
    const { pc, table, operands } = this.currentBlock.instructions[this.index]!;
    this.settled();
    this.put(`return leap(${pc},fp-${this.below(this.depth)},fp,fuel+${this.ahead + 1});`);
    this.stack.length -= table.pops + (table.popsOperand < 0 ? 0 : operands[table.popsOperand]!);
    for (let i = 0; i < table.pushes; i++) this.push(HOME);
    this.stack.fill(HOME);
  }
  /** `t` holds the result of a kernel function, NONE where it gave up: replaces `pops` words by it. */
  private result(pops: number): void {
    this.put(`if(t===${NONE})${this.exit()}`);
    this.replace(pops, "t");
  }
  private jump(target: number): string { return `{label=${this.labels.get(target)!};continue L;}`; }

  private block(block: Block, label: number): void {
    this.stack = Array.from({ length: block.depth }, () => HOME);
    this.currentBlock = block;
    this.hasExit = new Map();
    this.known.clear();
    this.resume = 0;
    this.index = 0;
    this.put(`case ${label}:if((fuel-=${block.instructions.length})<0){status=${this.addExit(0, -1)};break cold;}`);
    block.instructions.forEach((instruction, index) => {
      this.index = index;
      const times = this.options.culprits.get(instruction.pc) ?? 0;
      if (times === 0) this.instruction(instruction);
      else if (times > 1 || !this.thorough(instruction)) this.step();
    });
    if (block.fallsThrough) {
      this.boxed();
      this.done();
    }
  }

  // Instructions.

  private instruction({ op, operands, target }: Decoded): void {
    const [first, second] = operands as [number, number];
    const top = this.depth - 1;
    switch (op) {
      case "NOP": return;
      case "UNDEFINED": return this.pushConstant(UNDEFINED);
      case "NULL": return this.pushConstant(Immediate.NULL);
      case "TRUE": return this.pushConstant(Immediate.TRUE);
      case "FALSE": return this.pushConstant(Immediate.FALSE);
      case "HOLE": return this.pushConstant(Immediate.HOLE);
      case "SMALL8":
      case "SMALL16": return this.pushConstant(first << 1);
      case "CONSTANT": return this.pushWord(this.constant(first));
      case "POP":
        this.stack.length--;
        return;
      case "DUP": return this.copy(top);
      case "DUP2":
        this.copy(top - 1);
        return this.copy(top);
      case "SWAP": return this.permute([top, top - 1]);
      case "ROTATE3": return this.permute([top, top - 2, top - 1]);
      case "ROTATE4": return this.permute([top, top - 3, top - 2, top - 1]);

      case "GET_LOCAL":
      case "GET_LOCAL16": return this.pushLocal(first);
      case "GET_LOCALS":
        this.pushLocal(first);
        return this.pushLocal(second);
      case "GET_LOCAL_SMALL":
        this.pushLocal(first);
        return this.pushConstant(second << 1);
      case "PUT_LOCAL":
      case "PUT_LOCAL16": return this.store(first, 1);
      case "SET_LOCAL":
      case "SET_LOCAL16": return this.store(first, 0);
      case "INCREMENT_LOCAL": return this.stepLocal(first, "+2", ">");
      case "DECREMENT_LOCAL": return this.stepLocal(first, "-2", "<");
      case "CHECK":
      case "CHECK_THIS":
        this.put(`if(${this.word(top)}===${Immediate.HOLE})${this.exit()}`);
        return;

      case "CALLEE_SCOPE": return this.pushWord("scope");
      case "GET_SCOPED":
        this.put(`if((a=variableAt(${this.local(first)},0,${second}))===0)${this.exit()}`);
        return this.pushWord("M[a]");
      case "GET_OUTER": return this.pushWord(this.outer(first, second));
      case "GET_OUTER_CHECKED": return this.checked(this.outer(first, second));
      case "GET_MODULE": return this.pushWord(this.moduleVariable(first, second));
      case "GET_MODULE_CHECKED": return this.checked(this.moduleVariable(first, second));
      case "GET_CORE": return this.pushWord(`M[${this.options.coreVariables + first}]`);
      case "GET_GLOBAL": {
        const i = this.caches++;
        this.put(`if(${this.flushes}===e${i})a=j${i};else{if((a=cachedProperty(M[${ROOTS + Root.global!}]>>2,${this.constant(first)}))===0)${this.exit()}e${i}=${this.flushes};j${i}=a;}`);
        return this.pushWord("M[a]");
      }
      case "PUT_SCOPED": {
        this.boxed();
        const value = this.word(top);
        this.put(`if((a=variableAt(${this.local(first)},0,${second}))===0)${this.exit()}M[a]=${value};`);
        this.stack.length--;
        return this.done();
      }
      case "PUT_OUTER": return this.storeVariable(this.outer(first, second));
      case "PUT_MODULE": return this.storeVariable(this.moduleVariable(first, second));

      case "ADD": return this.additive("ADD");
      case "ADD_SMALL":
        this.pushConstant(first << 1);
        return this.additive("ADD");
      case "SUB": return this.additive("SUB");
      case "SUB_SMALL":
        this.pushConstant(first << 1);
        return this.additive("SUB");
      case "MUL": return this.numeric("*");
      case "DIV": return this.numeric("/");
      case "MOD": {
        const [a, b] = this.two();
        this.put(`if(((${a}|${b})&1)===0&&${a}>=0&&${b}>0)t=${a}%${b};else if((t=quickRemainder(${a},${b}))===${NONE})${this.exit()}`);
        return this.replace(2, "t");
      }
      case "INC":
      case "DEC":
        this.pushConstant(2);
        return this.additive(op === "INC" ? "ADD" : "SUB");
      case "TO_NUMERIC":
      case "TO_NUMBER": {
        if (this.stack[top]!.at === "number") return;
        const value = this.word(top);
        this.put(`if((${value}&1)!==0&&((${value}&3)!==1||(M[${value}>>2]&255)!==${Cell.NUMBER}))${this.exit()}`);
        return;
      }
      case "NEG": {
        if (this.stack[top]!.at === "number") {
          this.put(`${this.n(top)}=-${this.n(top)};`);
          return;
        }
        const value = this.word(top);
        this.put(`if((${value}&1)!==0||${value}===0||${value}===-2147483648)${this.exit()}`);
        return this.replace(1, `-${value}`);
      }
      case "BIT_NOT": {
        const value = this.word(top);
        this.put(`if((${value}&1)!==0)${this.exit()}`);
        return this.replace(1, `${value}^-2`);
      }
      case "BIT_AND": return this.bits(op, (a, b) => `${a}&${b}`);
      case "BIT_OR": return this.bits(op, (a, b) => `${a}|${b}`);
      case "BIT_XOR": return this.bits(op, (a, b) => `${a}^${b}`);
      case "SHR": return this.bits(op, (a, b) => `((${a}>>1)>>((${b}>>1)&31))<<1`);
      case "SHL": return this.shift(op, `(x<<1)>>1===x`, (a, b) => `(${a}>>1)<<((${b}>>1)&31)`);
      case "USHR": return this.shift(op, `x>=0&&x<=1073741823`, (a, b) => `(${a}>>1)>>>((${b}>>1)&31)`);
      case "LT": return this.comparison(op, "<");
      case "LE": return this.comparison(op, "<=");
      case "GT": return this.comparison(op, ">");
      case "GE": return this.comparison(op, ">=");
      case "SEQ": return this.equality(true);
      case "SNE": return this.equality(false);
      case "NOT": {
        const value = this.word(top);
        return this.replace(1, `${value}===${Immediate.TRUE}||${value}!==${Immediate.FALSE}&&truthy(${value})?${Immediate.FALSE}:${Immediate.TRUE}`);
      }
      case "TYPEOF": return this.replace(1, `typeOf(${this.word(top)})`);

      case "JUMP":
      case "JUMP32":
        this.boxed();
        this.done();
        this.put(this.jump(target));
        return;
      case "JUMP_FALSE": return this.branch(target, 0, falsy);
      case "JUMP_TRUE": return this.branch(target, 0, truthful);
      case "JUMP_FALSE_KEEP": return this.branch(target, 1, falsy);
      case "JUMP_TRUE_KEEP": return this.branch(target, 1, truthful);
      case "JUMP_NOT_NULLISH_KEEP": return this.branch(target, 1, (word) => `${word}!==${UNDEFINED}&&${word}!==${Immediate.NULL}`);
      case "JUMP_NOT_UNDEFINED_KEEP": return this.branch(target, 1, (word) => `${word}!==${UNDEFINED}`);
      case "JUMP_NULLISH": return this.branch(target, -1, (word) => `${word}===${UNDEFINED}||${word}===${Immediate.NULL}`);
      case "JUMP_DONE": return this.branch(target, -1, (word) => `${word}===${Immediate.DONE}`);
      case "JUMP_LT": return this.compareAndJump("LT", "<", true, target);
      case "JUMP_LE": return this.compareAndJump("LE", "<=", true, target);
      case "JUMP_GT": return this.compareAndJump("GT", ">", true, target);
      case "JUMP_GE": return this.compareAndJump("GE", ">=", true, target);
      case "JUMP_NOT_LT": return this.compareAndJump("LT", "<", false, target);
      case "JUMP_NOT_LE": return this.compareAndJump("LE", "<=", false, target);
      case "JUMP_NOT_GT": return this.compareAndJump("GT", ">", false, target);
      case "JUMP_NOT_GE": return this.compareAndJump("GE", ">=", false, target);
      case "JUMP_LOCALS_LT":
        this.pushLocal(first);
        this.pushLocal(second);
        return this.compareAndJump("LT", "<", true, target);
      case "JUMP_SEQ": return this.equalAndJump(true, target);
      case "JUMP_SNE": return this.equalAndJump(false, target);

      case "GET_PROPERTY":
        this.property(this.word(top), this.constant(first));
        return this.replace(1, "t");
      case "GET_LOCAL_PROPERTY":
        this.property(this.local(first), this.constant(second));
        return this.pushWord("t");
      case "GET_METHOD": {
        const i = this.caches++;
        const object = this.word(top);
        const key = this.constant(first);
        this.put(`if(${this.flushes}===e${i}&&(${object}&3)===1&&M[a=${object}>>2]===h${i}&&M[a+1]===i${i})t=M[j${i}];else{if((t=quickProperty(${object},${key}))===${NONE})${this.exit()}` +
          `if(${this.flushes}!==e${i}){a=${object}>>2;e${i}=${this.flushes};h${i}=(j${i}=methodPlace(${object},${key}))===0?-1:M[a];i${i}=M[a+1];}}`);
        this.copy(top);
        this.put(`${this.s(top)}=t;`);
        this.stack[top] = WORD;
        return;
      }
      case "PUT_PROPERTY": return this.storeProperty(first, this.options.storeTag, 2);
      case "DEFINE_PROPERTY": return this.storeProperty(first, this.options.defineTag, 1);
      case "GET_ELEMENT": {
        const [a, b] = this.two();
        this.element(a, b);
        return this.result(2);
      }
      case "GET_LOCALS_ELEMENT":
        this.element(this.local(first), this.local(second));
        return this.result(0);
      case "PUT_ELEMENT": {
        this.boxed();
        const [a, b, value] = [this.word(top - 2), this.word(top - 1), this.word(top)];
        this.put(`if((a=quickElement(${a},${b}))===0)${this.exit()}M[a]=${value};`);
        this.stack.length -= 3;
        return this.done();
      }
      case "GET_PRIVATE": {
        const [object, name] = this.two();
        this.put(`if((t=quickPrivate(${object},${name}))===${NONE})${this.exit()}`);
        return this.replace(2, "t");
      }
      case "PUT_PRIVATE": {
        this.boxed();
        const [object, name, value] = [this.word(top - 2), this.word(top - 1), this.word(top)];
        this.put(`if(!quickStorePrivate(${object},${name},${value}))${this.exit()}`);
        this.stack.length -= 3;
        return this.done();
      }
      case "NEW_ARRAY":
        this.settled();
        this.put(`if((t=gatherArray(fp-${this.below(this.depth)},${first}))===${NONE})${this.exit()}`);
        this.replace(first, "t");
        return this.done();
      case "TO_STRING":
        this.put(`if(!isText(${this.word(top)}))${this.exit()}`);
        return;
      case "TO_PROPERTY_KEY": {
        const key = this.word(top);
        this.put(`if((${key}&1)!==0&&!isText(${key}))${this.exit()}`);
        return;
      }
      case "TO_ELEMENT_KEY": {
        const [object, key] = this.two();
        this.put(`if(((${key}&1)!==0&&!isText(${key}))||${object}===${UNDEFINED}||${object}===${Immediate.NULL})${this.exit()}`);
        return;
      }
      case "NEW_TARGET": return this.pushWord(`M[fp-${this.decoding.parameters + Frame.NEW_TARGET}]`);
      case "NEW_OBJECT":
        if (first > 16) return this.step();
        this.boxed();
        this.put(`if(!reserve(objectWords(${first})))${this.exit()}`);
        this.pushWord(`newObject(M[${ROOTS + Root.SHAPE_object0! + first}]>>2)<<2|1`);
        return this.done();
      case "THIS": return this.pushWord(`M[fp+${THIS}]`);
      case "SLOPPY_THIS":
        this.put(`t=M[fp+${THIS}];if((t&3)!==1||(M[t>>2]&255)<${Cell.OBJECT})${this.exit()}`);
        return;
      case "CALLEE": return this.pushWord(`M[fp+${CALLEE}]`);
      case "CORE":
        this.pushWord(`M[${ROOTS + first}]`);
        return this.pushConstant(UNDEFINED);
      case "CORE_CALLEE":
        this.pushWord(`M[${this.options.coreVariables + first}]`);
        return this.pushConstant(UNDEFINED);
      case "CORE_CALLEE_THIS":
        this.pushWord(`M[${this.options.coreVariables + first}]`);
        this.pushConstant(UNDEFINED);
        return this.pushWord(`M[fp+${THIS}]`);
      case "CORE_CALLEE_FIRST":
        this.pushWord(`M[${this.options.coreVariables + first}]`);
        this.pushConstant(UNDEFINED);
        return this.pushLocal(0);
      case "GET_LOCAL_ELEMENT4":
        this.element(this.local(first & 15), String((first >> 4) << 1));
        return this.result(0);
      case "POP_RETURN": return this.return(String(UNDEFINED));
      case "ROOT": return this.pushWord(`M[${ROOTS + first}]`);
      case "INTRINSIC": return this.intrinsic(first, second);
      case "ITERATOR_NEXT":
      case "ITERATOR_STEP":
        this.boxed();
        this.put(`if((t=nextElement(${this.word(top - 1)},${this.word(top)}))===${NONE})${this.exit()}`);
        this.pushWord("t");
        return this.done();
      case "ITERATOR_VALUE":
        this.put(`if(${this.word(top)}===${Immediate.DONE})${this.exit()}`);
        return;
      case "CALL": return this.call(first, false);
      case "CONSTRUCT": return this.call(first, true);
      case "START_GENERATOR":
      case "START_ASYNC":
      case "YIELD":
      case "YIELD_DELEGATE":
      case "AWAIT": return this.leap();
      case "RETURN": return this.return(this.word(top));
      case "RETURN_UNDEFINED": return this.return(String(UNDEFINED));
      default: return this.step();
    }
  }

  /** An instruction that has given up often, in a form that does more; false if it has none. */
  private thorough({ op, operands, target }: Decoded): boolean {
    const [first, second] = operands as [number, number];
    switch (op) {
      case "GET_ELEMENT":
      case "GET_LOCALS_ELEMENT": {
        // A unit of a text is a new string: that is not done twice.
        this.boxed();
        const [a, b] = op === "GET_ELEMENT" ? this.two() : [this.local(first), this.local(second)];
        this.put(`if((a=quickElement(${a},${b}))!==0)t=M[a];else if((t=otherElement(${a},${b}))===${NONE})${this.exit()}`);
        this.replace(op === "GET_ELEMENT" ? 2 : 0, "t");
        this.done();
        return true;
      }
      case "ADD":
      case "ADD_SMALL": {
        if (op === "ADD_SMALL") this.pushConstant(first << 1);
        this.boxed();
        const [a, b] = this.two();
        this.put(`M[${Reg.FUEL}]=fuel+${this.ahead};if((t=computeNumbers(${Op.ADD},${a},${b}))===${NONE}&&((t=joinValues(${a},${b}))===${NONE}||t===0))${this.exit()}`);
        this.replace(2, "t");
        this.done();
        this.put(this.charged());
        return true;
      }
      case "JUMP_LT": return this.orderAndJump("LT", true, target);
      case "JUMP_LE": return this.orderAndJump("LE", true, target);
      case "JUMP_GT": return this.orderAndJump("GT", true, target);
      case "JUMP_GE": return this.orderAndJump("GE", true, target);
      case "JUMP_NOT_LT": return this.orderAndJump("LT", false, target);
      case "JUMP_NOT_LE": return this.orderAndJump("LE", false, target);
      case "JUMP_NOT_GT": return this.orderAndJump("GT", false, target);
      case "JUMP_NOT_GE": return this.orderAndJump("GE", false, target);
    }
    return false;
  }
  /** A jump that compares texts, at a charge. */
  private orderAndJump(op: OpName, wanted: boolean, target: number): boolean {
    this.boxed();
    const [a, b] = this.two();
    this.put(`M[${Reg.FUEL}]=fuel;if((t=order(${Op[op]},${a},${b}))<0)${this.exit()}fuel=M[${Reg.FUEL}];yes=t!==0;`);
    this.jumpIf(wanted, target, 2);
    return true;
  }

  private pushConstant(word: number): void { this.push({ at: "constant", word, stored: false }); }
  private pushLocal(slot: number): void {
    this.local(slot);
    this.push({ at: "local", slot, stored: false });
  }
  private copy(index: number): void {
    const entry = this.stack[index]!;
    if (entry.at === "constant" || entry.at === "local") return this.push({ ...entry, stored: false });
    this.pushWord(this.word(index));
  }
  /** Puts the words that are at `from` now where the lowest of them is, and above. */
  private permute(from: readonly number[]): void {
    const words = from.map((index) => this.word(index));
    const entries = from.map((index) => this.stack[index]!);
    const base = Math.min(...from);
    const temporaries = ["t", "u", "w", "a"];
    entries.forEach((entry, i) => { if (entry.at === "word") this.put(`${temporaries[i]}=${words[i]};`); });
    entries.forEach((entry, i) => {
      if (entry.at === "word") this.put(`${this.s(base + i)}=${temporaries[i]};`);
      this.stack[base + i] = { ...entry, stored: false } as Entry;
    });
  }
  /** The top of the stack into a local. */
  private store(slot: number, pops: number): void {
    const top = this.depth - 1;
    const entry = this.stack[top]!;
    const number = entry.at === "number";
    this.boxed();
    const value = this.word(top);
    if (value !== this.local(slot)) {
      this.detach(slot);
      this.put(`M[fp-${slot}]=${this.local(slot)}=${value};`);
      if (number) {
        this.put(`${this.d(slot)}=${this.n(top)};`);
        this.known.add(slot);
      }
    }
    this.stack.length -= pops;
    this.done();
  }
  private stepLocal(slot: number, sum: string, fits: string): void {
    this.boxed();
    const variable = this.local(slot);
    this.put(`t=(${variable}${sum})|0;if((${variable}&1)!==0||!(t${fits}${variable}))${this.exit()}`);
    this.detach(slot);
    this.put(`M[fp-${slot}]=${variable}=t;`);
    this.done();
  }
  private outer(depth: number, variable: number): string {
    this.scopes.set(depth, Math.max(variable, this.scopes.get(depth) ?? 0));
    return `M[o${depth}+${variable}]`;
  }
  private moduleVariable(module: number, variable: number): string {
    this.modules.set(module, Math.max(variable, this.modules.get(module) ?? 0));
    return `M[p${module}+${variable}]`;
  }
  private checked(place: string): void {
    this.put(`if((t=${place})===${Immediate.HOLE})${this.exit()}`);
    this.pushWord("t");
  }
  private storeVariable(place: string): void {
    this.boxed();
    this.put(`${place}=${this.word(this.depth - 1)};`);
    this.stack.length--;
    this.done();
  }

  // Numbers.

  /** a + b, a - b. */
  private additive(op: "ADD" | "SUB"): void {
    const top = this.depth - 1;
    const sign = op === "ADD" ? "+" : "-";
    if (this.isKnown(top) || this.isKnown(top - 1)) return this.numeric(sign);
    const [a, b] = this.two();
    const second = this.stack[top]!;
    const small = second.at === "constant" && (second.word & 1) === 0 ? `(${a}&1)===0` : `((${a}|${b})&1)===0`;
    const fits = op === "ADD" ? `((${a}^t)&(${b}^t))>=0` : `((${a}^${b})&(${a}^t))>=0`;
    this.put(`t=(${a}${sign}${b.startsWith("-") ? `(${b})` : b})|0;if(!(${small}&&${fits})&&(t=computeNumbers(${Op[op]},${a},${b}))===${NONE})${this.exit()}`);
    this.replace(2, "t");
  }
  /** Is word `index` a number whose value is in a variable? */
  private isKnown(index: number): boolean {
    const entry = this.stack[index]!;
    return entry.at === "number" || (entry.at === "local" && this.known.has(entry.slot));
  }
  /** The value of word `index`, a number, as an expression; leaves it to the interpreter if it is none. */
  private value(index: number, into: string): string {
    const entry = this.stack[index]!;
    if (entry.at === "number") return this.n(index);
    if (entry.at === "constant" && (entry.word & 1) === 0) return String(entry.word >> 1);
    if (entry.at === "local" && this.known.has(entry.slot)) return this.d(entry.slot);
    const word = this.word(index);
    const variable = entry.at === "local" ? this.d(entry.slot) : into;
    this.put(`if((${word}&1)===0)${variable}=${word}>>1;else if((${word}&3)===1&&(M[${word}>>2]&255)===${Cell.NUMBER})${variable}=F[((${word}>>2)+${Field.NUMBER_LOW})>>1];else${this.exit()}`);
    if (entry.at === "local") this.known.add(entry.slot);
    return variable;
  }
  /** An operator on numbers, whose result has no box yet. */
  private numeric(operator: "+" | "-" | "*" | "/"): void {
    const top = this.depth - 1;
    const x = this.value(top - 1, "x");
    const y = this.value(top, "y");
    this.stack.length -= 2;
    this.put(`${this.n(top - 1)}=${x}${operator}${y.startsWith("-") ? `(${y})` : y};`);
    this.push(NUMBER);
  }
  private bits(op: OpName, text: (a: string, b: string) => string): void {
    const [a, b] = this.two();
    this.put(`if(((${a}|${b})&1)===0)t=${text(a, b)};else if((t=combineNumbers(${Op[op]},${a},${b}))===${NONE})${this.exit()}`);
    this.replace(2, "t");
  }
  private shift(op: OpName, fits: string, text: (a: string, b: string) => string): void {
    const [a, b] = this.two();
    this.put(`if(((${a}|${b})&1)===0&&(x=${text(a, b)},${fits}))t=x<<1;else if((t=combineNumbers(${Op[op]},${a},${b}))===${NONE})${this.exit()}`);
    this.replace(2, "t");
  }
  /** Puts whether a < b (and so on) into `yes`. */
  private compare(op: OpName, operator: string): void {
    const top = this.depth - 1;
    if (this.isKnown(top) || this.isKnown(top - 1)) {
      const x = this.value(top - 1, "x");
      const y = this.value(top, "y");
      this.put(`yes=${x}${operator}${y};`);
      return;
    }
    const [a, b] = this.two();
    this.put(`if(((${a}|${b})&1)===0)yes=${a}${operator}${b};else{if((t=orderOf(${Op[op]},${a},${b}))<0)${this.exit()}yes=t!==0;}`);
  }
  private comparison(op: OpName, operator: string): void {
    this.compare(op, operator);
    this.replace(2, `yes?${Immediate.TRUE}:${Immediate.FALSE}`);
  }
  private compareAndJump(op: OpName, operator: string, wanted: boolean, target: number): void {
    this.compare(op, operator);
    this.jumpIf(wanted, target, 2);
  }
  /** Pops, and jumps if `yes` is as wanted. */
  private jumpIf(wanted: boolean, target: number, pops: number): void {
    this.stack.length -= pops;
    this.boxed();
    this.done();
    this.put(`if(${wanted ? "yes" : "!yes"})${this.jump(target)}`);
  }

  /** Puts whether the two on top are strictly equal into `yes`. True where long texts may have been charged for. */
  private equate(): boolean {
    const top = this.depth - 1;
    // Boxed first, for the charge cannot be taken back.
    this.boxed();
    const [a, b] = this.two();
    // A constant that is no reference is equal only to itself, except 0, which is equal to -0: no other integer is boxed.
    const plain = [top - 1, top].some((index) => { const entry = this.stack[index]!; return entry.at === "constant" && (entry.word & 3) !== 1 && entry.word !== 0; });
    if (plain) {
      this.put(`yes=${a}===${b};`);
      return false;
    }
    this.put(`if((${a}&3)!==1&&(${b}&3)!==1)yes=${a}===${b};else{M[${Reg.FUEL}]=fuel+${this.ahead};t=strictEquals(${a},${b});if(t<0)${this.exit()}yes=t!==0;fuel=M[${Reg.FUEL}]-${this.ahead};}`);
    return true;
  }
  private equality(wanted: boolean): void {
    const charged = this.equate();
    const [yes, no] = wanted ? [Immediate.TRUE, Immediate.FALSE] : [Immediate.FALSE, Immediate.TRUE];
    this.replace(2, `yes?${yes}:${no}`);
    if (!charged) return;
    this.done();
    if (this.ahead > 0) this.put(`if(fuel<0){status=${this.addExit(this.index + 1, -1)};break cold;}`);
  }
  private equalAndJump(wanted: boolean, target: number): void {
    this.equate();
    this.jumpIf(wanted, target, 2);
  }
  /** A jump that looks at the top, which is popped (kept 0), kept where it jumps (1), or kept where it does not (-1). */
  private branch(target: number, kept: number, test: (word: string) => string): void {
    const word = this.word(this.depth - 1);
    this.put(`yes=${test(word)};`);
    if (kept === 0) return this.jumpIf(true, target, 1);
    this.boxed();
    this.done();
    this.put(`if(yes)${this.jump(target)}`);
    if (kept === 1) this.stack.length--;
  }

  // Properties and elements. Each place remembers the header and the shape of one object it has seen, and where the
  // property was: an own one, inside the cell.

  private property(object: string, key: string): void {
    const i = this.caches++;
    this.put(`if((${object}&3)===1&&M[a=${object}>>2]===h${i}&&M[a+1]===i${i})t=M[a+j${i}];else{if((t=quickProperty(${object},${key}))===${NONE})${this.exit()}` +
      `if(h${i}===0){a=${object}>>2;h${i}=(j${i}=ownPlace(${object},${key},0))===0?-1:M[a];i${i}=M[a+1];}}`);
  }
  /** `pops`: 2 for a store, 1 for a definition, which leaves the object. */
  private storeProperty(constant: number, tag: number, pops: number): void {
    this.boxed();
    const i = this.caches++;
    const [object, value] = this.two();
    const key = `${this.constant(constant)}^${tag}`;
    const changing = pops === 1 ? `M[a+1]=k${i};` : `if(k${i}!==0)M[a+1]=k${i};`;
    // A store that adds a property has asked the prototypes, and may keep the answer as long as the cache does.
    const asked = pops === 1 ? "" : `&&(k${i}===0||${this.flushes}===e${i})`;
    const empty = pops === 1 ? `h${i}===0` : `(h${i}===0||${this.flushes}!==e${i})`;
    this.put(`if((${object}&3)===1&&M[a=${object}>>2]===h${i}&&M[a+1]===i${i}${asked}){M[a+j${i}]=${value};${changing}}else{` +
      `u=-1;if(${empty}&&(u=ownPlace(${object},${key},${pops}))!==0)w=M[(${object}>>2)+1];` +
      `if(!quickStore(${object},${key},${value}))${this.exit()}` +
      `if(u>=0){a=${object}>>2;e${i}=${this.flushes};h${i}=u===0?-1:M[a];i${i}=w;j${i}=u;k${i}=w===M[a+1]?${pops === 1 ? "w" : "0"}:M[a+1];}}`);
    this.stack.length -= pops;
    this.done();
  }
  private element(array: string, index: string): void {
    this.put(`if((${array}&3)===1&&(${index}&1)===0&&(M[a=${array}>>2]&255)===${Cell.ARRAY}&&((u=M[a+${Field.ARRAY_ELEMENTS}])&3)===1&&((w=M[u>>=2])&255)===${Cell.ELEMENTS}&&${index}>=0&&${FIRST_ELEMENT}+(${index}>>1)<(w>>>8)<<1){` +
      `if((t=M[u+${FIRST_ELEMENT}+(${index}>>1)])===${Immediate.HOLE})t=${NONE};}else t=(${array}&3)===1&&(M[${array}>>2]&255)===${Cell.TYPED_ARRAY}?otherElement(${array},${index}):${NONE};`);
  }

  // Calls.

  private intrinsic(number: number, argc: number): void {
    if (steppedIntrinsics.has(number)) return this.step();
    this.settled();
    const { pc, next } = this.currentBlock.instructions[this.index]!;
    const result = this.depth - argc;
    const sp = `fp-${this.below(this.depth)}`;
    this.put(`M[${Reg.FUEL}]=fuel+${this.ahead};if((t=objectIntrinsic(${number},${sp}))===${NONE}){if((status=failed(${pc},${sp},fp,${next},depth))!==0)break done;t=${this.home(result)};}`);
    this.replace(argc, "t");
    this.done();
    this.put(this.charged());
  }
  private call(argc: number, making: boolean): void {
    this.settled();
    const { pc, next } = this.currentBlock.instructions[this.index]!;
    const result = this.depth - argc - 2;
    const sp = `fp-${this.below(this.depth)}`;
    this.put(`w=${this.home(result)};if((w&3)===1&&table[u=((t=(M[w>>=2]&255)===${Cell.FUNCTION}?M[w+${Field.FUNCTION_CODE}]>>2:w)>>1)&${TABLE_SIZE - 1}]===t&&(t!==w||t<${CORE_WORDS}&&M[t+${Field.CODE_FORM}]>>>24===${BARE_LENGTH})${making ? `&&(${this.home(result + 1)}&3)===1` : ""})status=compiled[u](${making ? argc | MAKING : argc},${sp},fp,${next},fuel,depth-1);else status=${Outcome.REFUSED};` +
      `if(status!==${Outcome.DONE}){if(status===${Outcome.REFUSED})status=slow(${pc},${sp},fp,fuel+1,${next},depth);if(status!==0)break done;}fuel=M[${Reg.FUEL}];`);
    this.stack.length = result;
    this.push(HOME);
    this.resume = this.index + 1;
  }
  private return(value: string): void {
    const { parameters, flags } = this.decoding;
    if ((flags & CodeFlag.ARGUMENTS) === 0) this.put(`if(argc>=0){M[fp+${CALLEE}]=${(flags & CodeFlag.CONSTRUCTOR) === 0 ? value : `making===0||isObject(${value})?${value}:M[fp+${THIS}]`};M[${Reg.FUEL}]=fuel;return ${Outcome.DONE};}if(leave(${value},fp,fp-${parameters + Frame.LINK},fuel))return ${Outcome.SWITCH};`);
    this.leap();
  }
}

function falsy(word: string): string { return `${word}===${Immediate.FALSE}||${word}!==${Immediate.TRUE}&&!truthy(${word})`; }
function truthful(word: string): string { return `${word}===${Immediate.TRUE}||${word}!==${Immediate.FALSE}&&truthy(${word})`; }
