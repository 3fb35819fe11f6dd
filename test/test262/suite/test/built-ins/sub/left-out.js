/*---
features: [Temporal]
---*/
throw new Test262Error("is not run");
