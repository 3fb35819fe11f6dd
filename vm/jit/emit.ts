// Bytecode → the text of a JavaScript function that does the same. What it may do in its own way is little: operands of
// the operand stack live in variables within a basic block, locals are kept in variables beside their words in the frame,
// fuel is debited once per block, numbers that are used up at once get no box. At every place where something else may
// look at the program (a call, an instruction that the text leaves to `step`, the end of the fuel) the memory is exactly
// what the interpreter would have left there, so compiled code may be left and entered again at such places at will.
//
// The text of one function, for a code with two blocks:
//
//   return function name(argc, sp, callerFp, returnPc, fuel, depth) {
//     const M = views.M, …                     the current memory: it does not move while compiled code runs
//     let fp, code, label, status, l0, s0, n0, …
//     if (argc >= 0) { … push the frame … }    called by compiled code
//     else { … }                               entered where the register PC says
//     L: for (;;) {
//       out: switch (label) {
//         case 0:                              a block: take its steps from the fuel, or stop before it
//           if ((fuel -= 3) < 0) return low(…);
//           …
//         case 1: …
//       }
//       …                                      left by `break out`: go on at the label where the frame is now, or return
//     }
//   }
//
// l<slot> is a local, s<i> word i of the operand stack, n<i> the same as an unboxed number. The home of word i is
// fp - slots - i. Its results and arguments are in jit.ts.

import { Cell, Field } from "../format/cells.js";
import { CALLEE, CodeFlag, Frame, FRAME_WORDS, ReturnMode, THIS } from "../format/frame.js";
import { Intrinsic } from "../format/intrinsics.js";
import { Op, type OpName } from "../format/opcodes.js";
import { Reg } from "../format/registers.js";
import { Root, ROOTS } from "../format/roots.js";
import { Immediate } from "../format/words.js";
import type { Block, Decoded, Decoding } from "./decode.js";

/** What compiled functions return beside a Status: see jit.ts. */
export const Outcome = { /** Returned to the compiled caller. */ DONE: -1, /** Not entered; nothing has changed. */ REFUSED: -2, /** The state is in the registers: go on there. */ SWITCH: -3, /** The fuel does not suffice for a whole block. */ LOW: -4, /** No label is at PC. */ ELSEWHERE: -5, /** The host's stack is deep enough: go on from its bottom. */ DEEP: -6 } as const;

/** Places of the table of compiled functions that calls look into. */
export const TABLE_SIZE = 16384;

/** Where a word of the operand stack is now. */
type Entry = { at: "home" } | { at: "word" } | { at: "number" } | { at: "constant"; word: number } | { at: "local"; slot: number };
const HOME: Entry = { at: "home" };
const WORD: Entry = { at: "word" };
const NUMBER: Entry = { at: "number" };

const UNDEFINED = Immediate.UNDEFINED;
const NONE = Immediate.NONE;
/** The first element of an ELEMENTS cell (kernel/elements.ts). */
const FIRST_ELEMENT = 1;
/** The tags of keys in the property cache (kernel/property.ts). */
export interface EmitOptions { readonly storeTag: number; readonly defineTag: number; readonly callMargin: number }

/** These need the machine's registers, or stop it. */
const steppedIntrinsics = new Set<number>([Intrinsic.host, Intrinsic.wait, Intrinsic.end, Intrinsic.regexpMatch, Intrinsic.captureStack, Intrinsic.jsonParse, Intrinsic.jsonWrite]);

/** The text of a function that makes the compiled function from the kernel and the engine (jit.ts). */
export function emit(decoding: Decoding, options: EmitOptions): string { return new Emitter(decoding, options).text(); }

class Emitter {
  private readonly lines: string[] = [];
  private stack: Entry[] = [];
  private readonly slotsUsed = new Set<number>();
  private words = 0;
  private numbers = 0;
  private readonly labels = new Map<number, number>();
  /** Of the block being printed: steps taken from the fuel for instructions behind the current one. */
  private ahead = 0;
  private current!: Decoded;

  constructor(private readonly decoding: Decoding, private readonly options: EmitOptions) {
    decoding.blocks.forEach((block, index) => this.labels.set(block.pc, index));
  }

