// Numbers of 16 bits in a DataView. Node 20 does not have them, so what is expected is written here.
const isHere = typeof mvm !== "undefined";
const buffer = new ArrayBuffer(8);
const view = new DataView(buffer);
const check = (name, got, expected) => console.log(name, isHere ? String(got()) : expected);
const stored = (x) => () => {
  view.setFloat16(2, x);
  return `${view.getUint16(2).toString(16)} ${Object.is(view.getFloat16(2), -0) ? "-0" : view.getFloat16(2)}`;
};
for (const [x, expected] of [
  [0, "0 0"], [-0, "8000 -0"], [1, "3c00 1"], [-2, "c000 -2"], [65504, "7bff 65504"], [65519.99, "7bff 65504"], [65520, "7c00 Infinity"], [-1e9, "fc00 -Infinity"],
  [5.960464477539063e-8, "1 5.960464477539063e-8"], [2.9802322387695312e-8, "0 0"], [2.980232238769532e-8, "1 5.960464477539063e-8"], [0.00006097555160522461, "3ff 0.00006097555160522461"],
  [0.00006103515625, "400 0.00006103515625"], [1.00048828125, "3c00 1"], [1.00146484375, "3c02 1.001953125"], [1 / 3, "3555 0.333251953125"], [NaN, "7e00 NaN"], ["12", "4a00 12"], [undefined, "7e00 NaN"],
]) check(`store ${x}`, stored(x), expected);
check("little-endian", () => {
  view.setFloat16(0, 1.5, true);
  return `${view.getUint16(0).toString(16)} ${view.getFloat16(0, true)} ${view.getFloat16(0)}`;
}, "3e 1.5 0.0000036954879760742188");
check("a NaN of other bits", () => {
  view.setUint16(0, 0xfdff);
  return view.getFloat16(0);
}, "NaN");
const failure = (run) => () => {
  try {
    return run();
  } catch (error) {
    return error.name;
  }
};
check("beyond the end", failure(() => view.getFloat16(7)), "RangeError");
check("a negative place", failure(() => view.setFloat16(-1, 1)), "RangeError");
check("no view", failure(() => view.getFloat16.call({}, 0)), "TypeError");
check("lengths", () => view.getFloat16.length + view.setFloat16.length, 3);
