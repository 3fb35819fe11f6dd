/*---
description: a test of more steps than one is moved at all of
---*/
let sum = 0;
for (let i = 0; i < 5000; i++) sum += i;
assert(sum === 12497500, "the sum");
