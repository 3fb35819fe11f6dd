// BigInts of many words: products, quotients, powers and texts that are put together from parts, and can be stopped within.
let state = 12345;
function random32() {
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x297a2d39 | 0;
  return (state ^ (state >>> 13)) >>> 0;
}
function random(bits) {
  let value = 0n;
  for (let i = 0; i < bits; i += 32) value = (value << 32n) | BigInt(random32());
  return value >> BigInt(random32() & 31);
}
function digest(value) {
  const low = BigInt.asUintN(64, value);
  let sum = low;
  for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 61n) sum = (sum * 31n + BigInt.asUintN(61, rest)) % 1000000000000000003n;
  return `${sum} ${String(value).length}`;
}
const sizes = [[2100, 2100], [5000, 5000], [9000, 300], [300, 9000], [7000, 2500], [4096, 4097]];
for (const [first, second] of sizes) {
  const a = random(first);
  const b = random(second) + 1n;
  const product = a * -b;
  console.log(digest(product), product / a === -b, -product / b === a, (product - 5n) % b === -5n % b);
  const quotient = (a * a) / b;
  const rest = (a * a) % b;
  console.log(digest(quotient), digest(rest), quotient * b + rest === a * a, rest < b);
}
// Where estimates of a quotient are too large.
for (const bits of [2048n, 4000n, 6001n]) {
  const ones = (1n << bits) - 1n;
  console.log(digest((ones << bits) / ones), digest(((ones << bits) + ones) % (ones - 1n)), digest((1n << (bits * 2n)) / ones), digest(ones * ones));
}
const power = 7n ** 2000n;
console.log(digest(power), digest((-3n) ** 1501n), power % 1000000007n);
for (const radix of [2, 3, 8, 10, 16, 36]) {
  const text = power.toString(radix);
  console.log(radix, text.length, text.slice(0, 20), text.slice(-20), radix === 10 ? BigInt(text) === power : radix === 16 ? BigInt(`0x${text}`) === power : radix === 2 ? BigInt(`0b${text}`) === power : "");
}
const decimal = "9".repeat(3000);
console.log(BigInt(decimal) === 10n ** 3000n - 1n, String(10n ** 1000n) === `1${"0".repeat(1000)}`, String(-(10n ** 700n) - 1n).slice(-10), BigInt(`-${decimal}`) + 10n ** 3000n);
try { BigInt(`${decimal}x${decimal}`); } catch (error) { console.log(error.name); }
try { power ** (1n << 40n); } catch (error) { console.log(error.name, error.message); }
try { 2n ** (1n << 70n); } catch (error) { console.log(error.name, error.message); }
console.log(power == String(power), power > String(power - 1n), String(power) < power, power === 49n ** 1000n, new Map([[power, "found"]]).get(49n ** 1000n));
