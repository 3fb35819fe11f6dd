// Numbers: formatting, parsing, conversions, integer and float edges, Math, bitwise operators, increments.
console.log(0.1 + 0.2, 1 / 3, 1e21, 1e-7, 123456789012345680000, 5e-324, 1.7976931348623157e308, -0, [-0], 0 === -0, Object.is(-0, 0), 1 / -0, NaN, 2 ** 53, 2 ** 53 + 1, 4.35, 0.000001);
console.log((1234.5678).toFixed(2), (0.5).toFixed(0), (1.005).toFixed(2), (1e21).toFixed(2), (-1.5).toFixed(0), (0).toFixed(3), (123.456).toPrecision(4), (0.00001).toPrecision(1), (1e21).toPrecision(3), (12345).toExponential(), (0).toExponential(2), (123456).toExponential(2));
console.log((255).toString(16), (0.1).toString(3), (-255.5).toString(2), (1e21).toString(7), (2 ** 31).toString(36), (35).toString(36), NaN.toString(2));
console.log(parseInt("12px"), parseInt("0x1f"), parseInt("101", 2), parseInt("z", 36), parseInt(""), parseInt("-0"), parseInt("9007199254740993"), parseFloat("3.14abc"), parseFloat(".5e-2"), parseFloat("-Infinityx"), parseFloat("e"), Number("12 "), Number("1_0"), Number("0b11"), Number("0o17"), Number(""), Number(null), Number([5]), Number("Infinity"), Number("1e1000"), Number(new Date(5)), Number("."));
console.log(1073741823 + 1, 1073741824 - 1, -1073741824 - 1, 2147483647 + 1, 2147483647 | 0, 2147483648 | 0, 4294967295 >>> 0, -1 >>> 0, -1 >>> 31, 1 << 31, 1 << 32, 5 >> 33, -5 >> 1, ~~3.7, ~~-3.7, 2 ** 32 >> 0, 1e20 | 0, NaN | 0, Infinity >>> 0, 5 & 6, 5 | 6, 5 ^ 6, ~5);
console.log(5 % 3, -5 % 3, 5 % -3, 5.5 % 2, -0 % 5, 5 % 0, 1e308 * 10, -7 / 2, 7 / -0, 2 ** -1, (-2) ** 3, 2 ** 0.5, NaN ** 0, 0 / 0, 10 % 3.3, 2 ** 1023 * 2, 1073741824 * 4, 65536 * 65536, 46341 * 46341, -46341 * 46341);
console.log(Math.max(), Math.min(), Math.max(1, NaN), Math.max(-0, 0), Math.round(2.5), Math.round(-2.5), Math.round(0.49999999999999994), Math.sign(-3), Math.trunc(-4.7), Math.cbrt(27), Math.hypot(3, 4), Math.fround(5.5), Math.clz32(1), Math.imul(0xffffffff, 5), Math.log2(8), Math.log10(1000), Math.expm1(0), Math.log1p(0), Math.atan2(1, 1), Math.floor(-0.5), Math.ceil(-0.5), Math.abs(-5), Math.pow(2, 10), Math.sqrt(2));
console.log([0.5, 1, 2, 3].map((x) => [Math.sin(x), Math.cos(x), Math.tan(x), Math.exp(x), Math.log(x), Math.sinh(x), Math.cosh(x), Math.tanh(x), Math.atan(x)].map((y) => y.toFixed(10)).join(" ")).join("\n"));
console.log(Number.isInteger(5.0), Number.isInteger("5"), Number.isSafeInteger(2 ** 53), Number.isNaN("x"), isNaN("x"), isFinite("5"), Number.isFinite("5"), Number.EPSILON > 0, Number.MAX_SAFE_INTEGER, Number.MIN_VALUE, Number.MAX_VALUE, Number.parseFloat === parseFloat);
let i = 5;
console.log(i++ + ++i, i-- - --i, i, -i, +"3" + +true, i += "x", typeof i, i++, i);
let f = 0.5, big = 1073741823, u = undefined, n = null, str = "7", o = { valueOf() { return 41; } };
f++; big++; u++; n++; str++; o++;
console.log(f, big, u, n, str, o);
let sum = 0;
for (let k = 1; k <= 300; k++) sum += 1 / k / k;
console.log(sum, Math.sqrt(sum * 6));
let h = 2166136261;
for (const c of "hash me") h = Math.imul(h ^ c.charCodeAt(0), 16777619) >>> 0;
console.log(h, h.toString(16), 0xff, 0b101, 0o17, 1_000_000, .5, 5., 0.1e2);
const object = { valueOf() { return 10; }, toString() { return "twenty"; } };
console.log(object + 1, object * 2, `${object}`, object > 5, object == 10, object - "3", -object, +object, object % 3, object ** 2, object << 1, object & 6, object / 4);
console.log(null + 1, undefined + 1, true + true, [] * 2, [3] * [4], null >= 0, null > 0, null == 0, undefined == null, NaN != NaN, "1" == 1, "" == 0, "0" == false, [] == false, [1] == 1, ({}) == "[object Object]");
for (const bad of [() => (1).toFixed(-1), () => (1).toPrecision(0), () => Number(Symbol())]) { try { bad(); } catch (error) { console.log(error.name, error.message); } }
console.log(new Number(5) + 5, typeof new Number(5), new Number(5), [new Number(-0)], Object(1) instanceof Number, (5).constructor.name, 5..toString(), 1.0.toFixed(1));
console.log([1e3, 1e5, 1e15, 1e16, 123e-20, 0.1 * 3, 100 / 3, 1e23, 9.5e-7, 4e-7, 1.5e300, 2e-308].join(" "));
