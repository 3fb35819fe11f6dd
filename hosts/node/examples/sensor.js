// A sensor's readings, smoothed and watched: a timer, an async pipeline of generators, closures with state. Runs about 20
// seconds. Move it while it runs, and it goes on: mvm migrate sensor --to 127.0.0.1:7070
//
//   mvm run sensor.js [-- INTERVAL_MS [READINGS]]      (200 and 100)

const interval = Number(process.argv[2] ?? 200);
const readings = Number(process.argv[3] ?? 100);

/** A sensor that drifts, with noise and now and then a spike: the same numbers at every run. */
function makeSensor() {
  let state = 42;
  const noise = () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff - 0.5;
  };
  let time = 0;
  return () => {
    time++;
    const spike = time % 17 === 0 ? 15 : 0;
    return 20 + 5 * Math.sin(time / 10) + noise() + spike;
  };
}

/** Readings as they come. */
async function* sample(read, count) {
  for (let i = 0; i < count; i++) {
    await new Promise((resolve) => setTimeout(resolve, interval));
    yield { number: i + 1, value: read() };
  }
}

/** The median of the last five takes the spikes out. */
async function* median(source) {
  const window = [];
  for await (const { number, value } of source) {
    window.push(value);
    if (window.length > 5) window.shift();
    const sorted = [...window].sort((a, b) => a - b);
    yield { number, value, filtered: sorted[sorted.length >> 1] };
  }
}

const alarms = new Map();
for await (const { number, value, filtered } of median(sample(makeSensor(), readings))) {
  const spike = Math.abs(value - filtered) > 5;
  if (spike) alarms.set(number, value);
  console.log(`${String(number).padStart(4)}  ${value.toFixed(2)}  ${filtered.toFixed(2)} ${"#".repeat(Math.round(filtered))}${spike ? "  spike" : ""}`);
}
console.log(`${alarms.size} spikes, at ${[...alarms.keys()].join(", ")}`);
