// Spread and rest in calls, constructions, arrays and objects: order of evaluation, iterators, getters, holes, many arguments.
const log = [];
const t = (v) => { log.push(v); return v; };
const it = (...v) => ({ *[Symbol.iterator]() { for (const x of v) { log.push("y" + x); yield x; } } });
console.log(Math.max(t(1), ...it(5, 2), t(3), ...[]), [...it("a"), t("b"), ...it("c", "d")].join(""), log.join(" "));
const o = { get g() { log.push("getter"); return 1; }, [Symbol.for("s")]: 2, z: 3 };
console.log({ ...o, z: 4 }, { z: 4, ...o }, { ...null, ...undefined, ...5, ..."hi", ...[7, 8], ...true }, { ...Object.create({ inherited: 1 }) }, { ...new Map([[1, 2]]) });
console.log([...[1, , 3]], [...new Set("hello")].join(""), [..."😀x"].length, [...(function* () { yield* [1, 2]; })()], [...Array(3).keys()]);
const f = (a, ...[b, ...c]) => [a, b, c];
console.log(f(1), f(1, 2), f(...[1, 2, 3, 4]), f(...it(1), ...it(2, 3)));
class P { constructor(...list) { this.list = list; } }
class Q extends P { constructor(...list) { super("q", ...list, ...list); } }
console.log(new P(...[1, 2]).list, new Q(...it("r")).list, new (class extends Q {})(1).list, new Date(...[2024, 0, 15]).getDate(), Reflect.construct(Q, [5]).list);
const { z, ...others } = { ...o, w: 5 };
const [head, ...[second, ...tail]] = it(1, 2, 3, 4);
console.log(z, others, head, second, tail);
const merged = [{ a: 1 }, { b: 2 }, { a: 3 }].reduce((all, x) => ({ ...all, ...x }), {});
console.log(merged, Object.is({ ...merged }.a, 3), [..."abc"].map((c, i, { length }) => c + i + length), String.raw({ raw: ["x", "y"] }, ...[1]), ((...r) => r.length)(...Array(300)));
try { f(...5); } catch (e) { console.log(e.name); }
try { [...{}]; } catch (e) { console.log(e.name); }
try { ({ ...{ get bad() { throw new Error("spread getter"); } } }); } catch (e) { console.log(e.message); }
console.log(log.filter((x) => x === "getter").length, "x".concat(...["y", "z"]), console.log.apply(console, ["applied", ...[1]]));
