/*---
description: what a program asks of its host comes back to it
flags: [async]
---*/
const times = [performance.now(), Date.now()];
assert((0, eval)("3 * 3") === 9, "indirect");
assert(new Function("a", "return a + 1")(5) === 6, "constructed");
setTimeout(() => {
  assert(performance.now() > times[0] && Date.now() >= times[1], "time passes");
  $DONE();
}, 20);
