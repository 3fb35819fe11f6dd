// Keys of typed arrays that are numbers in text but no indices name nothing: "1.5", "-0", "NaN", "Infinity".
const a = new Uint8Array(2);
for (const key of ["1.5", "-0", "NaN", "Infinity", "-Infinity", "1e3", "+1"]) {
  a[key] = 5;
  console.log(key, a[key], key in a, Object.keys(a).join());
}
