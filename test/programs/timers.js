// Timers: order by time and number, arguments, intervals, clearing, refreshing, nesting, immediates, jobs between them.
const log = [];
const at = (name) => () => { log.push(name); };
setTimeout(at("t10"), 10);
setTimeout(at("t5"), 5);
setTimeout(at("t5b"), 5);
setTimeout((...list) => log.push("args " + list.join()), 6, "a", 2, null);
const cancelled = setTimeout(at("never"), 3);
clearTimeout(cancelled);
setTimeout(() => { Promise.resolve().then(at("job between")); log.push("t7"); }, 7);
setTimeout(at("t7b"), 7);
let count = 0;
const interval = setInterval((step) => {
  count += step;
  log.push("i" + count);
  if (count >= 6) clearInterval(interval);
}, 13, 2);
setTimeout(() => { setTimeout(at("nested"), 1.9); log.push("outer"); }, 20);
setImmediate(at("immediate"));
setTimeout(at("zero"), 0);
setTimeout(at("negative"), -5);
setTimeout(at("NaN"), "x");
setTimeout(at("text delay"), "15");
const refreshed = setTimeout(at("refreshed"), 8);
setTimeout(() => refreshed.refresh(), 4);
process.nextTick(() => log.push("tick"));
queueMicrotask(at("micro"));
const unrefed = setInterval(at("background"), 30);
unrefed.unref();
console.log(typeof interval, interval.hasRef(), unrefed.hasRef(), typeof +interval);
setTimeout(() => { try { setTimeout("code"); } catch (error) { console.log(error.name); } clearTimeout(undefined); clearTimeout({}); clearTimeout(99999); }, 1);
setTimeout(() => console.log(log.join("\n")), 75);
(async () => {
  const t0 = performance.now();
  for (const ms of [3, 9, 27]) {
    await new Promise((r) => setTimeout(r, ms));
    console.log("slept to", performance.now() - t0);
  }
})();
