// Ownership: every interleaving of messages, losses, crashes and impatience within small budgets, explored; and the table
// of faults in vm/ownership-table.ts, computed anew and compared.

import test from "ava";
import { faultTable, moveFaults, moveMessages, type FaultRow, type Ownership } from "../vm/ownership-table.js";
import { newSource, RECOVERY_STEP, stepSource, stepTarget, takeOffer, type Target } from "../vm/ownership.js";
import { explore, Model, newWorld, NOTHING, type Budget, type Message, type World } from "./ownership-model.js";

const summary = (model: Model): string => JSON.stringify(model.world, null, 1);

test("never two owners, and one in the end, whatever is lost or late", (t) => {
  const cases: [string, number, Partial<Budget>][] = [
    ["cuts", 1, { moves: 2, cuts: 2 }],
    ["cuts and impatience", 1, { moves: 1, cuts: 1, timeouts: 2 }],
    ["a person interferes", 1, { moves: 2, cuts: 1, cancels: 1, discards: 1 }],
    ["two targets", 2, { moves: 2, cuts: 1, timeouts: 1 }],
  ];
  for (const [name, targets, budget] of cases) {
    const count = explore(targets, { ...NOTHING, ...budget }, (model) => {
      if (model.runners().length > 1) t.fail(`${name}: two owners\n${summary(model)}`);
      model.settle();
      const { source } = model.world;
      if (model.runners().length !== 1 || (source!.phase !== "owner" && source!.phase !== "left")) t.fail(`${name}: not settled\n${summary(model)}`);
      for (const host of model.world.targets) {
        for (const record of Object.values(host.records)) {
          if (record.phase === "receiving" || record.phase === "ready") t.fail(`${name}: a target still waits\n${summary(model)}`);
        }
      }
    });
    t.log(`${name}: ${count} worlds`);
    t.true(count > 300);
  }
});

test("never two owners when hosts are killed; the image is kept until the target has answered", (t) => {
  const cases: [string, Partial<Budget>][] = [
    ["target killed", { moves: 2, targetCrashes: 1, cuts: 1 }],
    ["source killed", { moves: 1, sourceCrashes: 1, cuts: 1, timeouts: 1 }],
    ["both", { moves: 1, sourceCrashes: 1, targetCrashes: 1, timeouts: 1 }],
  ];
  for (const [name, budget] of cases) {
    const count = explore(1, { ...NOTHING, ...budget }, (model) => {
      if (model.runners().length > 1) t.fail(`${name}: two owners\n${summary(model)}`);
      const { source } = model.world;
      if (source !== null && (source.phase === "frozen" || source.phase === "granted") !== (source.image !== null)) {
        t.fail(`${name}: no image where there must be one\n${summary(model)}`);
      }
      model.settle();
      if (model.runners().length > 1) t.fail(`${name}: two owners in the end\n${summary(model)}`);
      const phase = model.world.source?.phase;
      if (phase === "offered" || phase === "frozen") t.fail(`${name}: not settled\n${summary(model)}`);
    });
    t.log(`${name}: ${count} worlds`);
    t.true(count > 100);
  }
});

test("after a person's recovery the higher epoch prevails where hosts hear of each other", (t) => {
  explore(1, { ...NOTHING, moves: 1, cuts: 2, recoveries: 1 }, (model, left) => {
    if (left.recoveries > 0 && model.runners().length > 1) t.fail(`two owners before the recovery\n${summary(model)}`);
    const source = model.world.source!;
    if (left.recoveries === 0 && source.phase === "owner" && source.epoch > RECOVERY_STEP) {
      // The word of the higher epoch comes with the next offer, or with the answer to a question.
      model.settle();
      model.migrate(0);
      model.settle();
      if (model.runners().length !== 1) t.fail(`two owners in the end\n${summary(model)}`);
    }
  });
  t.pass();
});

