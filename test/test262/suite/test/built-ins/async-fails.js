/*---
flags: [async]
---*/
Promise.reject("no").then($DONE, $DONE);
