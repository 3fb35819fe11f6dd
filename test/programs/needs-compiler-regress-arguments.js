// An eval can change parameters and the arguments object that they are tied to, wherever it stands.
console.log((function (a, b) { eval("a = 3"); return [a, arguments[0]]; })(1, 2));
console.log((function (a, b) { eval("arguments[1] = 4"); return [a, b]; })(1, 2));
console.log((function (a) { (function () { eval("a = 5"); })(); return [a, arguments[0]]; })(1));
console.log((function (a) { return (() => { eval("arguments[0] = 6"); return a; })(); })(1));
