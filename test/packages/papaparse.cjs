const P = require("papaparse");
console.log(P.parse('a;b\n1;"q;r"\n2;x', { header: true, dynamicTyping: true }).data, P.unparse([{ a: 1, b: 'x"y' }, { a: 2, b: "c,d" }]));
