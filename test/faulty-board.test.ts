// 60 moves between Node and the emulated Cortex-M3 over a faulty line (faulty-board.ts); long-serial.ts makes 500.

import test from "ava";
import { cortexM3, missingOf } from "./emulated-board.js";
import { faultyMoves } from "./faulty-board.js";

const MOVES = 60;
const missing = missingOf(cortexM3.board, cortexM3.needs, cortexM3.packages);

(missing === "" ? test : test.skip)(`${MOVES} moves between Node and ${cortexM3.board} over a line that loses, doubles, flips and delays${missing === "" ? "" : `: not tried here, ${missing}`}`, async (t) => {
  t.timeout(600_000);
  const moved = await faultyMoves(MOVES, Number(process.env["MVM_SEED"] ?? 1));
  t.log(JSON.stringify(moved));
  t.is(moved.problem, "");
  t.is(moved.moves, MOVES);
  t.true(moved.packetsBroken > MOVES, "the line was faulty");
});
