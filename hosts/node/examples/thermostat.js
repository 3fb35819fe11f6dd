// A thermostat: a thermometer at I2C, a heater at a pin, a lamp that shines the brighter the colder it is. Everywhere but
// on a device the pins exist in memory only (--io mock). Runs about 20 seconds. Move it, and the pins are opened again
// where it goes on, the heater as it was:
//
//   mvm run thermostat.js [-- INTERVAL_MS [READINGS]]      (200 and 100)
//   mvm migrate thermostat --to 127.0.0.1:7070 --dry-run
//   mvm migrate thermostat --to 127.0.0.1:7070

import Digital from "embedded:io/digital";
import I2C from "embedded:io/i2c";
import PWM from "embedded:io/pwm";

const interval = Number(process.argv[2] ?? 200);
const readings = Number(process.argv[3] ?? 100);

const thermometer = new I2C({ data: 4, clock: 5, hz: 100_000, address: 0x48 });
const heater = new Digital({ pin: 2, mode: Digital.Output });
const lamp = new PWM({ pin: 3, hz: 500 });

/** Degrees: two bytes of 256ths. */
function temperature() {
  const [high, low] = new Uint8Array(thermometer.read(2));
  return high + low / 256;
}

/** What is wanted goes up and down between 19 and 23 degrees. */
function* day() {
  for (let hour = 0; ; hour++) yield 21 + 2 * Math.sin(hour * Math.PI / 12);
}

let switched = 0;
const wanted = day();
for (let i = 0; i < readings; i++) {
  await new Promise((resolve) => setTimeout(resolve, interval));
  const { value } = wanted.next();
  const now = temperature();
  // Half a degree apart, so that it does not flicker.
  const heats = heater.read() === 1 ? now < value + 0.25 : now < value - 0.25;
  if (heats !== (heater.read() === 1)) switched++;
  heater.write(heats ? 1 : 0);
  lamp.write(Math.max(0, Math.min(2 ** lamp.resolution - 1, Math.round((value - now + 2) * 250))));
  console.log(`${String(i + 1).padStart(4)}  ${now.toFixed(2)}  wanted ${value.toFixed(2)}  ${heats ? "heater on" : "heater off"}`);
}
console.log(`switched ${switched} times`);
