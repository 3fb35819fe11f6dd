// The number -2 as a computed key: once it was taken for the machine's own sign of missing room.
const o = { [-2]: "minus two", [-1]: "minus one" };
const k = -2;
o[k] += "!";
console.log(o, o[-2], o["-2"], -2 in o, delete o[k], Object.keys(o), { [k]() { return 1; } }[k]());
