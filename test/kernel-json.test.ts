// JSON in the kernel: thousands of documents, malformed ones and values of every sort against Node's JSON, results and
// messages alike, on all forms of the machine; and stopped, squeezed and collected in the middle, where a program must
// take the same steps to the same state as one that is left alone.

import test from "ava";
import { compileScript } from "../compiler/index.js";
import { Cell } from "../vm/format/cells.js";
import { Reg } from "../vm/format/registers.js";
import { Machine, type Kernel } from "../vm/machine.js";
import { core, flatKernel, plainKernel } from "./support/run-program.js";
import { Random } from "./support/random.js";

/** What both sides begin with: a writer of values that is not JSON's, and one attempt to do something. */
const prelude = `
function show(v) {
  if (typeof v === "string") { let s = ""; for (let i = 0; i < v.length; i++) s += v.charCodeAt(i).toString(36) + "."; return "'" + s; }
  if (Object.is(v, -0)) return "-0";
  if (v === null || typeof v !== "object") return String(v);
  if (Array.isArray(v)) { let s = "["; for (const item of v) s += show(item) + ","; return s + "]"; }
  let s = "{";
  for (const key of Object.keys(v)) s += show(key) + ":" + show(v[key]) + ",";
  return s + (Object.getPrototypeOf(v) === Object.prototype ? "}" : "?}");
}
function attempt(f) { try { return show(f()); } catch (e) { return e.name + ": " + e.message; } }
`;

/** Runs a script to its end; the lines it printed. */
function run(machine: Machine): string[] {
  const lines: string[] = [];
  for (;;) {
    const stopped = machine.run(100_000_000);
    if (stopped === "ended") return lines;
    if (stopped === "fuel") continue;
    if (stopped !== "host-call") return [...lines, stopped];
    answer(machine, lines);
  }
}
function answer(machine: Machine, lines: string[]): void {
  const call = machine.hostCall();
  if (call.operation === "print") lines.push(String(call.arguments[1]));
  if (call.operation === "uncaught") lines.push(`uncaught ${String(call.arguments[0])}`);
  machine.answer(call.operation === "now" ? 0 : undefined);
}
/** The same by Node. */
function oracle(source: string): string[] {
  const lines: string[] = [];
  new Function("console", source)({ log: (line: unknown) => lines.push(String(line)) });
  return lines;
}

const strings = ["", "a", "key", "zweiter Schlüssel", "\u2028", "ab\u0000\u001f\u007f", "\ud800", "\udc00x", "\ud83d\ude00", "ÿ", "Ā", "\"\\/\b\f\n\r\t", "x".repeat(40), "__proto__", "length", "toString", "0", "7", "4294967294", "4294967295", "-1", "01"];
/** A string literal of a document, some of it escaped without need. */
function jsonString(random: Random): string {
  let text = "";
  for (const unit of random.pick(strings).split("")) {
    const code = unit.charCodeAt(0);
    if (random.next(12) === 0 || code < 32) text += `\\u${code.toString(16).padStart(4, "0")}`;
    else text += unit === "\"" || unit === "\\" ? `\\${unit}` : unit === "/" && random.next(2) === 0 ? "\\/" : unit;
  }
  return `"${text}"`;
}
const numbers = ["0", "-0", "1", "-7", "999999999", "1000000000", "-1073741824", "1073741824", "4294967296", "1.5", "-0.1", "1e3", "1E-7", "2.5e+10", "123456789012345678", "0.1234567890123456789", "1e400", "-1e-400", "9007199254740993", "5e-324", "0e5", "-0.0"];
/** White space, mostly none. */
function blank(random: Random): string { return random.next(6) === 0 ? random.pick([" ", "\n", "\t", "\r", "  \n "]) : ""; }
/** A random document. */
function document(random: Random, depth: number): string {
  const kind = random.next(depth > 5 ? 5 : 9);
  if (kind === 0) return random.pick(["true", "false", "null"]);
  if (kind < 3) return random.pick(numbers);
  if (kind < 5) return jsonString(random);
  const count = random.next(random.next(20) === 0 ? 30 : 5);
  const parts: string[] = [];
  const alike = random.next(2) === 0 ? document(random, depth + 2) : undefined;
  for (let i = 0; i < count; i++) {
    const value = `${blank(random)}${alike ?? document(random, depth + 1)}${blank(random)}`;
    parts.push(kind < 7 ? value : `${blank(random)}${random.next(3) > 0 ? `"k${i}"` : jsonString(random)}${blank(random)}:${value}`);
  }
  return kind < 7 ? `[${parts.join(",") || blank(random)}]` : `{${parts.join(",") || blank(random)}}`;
}
/** The text with a small accident. */
function damaged(random: Random, text: string): string {
  const at = random.next(text.length + 1);
  switch (random.next(4)) {
    case 0: return text.slice(0, at);
    case 1: return text.slice(0, at) + text.slice(at + 1);
    case 2: return text.slice(0, at) + random.pick(["\"", ",", ":", "[", "]", "{", "}", "\\", "x", "1", "-", ".", "e", " ", "\n", "\u00a0", "Ā", "\ud83d", "tru", "nul", "\\u12"]) + text.slice(at);
    default: return text.slice(0, at) + random.pick(["x", "0", "\"", "}", "]", ",", "\u0001"]) + text.slice(at + 1);
  }
}

