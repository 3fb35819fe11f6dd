// What a machine that stands still is doing, as plain data: where it is in its functions with what values, what it waits
// for, what its memory is full of. Nothing here changes a word of the memory: no text is flattened, nothing interned,
// nothing collected. So cells that no longer matter are counted until the next collection; images, being collected, have
// none. The machine may have been verified or not: what is found is looked at before it is followed.

import { brandNames, Slot } from "./format/brands.js";
import { Cell, cellNames, Field } from "./format/cells.js";
import { CALLEE, CodeFlag, CoroutineState, Frame, ReturnMode } from "./format/frame.js";
import { Reg, State } from "./format/registers.js";
import { HEAP, Immediate } from "./format/words.js";
import { PAGE_BYTES } from "./image.js";
import type { Machine, Kernel } from "./machine.js";
import { readBig, readText } from "./value.js";

export interface FrameView {
  function: string;
  /** Undefined where the program has no debug information. */
  file: string | undefined;
  line: number | undefined;
  column: number | undefined;
  /** A function of the core, not of the program. */
  core: boolean;
  locals: { name: string; value: string }[];
}
export interface TimerView { callback: string; dueMilliseconds: number; repeats: boolean }
export interface Inspection {
  /** Why it last stopped. */
  status: string;
  /** Innermost first. */
  stack: FrameView[];
  /** Functions that stand at an await or a yield. */
  suspended: FrameView[];
  pending: { jobs: number; timers: TimerView[]; immediates: number; ticks: number; hostCalls: number; messages: number; rejections: number };
  heap: { kind: string; count: number; bytes: number }[];
  sizes: { heapBytes: number; stackBytes: number; imageBytes: number; memoryLimitBytes: number; stackLimitBytes: number; coreBytes: number };
  counters: { steps: number; inputs: number; outputs: number };
  /** Files that functions of the program come from. */
  modules: string[];
}

/** Frames that are listed; the rest of a deep recursion is the same. */
const FRAMES_MAX = 200;
/** Units of a text, and names of properties, that a short value shows. */
const TEXT_MAX = 60;
const NAMES_MAX = 5;
/** Words of a big integer of which all digits are shown. */
const BIG_SHOWN_WORDS = 8;
/** Bytes of an image besides its pages, and of a page besides its content, about. */
const IMAGE_OVERHEAD = 350;
const PAGE_OVERHEAD = 13;

export function inspect(machine: Machine): Inspection {
  return new Inspector(machine).whole();
}

class Inspector {
  private readonly kernel: Kernel;
  private readonly M: Int32Array;
  private readonly top: number;

  constructor(private readonly machine: Machine) {
    this.M = machine.words();
    this.kernel = machine.kernel;
    this.top = this.M[Reg.HEAP_TOP]!;
  }

  whole(): Inspection {
    const { M } = this;
    const count = (low: number): number => M[low + 1]! * 4294967296 + (M[low]! >>> 0);
    const heapBytes = (this.top - HEAP) * 4;
    const stackBytes = (M.length - M[Reg.SP]!) * 4;
    return {
      status: this.machine.stopped,
      stack: this.stack(), suspended: this.suspended(), pending: this.pending(), heap: this.heap(),
      sizes: {
        heapBytes, stackBytes,
        imageBytes: heapBytes + stackBytes + IMAGE_OVERHEAD + Math.ceil((heapBytes + stackBytes) / PAGE_BYTES) * PAGE_OVERHEAD,
        memoryLimitBytes: M[Reg.MEMORY_LIMIT]! * 4, stackLimitBytes: M[Reg.STACK_LIMIT]! * 4,
        coreBytes: this.machine.core.words.length * 4,
      },
      counters: { steps: count(Reg.STEPS_LOW), inputs: count(Reg.INPUTS_LOW), outputs: count(Reg.OUTPUTS_LOW) },
      modules: this.modules(),
    };
  }

