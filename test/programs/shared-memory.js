// SharedArrayBuffer and Atomics, as the one agent that a program is sees them: every operation on every integer type, the
// bounds, waiting and being woken.
const types = [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array];
for (const Type of types) {
  const array = new Type(new SharedArrayBuffer(16));
  const got = [];
  for (const value of [5, -1, 3.9, 2 ** 33 + 7, "12", NaN]) {
    got.push(Atomics.store(array, 1, value), Atomics.add(array, 1, value), Atomics.sub(array, 1, 2), Atomics.and(array, 1, 0xf3), Atomics.or(array, 1, 8), Atomics.xor(array, 1, value),
      Atomics.exchange(array, 1, value), Atomics.compareExchange(array, 1, value, 77), Atomics.load(array, 1));
  }
  console.log(Type.name, got.join(" "));
}
const big = new BigInt64Array(new SharedArrayBuffer(8));
console.log(Atomics.store(big, 0, 2n ** 64n + 5n), Atomics.add(big, 0, -6n), Atomics.xor(big, 0, 1n), Atomics.compareExchange(big, 0, 2n ** 64n - 2n, 9n), Atomics.load(big, 0));

const error = (run) => {
  try {
    return run();
  } catch (failure) {
    return failure.name;
  }
};
console.log(error(() => Atomics.load(new Int32Array(2), 2)), error(() => Atomics.load(new Float64Array(2), 0)), error(() => Atomics.load([1], 0)), error(() => Atomics.wait(new Int32Array(1), 0, 0, 0)));
console.log(Atomics.add(new Uint8Array([250]), 0, 10), [1, 2, 3, 4, 8].map((size) => Atomics.isLockFree(size)).join());

const buffer = new SharedArrayBuffer(4, { maxByteLength: 12 });
const whole = new Uint8Array(buffer);
whole.fill(7);
buffer.grow(8);
console.log(buffer.byteLength, buffer.maxByteLength, buffer.growable, whole.length, whole.join(), error(() => buffer.grow(4)), error(() => buffer.grow(13)));
console.log(new Uint8Array(buffer.slice(2, 6)).join(), buffer.slice(1) instanceof SharedArrayBuffer, Object.prototype.toString.call(buffer), buffer instanceof ArrayBuffer);
console.log(error(() => SharedArrayBuffer(1)), error(() => new SharedArrayBuffer(2, { maxByteLength: 1 })), new DataView(buffer).byteLength);

class Mine extends SharedArrayBuffer {}
console.log(new Mine(8).slice(2).constructor.name, new Mine(8).slice(2).byteLength);

const cells = new Int32Array(new SharedArrayBuffer(16));
console.log(Atomics.wait(cells, 0, 1), Atomics.wait(cells, 0, 0, 3), Atomics.notify(cells, 0), Atomics.notify(new Int32Array(1), 0, 5));
const kinds = [Atomics.waitAsync(cells, 0, 1), Atomics.waitAsync(cells, 0, 0, 0), Atomics.waitAsync(cells, 1, 0), Atomics.waitAsync(cells, 1, 0, 1000000), Atomics.waitAsync(cells, 1, 0), Atomics.waitAsync(cells, 2, 0, 4)];
console.log(kinds.map(({ async: waits, value }) => `${waits} ${waits ? typeof value : value}`).join());
for (const i of [2, 3, 4]) kinds[i].value.then((how) => console.log(i, how));
console.log(Atomics.notify(cells, 1, 2), Atomics.notify(cells, 1), Atomics.notify(cells, 1));
// Node's own time runs beside the one that timers are given here.
if (typeof mvm === "undefined") setTimeout(() => console.log(5, "timed-out"), 4);
else kinds[5].value.then((how) => console.log(5, how));
