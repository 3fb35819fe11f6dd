/*---
description: a rejection that nobody handles is no failure
---*/
Promise.reject(1);
