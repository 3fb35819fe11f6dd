// The text of a built-in function has the name that the function began with, whatever became of its property "name".
const { max } = Math;
const sizeOf = Object.getOwnPropertyDescriptor(Map.prototype, "size").get;
const iterate = Array.prototype[Symbol.iterator];
delete max.name;
Object.defineProperty(sizeOf, "name", { value: "other" });
Object.defineProperty(iterate, "name", { get() { throw new Error("the name is not asked for"); } });
for (const f of [max, sizeOf, iterate, RegExp.prototype[Symbol.match], max.bind(undefined), Promise, TypeError, Uint8Array, (function* () {}).constructor, Function.prototype]) console.log(String(f));
console.log(max.name, sizeOf.name);
