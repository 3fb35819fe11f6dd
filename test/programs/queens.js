// Backtracking: queens, permutations by generator, a maze, memoised paths, big numbers digit by digit.
const queens = (n, row = 0, cols = 0, left = 0, right = 0) => { if (row === n) return 1; let count = 0; for (let free = ~(cols | left | right) & ((1 << n) - 1); free; free &= free - 1) { const bit = free & -free; count += queens(n, row + 1, cols | bit, (left | bit) << 1, (right | bit) >> 1); } return count; };
console.log(queens(5), queens(6));
function* permutations(list) { if (list.length < 2) { yield list; return; } for (let i = 0; i < list.length; i++) for (const rest of permutations([...list.slice(0, i), ...list.slice(i + 1)])) yield [list[i], ...rest]; }
console.log([...permutations(["a", "b", "c"])].map((p) => p.join("")).join());
const maze = ["#########", "#S  #   #", "# # # # #", "# #   #E#", "#########"];
function solve() { const start = [1, 1], seen = new Set(["1,1"]); let front = [[start]]; while (front.length) { const next = []; for (const path of front) { const [x, y] = path.at(-1); if (maze[y][x] === "E") return path.length; for (const [dx, dy] of [[0, 1], [1, 0], [0, -1], [-1, 0]]) { const k = `${x + dx},${y + dy}`; if (maze[y + dy][x + dx] !== "#" && !seen.has(k)) { seen.add(k); next.push([...path, [x + dx, y + dy]]); } } } front = next; } }
console.log(solve());
const big = (function multiply(a, n) { if (n === 1) return a; const out = []; let carry = 0; for (const d of a) { carry += d * n; out.push(carry % 10); carry = (carry / 10) | 0; } while (carry) { out.push(carry % 10); carry = (carry / 10) | 0; } return multiply(out, n - 1); })([1], 25);
console.log(big.reverse().join(""));
const paths = ((memo) => function f(x, y) { return x === 0 || y === 0 ? 1 : memo[`${x},${y}`] ??= f(x - 1, y) + f(x, y - 1); })({});
console.log(paths(12, 12), paths(3, 4));
const sieve = new Uint8Array(200).fill(1); for (let i = 2; i * i < 200; i++) if (sieve[i]) for (let j = i * i; j < 200; j += i) sieve[j] = 0;
console.log([...sieve.keys()].filter((i) => i > 1 && sieve[i]).slice(-5));
