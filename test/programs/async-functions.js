// Async functions: order of jobs, loops with awaits, errors, finally, thenables, concurrency with timers.
const log = [];
const wait = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value));
async function loop(name, n, ms) {
  for (let i = 0; i < n; i++) {
    await wait(ms);
    log.push(name + i);
  }
  return name + " done";
}
async function fails() {
  try {
    await wait(3);
    throw new Error("async failure");
  } finally {
    log.push("finally");
    await wait(1);
  }
}
async function main() {
  const results = await Promise.all([loop("a", 3, 10), loop("b", 2, 14), loop("c", 1, 37)]);
  console.log(results, log.join());
  try { await fails(); } catch (error) { console.log(error.message, log[log.length - 1]); }
  console.log(await 5, await { then(resolve) { resolve("thenable"); } }, await null);
  const arrow = async (x) => { const { y } = await x; return y ** 2; };
  console.log(await arrow(Promise.resolve({ y: 9 })));
  const object = { async method() { return this.v; }, v: "this kept" };
  console.log(await object.method());
  class A { static async make() { const a = new this(); a.x = await 1; return a; } async *values() { yield await this.x; } }
  const a = await A.make();
  for await (const v of a.values()) console.log("value", v);
  const nested = async () => (await (async () => (await wait(1, "inner")) + "!")()) + "?";
  console.log(await nested());
  let sum = 0;
  for (const p of [1, Promise.resolve(2), wait(2, 3)]) sum += await p;
  console.log(sum, `${await "in template"} ${[await 1, await 2]}`);
  return "main result";
}
const order = [];
Promise.resolve().then(() => order.push(1)).then(() => order.push(4));
(async () => { order.push("sync"); await null; order.push(2); await null; order.push(5); })();
queueMicrotask(() => order.push(3));
setTimeout(() => console.log(order.join()), 0);
main().then(console.log, (error) => console.log("unexpected", error));
console.log("end of script");
async function defaults(a = (() => { throw new Error("default"); })()) { return a; }
defaults().catch((error) => console.log("rejected:", error.message));
