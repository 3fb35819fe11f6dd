// Parameters change when whoever was given the arguments object changes its elements, and the other way round.
const change = (list) => { list[0] = "changed"; };
console.log((function (a, b) { change(arguments); return [a, b]; })(1, 2));
console.log((function (a, b) { Array.prototype.reverse.call(arguments); return [a, b]; })(1, 2));
console.log((function (a) { const list = arguments; list[0]++; a *= 5; return [a, list[0]]; })(1));
console.log((function (a) { Reflect.set(arguments, 0, 5); return a; })(1));
console.log((function (a) { Object.freeze(arguments); a = 3; return [a, arguments[0]]; })(1));
const [list, get] = (function (a) { const made = [arguments, () => a]; return made; })(1);
list[0] = 7;
console.log(get());
let read;
const returned = (function (a) { read = () => a; return arguments; })(1);
returned[0] = 8;
console.log(read(), (function (a) { a = 2; return Array.prototype.slice.call(arguments); })(1), (function (a) { a = 2; return Math.max.apply(null, arguments); })(1));
