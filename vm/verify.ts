// The verifier: is this memory one that the machine could have made? It runs over the words of an image before the first
// of them is executed, so that the kernel can believe all that is written here and check the rest: kinds of the operands
// of intrinsics and of values in general, lengths and indices. What it refuses it refuses with the number of a rule and
// an address. A hostile image that passes can only make its own program do odd things.
//
// The algorithm is the kernel's (vm/kernel/verify*.ts), so the machine in C has the same; here are the rules and sentences.
//
// Passes: (1) the cells tile the heap; a bit per 8 bytes remembers where they start. (2) Every tagged word of every cell,
// every field that needs a kind, every hash and table, the bytecode. (3) Who owns what, suspended frames. (4) Chains of
// prototypes. Then registers and stack. Nothing is believed because something else says so: a count is compared with what
// it counts, a hash is computed again. Each pass is one walk over the heap; what searching adds is bounded (VW1).
//
// The rules, by the numbers that reasons cite (VI1 is image.ts's; the numbers without V in README.md are the machine's own
// invariants, which these make sure of):
//
// | Rule | What holds |
// |------|------------|
// | VH1  | The cells tile the heap: every header has a kind of the table and a size that is not less than its fields and does not reach beyond the heap's end. |
// | VH2  | A cell's size is what its own counts and lengths say; padding and unused bytes are zero. |
// | VH3  | A tagged word is a small integer, one of the immediates (NONE only as the key of a shape without one), or a reference to the start of a cell of the program or the core. |
// | VH4  | A boxed number is none that a small integer could be; NaN has one form. |
// | VH5  | A wide text has a unit above 255, and no text is longer than STRING_MAX. |
// | VH6  | A rope's parts are texts, not empty, and make up its length and width; once flat, its left part is the whole text and its right one the empty string. |
// | VH7  | A KEY is no array index, its hash is its text's, and it is the only interned string with that text, the core's included. |
// | VH8  | A WEAK_SET has a power of two of places, its counts are right, one place is free; members of INTERN are keys, those of TRANSITIONS shapes of lines, found where a search looks for them. |
// | VH9  | An object's shape is a SHAPE for its kind; inline properties fit the cell, the others its SLOTS, which is its program's; a function without own properties (LAZY) has no SLOTS. |
// | VH10 | A shape's prototype is an object or null, and an object of the program then has a serial and a shape with flag PROTOTYPE; a shape that follows another has its properties and one more; a UNIQUE shape has a table of the program whose entries it counts; a LAZY one, if the program has made a further realm, has flags, count and table of one of the core's; all others have no flags. |
// | VH11 | A UNIQUE shape belongs to one object, its table to it alone; a SLOTS cell belongs to one object. |
// | VH12 | Chains of prototypes end. |
// | VH13 | A property with attribute ACCESSOR has an ACCESSOR cell. |
// | VH14 | In a hash table entries, counts and index agree: every live entry is found by its key, no key twice; what is not in use is undefined or zero. |
// | VH15 | A function's code is a CODE, its scope a SCOPE or undefined, its realm 0 or, if the program has made a further one, a REALM. |
// | VH16 | A record's brand exists, and it has that brand's internal slots; a bound function has a function or a proxy, and its arguments. |
// | VH17 | Elements are ELEMENTS, SPARSE or undefined; a serial is a small integer that is not negative, or undefined. |
// | VH18 | A typed array has a type, a buffer, an aligned offset, a length of at least -1. |
// | VH19 | A symbol's description is a text or undefined; a scope's parent is a scope or undefined. |
// | VH20 | A REALM belongs to a program that has made one, has a word for each root, and that is of the same kind as the core's: what the kernel and its code have no copy of the same, a function of the same code, a shape of the same form, a record of the same brand, a scope of as many variables. |
// | VB1  | A code's fields are in their ranges: flags known, slots for parameters and frame words. Debug information is ELEMENTS; what is in it nobody believes. |
// | VB2  | A program has no code of the core: no flag CORE, no fast path. |
// | VB3  | Constants are numbers, texts and code. |
// | VB4  | The stack's depth is never negative nor above stackWords, and is the declared one at labels; labels ascend; a jump arrives at a label. |
// | VB5  | A handler's range begins and ends at instructions, its target is a label one deeper than what it keeps, and no instruction within takes what it keeps. |
// | VB6  | Every byte belongs to an instruction that something reaches, and control does not run off the end. |
// | VB7  | Operands name constants (of the kind the instruction needs), locals that are not the frame's own words, roots that a program may have; there are no instructions that only the core may use. |
// | VS1  | The words of the stack are good (VH3). |
// | VS2  | A frame has a function, lies within the stack, and its caller's frame above it. |
// | VS3  | A frame stands at an instruction, with as many words on its stack as that expects; a caller at one that a call in that return mode comes back to. |
// | VS4  | The last frame has return mode END and ends at the stack's base; no other has. |
// | VS5  | A resumed frame names its coroutine, which runs; a coroutine's state and its FRAME agree. |
// | VR1  | Registers are in their ranges; limits hold. |
// | VR2  | Registers that are tagged words have the kinds that their descriptions say. |
// | VR3  | STATE has its variables. |
// | VR4  | An overlay is a cell of the program, of the kind and size of the object of the core that it stands for; a function's is one of a program's size. |
// | VW1  | Searching takes no longer than good hashes make it. |

