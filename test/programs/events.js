// An event emitter, an LRU cache, a retrying client and a throttled queue: classes, closures, timers and promises together.
class Emitter { #on = new Map(); on(n, f) { (this.#on.get(n) ?? this.#on.set(n, new Set()).get(n)).add(f); return () => this.#on.get(n).delete(f); } once(n, f) { const off = this.on(n, (...l) => { off(); f(...l); }); } emit(n, ...l) { for (const f of [...this.#on.get(n) ?? []]) f.apply(this, l); return this; } }
class Lru extends Map { constructor(most) { super(); this.most = most; } get(k) { const v = super.get(k); if (this.delete(k)) super.set(k, v); return v; } set(k, v) { this.delete(k); super.set(k, v); if (this.size > this.most) this.delete(this.keys().next().value); return this; } }
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const e = new Emitter(), seen = [];
const off = e.on("x", (v) => seen.push(v));
e.once("x", (v) => seen.push("once " + v));
e.emit("x", 1).emit("x", 2); off(); e.emit("x", 3);
const cache = new Lru(2);
cache.set("a", 1).set("b", 2); cache.get("a"); cache.set("c", 3);
console.log(seen, [...cache.keys()], cache);
let attempts = 0;
async function flaky() { await sleep(3); if (++attempts < 3) throw new Error("attempt " + attempts); return "done after " + attempts; }
async function retry(f, times, delay) { for (let i = 1; ; i++) { try { return await f(); } catch (error) { if (i === times) throw error; console.log(error.message); await sleep(delay *= 2); } } }
function limited(most) { let running = 0; const queue = []; const next = () => { if (running >= most || !queue.length) return; running++; const { job, resolve, reject } = queue.shift(); job().then(resolve, reject).finally(() => { running--; next(); }); }; return (job) => new Promise((resolve, reject) => { queue.push({ job, resolve, reject }); next(); }); }
(async () => {
  console.log(await retry(flaky, 5, 2), performance.now());
  const run = limited(2), order = [];
  const results = await Promise.allSettled([5, 1, 4, 2].map((ms, i) => run(async () => { order.push("start" + i); await sleep(ms); order.push("end" + i); if (i === 2) throw new Error("job " + i); return ms; })));
  console.log(order.join(" "), results.map((r) => r.value ?? r.reason.message).join());
  const ticker = setInterval(() => e.emit("tick", performance.now()), 7);
  const ticks = [];
  await new Promise((resolve) => e.on("tick", (t) => { ticks.push(t); if (ticks.length === 4) { clearInterval(ticker); resolve(); } }));
  console.log(ticks.map((t, i) => t - (ticks[i - 1] ?? ticks[0])).join());
})();
