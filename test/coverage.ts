// What the programs of test/programs execute, between them, of what the machine can do. Each runs instruction by
// instruction; before each the opcode and its operands are looked at. Three lists come of it, with what is missing:
//
//   forms      every opcode with every kind of operand it takes: slots of parameters and of other locals, jumps taken and
//              not, forwards and backwards, no, one and several arguments, negative numbers, every number whose meaning
//              the instruction gives (modes), and for operators and property access what they are applied to
//   callbacks  every place in the core that calls a function which the program may have given: $call, $apply,
//              $construct and $resume in the sources of vm/core, counted when the callee really is the program's
//   roots      every function of the core that the kernel or compiled code calls (roots.ts): operators on objects, exotic
//              property access and iteration call back from there
//
// coverage.test.ts fails the build when something is missing that is not listed, with a reason, in `excused`.

import { readFileSync } from "node:fs";
import { parse, type AnyNode } from "acorn";
import { compileCore, decode } from "../compiler/index.js";
import { coreFiles } from "../vm/core/files.js";
import { Cell, cellNames, Field } from "../vm/format/cells.js";
import { codeRange } from "../vm/format/code.js";
import { CALLEE, CodeFlag } from "../vm/format/frame.js";
import { instructionLayout, opcodes, opNames, type Instruction, type OpName } from "../vm/format/opcodes.js";
import { Reg } from "../vm/format/registers.js";
import { coreFunctionNames, rootNumber, ROOTS, ROOTS_CELL } from "../vm/format/roots.js";
import { HEAP } from "../vm/format/words.js";
import type { FunctionUnit } from "../vm/unit.js";
import { compilingNames, core, flatKernel, ProgramRun, programNames, programUnit, root } from "./support/run-program.js";

export interface Coverage { forms: CoverageList; callbacks: CoverageList; roots: CoverageList; steps: number }
export interface CoverageList { wanted: number; missing: string[] }

/** Programs are followed for so many steps. */
const STEPS_MAX = 300_000;

/** What cannot be executed by programs, or not by their own choice, and why. */
export const excused: Readonly<Record<string, string>> = {
  "PUT_CORE": "runs only while the core is built",
  "NOP": "the compiler makes none",
  "ADD_SMALL negative": "the compiler makes it of literals, and none is negative", "SUB_SMALL negative": "likewise",
  "host.js callByName": "calls that a host makes by name: no program of these has a host that calls",
  "host.js deliver": "messages from a host, likewise", "callByName": "likewise",
  "typed-array.js ": "the method that typed arrays share with arrays: the callee is always the core's own",
  "asyncGeneratorYield": "nothing calls it",
};

/** Instructions that only the core has. */
const coreOnly: ReadonlySet<string> = new Set(opNames.filter((name) => opcodes[name].core));

/** Numbers that mean something, by instruction. */
const modes: Readonly<Partial<Record<OpName, readonly number[]>>> = {
  DEFINE_PRIVATE: [0, 1, 2, 3], DEFINE_METHOD: [0, 1, 2, 4, 5, 6], SET_NAME: [0, 1, 2], ARGUMENTS: [0, 1], START_GENERATOR: [0, 1],
};
/** Operators by what they are applied to, and property access likewise: names of operand classes. */
const binary = "ADD SUB MUL DIV MOD POW BIT_AND BIT_OR BIT_XOR SHL SHR USHR LT LE GT GE EQ NE SEQ SNE JUMP_LT JUMP_LE JUMP_GT JUMP_GE JUMP_NOT_LT JUMP_NOT_LE JUMP_NOT_GT JUMP_NOT_GE JUMP_SEQ JUMP_SNE".split(" ");
const unary = "NEG TO_NUMBER TO_NUMERIC INC DEC BIT_NOT NOT TYPEOF TO_STRING TO_PROPERTY_KEY ADD_SMALL".split(" ");
const accesses: Readonly<Record<string, number>> = { GET_PROPERTY: 0, GET_METHOD: 0, PUT_PROPERTY: 1, GET_ELEMENT: 1, GET_ELEMENT_METHOD: 1, PUT_ELEMENT: 2 };
const operandClasses = ["small", "double", "text", "object", "other"];
const receiverClasses: Readonly<Record<string, readonly string[]>> = {
  GET_PROPERTY: ["OBJECT", "ARRAY", "FUNCTION", "RECORD", "TYPED_ARRAY", "text", "number", "symbol"], GET_METHOD: ["OBJECT", "ARRAY", "FUNCTION", "RECORD", "TYPED_ARRAY", "text", "number", "symbol"],
  PUT_PROPERTY: ["OBJECT", "ARRAY", "FUNCTION", "RECORD", "TYPED_ARRAY"], GET_ELEMENT: ["OBJECT", "ARRAY", "FUNCTION", "RECORD", "TYPED_ARRAY", "text"],
  GET_ELEMENT_METHOD: ["OBJECT", "ARRAY"], PUT_ELEMENT: ["OBJECT", "ARRAY", "FUNCTION", "RECORD", "TYPED_ARRAY"],
};

