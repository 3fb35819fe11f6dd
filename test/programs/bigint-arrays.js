// BigInt64Array and BigUint64Array, and DataView's methods for their elements.
function attempt(f) {
  try { return f(); } catch (error) { return `${error.name}: ${error.message}`; }
}
const edges = [0n, 1n, -1n, 2n ** 63n - 1n, 2n ** 63n, -(2n ** 63n), 2n ** 64n - 1n, 2n ** 64n, -(2n ** 64n) - 5n, 0x0123456789abcdefn, 10n ** 40n];
for (const Kind of [BigInt64Array, BigUint64Array]) {
  const array = new Kind(edges);
  console.log(Kind.name, Kind.length, Kind.BYTES_PER_ELEMENT, array.byteLength, array);
  console.log(new Uint8Array(array.buffer, 8, 24).join());
  array[0] = 99n;
  array[1] = "17";
  array[2] = true;
  array[100] = 1n;
  console.log(array[0], array[1], array[2], array[100], 100 in array, Object.getOwnPropertyDescriptor(array, 0));
  for (const bad of [1, 1.5, undefined, null, "x", Symbol.iterator, {}]) console.log(attempt(() => { array[3] = bad; return "stored"; }));
  console.log(array.fill(5n, 1, 3).slice(0, 4), array.subarray(2, 5), attempt(() => array.fill(1)), array.with(0, 7n)[0], attempt(() => array.with(0, 7)));
  console.log(array.indexOf(5n), array.indexOf(5), array.includes(0x0123456789abcdefn), array.lastIndexOf(5n), array.at(-1), array.join("|"), array.map((n) => n * 2n), array.filter((n) => n > 0n).length);
  console.log(array.reduce((a, b) => a + b), array.toSorted(), array.toSorted((a, b) => (a < b ? 1 : -1))[0], [...array.keys()].length, array.findLast((n) => n !== 0n), array.toReversed()[0]);
  console.log(Kind.from([1n, "2"]), Kind.of(3n, 4n), Kind.from({ length: 2, 0: 1n, 1: 2n }, (n) => n + 1n), attempt(() => Kind.from([1])), attempt(() => new Kind([1])), attempt(() => new Kind(new Int8Array(2))), attempt(() => new Int8Array(new Kind(2))));
  const target = new Kind(6);
  target.set([1n, 2n]);
  target.set(array.subarray(0, 2), 3);
  target.copyWithin(1, 3, 5);
  console.log(target, attempt(() => target.set([1])), attempt(() => target.set(new Float64Array(1))), attempt(() => new Float32Array(2).set(target.subarray(0, 1))));
  console.log(attempt(() => new Kind(new ArrayBuffer(12))), attempt(() => new Kind(new ArrayBuffer(16), 4)), new Kind(new ArrayBuffer(24), 8), new Kind(), Object.prototype.toString.call(array), Kind.prototype.BYTES_PER_ELEMENT);
}
console.log(new BigInt64Array(new BigUint64Array([2n ** 63n, 5n])), new BigUint64Array(new BigInt64Array([-1n])));
const view = new DataView(new ArrayBuffer(24));
for (const value of edges) {
  view.setBigInt64(1, value);
  view.setBigUint64(11, value, true);
  console.log(view.getBigInt64(1), view.getBigUint64(1), view.getBigInt64(11, true), view.getBigUint64(11, true), view.getBigInt64(11), view.getUint8(1), view.getUint8(11));
}
console.log(attempt(() => view.setBigInt64(0, 1)), attempt(() => view.getBigInt64(17)), attempt(() => view.setBigUint64(-1, 1n)), view.getBigInt64.name, view.setBigUint64.length);
let checksum = 0n;
const words = new BigUint64Array(64);
for (let round = 0; round < 3; round++) {
  for (let i = 0; i < words.length; i++) {
    words[i] = words[i] * 6364136223846793005n + BigInt(i) + 1442695040888963407n;
    checksum ^= words[i] >> 7n;
  }
}
console.log(checksum, structuredClone(words.subarray(0, 2)));
