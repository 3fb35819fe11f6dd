// Names that only the core's own functions have are the program's texts too.
const getter = (object, name) => Object.getOwnPropertyDescriptor(object, name).get.name;
console.log(getter(RegExp.prototype, "dotAll") === "get dotAll", RegExp.prototype[Symbol.match].name === "[Symbol.match]", getter(Map.prototype, "size") === "get size", getter(Map, Symbol.species) === "get [Symbol.species]");
console.log({ "get size": 1 }[getter(Map.prototype, "size")], new Map([["get flags", 2]]).get(getter(RegExp.prototype, "flags")));
