// The byte link in C beside the one in TypeScript: the same scripts, and every packet the same, whichever language either end
// is in. The C runs under sanitizers.

import test from "ava";
import { buildSerial, FAULTS, hasCompiler, NO_FAULTS, plainEnd, SerialProcess, serialKey, talk, type End, type EndOptions, type Faults } from "./serial-support.js";
import { Random } from "./support/random.js";

const seed = Number(process.env["MVM_SEED"] ?? 1);
const here = hasCompiler ? test : test.skip;
const worse: Faults = { lost: 1000, doubled: 1000, flipped: 1000, delayed: 1000, bytes: 20 };

for (const packets of [1, 2, 8]) {
  here(`TypeScript and C say the same, ${packets} packets of each direction`, async (t) => {
    const process = new SerialProcess(buildSerial(packets));
    t.teardown(() => process.stop());
    type Maker = (options: EndOptions) => End | Promise<End>;
    const ts: Maker = (options) => plainEnd(options, packets);
    const c: Maker = (options) => process.end(options);
    for (const [name, faults, lazy] of [["no faults", NO_FAULTS, 0], ["faults", FAULTS, 0], ["a slow reader", FAULTS, 3], ["many faults", worse, 0]] as const) {
      const random = new Random(seed);
      const client = Uint8Array.from({ length: 3000 }, () => random.next(256));
      const device = Uint8Array.from({ length: 1500 }, () => random.next(256));
      let record: string | undefined;
      for (const [one, other, who] of [[ts, ts, "TS, TS"], [ts, c, "TS, C"], [c, ts, "C, TS"], [c, c, "C, C"]] as const) {
        const ends = [await one({ role: "client", seed: 11 }), await other({ role: "device", seed: 12 })] as const;
        const told = await talk(...ends, { client, device, seed, faults, lazy });
        t.deepEqual(told.device, Buffer.from(client), `${name}: ${who}`);
        t.deepEqual(told.client, Buffer.from(device), `${name}: ${who}`);
        record ??= told.record;
        t.is(told.record, record, `${name}: ${who}: another packet, or another time`);
        t.deepEqual(await Promise.all(ends.map((end) => end.state())), ["open fine 1", "open fine 1"]);
      }
    }
  });
}

here("TypeScript and C do the same with anything at all", async (t) => {
  const process = new SerialProcess(buildSerial(2));
  t.teardown(() => process.stop());
  const random = new Random(seed);
  let steps = 0;
  for (let round = 0; round < 20; round++) {
    const key = serialKey(random.next(8) === 0 ? 1 : 7);
    const options: EndOptions[] = [
      { role: "client", seed: round, key }, { role: "device", seed: 1000 + round }, { role: "client", seed: 2000 + round },
    ];
    const plain = options.map((one) => plainEnd(one, 2));
    const other = [await process.end(options[0]!), await process.end(options[1]!), await process.end(options[2]!), await process.end(options[0]!)];
    const both = async <T>(index: number, what: (end: End) => T | Promise<T>): Promise<T> => {
      const [a, b] = [await what(plain[index]!), await what(other[index]!)];
      const plainly = (value: unknown): unknown => value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
      if (plainly(a) !== plainly(b)) t.fail(`round ${round}: ${String(plainly(a))}, in C ${String(plainly(b))}`);
      return a;
    };
    /** What was on the line, to be said again, damaged, to anyone. */
    const heard: Uint8Array[] = [];
    for (let step = 0, now = 0; step < 300; step++) {
      now += random.pick([0, 0, 1, 10, 100, 300, 2500]);
      const index = random.next(3);
      switch (random.next(8)) {
        case 0: case 1: case 2: {
          const packet = await both(index, (end) => end.pull(now));
          if (packet === undefined) break;
          heard.push(packet);
          const to = index === 1 ? random.pick([0, 2]) : 1;
          if (random.next(10) > 0) await both(to, async (end) => { await end.feed(packet, now); });
          break;
        }
        case 3: {
          const bytes = Uint8Array.from({ length: random.next(300) }, () => random.next(256));
          const flags = random.pick([0, 0, 0x40, 0xc0]);
          await both(index, (end) => end.write(bytes, flags));
          break;
        }
        case 4:
          await both(index, (end) => end.nextFlags());
          await both(index, (end) => end.read());
          break;
        case 5: await both(index, (end) => end.nextTime(now)); break;
        case 6: {
          const bytes = heard.length > 0 ? random.pick(heard).slice() : new Uint8Array(3);
          if (random.next(2) === 0) bytes[random.next(bytes.length)]! ^= 1 << random.next(8);
          await both(index, async (end) => { await end.feed(bytes, now); });
          break;
        }
        case 7: if (random.next(40) === 0) await both(index, async (end) => { await end.close(); });
      }
      await both(index, (end) => end.state());
      steps++;
    }
  }
  t.is(steps, 6000);
});
