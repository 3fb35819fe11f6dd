// The verifier: it accepts every state a program is ever in, and refuses forged ones for their reason. Forged images by
// the thousand are in torture.test.ts; here is one for each thing that chance is unlikely to hit.

import test from "ava";
import { checkHeap } from "../vm/check-heap.js";
import { Cell, Field, ShapeFlag } from "../vm/format/cells.js";
import { codeField, codeRange } from "../vm/format/code.js";
import { CALLEE, CodeFlag, Frame } from "../vm/format/frame.js";
import { Op } from "../vm/format/opcodes.js";
import { Reg } from "../vm/format/registers.js";
import { HEAP, Immediate, REGISTER_WORDS, REGISTERS } from "../vm/format/words.js";
import { encodeImage, ImageError, readImage, restoreImage, type ImageParts } from "../vm/image.js";
import { inspect } from "../vm/inspect.js";
import type { Machine } from "../vm/machine.js";
import { verifyMachine } from "../vm/verify.js";
import { core, digest, Driver, kernel, limits, machineOf, meta, programs } from "./image-support.js";

for (const [name, source] of Object.entries(programs)) {
  test(`${name}: in order between any two instructions, garbage included`, (t) => {
    const driver = new Driver(machineOf(source));
    for (let steps = 0; steps < 1200 && driver.run(1); steps++) {
      const finding = checkHeap(driver.machine);
      if (finding !== undefined) t.fail(`${finding.reason} at ${finding.address} after ${driver.machine.steps} steps`);
    }
    t.pass();
  });
}

function partsOf(machine: Machine): ImageParts { return readImage(encodeImage(machine, meta, digest), digest, limits); }

/** A program of its own, stopped in the middle of a recursion. */
const victim = (() => {
  const driver = new Driver(machineOf("class A { get x() { return 1; } } const a = new A(); const o = Object.create(a); o.y = [1, 2.5, 'text'.repeat(20)]; function* g() { yield 1; yield 2; } const it = g(); it.next(); const b = 10n ** 30n; const zero = b - b; const m = new Map(); m.set(b, zero); for (let i = 0; i < 20; i++) m.set('k' + i, o); m.set('wide', '\\u20ac'.repeat(20)); let s = 'x'; for (let i = 0; i < 40; i++) s += 'y'; function f(n) { return n === 0 ? o.x : f(n - 1); } f(5); setTimeout(() => console.log(a, o, it, m, s), 1);"));
  while (driver.run(1)) {
    const { stack } = inspect(driver.machine);
    if (stack.length === 8 && stack[0]!.function === "f") break;
  }
  return partsOf(driver.machine);
})();
/** Offsets in `low` of the cells of a kind. */
function cellsOf(low: Int32Array, kind: number): number[] {
  const found: number[] = [];
  for (let at = REGISTER_WORDS; at < low.length; at += (low[at]! >>> 8) << 1) if ((low[at]! & 255) === kind) found.push(at);
  return found;
}
/** A reference to the cell at that offset. */
function to(at: number): number { return ((at + REGISTERS) << 2) | 1; }

