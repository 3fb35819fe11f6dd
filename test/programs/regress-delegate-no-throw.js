// yield* over an iterator without a method throw closes it as for an ordinary end, and an async one is waited for.
function bare(log, result) {
  return {
    [Symbol.iterator]() { return this; },
    [Symbol.asyncIterator]() { return this; },
    next() { return { value: 1, done: false }; },
    return() { log.push("return"); return result(); },
  };
}
const log = [];
function* plain(result) {
  try {
    yield* bare(log, result);
  } catch (error) {
    log.push(`${error.name}: ${error.message}`);
  }
}
for (const result of [() => ({}), () => 5, () => { throw new RangeError("from return"); }]) {
  const running = plain(result);
  running.next();
  running.throw(new Error("sent"));
}
console.log(log.splice(0).join("; "));
function* without() { yield* { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }) }) }; }
const running = without();
running.next();
try {
  running.throw(new Error("sent"));
} catch (error) {
  console.log(error.message, JSON.stringify(running.next()));
}

async function* later(result) {
  try {
    yield* bare(log, result);
  } catch (error) {
    log.push(`${error.name}: ${error.message}`);
  }
}
(async () => {
  for (const result of [async () => { await null; log.push("waited"); return {}; }, async () => 5, async () => { throw new RangeError("from return"); }]) {
    const going = later(result);
    await going.next();
    await going.throw(new Error("sent"));
  }
  console.log(log.splice(0).join("; "));
})();
