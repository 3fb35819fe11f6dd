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
import { CALLEE, CodeFlag, Frame, FRAME_WORDS, ReturnMode, THIS } from "../format/frame.js";
import { Op } from "../format/opcodes.js";
import { Reg } from "../format/registers.js";
import { Root, ROOTS } from "../format/roots.js";
import { Immediate } from "../format/words.js";
import type { Block, Decoded, Decoding } from "./decode.js";
import { falsy, MAKING, Operations, truthful } from "./operations.js";
import { HOME, Outcome, WORD, type EmitOptions, type Exit } from "./stack.js";

const { UNDEFINED, NONE } = Immediate;

export interface Emitted { readonly text: string; readonly exits: readonly Exit[] }

/** The text of a function that makes the compiled function from the kernel and the engine (jit.ts), and its exits. */
export function emit(decoding: Decoding, options: EmitOptions): Emitted { return new Emitter(decoding, options).emitted(); }

class Emitter extends Operations {
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
      `const{views,table,compiled,slow,leap,failed,low,leave,exit,ownPlace,methodPlace,globalPlace}=engine;`,
      `const{computeNumbers,combineNumbers,orderOf,variableAt,moduleVariableAt,cachedProperty,quickProperty,quickStore,quickElement,otherElement,nextElement,strictEquals,typeOf,truthy,numberResult,numberValue,isNumber,reserve,newObject,objectWords,objectIntrinsic,fastPath,joinValues,order,quickRemainder,quickPrivate,quickStorePrivate,gatherArray,isText,isObject,constructThis,quickInstance}=kernel;`,
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
      case "PUT_GLOBAL": {
        this.boxed();
        const i = this.caches++;
        const [value, key] = [this.word(top), `${this.constant(first)}^${this.options.storeTag}`];
        this.put(`if(${this.flushes}===e${i})M[j${i}]=${value};else{if(!quickStore(M[${ROOTS + Root.global!}],${key},${value}))${this.exit()}e${i}=${this.flushes};j${i}=globalPlace(${key});}`);
        this.stack.length--;
        return this.done();
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
      case "INSTANCEOF": {
        const [a, b] = this.two();
        this.put(`if((t=quickInstance(${a},${b}))<0)${this.exit()}`);
        return this.replace(2, `t===1?${Immediate.TRUE}:${Immediate.FALSE}`);
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
}