/** Every form that is wanted, as `OPCODE form`. */
function wantedForms(): string[] {
  const wanted: string[] = [];
  for (const name of opNames) {
    const instruction: Instruction = opcodes[name];
    const add = (form: string): void => { wanted.push(form === "" ? name : `${name} ${form}`); };
    add("");
    instruction.operands.forEach((kind) => {
      if (kind === "slot" && !/^(GET|PUT)_SCOPED/.test(name)) { add("parameter"); add("local"); }
      if (kind === "jump" && instruction.flow === "goto" || kind === "jump32") { add("forward"); add("backward"); }
      if (kind === "argc" && name !== "INTRINSIC") { add("0 arguments"); add("1 argument"); add("several arguments"); }
      if (kind === "i8" || kind === "i16") { add("negative"); add("positive"); }
    });
    if (instruction.flow === "jump" && name !== "YIELD") { add("taken"); add("not taken"); }
    for (const mode of modes[name] ?? []) add(`mode ${mode}`);
    if (name === "GET_OUTER" || name === "PUT_OUTER") for (const depth of ["depth 0", "depth 1", "deeper"]) add(depth);
    if (name === "NEW_OBJECT" || name === "REST" || name === "NEW_ARRAY") { add("0"); add("more"); }
    if (binary.includes(name) || unary.includes(name)) for (const kind of operandClasses) add(`on ${kind}`);
    for (const kind of receiverClasses[name] ?? []) add(`on ${kind}`);
  }
  return [...new Set(wanted)];
}

/** Classes of words, for operators and for receivers. */
function operandClass(word: number): string {
  if ((word & 1) === 0) return "small";
  if (flatKernel.isNumber(word)) return "double";
  if (flatKernel.isText(word)) return "text";
  return flatKernel.isObject(word) ? "object" : "other";
}
function receiverClass(word: number): string {
  if (flatKernel.isNumber(word)) return "number";
  if (flatKernel.isText(word)) return "text";
  if (flatKernel.isSymbol(word)) return "symbol";
  return flatKernel.isObject(word) ? cellNames[flatKernel.kindOf(word) - 1]! : "other";
}

