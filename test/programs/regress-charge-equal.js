// Comparing long equal texts costs steps for its bulk work, the same in the fast loop and in the reference.
let s = "";
for (let i = 0; i < 400; i++) s += "x" + i;
const t = s.split("").join("");
let n = 0;
for (let i = 0; i < 3; i++) if (s === t) n++;
if (s !== t + "") n = -1;
switch (t) { case s: n += 10; }
console.log(n, s == t, s === t.slice(1));
