// A computation that is deep in calls nearly all the time: Ackermann's function, and the towers of Hanoi as a recursive
// generator. Freeze it anywhere and look at it: mvm inspect recursion
//
//   mvm run recursion.js [-- DISKS]      (18)

const disks = Number(process.argv[2] ?? 18);

function ackermann(m, n) {
  if (m === 0) return n + 1;
  if (n === 0) return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}

function* hanoi(n, from, to, over) {
  if (n === 0) return;
  yield* hanoi(n - 1, from, over, to);
  yield [n, from, to];
  yield* hanoi(n - 1, over, to, from);
}

for (let n = 1; n <= 7; n++) console.log(`ackermann(2, ${n * 20}) = ${ackermann(2, n * 20)}, ackermann(3, ${n}) = ${ackermann(3, n)}`);

const pegs = { a: Array.from({ length: disks }, (_, i) => disks - i), b: [], c: [] };
let moves = 0;
for (const [disk, from, to] of hanoi(disks, "a", "b", "c")) {
  if (pegs[from].pop() !== disk || pegs[to].at(-1) < disk) throw new Error(`move ${moves} is wrong`);
  pegs[to].push(disk);
  if ((++moves & moves - 1) === 0 || moves % 20000 === 0) console.log(`move ${moves}: ${pegs.a.length} ${pegs.b.length} ${pegs.c.length}`);
}
console.log(`${moves} moves, ${pegs.b.length} disks there`);