  text(): string {
    const { decoding } = this;
    decoding.blocks.forEach((block, index) => this.block(block, index));
    const slots = [...this.slotsUsed].sort((a, b) => a - b);
    const variables = [...slots.map((slot) => `l${slot}=${UNDEFINED}`), ...Array.from({ length: this.words }, (_, i) => `s${i}=0`), ...Array.from({ length: this.numbers }, (_, i) => `n${i}=0`)];
    const cases = decoding.blocks.map((block, index) => `case ${block.pc}:return ${index};`).join("");
    return [
      `"use strict";`,
      `const{views,table,compiled,slow,leap,failed,low,leave}=engine;`,
      `const{computeNumbers,combineNumbers,orderOf,variableAt,moduleVariableAt,cachedProperty,quickProperty,quickStore,quickElement,otherElement,nextElement,strictEquals,typeOf,truthy,numberWord,numberValue,isNumber,reserve,newObject,objectWords,objectIntrinsic,fastPath}=kernel;`,
      `function labelAt(pc){switch(pc){${cases}}return -1;}`,
      `return function compiledCode(argc,sp,callerFp,returnPc,fuel,depth){`,
      `const M=views.M,F=views.F,C=views.C;let fp=0,label=0,status=0,t=0,u=0,w=0,a=0,h=0,x=0,y=0,yes=false${variables.map((each) => `,${each}`).join("")};`,
      `if(argc>=0){${this.prologue()}}`,
      `else{fp=M[${Reg.FP}];fuel=M[${Reg.FUEL}];label=labelAt(M[${Reg.PC}]);if(label<0)return ${Outcome.ELSEWHERE};${slots.map((slot) => `l${slot}=M[fp-${slot}];`).join("")}}`,
      `const code=M[(M[fp+${CALLEE}]>>2)+${Field.FUNCTION_CODE}]>>2,scope=M[(M[fp+${CALLEE}]>>2)+${Field.FUNCTION_SCOPE}];`,
      `L:for(;;){out:switch(label){`,
      ...this.lines,
      `}`,
      `if(status!==${Outcome.SWITCH}||M[${Reg.FP}]!==fp)return status;`,
      `label=labelAt(M[${Reg.PC}]);if(label<0)return status;`,
      `fuel=M[${Reg.FUEL}];`,
      `}}`,
    ].join("\n");
  }

  /** Pushes the frame as kernel/call.ts does, for a call with `argc` arguments, the last at sp. */
  private prologue(): string {
    const { flags, fast, parameters, slots, stackWords } = this.decoding;
    if ((flags & (CodeFlag.CLASS | CodeFlag.ARGUMENTS)) !== 0) return `return ${Outcome.REFUSED};`;
    const locals = slots - parameters - FRAME_WORDS;
    const fill = Array.from({ length: locals }, (_, i) => `M[sp-${FRAME_WORDS + 1 + i}]=${UNDEFINED};`);
    return [
      fast === 0 ? "" : `M[${Reg.FUEL}]=fuel;t=fastPath(${fast},sp,argc);if(t===${NONE})return ${Outcome.REFUSED};if(t!==${Immediate.DELETED}){M[sp+argc+1]=t;return ${Outcome.DONE};}`,
      `if(depth<=0||sp-${slots + stackWords + this.options.callMargin}<views.lowest)return ${Outcome.REFUSED};`,
      `t=argc;`,
      parameters === 0 ? "" : `for(;t<${parameters};t++){sp--;M[sp]=${UNDEFINED};}`,
      `sp+=t-${parameters};fp=sp+${parameters - 1};`,
      `M[sp-1]=returnPc<<1;M[sp-2]=((callerFp-fp)<<5)|${ReturnMode.PUSH << 1};M[sp-3]=${UNDEFINED};M[sp-4]=argc<<1;`,
      locals > 12 ? `for(t=0;t<${locals};t++)M[sp-${FRAME_WORDS + 1}-t]=${UNDEFINED};` : fill.join(""),
      ...[...this.slotsUsed].filter((slot) => slot < parameters).map((slot) => `l${slot}=M[fp-${slot}];`),
    ].join("");
  }

  private put(text: string): void { this.lines.push(text); }

  // The operand stack.

  private home(index: number): string { return `M[fp-${this.decoding.slots + index}]`; }
  /** The stack pointer while `depth` words are on the operand stack. */
  private pointer(depth: number): string { return `fp-${this.decoding.slots + depth - 1}`; }
  private s(index: number): string { this.words = Math.max(this.words, index + 1); return `s${index}`; }
  private n(index: number): string { this.numbers = Math.max(this.numbers, index + 1); return `n${index}`; }
  private local(slot: number): string { this.slotsUsed.add(slot); return `l${slot}`; }
  /** A tagged word of the stack as an expression that may be evaluated more than once. */
  private word(index: number): string {
    const entry = this.stack[index]!;
    switch (entry.at) {
      case "word": return this.s(index);
      case "constant": return String(entry.word);
      case "local": return this.local(entry.slot);
      case "home":
        this.put(`${this.s(index)}=${this.home(index)};`);
        break;
      case "number":
        this.put(`${this.s(index)}=numberWord(${this.n(index)});`);
    }
    this.stack[index] = WORD;
    return this.s(index);
  }
  /** Text that puts what is in variables to its home: whoever looks at the memory then sees the whole stack. */
  private spilling(): string {
    return this.stack.map((entry, index) => {
      switch (entry.at) {
        case "home": return "";
        case "word": return `${this.home(index)}=${this.s(index)};`;
        case "number": return `${this.home(index)}=numberWord(${this.n(index)});`;
        case "constant": return `${this.home(index)}=${entry.word};`;
        case "local": return `${this.home(index)}=${this.local(entry.slot)};`;
      }
    }).join("");
  }
  private spill(): void {
    this.put(this.spilling());
    this.stack.fill(HOME);
  }
  /** Before anything may allocate: unboxed numbers get their boxes, for which there is room. */
  private settle(): void { this.stack.forEach((entry, index) => { if (entry.at === "number") this.word(index); }); }
  /** Before a local changes: what stands for its old value on the stack is copied. */
  private detach(slot: number): void {
    this.stack.forEach((entry, index) => {
      if (entry.at !== "local" || entry.slot !== slot) return;
      this.put(`${this.s(index)}=${this.local(slot)};`);
      this.stack[index] = WORD;
    });
  }
  private push(entry: Entry): void { this.stack.push(entry); }
  /** Pushes a word that an expression gives. */
  private pushWord(expression: string): void {
    this.put(`${this.s(this.stack.length)}=${expression};`);
    this.push(WORD);
  }
  /** Replaces the top `pops` words by one. */
  private replace(pops: number, expression: string): void {
    this.stack.length -= pops;
    this.pushWord(expression);
  }
  private get depth(): number { return this.stack.length; }

