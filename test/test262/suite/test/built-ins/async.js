/*---
flags: [async]
---*/
Promise.resolve(1).then((value) => assert(value === 1, "resolved")).then($DONE, $DONE);
