// Error messages are Node's: messages/kinds.cjs fails in 400 ways. What differs is listed with the reason, and whoever makes
// one of these the same takes it off the list.

import test from "ava";
import { mvmPath, root, User } from "./cli-support.js";

const user = new User();
test.after.always(() => user.close());
const path = `${root}test/messages/kinds.cjs`;

const ROOM = "the core has no room for the longer text";
const SHORT = "V8 knows less of it here";
const SPREAD = "V8 shows another text where a call spreads what is no list";
const NAMELESS = "what a parameter is given has no words; V8 shows the value";
/** By the name in kinds.cjs. */
const differences: Readonly<Record<string, string>> = {
  arrayFromIterator: ROOM, arrayTooLong: ROOM, atob: "Node's own wording", bigPower: "V8 names no value there",
  bufferLength: "one text for both", callPrivateMissing: "V8 tells methods from fields", callReplaceBad: "call has no words for what it is called on",
  callSpreadBad: SPREAD, callSpreadObject: SPREAD, callSpreadUndefined: SPREAD, newSpreadBad: SPREAD, classCallAnonymous: ROOM,
  destructureArrayAssign: SHORT, destructureArrayProperty: SHORT, destructureDefault: SHORT, forOfIteratorBad: SHORT, proxyNotCallable: SHORT, proxyNotConstructor: SHORT,
  destructureFor: "V8 shows its own variable", destructureParameter: NAMELESS, destructureParameterNull: NAMELESS,
  extendsNull: "one text for all prototypes", importMissing: "Node's own wording", newWeakRef: "ours says what a target may be",
  objectDefineBoth: ROOM, objectFromEntriesUndefined: SHORT,
  proxyDeleteFalse: ROOM, proxySetFalse: ROOM, privateReadNull: ROOM, readOnlyClass: "V8 cuts long functions", readSymbol: "V8 takes every read of Symbol.iterator for an iteration",
  reflectApply: ROOM, regexpTest: "one text for all methods of its kind", yieldStarProperty: SHORT,
};

type Shown = [name: string, message: string, place: string];
const shown = (text: string): Map<string, Shown> => new Map(text.trimEnd().split("\n").map((line) => JSON.parse(line) as Shown).map((one) => [one[0], one]));

test("messages are Node's, but for those listed", async (t) => {
  const [node, mvm] = await Promise.all([user.start([], { program: path }).finished, user.start(["run", path], { program: mvmPath }).finished]);
  t.is(mvm.stderr, "");
  const [expected, found] = [shown(node.stdout), shown(mvm.stdout)];
  t.true(expected.size > 390, `${expected.size}`);
  t.deepEqual([...found.keys()].sort(), [...expected.keys()].sort());
  const different = [...expected.values()].filter(([name, message]) => found.get(name)![1] !== message).map(([name]) => name);
  t.deepEqual(different.sort(), Object.keys(differences).sort());
});

test("places are Node's line always, and its column mostly", async (t) => {
  const [node, mvm] = await Promise.all([user.start([], { program: path }).finished, user.start(["run", path], { program: mvmPath }).finished]);
  const [expected, found] = [shown(node.stdout), shown(mvm.stdout)];
  const lineOf = (place: string): string => place.split(":")[0]!;
  const others = [...expected.values()].filter(([name, , place]) => lineOf(found.get(name)![2]) !== lineOf(place)).map(([name]) => name);
  // A derived constructor's result is looked at where it returns, in V8 where it was called.
  t.deepEqual(others, ["derivedReturn"]);
  // Errors of operators are where their statement begins: an entry for each would make images larger.
  const same = [...expected.values()].filter(([name, , place]) => found.get(name)![2] === place).length;
  t.true(same >= expected.size * 0.89, `${same} of ${expected.size}`);
});

test("without debug information the value stands for the words", async (t) => {
  const source = user.file("bare.cjs", "const o = { a: { b: 1 } };\nfor (const f of [() => o.a.b(), () => o.x(), () => { for (const y of o.a) ; }, () => { const { c } = o.none; }, () => new o.a()]) try { f(); } catch (e) { console.log(e.message); }\n");
  t.is((await user.mvm("build", source, "--no-debug", "-o", "bare.mvm")).code, 0);
  t.is((await user.mvm("run", "bare.mvm")).stdout, "1 is not a function\nundefined is not a function\nobject is not iterable (cannot read property Symbol(Symbol.iterator))\nCannot read properties of undefined (reading 'c')\n#<Object> is not a constructor\n");
  t.is((await user.mvm("run", source)).stdout, "o.a.b is not a function\no.x is not a function\no.a is not iterable\nCannot destructure property 'c' of 'o.none' as it is undefined.\no.a is not a constructor\n");
});

test("a built-in that goes over what it is given has no words of its caller", async (t) => {
  const source = user.file("inner.cjs", "const five = 5;\nfor (const f of [() => new Map(five), () => new Set(...[five]), () => Object.fromEntries(five), () => [...five]]) try { f(); } catch (e) { console.log(e.message); }\n");
  t.is((await user.mvm("run", source)).stdout, "number 5 is not iterable (cannot read property Symbol(Symbol.iterator))\n".repeat(3) + "five is not iterable\n");
});

test("what is not supported or no program is said with file, line and column, in V8's words", async (t) => {
  for (const [text, place, reason] of [
    ["let a = 1;\nlet b = ;\n", "2:9", "Unexpected token ';'"],
    ["const x = {\n", "2:1", "Unexpected end of input"],
    ["foo bar;\n", "1:5", "Unexpected identifier 'bar'"],
    ["const a;\n", "1:8", "Missing initializer in const declaration"],
    ["let s = 'abc\n';\n", "1:9", "Invalid or unexpected token"],
    ["1 = 2;\n", "1:1", "Invalid left-hand side in assignment"],
    ["break;\n", "1:1", "Illegal break statement"],
    ["f(1 2);\n", "1:5", "Unexpected number"],
    ["function f() { await x; }\n", "1:22", "await is only valid in async functions and the top level bodies of modules"],
  ] as const) {
    const file = user.file("wrong.cjs", text);
    const { code, stderr } = await user.mvm("run", file);
    t.is(code, 3);
    t.true(stderr.includes(`${file}:${place}: ${reason}`), `${stderr}, not ${place}: ${reason}`);
  }
});
