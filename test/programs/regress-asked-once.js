// What a built-in asks of its operands, it asks as often and in the order that the specification says.
const told = (name, object) => new Proxy(object, { get(target, key, receiver) { console.log(name, String(key)); return Reflect.get(target, key, receiver); } });
const text = (value) => ({ toString() { console.log("toString", value); return value; } });
console.log(Array.from(told("from", [1, 2])), Array.from(told("mapped", [1]), (x) => x * 2));
console.log("abc".padStart(2, text("x")), "abc".padEnd(5, text("y")), "abc".padEnd(5, text("")));