/** Places in the core where a function is called that the program may have given: by byte address, as `file:line function`. */
function callbackPlaces(): Map<number, string> {
  const sources = coreFiles.map((name) => ({ name, source: readFileSync(`${root}vm/core/${name}`, "utf8") }));
  const places = new Map<string, Set<string>>(sources.map(({ name, source }) => [name, callPositions(source)]));
  const cells = coreCodes();
  const found = new Map<number, string>();
  // Top-level functions of all files are made by the first file's code: a function's own file is in its debug information.
  const visit = (unit: FunctionUnit): void => {
    const file = unit.debug!.files[0]!;
    const wanted = places.get(file)!;
    const lines = new Map(unit.debug!.lines.flatMap((entry) => "file" in entry ? [] : [[entry.offset, `${entry.line}:${entry.column}`]]));
    let position = "";
    for (const { offset, name } of decode(unit.code)) {
      position = lines.get(offset) ?? position;
      if (!/^(CALL\d?|CALL_SPREAD|CONSTRUCT_SPREAD|RESUME)$/.test(name) || !wanted.has(position)) continue;
      for (const start of cells.get(codeKey(unit.code)) ?? []) found.set(start + offset, `${file}:${position.split(":")[0]} ${unit.name}`);
    }
    for (const constant of unit.constants) if (typeof constant === "object") visit(constant);
  };
  for (const { body } of compileCore(sources).files) visit(body);
  return found;
}
/** Where a source calls $call, $apply, $construct, $resume: `line:column` from 1. */
function callPositions(source: string): Set<string> {
  const positions = new Set<string>();
  const walk = (node: AnyNode): void => {
    if (node.type === "CallExpression" && node.callee.type === "Identifier" && /^\$(call|apply|construct|resume)$/.test(node.callee.name)) {
      positions.add(`${node.loc!.start.line}:${node.loc!.start.column + 1}`);
    }
    for (const value of Object.values(node) as unknown[]) {
      for (const item of Array.isArray(value) ? value as unknown[] : [value]) {
        if (typeof item === "object" && item !== null && "type" in item) walk(item as AnyNode);
      }
    }
  };
  walk(parse(source, { ecmaVersion: "latest", sourceType: "script", locations: true }));
  return positions;
}
function codeKey(code: Uint8Array): string { return Buffer.from(code).toString("base64"); }
/** Start of the bytecode of each code in the core, as a byte address, by its bytes. */
function coreCodes(): Map<string, number[]> {
  const { words } = core;
  const bytes = new Uint8Array(words.buffer);
  const codes = new Map<string, number[]>();
  for (let address = ROOTS_CELL; address < words.length; address += (words[address]! >>> 8) << 1) {
    if ((words[address]! & 255) !== Cell.CODE) continue;
    const range = codeRange(words, address);
    const start = address * 4 + range.start;
    const key = codeKey(bytes.subarray(start, address * 4 + range.end));
    codes.set(key, [...codes.get(key) ?? [], start]);
  }
  return codes;
}

interface Trace { seen: Set<string>; entered: Set<number>; calledBack: Set<number> }

/** Follows one program. Returns how many steps. */
function follow(name: string, places: Map<number, string>, trace: Trace): number {
  const run = ProgramRun.start(flatKernel, programUnit(name));
  const kernel = flatKernel;
  run.machine.use();
  let jumping: { name: string; next: number; code: number } | undefined;
  while (run.steps < STEPS_MAX) {
    const { M, B } = kernel;
    const fp = M[Reg.FP]!;
    const code = kernel.codeOf(M[fp + CALLEE]!);
    const pc = M[Reg.PC]!;
    const at = code * 4 + pc;
    const sp = M[Reg.SP]!;
    const op = opNames[B[at]!]!;
    if (jumping !== undefined) {
      if (jumping.code === code) trace.seen.add(`${jumping.name} ${pc === jumping.next ? "not taken" : "taken"}`);
      jumping = undefined;
    }
    const inCore = code < HEAP && (flatKernel.codeFlags(code) & CodeFlag.CORE) !== 0;
    if (inCore) {
      if (pc === flatKernel.codeStart(code)) trace.entered.add(code);
      if (places.has(at)) {
        const callee = op === "CALL" || /^CALL\d$/.test(op) ? M[sp + (op === "CALL" ? B[at + 1]! : Number(op.slice(4))) + 1]! : op === "RESUME" ? 0 : M[sp + 2]!;
        if (op === "RESUME" || callee >> 2 >= HEAP || kernel.kindOf(callee) === Cell.RECORD) trace.calledBack.add(at);
      }
    }
    if (!inCore || coreOnly.has(op)) {
      note(op, at, code, sp, trace.seen);
      if ((opcodes[op] as Instruction).flow === "jump" && op !== "YIELD") jumping = { name: op, next: pc + instructionLayout(opcodes[op]).sizeBytes, code };
    }
    if (!run.runTo(run.steps + 1)) break;
    if (run.machine.stopped === "host-call" || run.host.waiting) jumping = undefined;
  }
  return run.steps;
}