  // Leaving and going on.

  private constant(index: number): string { return `M[code+${Field.CODE_TAIL! + index}]`; }
  private outOfRoom(numbers: number): string { return `M[${Reg.HEAP_TOP}]+${4 * numbers}>M[${Reg.STACK_FLOOR}]`; }
  /** Leaves the current instruction to `step`, whose operands are on the stack as it is now; goes on behind it, results at home. */
  private stepping(): string {
    const { pc, next } = this.current;
    const kept = this.stack.filter((entry) => entry.at === "number").length;
    return `${this.spilling()}status=slow(${pc},${this.pointer(this.depth)},fp,fuel+${this.ahead + 1},${next},depth);if(status!==0)break out;` +
      (this.ahead === 0 ? `fuel=M[${Reg.FUEL}];` : `if((fuel=M[${Reg.FUEL}]-${this.ahead})<0)return ${Outcome.LOW};`) +
      (kept === 0 ? "" : `if(${this.outOfRoom(kept)}){status=${Outcome.SWITCH};break out;}`);
  }
  /** The same for an instruction that may jump: goes on at the label where it arrives. */
  private steppingJump(): string {
    const { pc } = this.current;
    return `${this.spilling()}status=slow(${pc},${this.pointer(this.depth)},fp,fuel+${this.ahead + 1},-1,depth);break out;`;
  }
  private step(): void {
    const { table, operands } = this.current;
    this.settle();
    this.put(this.stepping());
    this.stack.fill(HOME);
    this.stack.length -= table.pops + (table.popsOperand < 0 ? 0 : operands[table.popsOperand]!);
    for (let i = 0; i < table.pushes; i++) this.push(HOME);
    if (table.flow === "end" || table.flow === "goto") this.put(`status=${Outcome.SWITCH};break out;`);
  }
  /** An instruction that takes this frame off the stack: another may lie in its place then, so nothing here may go on. */
  private leap(): void {
    const { pc, table, operands } = this.current;
    this.settle();
    this.put(`${this.spilling()}return leap(${pc},${this.pointer(this.depth)},fp,fuel+${this.ahead + 1});`);
    this.stack.length -= table.pops + (table.popsOperand < 0 ? 0 : operands[table.popsOperand]!);
    this.stack.fill(HOME);
    for (let i = 0; i < table.pushes; i++) this.push(HOME);
  }
  /** `t` holds the result of a kernel function, NONE where it is to be left to `step`: replaces `pops` words by it. */
  private resultOrStep(pops: number): void {
    const result = this.depth - pops;
    this.put(`if(t===${NONE}){${this.stepping()}t=${this.home(result)};}`);
    this.replace(pops, "t");
  }
  private jump(target: number): string { return `{label=${this.labels.get(target)!};continue L;}`; }

  private block(block: Block, index: number): void {
    this.stack = Array.from({ length: block.depth }, () => HOME);
    const count = block.instructions.length;
    this.put(`case ${index}:if((fuel-=${count})<0)return low(${block.pc},${this.pointer(block.depth)},fp,fuel+${count});`);
    block.instructions.forEach((instruction, i) => {
      this.current = instruction;
      this.ahead = count - i - 1;
      this.instruction(instruction);
    });
    if (block.fallsThrough) this.spill();
  }

  // Instructions.