  private kindOf(word: number): number {
    const address = word >> 2;
    return (word & 3) === 1 && address > 0 && address < this.top ? this.M[address]! & 255 : 0;
  }
  private text(word: number): string {
    const kind = this.kindOf(word);
    return kind >= Cell.STRING && kind <= Cell.ROPE ? readText(this.kernel, word) : "";
  }
  /** Words of an ELEMENTS cell or of an array's elements; none for anything else. */
  private list(word: number): number[] {
    const { M } = this;
    let cell = word >> 2;
    let length = Infinity;
    if (this.kindOf(word) === Cell.ARRAY) {
      length = M[cell + Field.ARRAY_LENGTH!]! >>> 0;
      const elements = M[cell + Field.ARRAY_ELEMENTS!]!;
      if (this.kindOf(elements) !== Cell.ELEMENTS) return [];
      cell = elements >> 2;
    } else if (this.kindOf(word) !== Cell.ELEMENTS) {
      return [];
    }
    const size = (M[cell]! >>> 8) << 1;
    return [...M.subarray(cell + 1, cell + Math.min(size, length + 1))];
  }

  // The stack

  private stack(): FrameView[] {
    const { M, kernel } = this;
    const frames: FrameView[] = [];
    let fp = M[Reg.FP]!;
    let pc = M[Reg.PC]!;
    while (frames.length < FRAMES_MAX && fp + CALLEE < M.length) {
      const code = this.codeAt(fp);
      if (code === 0) break;
      frames.push(this.frame(fp, code, pc));
      const header = fp - kernel.codeParameters(code);
      const link = M[header - Frame.LINK]! >> 1;
      if ((link & 15) === ReturnMode.END || link >> 4 <= 0) break;
      // The byte before belongs to the instruction that called.
      pc = (M[header - Frame.RETURN_PC]! >> 1) - 1;
      fp += link >> 4;
    }
    return frames;
  }
  /** The code of the frame whose slot 0 is at `fp`, 0 if there is none. */
  private codeAt(fp: number): number {
    const callee = this.M[fp + CALLEE] ?? 0;
    if (this.kindOf(callee) !== Cell.FUNCTION) return this.kindOf(callee) === Cell.CODE ? callee >> 2 : 0;
    const code = this.M[(callee >> 2) + Field.FUNCTION_CODE!]!;
    return this.kindOf(code) === Cell.CODE ? code >> 2 : 0;
  }
  private frame(fp: number, code: number, pc: number): FrameView {
    const { M, kernel } = this;
    const position = kernel.positionOf(code, pc - kernel.codeStart(code));
    const file = this.text(kernel.fileOf(code, pc - kernel.codeStart(code)));
    const locals: { name: string; value: string }[] = [];
    const slots = this.list(kernel.debugField(code, kernel.DEBUG_SLOTS));
    for (let slot = 0; slot < Math.min(slots.length, kernel.codeSlots(code)); slot++) {
      const name = this.text(slots[slot]!);
      if (name !== "") locals.push({ name, value: this.short(M[fp - slot]!) });
    }
    for (const scope of this.list(kernel.debugField(code, kernel.DEBUG_SCOPES))) {
      const [slot, ...names] = this.list(scope);
      if (slot === undefined || (slot & 1) !== 0 || slot >> 1 >= kernel.codeSlots(code)) continue;
      const cell = M[fp - (slot >> 1)]!;
      if (this.kindOf(cell) !== Cell.SCOPE) continue;
      const first = (cell >> 2) + Field.SCOPE_TAIL!;
      const end = (cell >> 2) + ((M[cell >> 2]! >>> 8) << 1);
      names.forEach((name, i) => {
        if (first + i < end && this.text(name) !== "") locals.push({ name: this.text(name), value: this.short(M[first + i]!) });
      });
    }
    return {
      function: this.text(kernel.shownName(code)) || "(anonymous)",
      file: file === "" ? undefined : file,
      line: position === 0 ? undefined : position >>> 10,
      column: position === 0 ? undefined : position & 1023,
      core: (kernel.codeFlags(code) & CodeFlag.CORE) !== 0,
      locals,
    };
  }
  private suspended(): FrameView[] {
    const { M } = this;
    const frames: FrameView[] = [];
    for (let address = HEAP; address < this.top && frames.length < FRAMES_MAX; address += (M[address]! >>> 8) << 1) {
      if ((M[address]! & 255) !== Cell.RECORD || brandNames[M[address + Field.RECORD_BRAND!]! >> 1] !== "COROUTINE") continue;
      const state = M[address + Field.RECORD_TAIL! + Slot.COROUTINE_STATE!]! >> 1;
      const frame = M[address + Field.RECORD_TAIL! + Slot.COROUTINE_FRAME!]!;
      if (this.kindOf(frame) !== Cell.FRAME || (state !== CoroutineState.YIELD && state !== CoroutineState.AWAIT)) continue;
      const cell = frame >> 2;
      const fp = cell + Field.FRAME_TAIL! + M[cell + Field.FRAME_WORDS!]! - 1 - M[cell + Field.FRAME_FP!]!;
      const code = this.codeAt(fp);
      if (code !== 0) frames.push(this.frame(fp, code, M[cell + Field.FRAME_PC!]!));
    }
    return frames;
  }