/** The forms of the instruction at `at`. */
function note(op: OpName, at: number, code: number, sp: number, seen: Set<string>): void {
  const { M, B } = flatKernel;
  const instruction: Instruction = opcodes[op];
  seen.add(op);
  const { offsets } = instructionLayout(instruction);
  instruction.operands.forEach((kind, i) => {
    const place = at + offsets[i]!;
    switch (kind) {
      case "slot": seen.add(`${op} ${B[place]! < flatKernel.codeParameters(code) ? "parameter" : "local"}`); break;
      case "jump": seen.add(`${op} ${((B[place]! | B[place + 1]! << 8) << 16) >> 16 < 0 ? "backward" : "forward"}`); break;
      case "jump32": seen.add(`${op} ${(B[place + 3]! & 128) !== 0 ? "backward" : "forward"}`); break;
      case "argc": seen.add(`${op} ${["0 arguments", "1 argument"][B[place]!] ?? "several arguments"}`); break;
      case "i8": seen.add(`${op} ${(B[place]! & 128) !== 0 ? "negative" : "positive"}`); break;
      case "i16": seen.add(`${op} ${(B[place + 1]! & 128) !== 0 ? "negative" : "positive"}`); break;
      case "u8":
        seen.add(`${op} mode ${B[place]!}`);
        if (op === "GET_OUTER" || op === "PUT_OUTER") seen.add(`${op} ${["depth 0", "depth 1"][B[place]!] ?? "deeper"}`);
        if (op === "NEW_OBJECT" || op === "REST") seen.add(`${op} ${B[place] === 0 ? "0" : "more"}`);
        break;
      case "u16": if (op === "NEW_ARRAY") seen.add(`${op} ${(B[place]! | B[place + 1]!) === 0 ? "0" : "more"}`); break;
      default: break;
    }
  });
  if (binary.includes(op)) { seen.add(`${op} on ${operandClass(M[sp]!)}`); seen.add(`${op} on ${operandClass(M[sp + 1]!)}`); }
  if (unary.includes(op)) seen.add(`${op} on ${operandClass(M[sp]!)}`);
  const receiver = accesses[op];
  if (receiver !== undefined) seen.add(`${op} on ${receiverClass(M[sp + receiver]!)}`);
}

/** Runs everything and says what is missing. */
export function measureCoverage(): Coverage {
  const places = callbackPlaces();
  const trace: Trace = { seen: new Set(), entered: new Set(), calledBack: new Set() };
  let steps = 0;
  for (const name of [...programNames, ...compilingNames]) steps += follow(name, places, trace);
  const forms = wantedForms();
  const wantedPlaces = new Set(places.values());
  for (const at of trace.calledBack) wantedPlaces.delete(places.get(at)!);
  const rootCode = (name: string): number => core.words[(core.words[ROOTS + rootNumber(name)]! >> 2) + Field.FUNCTION_CODE!]! >> 2;
  const clean = (missing: string[]): string[] => missing.filter((item) => !(item.replace(/:\d+/, "") in excused)).sort();
  return {
    forms: { wanted: forms.length, missing: clean(forms.filter((form) => !trace.seen.has(form))) },
    callbacks: { wanted: new Set(places.values()).size, missing: clean([...wantedPlaces]) },
    roots: { wanted: coreFunctionNames.length, missing: clean(coreFunctionNames.filter((name) => !trace.entered.has(rootCode(name)))) },
    steps,
  };
}
