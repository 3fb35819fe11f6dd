// A program that is moved from process to process at random moments while it runs. Its output, put together from all of
// them, has to be node's. Used by the tests and by test/long-migration.ts.

import { linesOf, nodeOutput, User } from "./cli-support.js";

export interface Moved { moves: number; bytes: number; downtimes: number[]; problem: string }

/** Something of everything that can be under way when a move comes: calls, generators, promises, timers, sorting. */
const program = (lines: number): string => `
let line = 0;
const print = (...list) => console.log(line++, ...list);
function* words() { try { for (let i = 0; ; i++) yield "w" + i; } finally { print("closed"); } }
const state = { map: new Map(), set: new Set(), date: new Date(0), bytes: new Uint8Array(16) };
const deep = (n) => n === 0 ? state.map.size : deep(n - 1) + (n & 1 ? 1 : -1);
async function walk(name, delay) {
  const source = words();
  while (line < ${lines}) {
    await new Promise((resolve) => setTimeout(resolve, delay));
    if (line >= ${lines}) break;
    const word = source.next().value;
    state.map.set(word, state.map.size);
    state.bytes[line & 15] ^= line;
    const sorted = Array.from({ length: 50 }, (_, i) => (i * 7919 + state.map.size) % 101).sort((a, b) => { for (let k = 0; k < 200; k++) a + k; return a - b; });
    print(name, word, deep(500), sorted[0], sorted[49], /(\\w)(\\d+)/.exec(word)[2], state.bytes.join(""), JSON.stringify([...state.map].slice(-2)));
  }
  source.return();
}
walk("a", 7);
`;

/** A host on a free port. */
type Serve = (user: User) => ReturnType<User["serve"]>;

/** Moves the program around these hosts, in turn. */
export async function moveAround(moves: number, seed: number, serve: readonly Serve[] = [(user) => user.serve(), (user) => user.serve()]): Promise<Moved> {
  let state = seed;
  const random = (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
  const user = new User();
  try {
    const path = user.file("moving.js", program(moves * 30));
    const expected = await nodeOutput(user, path);
    const hosts: Awaited<ReturnType<Serve>>[] = [];
    for (const one of serve) hosts.push(await one(user));
    const source = user.start(["run", "moving.js"]);
    await source.until("output", () => source.stdout.length > 100);
    while (!(await user.programs()).some((facts) => facts.name === "moving")) await new Promise((resolve) => { setTimeout(resolve, 20); });
    const downtimes: number[] = [];
    let bytes = 0;
    for (let move = 0; move < moves; move++) {
      await new Promise((resolve) => { setTimeout(resolve, random(60)); });
      const moved = await user.move("moving", hosts[move % hosts.length]!.address).catch((error: unknown) => {
        throw new Error(`move ${move}: ${String(error)}\n${hosts.map(({ host }) => host.stderr.slice(-600)).join("\n")}`);
      });
      downtimes.push(moved.downtimeMs);
      bytes = moved.bytes;
    }
    const last = hosts[(moves - 1) % hosts.length]!.host;
    await last.until("the program's end", () => last.stderr.includes("moving has ended with 0"), 120000);
    const all = [source.stdout.split("\n").slice(0, -1), ...hosts.map(({ host }) => linesOf(host.stdout, "moving"))].flat();
    all.sort((a, b) => parseInt(a, 10) - parseInt(b, 10));
    const wanted = expected.split("\n").slice(0, -1);
    const wrong = wanted.findIndex((text, index) => text !== all[index]);
    const problem = wrong >= 0 ? `line ${wrong} is '${all[wrong]}' and should be '${wanted[wrong]}'` : all.length !== wanted.length ? `${all.length} lines instead of ${wanted.length}` : "";
    return { moves, bytes, downtimes, problem };
  } finally {
    user.close();
  }
}
