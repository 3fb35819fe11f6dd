// An event loop of its own: a lift, passengers, a priority queue, seeded chance, reports; long-lived mutable objects.
class Queue { #heap = []; push(time, job) { const h = this.#heap; h.push({ time, job, n: Queue.n++ }); for (let i = h.length - 1; i > 0;) { const p = (i - 1) >> 1; if (Queue.less(h[p], h[i])) break; [h[p], h[i]] = [h[i], h[p]]; i = p; } } static n = 0; static less(a, b) { return a.time < b.time || (a.time === b.time && a.n < b.n); }
  pop() { const h = this.#heap, top = h[0], last = h.pop(); if (h.length) { h[0] = last; for (let i = 0; ;) { let c = 2 * i + 1; if (c >= h.length) break; if (c + 1 < h.length && Queue.less(h[c + 1], h[c])) c++; if (Queue.less(h[i], h[c])) break; [h[i], h[c]] = [h[c], h[i]]; i = c; } } return top; } get size() { return this.#heap.length; } }
let seed = 42;
const chance = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
const queue = new Queue(), waiting = new Map(), trips = [];
const lift = { floor: 0, going: null, inside: new Set(), log: [] };
for (let i = 0; i < 12; i++) { const from = chance(5), to = (from + 1 + chance(4)) % 5; queue.push(chance(60), () => { if (!waiting.has(from)) waiting.set(from, []); waiting.get(from).push({ name: "p" + i, from, to, since: now }); }); }
let now = 0;
function step() {
  for (const p of lift.inside) if (p.to === lift.floor) { lift.inside.delete(p); trips.push({ ...p, took: now - p.since }); }
  for (const p of waiting.get(lift.floor) ?? []) { if (lift.inside.size < 4) { lift.inside.add(p); } }
  waiting.set(lift.floor, (waiting.get(lift.floor) ?? []).filter((p) => !lift.inside.has(p)));
  const wanted = [...[...lift.inside].map((p) => p.to), ...[...waiting].filter(([, l]) => l.length).map(([f]) => f)];
  if (wanted.length) lift.floor += Math.sign(wanted.sort((a, b) => Math.abs(a - lift.floor) - Math.abs(b - lift.floor) || a - b)[0] - lift.floor);
  if (now < 90) queue.push(now + 2, step);
}
queue.push(0, step);
while (queue.size) { const { time, job } = queue.pop(); now = time; job(); }
console.log(trips.length, trips.map((t) => `${t.name}:${t.from}>${t.to}=${t.took}`).join(" "));
const byTime = trips.reduce((m, t) => m.set(t.took >> 3, (m.get(t.took >> 3) ?? 0) + 1), new Map());
console.log([...byTime].sort(([a], [b]) => a - b), Math.max(...trips.map((t) => t.took)), now, lift.inside.size);
