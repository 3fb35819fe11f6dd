/*---
flags: [noStrict]
---*/
assert(function () { return this; }() === $262.global, "sloppy");
