const pako = require("pako");
const text = "hello hello hello ".repeat(200);
const small = pako.deflate(text, { level: 9 });
console.log("deflated to", small.length, "bytes:", Array.from(small.subarray(0, 12)).join(" "));
console.log(pako.inflate(small, { to: "string" }) === text, pako.gzip("abc").length, pako.inflateRaw(pako.deflateRaw(new Uint8Array(1000))).length);
try { pako.inflate(new Uint8Array([1, 2, 3])); } catch (error) { console.log(String(error)); }
