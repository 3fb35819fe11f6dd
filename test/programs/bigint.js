// BigInt: operators, conversions, comparison, what is thrown, and where values of any type go.
function attempt(f) {
  try { return f(); } catch (error) { return `${error.name}: ${error.message}`; }
}
const samples = [0n, 1n, -1n, 7n, -7n, 255n, 4294967295n, 4294967296n, -4294967297n, 0xffff_ffff_ffff_ffffn, -0x8000_0000_0000_0000n, 10n ** 30n, -(3n ** 70n)];

// Operators
for (const a of samples) {
  const row = [-a, ~a, typeof a, !a, a ? "true" : "false", `${a}`, a.toString(16), Number(a)];
  console.log(row.join(" "));
  for (const b of samples) {
    console.log([a + b, a - b, a * b, b === 0n ? "" : a / b, b === 0n ? "" : a % b, a & b, a | b, a ^ b, a < b, a <= b, a > b, a >= b, a === b, a == b].join(" "));
  }
  for (const shift of [0n, 1n, 31n, 32n, 33n, 64n, -1n, -32n, -40n]) console.log(a << shift, a >> shift);
}
console.log(2n ** 0n, 0n ** 0n, (-2n) ** 3n, (-1n) ** 1001n, (-1n) ** 1000n, 7n ** 77n, 2n ** 200n);
let x = 5n;
console.log(x++, x, ++x, x--, --x, x += 10n, x -= 1n, x *= 3n, x /= 2n, x %= 13n, x **= 5n, x <<= 3n, x >>= 1n, x &= 0xffn, x |= 256n, x ^= 1n);
for (let i = 3n; i--;) console.log(i);
let down = -2n;
while (down++ < 1n) console.log("step", down);
const holder = { n: 1n, list: [1n] };
holder.n++;
holder.list[0]--;
holder.list[holder.n - 1n] = 9n;
console.log(holder, -holder.n);
function sum(...numbers) { return numbers.reduce((a, b) => a + b); }
console.log(sum(1n, 2n, 3n));

// Comparison with numbers and texts
const others = [0, -0, 1, 1.5, -1.5, 4294967296, 2 ** 64, 1e30, Infinity, -Infinity, NaN, "", " 12 ", "0x10", "-0x10", "1.5", "x", true, false, null, undefined, "4294967296", "-7"];
for (const a of [0n, 1n, -7n, 12n, 16n, 4294967296n, 10n ** 30n]) {
  console.log(String(a), others.map((b) => [a < b, a <= b, a > b, a >= b, a == b, a != b, b < a, b > a, b == a].map(Number).join("")).join(" "));
}
console.log(9007199254740993n > 9007199254740992, 9007199254740993n == 9007199254740992, 2n ** 1024n > Number.MAX_VALUE, 2n ** 1023n == 2 ** 1023, -(2n ** 2000n) < -Infinity);
console.log([3n, 1, "2", 10n, -1n].sort().join(), [3n, 1, 2.5, 10n, -1n].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join());
const boxed = { valueOf() { return 5n; } };
console.log(boxed + 1n, boxed * 2n, -boxed, ~boxed, boxed > 4, boxed == 5n, boxed == 5, 6n - boxed, `${{ toString() { return 7n; } }}`, boxed + "x");
let step = boxed;
step++;
console.log(step, typeof step);

// What is thrown
const throwing = [
  () => 1n + 1, () => 1 - 1n, () => 2n * 0.5, () => 1n & 1, () => 1n << 1, () => 1n ** 1, () => 1n + null, () => undefined * 1n, () => +1n, () => +boxed, () => 1n >>> 0n, () => 1n >>> 1, () => boxed >>> 0n,
  () => 1n / 0n, () => 1n % 0n, () => BigInt(), () => BigInt(1.5), () => BigInt(NaN), () => BigInt(Infinity), () => BigInt("1n"), () => BigInt("1.5"), () => BigInt("0x"), () => BigInt("- 1"), () => BigInt(Symbol("s")), () => BigInt(null), () => BigInt({}), () => new BigInt(1n),
  () => Math.max(1n), () => Math.abs(-1n), () => isNaN(1n), () => BigInt.prototype.toString.call(1), () => BigInt.prototype.valueOf.call({}), () => (1n).toString(1), () => (1n).toString(37), () => BigInt.asIntN(-1, 1n), () => BigInt.asUintN(2 ** 53, 1n), () => BigInt.asIntN(8, 1), () => BigInt.asUintN(8, "x"),
  () => JSON.stringify(1n), () => JSON.stringify({ a: [1n] }), () => 1n << 10000000000n, () => Symbol.iterator + 1n, () => null.x + 1n, () => 1n in 1n, () => 1n instanceof 1n, () => { (1n).x.y; },
];
for (const f of throwing) console.log(attempt(f));
console.log((1n).x, (1n).constructor === BigInt, Object(1n) instanceof BigInt);

