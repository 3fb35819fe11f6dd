// Further realms (ECMA-262 section 9.3): a program's second set of built-in objects, a copy of the core's (kernel/realm.ts).

defineMethods($getOwnValue(globalObject, "mvm"), {
  /** The global object of a further realm. What its functions make, its `mvm.evaluate` among them, is of that realm. */
  createRealm() {
    return $newRealm();
  },
});
