// Typed arrays, ArrayBuffer, DataView: conversions, shared buffers, byte order, methods with callbacks, out of bounds.
const buffer = new ArrayBuffer(16);
const bytes = new Uint8Array(buffer), words = new Uint32Array(buffer, 4, 2), doubles = new Float64Array(buffer);
doubles[1] = Math.PI;
words[0] = 0xdeadbeef;
bytes[0] = 300;
console.log(bytes, words, bytes.length, words.byteOffset, words.byteLength, doubles.BYTES_PER_ELEMENT);
const view = new DataView(buffer, 2);
view.setInt16(0, -2);
view.setFloat32(2, 1.5, true);
console.log(view.getInt16(0), view.getUint16(0, true), view.getFloat32(2, true), view.getUint8(5), view.byteLength, bytes.join());
console.log([new Int8Array([127, 128, -129, 1.9, "7", null, NaN]), new Uint8ClampedArray([-5, 300, 1.5, 2.5, NaN]), new Int16Array([40000]), new Float32Array([0.1])]);
const a = Uint8Array.from({ length: 6 }, (_, i) => i * i);
console.log(a, a.map((x) => x * 10), a.filter((x) => x % 2), a.reduce((x, y) => x + y), a.find((x) => x > 10), a.findLastIndex((x) => x < 10), a.some((x) => x === 16), a.every((x) => x < 26));
console.log(a.slice(1, 3), a.subarray(-2), a.indexOf(9), a.includes(16), a.join("-"), a.at(-1), a.lastIndexOf(4), [...a.entries()][2], [...a.keys()].length);
a.set([7, 8], 1);
a.copyWithin(3, 0, 2);
console.log(a, a.fill(1, 4), a.reverse(), a.sort((x, y) => y - x), a.toReversed(), a.with(0, 99), a.toSorted());
a[100] = 5;
a[-1] = 5;
a.extra = "property";
console.log(a[100], a[-1], "100" in a, Object.keys(a), a.extra, a.length);
console.log(Object.getOwnPropertyDescriptor(a, 0), Object.getOwnPropertyDescriptor(a, 9), delete a[99], Object.isFrozen(new Uint8Array(0)));
try { new Uint32Array(buffer, 3); } catch (error) { console.log(error.name); }
try { new Uint8Array(-1); } catch (error) { console.log(error.name); }
try { Object.freeze(new Uint8Array(1)); } catch (error) { console.log(error.name); }
try { view.getInt32(20); } catch (error) { console.log(error.name); }
try { Uint8Array(3); } catch (error) { console.log(error.name); }
console.log(buffer.slice(4, 8), ArrayBuffer.isView(view), ArrayBuffer.isView([]), Object.prototype.toString.call(a), Uint8Array.of(1, 2, 3), new Float64Array(2));
const copy = new Uint16Array(new Uint8Array([1, 2, 3]));
copy.forEach((x, i, all) => { all[i] = x * 1000; });
console.log(copy, copy.constructor.name, copy instanceof Uint16Array, Object.getPrototypeOf(Uint16Array).name, copy.toString(), copy[Symbol.toStringTag]);
let checksum = 0;
const noise = new Int32Array(64);
for (let i = 0; i < noise.length; i++) noise[i] = Math.imul(i, 2654435761);
for (const n of noise) checksum = (checksum ^ n) | 0;
console.log(checksum, noise.subarray(60), new Uint8Array(noise.buffer, 0, 8));
class Bytes extends Uint8Array { hex() { return [...this].map((b) => b.toString(16).padStart(2, "0")).join(""); } }
console.log(new Bytes([1, 255]).hex(), new Bytes(2).map((_, i) => i + 10).hex(), Bytes.from("123").hex());
for (const x of new Uint8Array([1, 2])) console.log(x);
const grow = new ArrayBuffer(4, { maxByteLength: 8 });
const tracking = new Uint8Array(grow);
grow.resize(8);
console.log(tracking.length, grow.resizable, grow.maxByteLength);
grow.resize(2);
console.log(tracking.length, structuredClone(new Uint8Array([1, 2])));
