/*---
negative:
  phase: runtime
  type: RangeError
---*/
throw new TypeError("not what is expected");
