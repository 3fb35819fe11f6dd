/*---
flags: [async]
---*/
new Promise(() => {}).then($DONE);
