// What strict code says that writes to a primitive: there is no such property, and none can be made.
"use strict";
for (const value of [0, -1.5, true, 10n, "abc", Symbol("q")]) {
  for (const key of ["x", 7, 1, "length", Symbol.iterator]) {
    try { value[key] = 1; console.log("none"); } catch (error) { console.log(`${error.name}: ${error.message}`); }
  }
}