  // What it waits for: the core's variables (vm/core/host.js, vm/core/promise.js)

  private pending(): Inspection["pending"] {
    const { M } = this;
    const state = this.list(M[Reg.STATE]!);
    const length = (index: number): number => this.list(state[index] ?? 0).length;
    const calls = state[State.CALLS] ?? 0;
    const jobs = state[State.JOBS_COUNT] ?? 0;
    const timers: TimerView[] = [];
    for (const timer of this.list(state[State.TIMERS] ?? 0)) {
      const [due, , callback, , repeat] = this.list(timer);
      if (due === undefined || callback === undefined || repeat === undefined) continue;
      timers.push({ callback: this.short(callback), dueMilliseconds: this.number(due) ?? 0, repeats: (this.number(repeat) ?? 0) > 0 });
    }
    // The next due is the last of the list.
    timers.reverse();
    return {
      jobs: (jobs & 1) === 0 ? jobs >> 1 : 0, timers, immediates: length(State.SPARE_2), ticks: length(State.SPARE_1),
      hostCalls: this.kindOf(calls) === Cell.TABLE ? M[(calls >> 2) + Field.TABLE_LIVE!]! : 0,
      messages: this.list(M[Reg.INBOX]!).length, rejections: length(State.REJECTIONS),
    };
  }

  // The heap

  private heap(): Inspection["heap"] {
    const { M } = this;
    const counts = new Int32Array(cellNames.length + 1);
    const words = new Float64Array(cellNames.length + 1);
    for (let address = HEAP; address < this.top; address += (M[address]! >>> 8) << 1) {
      const kind = M[address]! & 255;
      counts[kind]!++;
      words[kind]! += (M[address]! >>> 8) << 1;
    }
    return cellNames.map((kind, i) => ({ kind, count: counts[i + 1]!, bytes: words[i + 1]! * 4 }))
      .filter((entry) => entry.count > 0).sort((a, b) => b.bytes - a.bytes);
  }
  private modules(): string[] {
    const { M, kernel } = this;
    const files = new Set<string>();
    const seen = new Set<number>();
    for (let address = HEAP; address < this.top; address += (M[address]! >>> 8) << 1) {
      if ((M[address]! & 255) !== Cell.CODE) continue;
      const field = kernel.debugField(address, kernel.DEBUG_FILES);
      if (seen.has(field)) continue;
      seen.add(field);
      for (const file of this.kindOf(field) === Cell.ELEMENTS ? this.list(field) : [field]) if (this.text(file) !== "") files.add(this.text(file));
    }
    return [...files];
  }

  // Values in a few words

