// What boards have of analogue inputs and PWM, as QEMU shows it: the Cortex-M4F's converter and timers. The timers' registers
// are looked at from outside, by QEMU's own monitor.

import test from "ava";
import { connect } from "node:net";
import { join } from "node:path";
import { cortexM4, missingOf, startBoard } from "./emulated-board.js";
import { User } from "./cli-support.js";

const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

/** A word of the emulated board's memory. */
function wordAt(monitor: string, address: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(monitor);
    let text = "";
    socket.on("error", reject);
    socket.on("data", (bytes) => {
      text += bytes.toString();
      const [, digits] = /: 0x([0-9a-f]{8})/.exec(text) ?? [];
      if (digits === undefined) return;
      socket.destroy();
      resolve(parseInt(digits, 16));
    });
    socket.write(`{"execute":"qmp_capabilities"}\n{"execute":"human-monitor-command","arguments":{"command-line":"xp /1wx ${address}"}}\n`);
  });
}

const lacking = missingOf(cortexM4.board, cortexM4.needs, cortexM4.packages);
(lacking === "" ? test.serial : test.serial.skip)(`a program reads analogue pins of a Cortex-M4F and sets its timers' duty cycles${lacking === "" ? "" : `: not tried here, ${lacking}`}`, async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  const { key } = await user.json("key", "show") as { key: string };
  const monitor = join(user.directory, "monitor");
  const board = await startBoard({ ...cortexM4, slotBytes: 24576, list: [...cortexM4.list, "-qmp", `unix:${monitor},server=on,wait=off`] }, user, key);
  t.teardown(() => board.stop());
  user.file("lamp.mjs", `
    import Analog from "embedded:io/analog";
    import PWM from "embedded:io/pwm";
    const attempt = (work) => { try { return work(); } catch (error) { return error.name + " " + error.message; } };
    const sensor = new Analog({ pin: 4 });
    const lamp = new PWM({ pin: 6, hz: 500, resolution: 10 });
    lamp.write(300);
    let turn = 0;
    mvm.on("moved", () => {
      console.log(attempt(() => new Analog({ pin: 2 })));
      console.log(attempt(() => new Analog({ pin: 5, resolution: 9 })));
      console.log(attempt(() => new PWM({ pin: 7, hz: 600 })));
      console.log("second " + attempt(() => new PWM({ pin: 7 }).hz));
      console.log(attempt(() => new PWM({ pin: 4 })));
      console.log(attempt(() => lamp.write(1024)));
    });
    setInterval(() => { console.log(turn++, sensor.read(), sensor.resolution, lamp.hz, lamp.resolution); }, 40);
  `);
  t.is((await user.mvm("build", "lamp.mjs", "--memory", "24K", "--no-debug", "-o", "lamp.mvm")).code, 0);
  const source = user.start(["run", "lamp.mvm"]);
  await source.until("output", () => source.stdout.split("\n").length > 3);
  const { code, stderr } = await user.mvm("migrate", "lamp", "--to", `serial:127.0.0.1:${board.port}`);
  t.is(code, 0, stderr);
  for (let tries = 0; board.lines("lamp").length < 10; tries++) {
    if (tries > 1200) throw new Error(`nothing is printed there: ${board.console()}`);
    await pause(25);
  }
  const lines = board.lines("lamp");
  const failures = lines.filter((line) => !/^\d+ /.test(line));
  t.deepEqual(failures, [
    "RangeError analog pin 2 does not exist here",
    "RangeError resolution 9 does not exist here: there are 6 to 12",
    "Error that pin's timer has another frequency or resolution",
    "second 500",
    "RangeError pwm pin 4 does not exist here",
    "RangeError duty cycle 1024 does not exist here: there are 0 to 1023",
  ]);
  const readings = lines.filter((line) => /^\d+ \d+ 12 500 10$/.test(line)).map((line) => Number(line.split(" ")[1]));
  t.true(readings.length > 3);
  t.true(readings.every((reading) => reading >= 0 && reading < 4096), readings.join());
  // The converter is asked anew each time.
  t.true(new Set(readings).size > 1, readings.join());
  // Timer 3: duty cycle of channel 1, the scale, the mode (PWM 1, preloaded), counting.
  t.is(await wordAt(monitor, 0x40000434), 300);
  t.is(await wordAt(monitor, 0x4000042c), 1023);
  t.is(await wordAt(monitor, 0x40000418) & 0xff, 0x68);
  t.is(await wordAt(monitor, 0x40000400) & 1, 1);
});