// Conversion
console.log(BigInt(""), BigInt("  42\n"), BigInt("0b101"), BigInt("0O17"), BigInt("0XfF"), BigInt("-0"), BigInt("+5"), BigInt(true), BigInt([7]), BigInt(-0), BigInt(2 ** 80), BigInt(Number.MAX_SAFE_INTEGER) + 2n, BigInt(5e-324 * 0), BigInt(-123456789012345680000));
for (const n of [0n, 9007199254740993n, -9007199254740995n, 2n ** 64n - 1n, 2n ** 1024n - 2n ** 970n, 2n ** 1024n - 2n ** 969n, 3n ** 600n, -(7n ** 500n), (1n << 100n) + (1n << 47n), (1n << 100n) + (1n << 47n) + 1n]) console.log(Number(n));
console.log(parseInt("12n"), parseInt(12n), parseFloat(3n), Number("1n"), String(1n), [1n, [2n]] + "", (123n).toString(2), (-255n).toString(36), (10n ** 20n).toLocaleString(), (-1234n).toLocaleString("en-US"));
for (const bits of [0, 1, 8, 31, 32, 33, 64, 200]) console.log(bits, samples.map((a) => `${BigInt.asIntN(bits, a)} ${BigInt.asUintN(bits, a)}`).join(", "));
console.log(BigInt.asIntN("8", "255"), BigInt.asUintN({ valueOf: () => 4 }, { valueOf: () => 31n }), BigInt.length, BigInt.name, BigInt.asIntN.length, BigInt.prototype[Symbol.toStringTag]);

// Everywhere a value goes
const map = new Map([[1n, "one"], [1, "number"], [10n ** 30n, "large"], [-1n, "minus"]]);
console.log(map, map.get(1n), map.get(1), map.get(5n ** 30n * 2n ** 30n), map.has(2n), map.delete(-1n), map.size, new Set([0n, -0n, 0, 1n, 2n - 1n]));
console.log([1n, 2n].includes(2n), [1n, 2n].indexOf(2n), [1n, 2n].includes(2), Object.is(1n, 1n), Object.is(0n, -0n), 1n === 2n - 1n);
console.log({ 1n: "key", [2n]: "computed", 0x10n: "hex" }, ["a", "b"][1n], { a: { 3n: 4n } }.a[3n], "text"[1n], "1" in { 1n: 0 });
class Keys { 5n = "field"; static 6n() { return "method"; } }
console.log(new Keys(), Keys[6n](), Object.keys({ 2n: 0, 1n: 0 }));
const { 1n: destructured } = { 1: "d" };
console.log(destructured);
function which(value) {
  switch (value) {
    case 1n: return "big";
    case 1: return "small";
    case 2n ** 70n: return "large";
    default: return "none";
  }
}
console.log(which(1n), which(1), which(4n ** 35n), which("1"));
console.log(Object(3n), [Object(-3n)], Object(3n) + 1n, typeof Object(3n), Object(3n) == 3n, Object.prototype.toString.call(3n), JSON.stringify({ a: Object("t") }));
console.log(structuredClone({ a: 1n, b: [10n ** 30n], c: Object(2n) }), "%s %d %i %o %j", 1n);
console.log("%s %d %i %f %o", 1n, -2n, 3n, 4n, 5n);
console.log([1n, -20n, 300n], Array.from({ length: 30 }, (_, i) => BigInt(i) ** 5n));
BigInt.prototype.toJSON = function () { return `${this}n`; };
console.log(JSON.stringify({ a: 1n, b: [2n] }), JSON.stringify(3n), JSON.stringify([1n], (key, value) => (typeof value === "string" ? value.length : value)));
console.log([1n && 2n, 0n && 2n, 0n || 3n, 0n ?? 4n, 0n ? 1 : 2, !!-1n, 1n === 1, 1n !== 1n]);
function* counting() { for (let i = 0n; i < 3n; i++) yield i * 10n ** 20n; }
console.log([...counting()], (async () => 1n)().constructor.name);
(async () => {
  let total = 0n;
  for (const value of counting()) total += await value;
  console.log(total);
})();
