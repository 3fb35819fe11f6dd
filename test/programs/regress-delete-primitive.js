// delete of a primitive's property converts the key, and finds what cannot be deleted.
const key = { toString() { console.log("key"); return "q"; } };
console.log(delete (5)[key], delete "abc"[7], delete "abc".length, delete "abc"[0], delete true.x);
(function () {
  "use strict";
  for (const name of ["length", 0, "x"]) try { console.log(delete "abc"[name]); } catch (error) { console.log(error.name); }
})();