/** A script that parses every text. */
function parsing(texts: readonly string[]): string {
  return `${prelude}const texts = [\n${texts.map((text) => JSON.stringify(text)).join(",\n")}];\nconsole.log(texts.map((text) => attempt(() => JSON.parse(text))).join("\\n"));`;
}
const forms: [string, Kernel, boolean][] = [["flattened", flatKernel, false], ["plain", plainKernel, false], ["reference", plainKernel, true]];
/** Both sides' lines of a script, on every form of the machine. */
function compare(source: string): string[] {
  const expected = oracle(source).join("\n").split("\n");
  const wrong: string[] = [];
  for (const [name, kernel, reference] of forms) {
    plainKernel.useReference(reference);
    const lines = run(Machine.create(kernel, core, compileScript(source, "json.js"))).join("\n").split("\n");
    plainKernel.useReference(false);
    for (let i = 0; i < Math.max(lines.length, expected.length); i++) {
      if (lines[i] !== expected[i] && wrong.length < 10) wrong.push(`${name} ${i}: ${lines[i]}, not ${expected[i]}`);
    }
  }
  return wrong;
}

test("parses what Node parses", (t) => {
  for (let seed = 1; seed <= 6; seed++) {
    const random = new Random(seed);
    t.deepEqual(compare(parsing(Array.from({ length: 500 }, () => document(random, 0)))), [], `seed ${seed}`);
  }
});

test("refuses what Node refuses, in its words", (t) => {
  for (let seed = 1; seed <= 8; seed++) {
    const random = new Random(seed + 100);
    t.deepEqual(compare(parsing(Array.from({ length: 500 }, () => damaged(random, document(random, 2))))), [], `seed ${seed}`);
  }
  t.deepEqual(compare(parsing(["", "undefined", "NaN", "Infinity", "-Infinity", "[object Object]", "[undefined]", "x".repeat(20), "x".repeat(21), `[${"1,".repeat(8)}x]`,
    `[${"1,".repeat(9)}x]`, "{\"a\" 1}", "{\"a\":1,\"b\" 1}", "{\"a\":1,\"b\"", "{\"a\"b\":1}", "\"\\", "\"\\Ā\"", "\"\\u12", "1.", "1e+", "-", "01", "tr\"", "t1", "\u{1f600}", "[1 2]", "\"a\nb\""])), []);
});