  private instruction({ op, operands, target }: Decoded): void {
    const [first, second] = operands as [number, number];
    const top = this.depth - 1;
    switch (op) {
      case "NOP": return;
      case "UNDEFINED": return this.push({ at: "constant", word: UNDEFINED });
      case "NULL": return this.push({ at: "constant", word: Immediate.NULL });
      case "TRUE": return this.push({ at: "constant", word: Immediate.TRUE });
      case "FALSE": return this.push({ at: "constant", word: Immediate.FALSE });
      case "HOLE": return this.push({ at: "constant", word: Immediate.HOLE });
      case "SMALL8":
      case "SMALL16": return this.push({ at: "constant", word: first << 1 });
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
      case "GET_LOCAL16":
        this.local(first);
        return this.push({ at: "local", slot: first });
      case "GET_LOCALS":
        this.local(first);
        this.local(second);
        this.push({ at: "local", slot: first });
        return this.push({ at: "local", slot: second });
      case "GET_LOCAL_SMALL":
        this.local(first);
        this.push({ at: "local", slot: first });
        return this.push({ at: "constant", word: second << 1 });
      case "PUT_LOCAL":
      case "PUT_LOCAL16":
        this.store(first);
        this.stack.length--;
        return;
      case "SET_LOCAL":
      case "SET_LOCAL16": return this.store(first);
      case "INCREMENT_LOCAL":
      case "DECREMENT_LOCAL": {
        this.detach(first);
        const variable = this.local(first);
        const [sum, fits] = op === "INCREMENT_LOCAL" ? ["+2", ">"] : ["-2", "<"];
        this.put(`t=(${variable}${sum})|0;if((${variable}&1)===0&&t${fits}${variable})M[fp-${first}]=${variable}=t;else{${this.stepping()}${variable}=M[fp-${first}];}`);
        return;
      }
      case "CHECK":
        this.put(`if(${this.word(top)}===${Immediate.HOLE}){${this.stepping()}}`);
        return;
      case "CHECK_THIS":
        this.put(`if(${this.word(top)}===${Immediate.HOLE}){${this.stepping()}}`);
        return;

      case "CALLEE_SCOPE": return this.pushWord("scope");
      case "GET_SCOPED":
        this.put(`a=variableAt(${this.local(first)},0,${second});if(a!==0)t=M[a];else{${this.stepping()}t=${this.home(this.depth)};}`);
        return this.pushWord("t");
      case "GET_OUTER": return this.variable(`variableAt(scope,${first},${second})`, false);
      case "GET_OUTER_CHECKED": return this.variable(`variableAt(scope,${first},${second})`, true);
      case "GET_MODULE": return this.variable(`moduleVariableAt(${first},${second})`, false);
      case "GET_MODULE_CHECKED": return this.variable(`moduleVariableAt(${first},${second})`, true);
      case "GET_CORE": return this.variable(`variableAt(M[${ROOTS + Root.coreScope!}],0,${first})`, false);
      case "GET_GLOBAL": return this.variable(`cachedProperty(M[${ROOTS + Root.global!}]>>2,${this.constant(first)})`, false);
      case "PUT_SCOPED": return this.storeAt(`variableAt(${this.local(first)},0,${second})`);
      case "PUT_OUTER": return this.storeAt(`variableAt(scope,${first},${second})`);
      case "PUT_MODULE": return this.storeAt(`moduleVariableAt(${first},${second})`);

      case "ADD": return this.additive("ADD", 0);
      case "ADD_SMALL":
        this.push({ at: "constant", word: first << 1 });
        return this.additive("ADD", 1);
      case "SUB": return this.additive("SUB", 0);
      case "SUB_SMALL":
        this.push({ at: "constant", word: first << 1 });
        return this.additive("SUB", 1);
      case "MUL": return this.numeric("*");
      case "DIV": return this.numeric("/");
      case "MOD": {
        const [a, b] = this.two();
        this.put(`if(((${a}|${b})&1)===0&&${a}>=0&&${b}>0)t=${a}%${b};else{${this.stepping()}t=${this.home(top - 1)};}`);
        return this.replace(2, "t");
      }
      case "INC":
      case "DEC": {
        this.settle();
        const value = this.word(top);
        const [sum, fits] = op === "INC" ? ["+2", ">"] : ["-2", "<"];
        this.put(`t=(${value}${sum})|0;if((${value}&1)!==0||!(t${fits}${value})){${this.stepping()}t=${this.home(top)};}`);
        return this.replace(1, "t");
      }
      case "TO_NUMERIC":
      case "TO_NUMBER": {
        if (this.stack[top]!.at === "number") return;
        const value = this.word(top);
        this.put(`t=${value};if((t&1)!==0&&((t&3)!==1||(M[t>>2]&255)!==${Cell.NUMBER})){${this.stepping()}t=${this.home(top)};}`);
        return this.replace(1, "t");
      }
      case "NEG":
        if (this.stack[top]!.at === "number") {
          this.put(`${this.n(top)}=-${this.n(top)};`);
          return;
        }
        this.settle();
        this.put(`t=${this.word(top)};if((t&1)===0&&t!==0&&t!==-2147483648)t=-t;else{${this.stepping()}t=${this.home(top)};}`);
        return this.replace(1, "t");
      case "BIT_NOT":
        this.settle();
        this.put(`t=${this.word(top)};if((t&1)===0)t^=-2;else{${this.stepping()}t=${this.home(top)};}`);
        return this.replace(1, "t");
      case "BIT_AND": return this.bits(op, (a, b) => `${a}&${b}`);
      case "BIT_OR": return this.bits(op, (a, b) => `${a}|${b}`);
      case "BIT_XOR": return this.bits(op, (a, b) => `${a}^${b}`);
      case "SHR": return this.bits(op, (a, b) => `((${a}>>1)>>((${b}>>1)&31))<<1`);
      case "SHL": return this.shift(`(x<<1)>>1===x`, (a, b) => `(${a}>>1)<<((${b}>>1)&31)`);
      case "USHR": return this.shift(`x>=0&&x<=1073741823`, (a, b) => `(${a}>>1)>>>((${b}>>1)&31)`);
      case "LT": return this.comparison(op, "<");
      case "LE": return this.comparison(op, "<=");
      case "GT": return this.comparison(op, ">");
      case "GE": return this.comparison(op, ">=");
      case "SEQ": return this.equality(true);
      case "SNE": return this.equality(false);
      case "NOT":
        this.settle();
        this.put(`t=${this.word(top)};t=t===${Immediate.TRUE}||t!==${Immediate.FALSE}&&truthy(t)?${Immediate.FALSE}:${Immediate.TRUE};`);
        return this.replace(1, "t");
      case "TYPEOF":
        this.settle();
        return this.replace(1, `typeOf(${this.word(top)})`);

      case "JUMP":
      case "JUMP32":
        this.spill();
        this.put(this.jump(target));
        return;
      case "JUMP_FALSE": return this.branch(target, 1, 0, (word) => `${word}===${Immediate.FALSE}||${word}!==${Immediate.TRUE}&&!truthy(${word})`);
      case "JUMP_TRUE": return this.branch(target, 1, 0, (word) => `${word}===${Immediate.TRUE}||${word}!==${Immediate.FALSE}&&truthy(${word})`);
      case "JUMP_FALSE_KEEP": return this.branch(target, 1, 1, (word) => `${word}===${Immediate.FALSE}||${word}!==${Immediate.TRUE}&&!truthy(${word})`);
      case "JUMP_TRUE_KEEP": return this.branch(target, 1, 1, (word) => `${word}===${Immediate.TRUE}||${word}!==${Immediate.FALSE}&&truthy(${word})`);
      case "JUMP_NOT_NULLISH_KEEP": return this.branch(target, 1, 1, (word) => `${word}!==${UNDEFINED}&&${word}!==${Immediate.NULL}`);
      case "JUMP_NOT_UNDEFINED_KEEP": return this.branch(target, 1, 1, (word) => `${word}!==${UNDEFINED}`);
      case "JUMP_NULLISH": return this.branch(target, 0, -1, (word) => `${word}===${UNDEFINED}||${word}===${Immediate.NULL}`);
      case "JUMP_DONE": return this.branch(target, 0, -1, (word) => `${word}===${Immediate.DONE}`);
      case "JUMP_LT": return this.compareAndJump("LT", "<", true, target);
      case "JUMP_LE": return this.compareAndJump("LE", "<=", true, target);
      case "JUMP_GT": return this.compareAndJump("GT", ">", true, target);
      case "JUMP_GE": return this.compareAndJump("GE", ">=", true, target);
      case "JUMP_NOT_LT": return this.compareAndJump("LT", "<", false, target);
      case "JUMP_NOT_LE": return this.compareAndJump("LE", "<=", false, target);
      case "JUMP_NOT_GT": return this.compareAndJump("GT", ">", false, target);
      case "JUMP_NOT_GE": return this.compareAndJump("GE", ">=", false, target);
      case "JUMP_LOCALS_LT": {
        this.settle();
        const stepping = this.steppingJump();
        const [a, b] = [this.local(first), this.local(second)];
        this.put(`if(((${a}|${b})&1)===0)yes=${a}<${b};else{t=orderOf(${Op.LT},${a},${b});if(t<0){${stepping}}yes=t!==0;}`);
        this.spill();
        this.put(`if(yes)${this.jump(target)}`);
        return;
      }
      case "JUMP_SEQ": return this.equalAndJump(true, target);
      case "JUMP_SNE": return this.equalAndJump(false, target);

      case "GET_PROPERTY":
        this.settle();
        this.property(this.word(top), this.constant(first));
        return this.resultOrStep(1);
      case "GET_LOCAL_PROPERTY":
        this.settle();
        this.property(this.local(first), this.constant(second));
        return this.resultOrStep(0);
      case "GET_METHOD": {
        this.settle();
        const object = this.word(top);
        this.property(object, this.constant(first));
        this.put(`if(t===${NONE}){${this.stepping()}t=${this.home(top)};}`);
        this.copy(top);
        this.put(`${this.s(top)}=t;`);
        this.stack[top] = WORD;
        return;
      }
      case "PUT_PROPERTY":
        this.storeProperty(top - 1, top, first, this.options.storeTag);
        this.stack.length -= 2;
        return;
      case "DEFINE_PROPERTY":
        this.storeProperty(top - 1, top, first, this.options.defineTag);
        this.stack.length--;
        return;
      case "GET_ELEMENT": {
        const [a, b] = this.two();
        this.element(a, b);
        return this.resultOrStep(2);
      }
      case "GET_LOCALS_ELEMENT":
        this.settle();
        this.element(this.local(first), this.local(second));
        return this.resultOrStep(0);
      case "PUT_ELEMENT": {
        this.settle();
        const [a, b, value] = [this.word(top - 2), this.word(top - 1), this.word(top)];
        this.put(`a=quickElement(${a},${b});if(a!==0)M[a]=${value};else{${this.stepping()}}`);
        this.stack.length -= 3;
        return;
      }
      case "NEW_OBJECT":
        if (first > 16) return this.step();
        this.settle();
        this.put(`if(reserve(objectWords(${first})))t=newObject(M[${ROOTS + Root.SHAPE_object0! + first}]>>2)<<2|1;else{${this.stepping()}t=${this.home(this.depth)};}`);
        return this.pushWord("t");
      case "THIS": return this.pushWord(`M[fp+${THIS}]`);
      case "SLOPPY_THIS":
        this.settle();
        this.put(`t=M[fp+${THIS}];if((t&3)!==1||(M[t>>2]&255)<${Cell.OBJECT}){${this.stepping()}}`);
        return;
      case "CALLEE": return this.pushWord(`M[fp+${CALLEE}]`);
      case "CORE":
        this.pushWord(`M[${ROOTS + first}]`);
        return this.push({ at: "constant", word: UNDEFINED });
      case "INTRINSIC": return this.intrinsic(first, second);
      case "ITERATOR_NEXT":
        this.spill();
        this.put(`t=nextElement(${this.home(top - 1)},${this.home(top)});if(t!==${NONE}){${this.home(top + 1)}=t;}else{${this.stepping()}}`);
        return this.push(HOME);
      case "CALL": return this.call(first);
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

  private copy(index: number): void {
    const entry = this.stack[index]!;
    if (entry.at === "constant" || entry.at === "local") return this.push(entry);
    if (entry.at === "number") {
      this.settle();
    }
    this.pushWord(this.word(index));
  }
  /** Puts the words that are at `from` now where the lowest of them is, and above. */
  private permute(from: readonly number[]): void {
    this.settle();
    const words = from.map((index) => this.word(index));
    const entries = from.map((index) => this.stack[index]!);
    const base = Math.min(...from);
    const temporaries = ["t", "u", "w", "a"];
    entries.forEach((entry, i) => { if (entry.at === "word") this.put(`${temporaries[i]}=${words[i]};`); });
    entries.forEach((entry, i) => {
      if (entry.at === "word") this.put(`${this.s(base + i)}=${temporaries[i]};`);
      this.stack[base + i] = entry;
    });
  }
  /** The top of the stack into a local. */
  private store(slot: number): void {
    const top = this.depth - 1;
    const value = this.word(top);
    if (value === this.local(slot)) return;
    this.detach(slot);
    this.put(`M[fp-${slot}]=${this.local(slot)}=${this.word(top)};`);
  }
  /** A variable whose address `place` gives, 0 where it is to be left to `step`. */
  private variable(place: string, checked: boolean): void {
    this.settle();
    this.put(`a=${place};${checked ? `if(a===0||(t=M[a])===${Immediate.HOLE})` : `if(a!==0)t=M[a];else`}{${this.stepping()}t=${this.home(this.depth)};}`);
    this.pushWord("t");
  }
  private storeAt(place: string): void {
    this.settle();
    const value = this.word(this.depth - 1);
    this.put(`a=${place};if(a!==0)M[a]=${value};else{${this.stepping()}}`);
    this.stack.length--;
  }
  private two(): [string, string] {
    this.settle();
    return [this.word(this.depth - 2), this.word(this.depth - 1)];
  }

  // Numbers.

  /** a + b, a - b; `hidden` words of the two are not on the machine's stack (they are operands of the instruction). */
  private additive(op: "ADD" | "SUB", hidden: number): void {
    const top = this.depth - 1;
    const sign = op === "ADD" ? "+" : "-";
    // Where a number without a box is on the stack, nothing but such numbers may be made: the room is kept for its box.
    if (this.stack.some((entry) => entry.at === "number")) return this.numeric(sign, hidden);
    const a = this.word(top - 1);
    const b = this.word(top);
    const second = this.stack[top]!;
    this.stack.length -= hidden;
    const small = second.at === "constant" && (second.word & 1) === 0 ? `(${a}&1)===0` : `((${a}|${b})&1)===0`;
    const fits = op === "ADD" ? `((${a}^t)&(${b}^t))>=0` : `((${a}^${b})&(${a}^t))>=0`;
    this.put(`t=(${a}${sign}${b.startsWith("-") ? `(${b})` : b})|0;if(!(${small}&&${fits})){t=computeNumbers(${Op[op]},${a},${b});if(t===${NONE}){${this.stepping()}t=${this.home(top - 1)};}}`);
    this.replace(2 - hidden, "t");
  }
  /** Text that is true if word `index` is a number, which it then leaves in `into`. */
  private reading(index: number, into: string): string {
    const entry = this.stack[index]!;
    if (entry.at === "number") return `(${into}=${this.n(index)},true)`;
    if (entry.at === "constant" && (entry.word & 1) === 0) return `(${into}=${entry.word >> 1},true)`;
    const word = this.word(index);
    return `((${word}&1)===0?(${into}=${word}>>1,true):(${word}&3)===1&&(M[${word}>>2]&255)===${Cell.NUMBER}&&(${into}=F[((${word}>>2)+${Field.NUMBER_LOW})>>1],true))`;
  }
  /** An operator on numbers, whose result has no box yet. */
  private numeric(operator: "+" | "-" | "*" | "/", hidden = 0): void {
    const top = this.depth - 1;
    const result = top - 1;
    const readings = `${this.reading(result, "x")}&&${this.reading(top, "y")}`;
    const others = this.stack.slice(0, result).filter((entry) => entry.at === "number").length;
    this.stack.length -= hidden;
    const stepping = this.stepping();
    this.put(`if(${readings}&&!(${this.outOfRoom(others + 2)}))${this.n(result)}=x${operator}y;else{${stepping}t=${this.home(result)};if(isNumber(t)&&!(${this.outOfRoom(others + 1)}))${this.n(result)}=numberValue(t);else{status=${Outcome.SWITCH};break out;}}`);
    this.stack.length = result;
    this.push(NUMBER);
  }
  private bits(op: OpName, text: (a: string, b: string) => string): void {
    const top = this.depth - 1;
    const [a, b] = this.two();
    this.put(`if(((${a}|${b})&1)===0)t=${text(a, b)};else{t=combineNumbers(${Op[op]},${a},${b});if(t===${NONE}){${this.stepping()}t=${this.home(top - 1)};}}`);
    this.replace(2, "t");
  }
  private shift(fits: string, text: (a: string, b: string) => string): void {
    const top = this.depth - 1;
    const [a, b] = this.two();
    const op = this.current.op;
    this.put(`if(((${a}|${b})&1)===0&&(x=${text(a, b)},${fits}))t=x<<1;else{t=combineNumbers(${Op[op]},${a},${b});if(t===${NONE}){${this.stepping()}t=${this.home(top - 1)};}}`);
    this.replace(2, "t");
  }
  /** Text that puts whether a < b (and so on) into `yes`, or does `otherwise` where they are no numbers. */
  private comparing(op: OpName, operator: string, otherwise: string): string {
    const top = this.depth - 1;
    if (this.stack[top]!.at === "number" || this.stack[top - 1]!.at === "number") {
      return `if(${this.reading(top - 1, "x")}&&${this.reading(top, "y")})yes=x${operator}y;else{${otherwise}}`;
    }
    const a = this.word(top - 1);
    const b = this.word(top);
    return `if(((${a}|${b})&1)===0)yes=${a}${operator}${b};else{t=orderOf(${Op[op]},${a},${b});if(t<0){${otherwise}}else yes=t!==0;}`;
  }
  private comparison(op: OpName, operator: string): void {
    const top = this.depth - 1;
    this.loadTwo();
    this.put(this.comparing(op, operator, `${this.stepping()}yes=${this.home(top - 1)}===${Immediate.TRUE};`));
    this.replace(2, `yes?${Immediate.TRUE}:${Immediate.FALSE}`);
  }
  /** The two on top are in variables: so what is printed for a cold path does not load them. */
  private loadTwo(): void {
    for (const index of [this.depth - 2, this.depth - 1]) if (this.stack[index]!.at === "home") this.word(index);
  }
  private compareAndJump(op: OpName, operator: string, wanted: boolean, target: number): void {
    this.loadTwo();
    this.put(this.comparing(op, operator, this.steppingJump()));
    this.stack.length -= 2;
    this.spill();
    this.put(`if(${wanted ? "yes" : "!yes"})${this.jump(target)}`);
  }

  /** Text that puts whether the two on top are strictly equal into `yes`; long texts are compared at a charge. */
  private equating(failing: string, behind: string): string {
    const top = this.depth - 1;
    const [a, b] = [this.word(top - 1), this.word(top)];
    const constant = [top - 1, top].some((index) => { const entry = this.stack[index]!; return entry.at === "constant" && (entry.word & 3) !== 1 && entry.word !== 0; });
    const reading = constant && [top - 1, top].every((index) => this.stack[index]!.at !== "number");
    // A constant that is no reference is equal only to itself, except 0, which is equal to -0: other numbers are never boxed integers.
    if (reading) return `yes=${a}===${b};`;
    return `if((${a}&3)!==1&&(${b}&3)!==1)yes=${a}===${b};else{M[${Reg.FUEL}]=fuel+${this.ahead};t=strictEquals(${a},${b});if(t<0){${failing}}else{yes=t!==0;fuel=M[${Reg.FUEL}]-${this.ahead};${behind}}}`;
  }
  private equality(wanted: boolean): void {
    this.settle();
    const top = this.depth - 1;
    this.loadTwo();
    const [yes, no] = wanted ? [Immediate.TRUE, Immediate.FALSE] : [Immediate.FALSE, Immediate.TRUE];
    const failing = `${this.stepping()}yes=${this.home(top - 1)}===${yes};`;
    const { next } = this.current;
    const rest = this.stack.slice(0, top - 1);
    const text = this.equating(failing, "@");
    this.stack.length -= 2;
    const spilling = this.spilling();
    // The charge may have taken more than there was: the machine stops behind this instruction.
    this.put(text.replace("@", `if(fuel<0){${spilling}${this.home(top - 1)}=yes?${yes}:${no};return low(${next},${this.pointer(top)},fp,fuel+${this.ahead});}`));
    this.stack = rest;
    this.pushWord(`yes?${yes}:${no}`);
  }
  private equalAndJump(wanted: boolean, target: number): void {
    this.settle();
    this.loadTwo();
    this.put(this.equating(this.steppingJump(), ""));
    this.stack.length -= 2;
    this.spill();
    this.put(`if(${wanted ? "yes" : "!yes"})${this.jump(target)}`);
  }
  /** A jump that looks at the top: takes `pops` of it in any case, and `kept` more words where it is not taken. */
  private branch(target: number, pops: number, kept: number, test: (word: string) => string): void {
    this.settle();
    const top = this.depth - 1;
    const word = this.word(top);
    this.put(`yes=${test(word)};`);
    if (kept === 0) {
      // Popped either way.
      this.stack.length -= pops;
      this.spill();
    } else {
      this.spill();
      // Kept on one side only; on the other it is simply not counted.
      if (kept === 1) this.stack.length--;
    }
    this.put(`if(yes)${this.jump(target)}`);
  }

  // Properties and elements.

  /** Text that puts property `key` of `object` into `t`, NONE where neither the cache nor the object's form gives it. */
  private property(object: string, key: string): void {
    this.put(`if((${object}&3)===1&&(((M[a=${object}>>2]&255)-${Cell.OBJECT})>>>0)<=${Cell.TYPED_ARRAY - Cell.OBJECT}&&(u=M[a+1],w=${key},C[h=((u>>3)^(w>>1))<<2&16380]===u)&&C[h+1]===w){` +
      `u=C[h+3];t=M[u===0?a+C[h+2]:u===1?(M[a+2]>>2)+C[h+2]:u+C[h+2]];}else t=quickProperty(${object},${key});`);
  }
  private storeProperty(objectIndex: number, valueIndex: number, constant: number, tag: number): void {
    this.settle();
    const object = this.word(objectIndex);
    const value = this.word(valueIndex);
    const key = `${this.constant(constant)}^${tag}`;
    this.put(`if((${object}&3)===1&&(((M[a=${object}>>2]&255)-${Cell.OBJECT})>>>0)<=${Cell.TYPED_ARRAY - Cell.OBJECT}&&(u=M[a+1],w=${key},C[h=((u>>3)^(w>>1))<<2&16380]===u)&&C[h+1]===w&&C[h+3]!==1){` +
      `M[a+C[h+2]]=${value};if((u=C[h+3])!==0)M[a+1]=u;}else if(!quickStore(${object},${key},${value})){${this.stepping()}}`);
  }
  private element(array: string, index: string): void {
    this.put(`if((${array}&3)===1&&(${index}&1)===0&&(M[a=${array}>>2]&255)===${Cell.ARRAY}&&((u=M[a+${Field.ARRAY_ELEMENTS}])&3)===1&&((w=M[u>>=2])&255)===${Cell.ELEMENTS}&&${index}>=0&&${FIRST_ELEMENT}+(${index}>>1)<(w>>>8)<<1){` +
      `t=M[u+${FIRST_ELEMENT}+(${index}>>1)];if(t===${Immediate.HOLE})t=${NONE};}else t=otherElement(${array},${index});`);
  }

  // Calls.

  private intrinsic(number: number, argc: number): void {
    if (steppedIntrinsics.has(number)) return this.step();
    this.spill();
    const { pc, next } = this.current;
    const result = this.depth - argc;
    const sp = this.pointer(this.depth);
    this.put(`M[${Reg.FUEL}]=fuel+${this.ahead};t=objectIntrinsic(${number},${sp});` +
      `if(t===${NONE}){status=failed(${pc},${sp},fp,${next},depth);if(status!==0)break out;}else ${this.home(result)}=t;`);
    this.stack.length = result;
    this.push(HOME);
    this.put(`if((fuel=M[${Reg.FUEL}]-${this.ahead})<0)return low(${next},${this.pointer(this.depth)},fp,fuel+${this.ahead});`);
  }
  private call(argc: number): void {
    this.settle();
    this.spill();
    const { pc, next } = this.current;
    const result = this.depth - argc - 2;
    const sp = this.pointer(this.depth);
    this.put(`w=${this.home(result)};if((w&3)===1&&(M[w>>=2]&255)===${Cell.FUNCTION}&&table[u=((t=M[w+${Field.FUNCTION_CODE}]>>2)>>1)&${TABLE_SIZE - 1}]===t)status=compiled[u](${argc},${sp},fp,${next},fuel,depth-1);else status=${Outcome.REFUSED};` +
      `if(status!==${Outcome.DONE}){if(status===${Outcome.REFUSED})status=slow(${pc},${sp},fp,fuel+1,${next},depth);if(status!==0)break out;}fuel=M[${Reg.FUEL}];`);
    this.stack.length = result;
    this.push(HOME);
  }
  private return(value: string): void {
    const { parameters, flags } = this.decoding;
    if ((flags & CodeFlag.ARGUMENTS) !== 0) return this.leap();
    const returning = `if(argc>=0){M[fp+${CALLEE}]=${value};M[${Reg.FUEL}]=fuel;return ${Outcome.DONE};}`;
    this.put(`${returning}if(leave(${value},fp,fp-${parameters + Frame.LINK},fuel))return ${Outcome.SWITCH};`);
    this.leap();
  }
}
