// Large: a discrete simulation with a heap, matrices, typed arrays, strings, sorting, labelled loops and switches.
function Heap(less) { this.items = []; this.less = less; }
Heap.prototype.push = function (item) {
  var a = this.items, i = a.length; a.push(item);
  while (i > 0) { var p = (i - 1) >> 1; if (!this.less(a[i], a[p])) break; var t = a[i]; a[i] = a[p]; a[p] = t; i = p; }
};
Heap.prototype.pop = function () {
  var a = this.items, top = a[0], last = a.pop();
  if (a.length > 0) { a[0] = last; var i = 0; for (;;) { var l = 2 * i + 1, r = l + 1, m = i; if (l < a.length && this.less(a[l], a[m])) m = l; if (r < a.length && this.less(a[r], a[m])) m = r; if (m === i) break; var t = a[i]; a[i] = a[m]; a[m] = t; i = m; } }
  return top;
};
function multiply(a, b, n) {
  var c = new Float64Array(n * n);
  for (var i = 0; i < n; i++) for (var j = 0; j < n; j++) { var s = 0; for (var k = 0; k < n; k++) s += a[i * n + k] * b[k * n + j]; c[i * n + j] = s; }
  return c;
}
function main() {
  var seed = 99, log = [], queue = new Heap(function (a, b) { return a.at < b.at || (a.at === b.at && a.id < b.id); });
  function random(n) { seed ^= seed << 13; seed ^= seed >>> 17; seed ^= seed << 5; return (seed >>> 0) % n; }
  for (var i = 0; i < 200; i++) queue.push({ at: random(100), id: i, kind: random(4) });
  var stock = { apples: 10, pears: 20 }, served = 0, lost = 0, steps = 0;
  outer: while (queue.items.length > 0) {
    var event = queue.pop();
    if (++steps > 2500) break outer;
    switch (event.kind) {
      case 0: if (stock.apples > 0) { stock.apples--; served++; } else lost++; break;
      case 1: stock.pears -= 2; if (stock.pears < 0) { stock.pears = 0; lost++; }
      case 2: stock.apples += 1; break;
      default: for (var k = 0; k < 3; k++) { if (random(5) === 0) continue outer; stock["pears"] += k & 1; }
    }
    if (event.at < 5000) queue.push({ at: event.at + 1 + random(50), id: steps + 1000, kind: (event.kind + random(3)) & 3 });
    if (steps % 50 === 0) log.push("t" + event.at + ":" + stock.apples + "/" + stock.pears);
  }
  var n = 12, a = new Float64Array(n * n), b = new Float64Array(n * n);
  for (var x = 0; x < n * n; x++) { a[x] = (x % 7) - 3; b[x] = (x % 5) * 0.25; }
  var m = multiply(multiply(a, b, n), a, n), trace = 0;
  for (var d = 0; d < n; d++) trace += m[d * n + d];
  log.sort();
  return served + " " + lost + " " + trace.toFixed(3) + " " + log.slice(0, 3).join(" ") + " " + (typeof log) + (void 0 === undefined) + (~served >>> 28) + ("apples" in stock) + delete stock.pears;
}
