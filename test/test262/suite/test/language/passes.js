/*---
includes: [twice.js]
---*/
assert(twice(4) === 8, "twice");
