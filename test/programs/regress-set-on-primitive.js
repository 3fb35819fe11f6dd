// A store to a primitive is ignored in sloppy code and an error in strict code, whatever the key.
const attempt = (tag, store) => { try { console.log(tag, store()); } catch (error) { console.log(tag, error.name); } };
for (const key of [Symbol.iterator, Symbol("s"), "length", 0, 7, "x"]) {
  attempt("sloppy", () => "abc"[key] = 1);
  attempt("strict", () => { "use strict"; return "abc"[key] = 1; });
  attempt("number", () => { "use strict"; return (5)[key] = 1; });
}
attempt("update", () => "b"[Symbol.iterator]--);
