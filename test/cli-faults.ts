// Real moves with a fault at one message, and what became of program and output: one row of vm/ownership-table.ts tried
// on two processes. Used by the tests and by test/long-migration.ts.

import { fileURLToPath } from "node:url";
import type { FaultRow } from "../vm/ownership-table.js";
import { linesOf, User, type Running } from "./cli-support.js";

const faulty = fileURLToPath(new URL("./cli-faulty-host.js", import.meta.url));
/** Messages that the target sends. Both say HELLO; the target's is the one that the other waits for. */
const ofTarget = new Set(["HELLO", "ACCEPT", "READY", "COMMITTED"]);
/** Seconds that hosts wait for each other here. */
const PATIENCE = 1;

/** A program that prints numbered lines for ever. */
const program = "let i = 0; setInterval(() => console.log(i++), 10);";

export interface Tried { source: string; target: string; owner: string; problem: string }

const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

/** What the side that is not the faulty one is. */
export interface Places { host?: { binary: string } }

export async function tryFault(row: FaultRow, places: Places = {}): Promise<Tried> {
  const user = new User({ MVM_PATIENCE: String(PATIENCE) });
  try {
    return await tryWith(user, row, places);
  } finally {
    user.close();
  }
}

async function tryWith(user: User, { message, when, fault }: FaultRow, places: Places): Promise<Tried> {
  user.file("count.js", program);
  const atTarget = ofTarget.has(message);
  const text = (pid: number | undefined): string => {
    const what = { "source killed": atTarget ? `kill ${pid}` : "kill", "target killed": atTarget ? "kill" : `kill ${pid}`, "connection cut": "cut", delayed: `delay ${PATIENCE * 3000}` }[fault];
    return `${message} ${when} ${what}`;
  };
  // Whoever sends the message is the faulty one, and has to know the other's process.
  let host: Running;
  let address: string;
  let source: Running;
  if (atTarget) {
    source = user.start(["run", "count.js"]);
    ({ host, address } = await user.serve({ program: faulty, environment: { MVM_FAULT: text(source.child.pid) } }));
  } else {
    ({ host, address } = await user.serve(places.host));
    source = user.start(["run", "count.js"], { program: faulty, environment: { MVM_FAULT: text(host.child.pid) } });
  }
  await source.until("output", () => source.stdout.length > 30);
  while (!(await user.programs()).some((one) => one.pid === source.child.pid)) await pause(50);
  const move = user.mvm("migrate", "count", "--to", address);
  await move;
  const faultySide = atTarget ? host : source;
  await faultySide.until("the fault", () => faultySide.stderr.includes("fault: "));
  const result = await settled(user, source, host);
  return { ...result, problem: outputProblem(source, host, result.owner) };
}

/** Waits until nothing changes any more without a person. */
async function settled(user: User, source: Running, host: Running): Promise<Omit<Tried, "problem">> {
  let last = "";
  for (let same = 0; ;) {
    await pause(250);
    const programs = await user.programs();
    const here = programs.find((one) => one.pid === source.child.pid)?.status;
    const there = programs.find((one) => one.pid === host.child.pid)?.status;
    const facts = {
      source: source.isOver ? (source.child.exitCode === 0 ? "left" : "dead") : here === "in doubt" ? "granted" : here === "moving" ? "moving" : here === undefined ? "left" : "owner",
      target: host.isOver ? "dead" : there === "ready" ? "ready" : there === undefined ? "none" : "owner",
    };
    const text = JSON.stringify(facts);
    same = text === last ? same + 1 : 0;
    last = text;
    // Longer than anyone's patience, and the pauses between attempts.
    if (same < (PATIENCE * 1000 * 2.5) / 250 || facts.source === "moving") continue;
    const owner = facts.source === "owner" ? "source" : facts.target === "owner" ? "target" : facts.source === "granted" ? "doubt (source)" : facts.target === "ready" ? "doubt (target)"
      : facts.source === "dead" ? "lost with the source" : "lost with the target";
    return { ...facts, owner: facts.source === "owner" && facts.target === "owner" ? "two owners" : owner };
  }
}

/** Lines have to be whole, each once, in order, from both sides together. */
function outputProblem(source: Running, host: Running, owner: string): string {
  const left = source.stdout.split("\n").slice(0, -1).map(Number);
  const right = linesOf(host.stdout, "count").map(Number);
  const all = [...left, ...right];
  const wrong = all.findIndex((number, index) => number !== index);
  if (wrong >= 0) return `line ${wrong} is ${all[wrong]}; the source printed ${left.length}, the target ${right.length}`;
  if (owner === "target" && right.length === 0) return "the target printed nothing";
  return "";
}

/** Is what became of it what the table says? */
export function agrees(row: FaultRow, tried: Tried): boolean {
  const target = row.target === "discarded" || row.target === "receiving" ? "none" : row.target;
  return tried.problem === "" && tried.owner === row.owner && tried.source === row.source && tried.target === target;
}
