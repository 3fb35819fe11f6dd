// Async generators and for await in a module with top-level await: queues of requests, errors, early return, delegation.
const wait = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value));
async function* ticks(n, ms) {
  try {
    for (let i = 0; i < n; i++) {
      await wait(ms);
      const sent = yield i;
      if (sent) console.log("sent", sent);
    }
    return "returned";
  } finally {
    await wait(1);
    console.log("closed after", n);
  }
}
for await (const t of ticks(3, 5)) console.log("tick", t);
for await (const t of ticks(9, 1)) if (t === 2) break;
const a = ticks(2, 3);
console.log(await Promise.all([a.next(), a.next("x"), a.next("y"), a.next()]));
const b = ticks(5, 1);
await b.next();
console.log(await b.return("stop"), await b.next());
const c = ticks(5, 1);
await c.next();
try { await c.throw(new Error("thrown in")); } catch (error) { console.log(error.message); }
async function* outer() {
  yield* ticks(2, 1);
  yield* [Promise.resolve("from sync iterable"), "plain"];
  const r = yield* (async function* () { yield "inner"; return "inner result"; })();
  yield r;
  yield Promise.resolve("awaited yield");
  try { yield Promise.reject(new Error("rejected yield")); } catch (error) { yield "caught " + error.message; }
}
const all = [];
for await (const v of outer()) all.push(v);
console.log(all);
for await (const v of [wait(4, "slow"), wait(1, "fast"), 3]) console.log(v);
const custom = { [Symbol.asyncIterator]() { let i = 0; return { next: () => wait(1, { value: i, done: i++ === 2 }), return() { console.log("return called"); return wait(1, {}); } }; } };
for await (const v of custom) console.log("custom", v);
outer: for (const n of [1, 2]) for await (const v of custom) { console.log(n, v); if (v === 1) continue outer; }
try { for await (const v of custom) throw new Error("body " + v); } catch (error) { console.log(error.message); }
try { for await (const v of (async function* () { throw new Error("at once"); })()) console.log(v); } catch (error) { console.log(error.message); }
try { for await (const v of [Promise.reject(new Error("element"))]) console.log(v); } catch (error) { console.log(error.message); }
async function* source() { for (let i = 1; i <= 6; i++) yield i; }
async function* map(it, f) { for await (const v of it) yield f(v); }
async function* filter(it, f) { for await (const v of it) if (await f(v)) yield v; }
const results = [];
for await (const v of map(filter(source(), async (x) => x % 2 === 0), (x) => x * x)) results.push(v);
console.log(results.join(), Object.prototype.toString.call(source()), typeof source().next);
class Channel {
  #items = []; #waiting = [];
  send(v) { this.#waiting.length ? this.#waiting.shift()({ value: v, done: false }) : this.#items.push(v); }
  [Symbol.asyncIterator]() { return this; }
  next() { return this.#items.length ? Promise.resolve({ value: this.#items.shift(), done: false }) : new Promise((r) => this.#waiting.push(r)); }
}
const channel = new Channel();
for (let i = 0; i < 3; i++) setTimeout(() => channel.send("message " + i), 10 * (3 - i));
let got = 0;
for await (const m of channel) { console.log(m); if (++got === 3) break; }
console.log(await (async () => { try { return await wait(1, "awaited return"); } finally { console.log("finally"); } })());
// Nothing is handed to a synchronous iterator that was not sent.
const counts = [];
let rounds = 0;
const counted = { [Symbol.iterator]() { return this; }, next(...list) { counts.push(`next ${list.length}`); return { done: rounds++ === 1, value: 1 }; }, return(...list) { counts.push(`return ${list.length}`); return {}; } };
for await (const v of counted);
for await (const v of counted) break;
console.log(counts.join());
export const value = await wait(2, "exported");
console.log(value, import.meta.url.startsWith("file:") || import.meta.url.length > 0);
