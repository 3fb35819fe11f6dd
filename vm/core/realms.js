// Further realms (ECMA-262 section 9.3): a program's second set of built-in objects, a copy of the core's in its own
// memory. What is copied, and how the two know of each other, is the kernel's (kernel/realm.ts).

defineMethods($getOwnValue(globalObject, "mvm"), {
  /** The global object of a further realm. What its functions make, its `mvm.evaluate` among them, is of that realm. */
  createRealm() {
    return $newRealm();
  },
});
