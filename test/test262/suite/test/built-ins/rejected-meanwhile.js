/*---
description: nor does it end the test
flags: [async]
---*/
Promise.reject(1);
setTimeout($DONE, 10);
