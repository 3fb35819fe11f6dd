const _ = require("lodash");
const people = [{ n: "Ann", a: 31, t: ["x", "y"] }, { n: "Bob", a: 25, t: ["y"] }, { n: "Cid", a: 31, t: [] }];
console.log(_.groupBy(people, "a"), _.sortBy(people, ["a", "n"]).map((p) => p.n), _.countBy(_.flatMap(people, "t")));
console.log(_.merge({ a: { b: [1, 2] } }, { a: { b: [, 3], c: 4 } }), _.isEqual(new Map([[1, { a: 1 }]]), new Map([[1, { a: 1 }]])), _.template("Hi <%= name %>!<% if (n) { %> x<%- n %><% } %>")({ name: "<b>", n: 3 }));
console.log(_.kebabCase("fooBar baz"), _.chunk(_.range(10), 4), _.get({ a: [{ b: 7 }] }, "a[0].b"), _.cloneDeep({ d: new Date(0), r: /x/gi }));