/** A move in which `fault` happens before or after the first message called `name`. */
function failAt(name: string, when: "before" | "after", fault: string): Model {
  let hit = false;
  let model: Model;
  const strike = (): void => {
    if (fault === "source killed") model.killSource();
    else if (fault === "target killed") model.killTarget(0);
    else if (fault === "connection cut") model.cut(0);
    else {
      // The message waits while everyone's patience runs out.
      if (model.world.source?.phase !== "owner") model.feedSource({ type: "timeout" });
      for (const id of Object.keys(model.world.targets[0]!.records)) model.feedTarget(0, id, { type: "timeout" });
    }
  };
  const tap = (world: World, to: "source" | "target", message: Message): boolean => {
    if (hit || message.name !== name) return true;
    hit = true;
    if (when === "after") {
      const line = world.lines[0]!;
      (to === "target" ? line.toTarget : line.toSource).push(message);
    }
    strike();
    return when === "before" && fault === "delayed";
  };
  model = new Model(newWorld(1), tap);
  if (tap(model.world, "target", { name: "HELLO", transaction: "" }) && model.world.source !== null) model.migrate(0);
  else if (fault === "delayed") model.migrate(0);
  model.settle();
  return model;
}

function describe(model: Model): Pick<FaultRow, "source" | "target" | "owner"> {
  const host = model.world.targets[0]!;
  const source = model.world.source?.phase ?? "dead";
  const target = host.alive ? Object.values(host.records)[0]?.phase ?? "none" : "dead";
  const [runner] = model.runners();
  let owner: Ownership;
  if (runner !== undefined) owner = runner === "source" ? "source" : "target";
  else if (source === "granted") owner = "doubt (source)";
  else if (target === "ready") owner = "doubt (target)";
  else owner = source === "dead" ? "lost with the source" : "lost with the target";
  return { source, target, owner };
}

test("the table of faults", (t) => {
  const computed: FaultRow[] = [];
  const lines: string[] = [];
  for (const message of moveMessages) {
    for (const when of ["before", "after"] as const) {
      const cells = moveFaults.map((fault) => {
        const result = describe(failAt(message, when, fault));
        computed.push({ message, when, fault, ...result });
        return `${result.source} ${result.target} ${result.owner}`;
      });
      lines.push(`${`${message} ${when}`.padEnd(16)} | ${cells.map((cell) => cell.padEnd(32)).join(" | ")}`.trimEnd());
    }
  }
  t.deepEqual(faultTable, computed, `the table should read\n${lines.join("\n")}`);
});

test("ids that do not fit are answered, not believed", (t) => {
  const source = newSource("p", 1);
  const [offered] = stepSource(source, { type: "migrate", transaction: "t1" });
  const [frozen, actions] = stepSource(offered, { type: "accept", transaction: "t1", peer: { host: "h", boot: "b" } });
  t.deepEqual(actions, [{ type: "freeze" }]);
  const [sealed] = stepSource(frozen, { type: "sealed", image: "i" });
  t.is(stepSource(sealed, { type: "ready", transaction: "t0", image: "i" })[0].phase, "frozen");
  const [other, told] = stepSource(sealed, { type: "ready", transaction: "t1", image: "forged" });
  t.is(other.phase, "owner");
  t.deepEqual(told.map((action) => action.type), ["resume", "send", "report"]);
  t.throws(() => stepSource(sealed, { type: "sealed", image: "again" }), { message: /sealed once/ });
  t.is(takeOffer(5, { program: "p", epoch: 5, transaction: "t", source: { host: "h", boot: "b" } }), undefined);
  const target = takeOffer(4, { program: "p", epoch: 5, transaction: "t", source: { host: "h", boot: "b" } })!;
  t.is(stepTarget(target, { type: "commit" })[0].phase, "discarded");
  t.throws(() => stepTarget({ ...target, phase: "ready" } as Target, { type: "commit" }), { message: /an image verified/ });
});