test("many properties, deep and large documents", (t) => {
  const wide = (count: number): string => `{${Array.from({ length: count }, (_, i) => `"k${i}":${i}`).join(",")}}`;
  const texts = [16, 17, 18, 40, 127, 128, 129, 300].flatMap((count) => [wide(count), `[${wide(count)},${wide(count)}]`, wide(count).replace("\"k3\"", "\"k2\"")]);
  texts.push("[".repeat(5000) + "]".repeat(5000), `[${"1,".repeat(20000)}2]`, `[${"{\"id\":1,\"at\":{\"x\":1.5},\"to\":{\"y\":[]}},".repeat(500)}{"id":1}]`, `"${"x".repeat(30000)}"`, " ".repeat(20000));
  const source = parsing(texts).replace("return show(f())", "const v = f(); let d = v; let n = 0; while (Array.isArray(d) && d.length === 1) { d = d[0]; n++; } return n > 1000 ? n : show(v)");
  t.deepEqual(compare(source), []);
});

/** Values to be written, as expressions; what they do when they are written is to be seen in the text. */
const leaves = ["null", "true", "false", "undefined", "0", "-0", "NaN", "Infinity", "1.5", "-12345", "1e21", "1e-7", "2 ** 31", "() => 1", "Symbol()", "new Date(5)", "new Number(3)", "new String('s')", "new Boolean(false)",
  "new Map([[1, 2]])", "new Uint8Array(2)", "/x/g", "new Error('e')", "class {}", "function () {}.bind()", "Math", "new (class A { b = 1; get c() { return 2; } })", "Object.create({ inherited: 1 })", "Object.create(null)",
  "{ get a() { return 'got'; } }", "{ toJSON() { return { j: 1 }; } }", "{ toJSON: 5 }", "Object.assign(() => 1, { toJSON: () => 'f' })", "Object.defineProperty({ a: 1 }, 'hidden', { value: 2 })", "[1, , 3]", "new Array(3)",
  "Object.assign([1], { x: 1 })", "Object.freeze([1, 'a'])", "Object.freeze({ f: 1 })", "{ [Symbol()]: 1, b: 2 }", "(() => { const o = { a: 1, b: 2, c: 3 }; delete o.b; o.d = 4; return o; })()", "{ 5: 'five', 1: 'one', b: 0, 4294967295: 1 }",
  "(() => { const o = { name: 'c' }; o.self = { deeper: o }; return o; })()", "(() => { const a = []; a.push(a); return a; })()", "(function () { return arguments; })(1, 2)", "new (class extends Array {})(2)"];
function expression(random: Random, depth: number): string {
  const kind = random.next(depth > 4 ? 4 : 8);
  if (kind < 2) return JSON.stringify(random.pick(strings));
  if (kind === 2) return random.pick(numbers);
  if (kind === 3) return random.next(depth + 1) === 0 ? "{}" : random.pick(leaves.slice(0, random.next(3) === 0 ? leaves.length : 15));
  const count = random.next(random.next(20) === 0 ? 40 : 5);
  const parts = Array.from({ length: count }, (_, i) => {
    const value = expression(random, depth + 1);
    return kind < 6 ? value : `[${random.next(2) === 0 ? `"k${i}"` : JSON.stringify(random.pick(strings))}]: ${value}`;
  });
  return kind < 6 ? `[${parts.join(", ")}]` : `{ ${parts.join(", ")} }`;
}
function writing(expressions: readonly string[]): string {
  const gaps = ["", ", null, 2", ", null, 'ab'", ", null, '\u2192'", ", null, 0"];
  return `${prelude}const lines = [];\n${expressions.map((one, i) => `lines.push(attempt(() => JSON.stringify((${one})${gaps[i % 7 < 4 ? 0 : i % 5]})));`).join("\n")}\nconsole.log(lines.join("\\n"));`;
}

