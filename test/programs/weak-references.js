// WeakRef and FinalizationRegistry: a target stays to the end of the job in which it was seen, is gone after an epoch
// when nothing else has it, and a registry hears of it. When memory is looked through differs from Node, so what is
// printed does not depend on how soon that is.
const kept = { name: "kept" };
const reference = new WeakRef(kept);
console.log(reference.deref() === kept, String(reference), new WeakRef(Symbol("x")).deref().description);
const error = (run) => {
  try {
    return run();
  } catch (failure) {
    return failure.name;
  }
};
console.log(error(() => new WeakRef(1)), error(() => WeakRef({})), error(() => new FinalizationRegistry()), error(() => new WeakRef(Symbol.for("x"))));

const heard = [];
const registry = new FinalizationRegistry((value) => heard.push(value));
const token = {};
registry.register(kept, "never", token);
console.log(registry.unregister(token), registry.unregister(token), error(() => registry.register(kept, kept)), error(() => registry.unregister(1)), error(() => registry.register(1)));

const lost = [];
for (let i = 0; i < 5; i++) {
  const target = { number: i };
  lost.push(new WeakRef(target));
  registry.register(target, i, i === 4 ? token : undefined);
}
registry.register(kept, "kept");
console.log(lost.every((each, i) => each.deref().number === i), "within the job");

/** Makes so much garbage that there is an epoch. */
function churn() {
  let all = 0;
  for (let i = 0; i < 60; i++) all += new Uint8Array(80000).length;
  return all;
}
let rounds = 0;
(async () => {
  while (rounds < 4) {
    await null;
    churn();
    rounds++;
    registry.register({}, "passing");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  if (typeof mvm === "undefined") console.log("gone 0 true");
  else console.log("gone", lost.filter((each) => each.deref() !== undefined).length, [0, 1, 2, 3, 4].every((value) => heard.includes(value)));
  console.log(heard.includes("kept"), heard.includes("never"), reference.deref().name);
})();