function refuses(name: string, rule: string, forge: (low: Int32Array, stack: Int32Array) => void): void {
  test(`refuses ${name}`, (t) => {
    const low = victim.low.slice();
    const stack = victim.stack.slice();
    forge(low, stack);
    const error = t.throws(() => { restoreImage(kernel, core, { ...victim, low, stack }, digest); }, { instanceOf: ImageError });
    t.regex(error!.message, new RegExp(`${rule}:`));
  });
}
refuses("a chain of prototypes that comes back to itself", "VH12", (low) => {
  for (const shape of cellsOf(low, Cell.SHAPE)) {
    // Whatever had an object of the program as prototype now follows itself: the object whose shape it is.
    const owner = cellsOf(low, Cell.OBJECT).find((object) => low[object + 1] === to(shape));
    const prototype = low[shape + Field.SHAPE_PROTOTYPE!]!;
    if (owner === undefined || (prototype & 3) !== 1 || prototype >> 2 < HEAP) continue;
    const first = (prototype >> 2) - REGISTERS;
    const next = low[(low[first + 1]! >> 2) - REGISTERS + Field.SHAPE_PROTOTYPE!]!;
    if (next >> 2 >= HEAP) low[(low[(next >> 2) - REGISTERS + 1]! >> 2) - REGISTERS + Field.SHAPE_PROTOTYPE!] = prototype;
    else low[(low[first + 1]! >> 2) - REGISTERS + Field.SHAPE_PROTOTYPE!] = prototype;
  }
});
refuses("one shape of their own for two objects", "VH11", (low) => {
  const unique = cellsOf(low, Cell.SHAPE).find((shape) => (low[shape + Field.SHAPE_FLAGS!]! & (ShapeFlag.UNIQUE | 0xff00)) === ShapeFlag.UNIQUE && low[shape + Field.SHAPE_COUNT!] === 0)!;
  const other = cellsOf(low, Cell.OBJECT).find((object) => low[object + 1] !== to(unique) && ((low[object]! >>> 8) << 1) === 4)!;
  low[other + 1] = to(unique);
});
refuses("one SLOTS cell for two objects", "VH11", (low) => {
  const [first, second] = [...cellsOf(low, Cell.FUNCTION), ...cellsOf(low, Cell.OBJECT)].filter((object) => (low[object + 2]! & 3) === 1);
  low[second! + 2] = low[first! + 2]!;
});
refuses("an interned string with another hash", "VH7", (low) => { low[cellsOf(low, Cell.KEY)[0]! + Field.KEY_HASH!]! ^= 1; });
refuses("the same interned string twice", "VH7", (low) => {
  const [first, second] = cellsOf(low, Cell.KEY).filter((key, _, all) => all.some((other) => other !== key && low[other] === low[key] && low[other + 1] === low[key + 1]));
  low.copyWithin(second!, first!, first! + ((low[first!]! >>> 8) << 1));
});
refuses("a wide text of less than no units", "VH2", (low) => { low[cellsOf(low, Cell.WIDE_STRING)[0]! + Field.STRING_LENGTH!] = -0x7fffffff; });
refuses("a rope that is longer than its parts", "VH6", (low) => { low[cellsOf(low, Cell.ROPE)[0]! + Field.ROPE_LENGTH!]! += 2; });
refuses("a rope that contains itself", "VH6", (low) => { const rope = cellsOf(low, Cell.ROPE)[0]!; low[rope + Field.ROPE_LEFT!] = to(rope); });
const big = (low: Int32Array): number => cellsOf(low, Cell.BIGINT).find((cell) => low[cell + Field.BIGINT_LENGTH!] === 4)!;
refuses("a big integer with a leading zero", "VH4", (low) => { low[big(low) + Field.BIGINT_TAIL! + 3] = 0; });
refuses("a big integer with another sign than 0 or 1", "VH4", (low) => { low[big(low) + Field.BIGINT_SIGN!] = 2; });
refuses("a negative big zero", "VH4", (low) => { low[cellsOf(low, Cell.BIGINT).find((cell) => low[cell + Field.BIGINT_LENGTH!] === 0)! + Field.BIGINT_SIGN!] = 1; });
refuses("a big integer that is longer than its cell", "VH2", (low) => { low[big(low) + Field.BIGINT_LENGTH!] = 6; });
refuses("a big integer of less than no words", "VH2", (low) => { low[big(low) + Field.BIGINT_LENGTH!] = -1; });
refuses("a big integer with something in its padding", "VH2", (low) => { const cell = big(low); low[cell + Field.BIGINT_TAIL! + 4] = 1; });
refuses("a boxed small integer", "VH4", (low) => { const box = cellsOf(low, Cell.NUMBER)[0]!; low[box + Field.NUMBER_LOW!] = 0; low[box + Field.NUMBER_HIGH!] = 0x3ff00000; });
refuses("a hash table that forgets an entry", "VH14", (low) => {
  const table = cellsOf(low, Cell.TABLE).find((cell) => low[cell + Field.TABLE_INDEX_SIZE!]! > 0)!;
  const index = table + Field.TABLE_TAIL! + low[table + Field.TABLE_CAPACITY!]! * low[table + Field.TABLE_ENTRY_WORDS!]!;
  for (let i = 0; i < low[table + Field.TABLE_INDEX_SIZE!]!; i++) if (low[index + i] === 3) low[index + i] = 0;
});
refuses("a suspended frame one word shorter", "VS[35]", (low) => {
  const frame = cellsOf(low, Cell.FRAME)[0]!;
  low[frame + Field.FRAME_WORDS!]!--;
  low[frame + Field.FRAME_TAIL! + low[frame + Field.FRAME_WORDS!]!] = 0;
  low[frame + Field.FRAME_FP!]!--;
});
refuses("NONE as a value", "VS1", (_low, stack) => { stack[0] = Immediate.NONE; });
refuses("code of the core in a program", "VB2", (low) => { low[cellsOf(low, Cell.CODE)[0]! + Field.CODE_FORM!]! |= CodeFlag.CORE; });
refuses("an opcode that is none", "VB6", (low) => {
  const code = cellsOf(low, Cell.CODE)[0]!;
  new Uint8Array(low.buffer, low.byteOffset)[code * 4 + codeRange(low, code).start] = 255;
});
refuses("an instruction that only the core may use", "VB7", (low) => {
  for (const code of cellsOf(low, Cell.CODE)) {
    const bytes = new Uint8Array(low.buffer, low.byteOffset + code * 4 + codeRange(low, code).start);
    // Both are three bytes and push something.
    if (bytes[0] === Op.CORE || bytes[0] === Op.CONSTANT || bytes[0] === Op.GET_GLOBAL) bytes[0] = Op.GET_CORE;
    if (bytes[0] === Op.GET_LOCAL) bytes[1] = codeField(low, code, "parameters");
  }
});
refuses("a return into the middle of an instruction", "VS3", (low, stack) => {
  const fp = stack.length - low[Reg.FP - REGISTERS]!;
  const code = (low[(stack[fp + CALLEE]! >> 2) - REGISTERS + Field.FUNCTION_CODE!]! >> 2) - REGISTERS;
  stack[fp - codeField(low, code, "parameters") - Frame.RETURN_PC]! += 2;
});
refuses("a memory limit of nothing", "VR1", (low) => { low[Reg.MEMORY_LIMIT - REGISTERS] = 0; });
refuses("a heap that ends elsewhere", "VI1", (low) => { low[Reg.HEAP_TOP - REGISTERS]! += 2; });

test("a live machine is verified as it stands", (t) => {
  const driver = new Driver(machineOf(programs.generators!));
  driver.run(500);
  t.is(verifyMachine(driver.machine), undefined);
});