import { Rule } from "./format/verification.js";
import type { Machine } from "./machine.js";

/** What was found: the rule, with a few words, and the address of the word, cell or frame. */
export interface Finding { reason: string; address: number }

/** A sentence for each rule. The hosts in C have the same (hosts/c/core-to-c.ts). */
export const ruleSentences: Readonly<Record<number, string>> = {
  [Rule.H1]: "VH1: the cells do not tile the heap",
  [Rule.H2]: "VH2: a cell's size is not what it says it holds",
  [Rule.H3]: "VH3: a word is no value and no reference to a cell",
  [Rule.H4]: "VH4: a number is not in its form",
  [Rule.H5]: "VH5: a text is not in its form",
  [Rule.H6]: "VH6: a rope's parts do not make it up",
  [Rule.H7]: "VH7: an interned string has another hash, or is not the only one",
  [Rule.H8]: "VH8: a set of strings or shapes is not in order",
  [Rule.H9]: "VH9: an object does not fit its shape",
  [Rule.H10]: "VH10: a shape is not in order",
  [Rule.H11]: "VH11: a shape or its table has two owners",
  [Rule.H12]: "VH12: a chain of prototypes has no end",
  [Rule.H13]: "VH13: an accessor property has no accessor",
  [Rule.H14]: "VH14: a hash table is not in order",
  [Rule.H15]: "VH15: a function has no code",
  [Rule.H16]: "VH16: a record does not have the slots of its brand",
  [Rule.H17]: "VH17: elements or serial of an object are something else",
  [Rule.H18]: "VH18: a typed array is not in order",
  [Rule.H19]: "VH19: a symbol or scope is not in order",
  [Rule.H20]: "VH20: a realm is not in order",
  [Rule.B1]: "VB1: a code's fields are out of range",
  [Rule.B2]: "VB2: code of the core in a program",
  [Rule.B3]: "VB3: a constant is something else",
  [Rule.B4]: "VB4: the stack's depth does not agree",
  [Rule.B5]: "VB5: an exception handler does not fit",
  [Rule.B6]: "VB6: bytecode that is no instruction, or that nothing reaches, or that runs off the end",
  [Rule.B7]: "VB7: an operand names what is not there",
  [Rule.S1]: "VS1: a word of the stack is no value",
  [Rule.S2]: "VS2: a frame is not one",
  [Rule.S3]: "VS3: a frame's place in its code and its stack do not agree",
  [Rule.S4]: "VS4: the last frame is not the bottom of the stack",
  [Rule.S5]: "VS5: a coroutine's state and frame do not agree",
  [Rule.R1]: "VR1: a register is out of range",
  [Rule.R2]: "VR2: a register has a word of another kind",
  [Rule.R3]: "VR3: the program's variables are not there",
  [Rule.R4]: "VR4: an overlay does not fit what it stands for",
  [Rule.W1]: "VW1: hash tables made so that searching takes long",
};

/** Verifies a machine's memory as it is now. Undefined: nothing is wrong with it. */
export function verifyMachine(machine: Machine): Finding | undefined {
  machine.use();
  const { kernel, core } = machine;
  const rule = kernel.verifyMemory(core.words.length, core.nextSerial);
  return rule === 0 ? undefined : { reason: ruleSentences[rule]!, address: kernel.refusedAddress() };
}
