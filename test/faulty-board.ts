// Moves of a small program between Node and the emulated Cortex-M3 over a faulty line: it loses, doubles, flips and delays
// packets and breaks bytes, as often as issue 3 says. No move may come to nothing on such a line, and after
// each the program runs where it went and nowhere else. Used by faulty-board.test.ts and long-serial.ts.

import { createConnection, type Socket } from "node:net";
import { lend } from "../hosts/node/byte-link.js";
import { ask, listPrograms, whichOf, withProgram } from "../hosts/node/commands.js";
import { linesOf, User } from "./cli-support.js";
import { cortexM3, startBoard } from "./emulated-board.js";
import { LineServer } from "./serial-board.js";
import { FAULTS } from "./serial-support.js";
import { Random } from "./support/random.js";

/** What the program may take: a slot of the board. */
const MEMORY = "16K";
/** Fast, for a UART, so that what is waited for is what the faults cost. */
const LINE_BAUD = 921_600;
/** It prints 0, 1, 2 … and keeps something of most kinds of state meanwhile. */
const PROGRAM = `
let i = 0;
const seen = new Map();
function* numbers() { for (;;) yield i++; }
const source = numbers();
setInterval(() => {
  const { value } = source.next();
  seen.set(value % 7, value);
  console.log([...seen.values()].reduce((a, b) => Math.max(a, b)));
}, 20);
`;

export interface FaultyMoves { moves: number; lines: number; packetsBroken: number; seconds: number; medianMs: number; longestMs: number; problem: string }

/** Moves the program there and back, in turn. */
export async function faultyMoves(moves: number, seed: number): Promise<FaultyMoves> {
  const random = new Random(seed);
  const user = new User();
  const began = performance.now();
  const times: number[] = [];
  const result = (problem: string, lines: number, packetsBroken: number): FaultyMoves => {
    const sorted = [...times].sort((a, b) => a - b);
    return { moves: times.length, lines, packetsBroken, seconds: Math.round((performance.now() - began) / 1000), medianMs: Math.round(sorted[sorted.length >> 1] ?? 0), longestMs: Math.round(sorted.at(-1) ?? 0), problem };
  };
  let line: LineServer | undefined, wire: Socket | undefined, board: Awaited<ReturnType<typeof startBoard>> | undefined;
  try {
    // Commands are this process's, as that user's: it is moves that are tested, not how long Node takes to start.
    process.env["MVM_HOME"] = user.home;
    const { key } = await user.json("key", "show") as { key: string };
    board = await startBoard(cortexM3, user, key);
    wire = await connect(board.port);
    const server = line = new LineServer((bytes) => { wire!.write(bytes); }, FAULTS, seed, LINE_BAUD);
    wire.on("data", server.fromDevice);
    const place = `serial:${await server.listen()}`;
    const { host, address } = await user.serve();
    lend(address);
    user.file("count.js", PROGRAM);
    const source = user.start(["run", "count.js", "--memory", MEMORY]);
    await source.until("output", () => source.stdout.length > 10);
    while (!(await user.programs()).some((one) => one.name === "count")) await pause(20);
    const printed = (): string[] => [...source.stdout.split("\n").slice(0, -1), ...board!.lines("count"), ...linesOf(host.stdout, "count")];
    for (let move = 0; move < moves; move++) {
      const isThere = move % 2 === 1;
      await pause(random.next(80));
      const start = performance.now();
      try {
        await withProgram("count", isThere ? place : undefined, (found) => ask(found, "MIGRATE", { which: whichOf(found), to: isThere ? address : place }));
      } catch (error) {
        return result(`move ${move}, ${isThere ? "from" : "to"} the board: ${(error as Error).message}\nhost: ${host.stderr.slice(-500)}\nboard: ${board.console().slice(-500)}`, printed().length, server.broken);
      }
      times.push(performance.now() - start);
      // Where it went it prints, and where it was it is not listed.
      const before = printed().length;
      const until = performance.now() + 20_000;
      while (printed().length <= before) {
        if (performance.now() > until) return result(`move ${move}: it prints nothing where it went`, printed().length, server.broken);
        await pause(10);
      }
      const here = (await user.programs()).filter((one) => one.name === "count").length;
      if (here !== (isThere ? 1 : 0)) return result(`move ${move}: ${here} programs here`, printed().length, server.broken);
    }
    const last = await listPrograms(place);
    if (last.length !== moves % 2) return result(`at the end the board has ${last.length} programs`, printed().length, server.broken);
    const lines = printed().map(Number).sort((a, b) => a - b);
    const wrong = lines.findIndex((value, index) => value !== index);
    return result(wrong < 0 ? "" : `line ${wrong} is ${lines[wrong]}`, lines.length, server.broken);
  } finally {
    line?.close();
    wire?.destroy();
    board?.stop();
    user.close();
  }
}

function pause(ms: number): Promise<void> { return new Promise((resolve) => { setTimeout(resolve, ms); }); }
function connect(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.setNoDelay(true);
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.on("error", () => {});
      resolve(socket);
    });
  });
}
