// The texts of the commonest operations: what the interpreter's loop does by itself (kernel/run.ts, kernel/quick.ts), as far
// as operands are of the ordinary kind; anything else is an exit.

import { Cell, Field } from "../format/cells.js";
import { BARE_LENGTH } from "../format/code.js";
import { CALLEE, CodeFlag, Frame, THIS } from "../format/frame.js";
import { Intrinsic } from "../format/intrinsics.js";
import { Op, type OpName } from "../format/opcodes.js";
import { Reg } from "../format/registers.js";
import { CORE_WORDS, Immediate } from "../format/words.js";
import { HOME, NUMBER, Outcome, StackText, type Entry } from "./stack.js";

const { NONE } = Immediate;
/** Places of the table of compiled functions that calls look into. */
export const TABLE_SIZE = 16384;
/** Beside the number of arguments: the call is that of a constructor. */
export const MAKING = 256;
/** The first element of an ELEMENTS cell (kernel/elements.ts). */
const FIRST_ELEMENT = 1;

/** These need the machine's registers, or stop it. */
const steppedIntrinsics = new Set<number>([Intrinsic.host, Intrinsic.wait, Intrinsic.end, Intrinsic.regexpMatch, Intrinsic.jsonParse, Intrinsic.jsonWrite]);

export abstract class Operations extends StackText {
  protected pushConstant(word: number): void { this.push({ at: "constant", word, stored: false }); }
  protected pushLocal(slot: number): void {
    this.local(slot);
    this.push({ at: "local", slot, stored: false });
  }
  protected copy(index: number): void {
    const entry = this.stack[index]!;
    if (entry.at === "constant" || entry.at === "local") return this.push({ ...entry, stored: false });
    this.pushWord(this.word(index));
  }
  /** Puts the words that are at `from` now where the lowest of them is, and above. */
  protected permute(from: readonly number[]): void {
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
  protected store(slot: number, pops: number): void {
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
  protected stepLocal(slot: number, sum: string, fits: string): void {
    this.boxed();
    const variable = this.local(slot);
    this.put(`t=(${variable}${sum})|0;if((${variable}&1)!==0||!(t${fits}${variable}))${this.exit()}`);
    this.detach(slot);
    this.put(`M[fp-${slot}]=${variable}=t;`);
    this.done();
  }
  protected outer(depth: number, variable: number): string {
    this.scopes.set(depth, Math.max(variable, this.scopes.get(depth) ?? 0));
    return `M[o${depth}+${variable}]`;
  }
  protected moduleVariable(module: number, variable: number): string {
    this.modules.set(module, Math.max(variable, this.modules.get(module) ?? 0));
    return `M[p${module}+${variable}]`;
  }
  protected checked(place: string): void {
    this.put(`if((t=${place})===${Immediate.HOLE})${this.exit()}`);
    this.pushWord("t");
  }
  protected storeVariable(place: string): void {
    this.boxed();
    this.put(`${place}=${this.word(this.depth - 1)};`);
    this.stack.length--;
    this.done();
  }

  // Numbers.

  /** a + b, a - b. */
  protected additive(op: "ADD" | "SUB"): void {
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
  protected isKnown(index: number): boolean {
    const entry = this.stack[index]!;
    return entry.at === "number" || (entry.at === "local" && this.known.has(entry.slot));
  }
  /** The value of word `index`, a number, as an expression; leaves it to the interpreter if it is none. */
  protected value(index: number, into: string): string {
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
  protected numeric(operator: "+" | "-" | "*" | "/"): void {
    const top = this.depth - 1;
    const x = this.value(top - 1, "x");
    const y = this.value(top, "y");
    this.stack.length -= 2;
    this.put(`${this.n(top - 1)}=${x}${operator}${y.startsWith("-") ? `(${y})` : y};`);
    this.push(NUMBER);
  }
  protected bits(op: OpName, text: (a: string, b: string) => string): void {
    const [a, b] = this.two();
    this.put(`if(((${a}|${b})&1)===0)t=${text(a, b)};else if((t=combineNumbers(${Op[op]},${a},${b}))===${NONE})${this.exit()}`);
    this.replace(2, "t");
  }
  protected shift(op: OpName, fits: string, text: (a: string, b: string) => string): void {
    const [a, b] = this.two();
    this.put(`if(((${a}|${b})&1)===0&&(x=${text(a, b)},${fits}))t=x<<1;else if((t=combineNumbers(${Op[op]},${a},${b}))===${NONE})${this.exit()}`);
    this.replace(2, "t");
  }
  /** Puts whether a < b (and so on) into `yes`. */
  protected compare(op: OpName, operator: string): void {
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
  protected comparison(op: OpName, operator: string): void {
    this.compare(op, operator);
    this.replace(2, `yes?${Immediate.TRUE}:${Immediate.FALSE}`);
  }
  protected compareAndJump(op: OpName, operator: string, wanted: boolean, target: number): void {
    this.compare(op, operator);
    this.jumpIf(wanted, target, 2);
  }
  /** Pops, and jumps if `yes` is as wanted. */
  protected jumpIf(wanted: boolean, target: number, pops: number): void {
    this.stack.length -= pops;
    this.boxed();
    this.done();
    this.put(`if(${wanted ? "yes" : "!yes"})${this.jump(target)}`);
  }

  /** Puts whether the two on top are strictly equal into `yes`. True where long texts may have been charged for. */
  protected equate(): boolean {
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
  protected equality(wanted: boolean): void {
    const charged = this.equate();
    const [yes, no] = wanted ? [Immediate.TRUE, Immediate.FALSE] : [Immediate.FALSE, Immediate.TRUE];
    this.replace(2, `yes?${yes}:${no}`);
    if (!charged) return;
    this.done();
    if (this.ahead > 0) this.put(`if(fuel<0){status=${this.addExit(this.index + 1, -1)};break cold;}`);
  }
  protected equalAndJump(wanted: boolean, target: number): void {
    this.equate();
    this.jumpIf(wanted, target, 2);
  }
  /** A jump that looks at the top, which is popped (kept 0), kept where it jumps (1), or kept where it does not (-1). */
  protected branch(target: number, kept: number, test: (word: string) => string): void {
    const word = this.word(this.depth - 1);
    this.put(`yes=${test(word)};`);
    if (kept === 0) return this.jumpIf(true, target, 1);
    this.boxed();
    this.done();
    this.put(`if(yes)${this.jump(target)}`);
    if (kept === 1) this.stack.length--;
  }

  // Properties and elements. Each place remembers, as long as the property cache would, the header and the shape of one
  // object it has seen, and where the property was: an own one, inside the cell.

  protected property(object: string, key: string): void {
    const i = this.caches++;
    this.put(`if((${object}&3)===1&&M[a=${object}>>2]===h${i}&&M[a+1]===i${i}&&${this.flushes}===e${i})t=M[a+j${i}];else{if((t=quickProperty(${object},${key}))===${NONE})${this.exit()}` +
      `if(${this.flushes}!==e${i}){a=${object}>>2;e${i}=${this.flushes};h${i}=(j${i}=ownPlace(${object},${key},0))===0?-1:M[a];i${i}=M[a+1];}}`);
  }
  /** `pops`: 2 for a store, 1 for a definition, which leaves the object. */
  protected storeProperty(constant: number, tag: number, pops: number): void {
    this.boxed();
    const i = this.caches++;
    const [object, value] = this.two();
    const key = `${this.constant(constant)}^${tag}`;
    const changing = pops === 1 ? `M[a+1]=k${i};` : `if(k${i}!==0)M[a+1]=k${i};`;
    const asked = `&&${this.flushes}===e${i}`;
    const empty = `${this.flushes}!==e${i}`;
    this.put(`if((${object}&3)===1&&M[a=${object}>>2]===h${i}&&M[a+1]===i${i}${asked}){M[a+j${i}]=${value};${changing}}else{` +
      `u=-1;if(${empty}&&(u=ownPlace(${object},${key},${pops}))!==0)w=M[(${object}>>2)+1];` +
      `if(!quickStore(${object},${key},${value}))${this.exit()}` +
      `if(u>=0){a=${object}>>2;e${i}=${this.flushes};h${i}=u===0?-1:M[a];i${i}=w;j${i}=u;k${i}=w===M[a+1]?${pops === 1 ? "w" : "0"}:M[a+1];}}`);
    this.stack.length -= pops;
    this.done();
  }
  protected element(array: string, index: string): void {
    this.put(`if((${array}&3)===1&&(${index}&1)===0&&(M[a=${array}>>2]&255)===${Cell.ARRAY}&&((u=M[a+${Field.ARRAY_ELEMENTS}])&3)===1&&((w=M[u>>=2])&255)===${Cell.ELEMENTS}&&${index}>=0&&${FIRST_ELEMENT}+(${index}>>1)<(w>>>8)<<1){` +
      `if((t=M[u+${FIRST_ELEMENT}+(${index}>>1)])===${Immediate.HOLE})t=${NONE};}else t=(${array}&3)===1&&(M[${array}>>2]&255)===${Cell.TYPED_ARRAY}?otherElement(${array},${index}):${NONE};`);
  }

  // Calls.

  protected intrinsic(number: number, argc: number): void {
    if (steppedIntrinsics.has(number)) return this.step();
    this.settled();
    const { pc, next } = this.currentBlock.instructions[this.index]!;
    const result = this.depth - argc;
    const sp = `fp-${this.below(this.depth)}`;
    // It walks the frames from the running one on.
    if (number === Intrinsic.captureStack) this.put(`M[${Reg.PC}]=${pc};M[${Reg.FP}]=fp;`);
    this.put(`M[${Reg.FUEL}]=fuel+${this.ahead};if((t=objectIntrinsic(${number},${sp}))===${NONE}){if((status=failed(${pc},${sp},fp,${next},depth))!==0)break done;t=${this.home(result)};}`);
    this.replace(argc, "t");
    this.done();
    this.put(this.charged());
  }
  protected call(argc: number, making: boolean): void {
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
  protected return(value: string): void {
    const { parameters, flags } = this.decoding;
    if ((flags & CodeFlag.ARGUMENTS) === 0) this.put(`if(argc>=0){M[fp+${CALLEE}]=${(flags & CodeFlag.CONSTRUCTOR) === 0 ? value : `making===0||isObject(${value})?${value}:M[fp+${THIS}]`};M[${Reg.FUEL}]=fuel;return ${Outcome.DONE};}if(leave(${value},fp,fp-${parameters + Frame.LINK},fuel))return ${Outcome.SWITCH};`);
    this.leap();
  }
  /** A jump that compares texts, at a charge. */
  protected orderAndJump(op: OpName, wanted: boolean, target: number): boolean {
    this.boxed();
    const [a, b] = this.two();
    this.put(`M[${Reg.FUEL}]=fuel;if((t=order(${Op[op]},${a},${b}))<0)${this.exit()}fuel=M[${Reg.FUEL}];yes=t!==0;`);
    this.jumpIf(wanted, target, 2);
    return true;
  }
}

export function falsy(word: string): string { return `${word}===${Immediate.FALSE}||${word}!==${Immediate.TRUE}&&!truthy(${word})`; }
export function truthful(word: string): string { return `${word}===${Immediate.TRUE}||${word}!==${Immediate.FALSE}&&truthy(${word})`; }
