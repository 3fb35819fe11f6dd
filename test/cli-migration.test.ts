// Moves between real processes: at random moments with output as node's, and with faults at messages of the move, some
// rows of the table in vm/ownership-table.ts. test/long-migration.ts tries all rows and more moves.

import test from "ava";
import { faultTable } from "../vm/ownership-table.js";
import { agrees, tryFault } from "./cli-faults.js";
import { moveAround } from "./cli-moves.js";
import { User } from "./cli-support.js";

const seed = Number(process.env["MVM_SEED"] ?? 1);

test.serial("moves at random moments: the output is node's, no line lost or repeated", async (t) => {
  const result = await moveAround(8, seed);
  t.is(result.problem, "");
  t.log(`seed ${seed}: ${result.moves} moves of ${result.bytes} bytes, downtime ${result.downtimes.map((ms) => ms.toFixed(1)).join(" ")} ms`);
});

for (const [message, when, fault] of [
  ["OFFER", "after", "connection cut"], ["CHUNK", "before", "target killed"], ["READY", "after", "delayed"], ["COMMIT", "before", "connection cut"], ["COMMITTED", "before", "connection cut"],
] as const) {
  test.serial(`${message}, ${when} it: ${fault}`, async (t) => {
    const row = faultTable.find((one) => one.message === message && one.when === when && one.fault === fault)!;
    const tried = await tryFault(row);
    t.true(agrees(row, tried), JSON.stringify({ row, tried }));
  });
}

test.serial("a target killed after COMMIT leaves the program in doubt; recover takes it back", async (t) => {
  const user = new User({ MVM_PATIENCE: "1" });
  t.teardown(() => user.close());
  user.file("count.js", "let i = 0; setInterval(() => console.log(i++), 10);");
  const { host, address } = await user.serve();
  const source = user.start(["run", "count.js"], { program: new URL("./cli-faulty-host.js", import.meta.url).pathname, environment: { MVM_FAULT: `COMMIT before kill ${host.child.pid}` } });
  await source.until("output", () => source.stdout.length > 30);
  while ((await user.programs()).length === 0) await new Promise((resolve) => { setTimeout(resolve, 50); });
  const moved = await user.mvm("migrate", "--to", address);
  t.is(moved.code, 6);
  t.regex(moved.stderr, /in doubt whether count runs at .*mvm recover count --force\n$/);
  t.is((await user.programs())[0]!.status, "in doubt");
  t.is((await user.mvm("stop", "count")).code, 6);
  const printed = source.stdout;
  t.is((await user.mvm("recover", "count")).code, 2);
  t.is(source.stdout, printed);
  const recovered = await user.mvm("recover", "count", "--force");
  t.is(recovered.code, 0);
  t.regex(recovered.stdout, /^count runs here, at epoch 65538\n$/);
  await source.until("more output", () => source.stdout.length > printed.length + 30);
  t.deepEqual(source.stdout.split("\n").slice(0, -1), source.stdout.split("\n").slice(0, -1).map((_, index) => String(index)));
});

test.serial("a source killed after READY leaves the image with the target; recover runs it there", async (t) => {
  const user = new User({ MVM_PATIENCE: "1" });
  t.teardown(() => user.close());
  user.file("count.js", "let i = 0; setInterval(() => console.log(i++), 10);");
  const source = user.start(["run", "count.js"]);
  const { host, address } = await user.serve({ program: new URL("./cli-faulty-host.js", import.meta.url).pathname, environment: { MVM_FAULT: `READY before kill ${source.child.pid}` } });
  await source.until("output", () => source.stdout.length > 30);
  while ((await user.programs()).length === 0) await new Promise((resolve) => { setTimeout(resolve, 50); });
  t.is((await user.mvm("migrate", "--to", address)).code, 4);
  const [ready] = await user.programs();
  t.is(ready?.status, "ready");
  t.is((await user.mvm("resume", "count")).code, 2);
  t.is((await user.mvm("stop", "count")).code, 6);
  t.is((await user.mvm("recover", "count", "--force")).code, 0);
  await host.until("output", () => /^count\| \d+$/m.test(host.stdout));
  const last = Number(source.stdout.trim().split("\n").at(-1));
  t.is(Number(/^count\| (\d+)$/m.exec(host.stdout)![1]), last + 1);
});
