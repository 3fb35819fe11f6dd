// Loops whose test ends in a constant that it never comes past.
const list = [];
while (list && 0) list.push("while");
for (; list.push("test") && false;) list.push("for");
for (let i = 0; !(i < 3 || true); i++) list.push("let");
do list.push("do"); while (list && null);
if (list && 0) list.push("if");
console.log(list.join());
