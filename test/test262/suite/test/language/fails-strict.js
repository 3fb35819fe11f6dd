/*---
description: what a function's this is without "use strict" only
---*/
assert(function () { return this; }() !== undefined, "this is undefined");