test("writes what Node writes", (t) => {
  t.deepEqual(compare(writing(leaves.flatMap((leaf) => [leaf, `[${leaf}]`, `{ a: ${leaf}, b: [${leaf}, 1] }`]))), []);
  for (let seed = 1; seed <= 4; seed++) {
    const random = new Random(seed + 200);
    t.deepEqual(compare(writing(Array.from({ length: 300 }, () => expression(random, 0)))), [], `seed ${seed}`);
  }
});

test("prototypes that were changed are asked", (t) => {
  for (const change of ["Object.prototype.toJSON = function (k) { return 'json ' + k; }", "Array.prototype.toJSON = function () { return 'array'; }", "Function.prototype.toJSON = () => 'function'",
    "Array.prototype[1] = 'from the prototype'", "Object.prototype.toJSON = 5", "String.prototype.toJSON = () => 'never'", "Object.defineProperty(Object.prototype, 'toJSON', { get() { return () => 'getter'; }, configurable: true })"]) {
    const source = `${prelude}${change};\nconst text = attempt(() => JSON.stringify({ a: [1, , 3], b() {}, c: { d: 'e' } }));\ndelete Object.prototype.toJSON; delete Array.prototype.toJSON; delete Function.prototype.toJSON; delete String.prototype.toJSON; delete Array.prototype[1];\nconsole.log(text);`;
    t.deepEqual(compare(source), [], change);
  }
});

/** Leaves so many words free: a cell that nobody refers to takes all others. What was requested is not counted. */
function squeeze(machine: Machine, free: number): void {
  const M = machine.words();
  const requested = M[Reg.REQUESTED]!;
  const words = (M[Reg.STACK_FLOOR]! - M[Reg.HEAP_TOP]! - free) & -2;
  if (words < 4) return;
  const garbage = machine.kernel.allocate(Cell.BYTES, words);
  M[garbage + 1] = 0;
  M[Reg.REQUESTED] = requested;
}

test("stopped, squeezed and collected anywhere, it goes the same way", (t) => {
  const random = new Random(7);
  const documents = Array.from({ length: 12 }, () => document(random, 1));
  documents.push(`{${Array.from({ length: 200 }, (_, i) => `"n${i % 150}":${i},"${i}":"e"`).join(",")}}`, "[".repeat(300) + "]".repeat(300), `[${"{\"a\":1.25,\"b\":\"\\u0100\"},".repeat(300)}0]`, damaged(random, document(random, 0)));
  const source = `${parsing(documents).replace("JSON.parse(text)", "{ const v = JSON.parse(text); return JSON.stringify([v, JSON.parse(JSON.stringify(v)) , 'x'.repeat(50)], null, text.length % 3) }").replace("return show(f())", "return f()")}`;
  const expected = oracle(source);
  for (const [name, kernel] of forms.slice(0, 2)) {
    const unit = compileScript(source, "torture.js");
    const left = Machine.create(kernel, core, unit);
    const tried = Machine.create(kernel, core, unit);
    const lines: string[] = [];
    const triedLines: string[] = [];
    for (let round = 0; ; round++) {
      const fuel = 1 + random.next(20);
      const stopped = left.run(fuel);
      tried.collect();
      squeeze(tried, random.next(300));
      const triedStopped = tried.run(fuel);
      if (triedStopped !== stopped || tried.steps !== left.steps) {
        t.fail(`${name}: ${stopped} after ${left.steps} steps, ${triedStopped} after ${tried.steps}, round ${round}`);
        return;
      }
      if (round % 50 === 0) {
        left.collect();
        tried.collect();
        if (left.stateHash() !== tried.stateHash()) {
          t.fail(`${name}: another state in round ${round}, step ${left.steps}`);
          return;
        }
      }
      if (stopped === "ended") break;
      if (stopped === "host-call") {
        answer(left, lines);
        answer(tried, triedLines);
      }
    }
    t.deepEqual(triedLines, expected, name);
    t.deepEqual(lines, expected, name);
    t.is(left.stateHash(), tried.stateHash(), name);
  }
});