  private number(word: number): number | undefined {
    if ((word & 1) === 0) return word >> 1;
    return this.kindOf(word) === Cell.NUMBER ? this.kernel.F[((word >> 2) + Field.NUMBER_LOW!) >> 1] : undefined;
  }
  private short(word: number): string {
    const number = this.number(word);
    if (number !== undefined) return Object.is(number, -0) ? "-0" : String(number);
    switch (word) {
      case Immediate.UNDEFINED: return "undefined";
      case Immediate.NULL: return "null";
      case Immediate.TRUE: return "true";
      case Immediate.FALSE: return "false";
      case Immediate.HOLE: return "(not initialised)";
    }
    const { M } = this;
    const address = word >> 2;
    const kind = this.kindOf(word);
    switch (kind) {
      case 0: return "(internal)";
      case Cell.SYMBOL: return `Symbol(${this.text(M[address + Field.SYMBOL_DESCRIPTION!]!)})`;
      case Cell.BIGINT: return this.kernel.bigLength(address) <= BIG_SHOWN_WORDS ? `${readBig(this.kernel, address)}n` : `(big integer of ${this.kernel.bigLength(address)} words)`;
      case Cell.ARRAY: return `Array(${M[address + Field.ARRAY_LENGTH!]! >>> 0})`;
      case Cell.TYPED_ARRAY: return "(typed array)";
      case Cell.OBJECT: return this.keys(address);
      case Cell.FUNCTION: {
        const code = M[address + Field.FUNCTION_CODE!]!;
        const name = this.kindOf(code) === Cell.CODE ? this.text(this.kernel.codeName(code >> 2)) : "";
        return name === "" ? "[function]" : `[function ${name}]`;
      }
      case Cell.RECORD: return `[${(brandNames[M[address + Field.RECORD_BRAND!]! >> 1] ?? "record").toLowerCase().replaceAll("_", " ")}]`;
    }
    if (kind >= Cell.STRING && kind <= Cell.ROPE) {
      const text = this.text(word);
      return JSON.stringify(text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text);
    }
    return `(${cellNames[kind - 1]!.toLowerCase()})`;
  }
  /** The names of an object's first properties. */
  private keys(object: number): string {
    const { M } = this;
    const shape = M[object + 1]! >> 2;
    const table = M[shape + Field.SHAPE_TABLE!]!;
    if (this.kindOf(table) !== Cell.PROPERTY_TABLE) return "{}";
    const names: string[] = [];
    const count = Math.min(M[shape + Field.SHAPE_COUNT!]!, M[(table >> 2) + Field.PROPERTY_TABLE_CAPACITY!]!);
    for (let i = 0; i < count && names.length <= NAMES_MAX; i++) {
      const name = this.text(M[(table >> 2) + Field.PROPERTY_TABLE_TAIL! + 2 * i]!);
      if (name !== "") names.push(names.length < NAMES_MAX ? name : "…");
    }
    return names.length === 0 ? "{}" : `{ ${names.join(", ")} }`;
  }
}

/** What a machine is doing, as text for people or as a line of JSON. */
export function inspectionText(machine: Machine, json: boolean): string {
  const inspection = inspect(machine);
  return json ? `${JSON.stringify(inspection)}\n` : inspectText(inspection);
}

/** An inspection as text for people. */
export function inspectText(inspection: Inspection): string {
  const lines: string[] = [];
  const frames = (title: string, list: FrameView[]): void => {
    if (list.length === 0) return;
    lines.push(title);
    for (const frame of list) {
      const place = frame.core ? " (core)" : frame.file === undefined ? "" : ` (${frame.file}:${frame.line ?? "?"}:${frame.column ?? "?"})`;
      lines.push(`  ${frame.function}${place}`);
      for (const { name, value } of frame.locals) lines.push(`    ${name} = ${value}`);
    }
  };
  const { pending, sizes, counters } = inspection;
  lines.push(`stopped: ${inspection.status}, after ${counters.steps} steps, ${counters.inputs} inputs, ${counters.outputs} outputs`);
  frames("stack", inspection.stack);
  frames("suspended", inspection.suspended);
  lines.push(`pending: ${pending.jobs} jobs, ${pending.timers.length} timers, ${pending.immediates} immediates, ${pending.ticks} ticks, ${pending.hostCalls} host calls, ${pending.messages} messages`);
  for (const timer of pending.timers) lines.push(`  ${timer.callback} at ${timer.dueMilliseconds} ms${timer.repeats ? ", repeats" : ""}`);
  lines.push("heap");
  for (const { kind, count, bytes } of inspection.heap) lines.push(`  ${kind.padEnd(15)}${String(count).padStart(9)}${String(bytes).padStart(12)} bytes`);
  lines.push(`sizes: heap ${sizes.heapBytes}, stack ${sizes.stackBytes}, image about ${sizes.imageBytes} bytes; limits: memory ${sizes.memoryLimitBytes}, stack ${sizes.stackLimitBytes}`);
  if (inspection.modules.length > 0) lines.push(`files: ${inspection.modules.join(", ")}`);
  return lines.join("\n");
}
