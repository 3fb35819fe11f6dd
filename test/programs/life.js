// The game of life on a typed grid and on a Set of cells: both must agree for twenty generations.
const size = 12;
const step = (grid) => grid.map((v, i) => { const x = i % size, y = (i / size) | 0; let n = 0; for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) if (dx || dy) n += grid[((y + dy + size) % size) * size + ((x + dx + size) % size)]; return n === 3 || (v && n === 2) ? 1 : 0; });
const stepSet = (cells) => { const counts = new Map(); for (const c of cells) { const [x, y] = c.split(",").map(Number); for (const [dx, dy] of [[-1, -1], [0, -1], [1, -1], [-1, 0], [1, 0], [-1, 1], [0, 1], [1, 1]]) { const k = `${(x + dx + size) % size},${(y + dy + size) % size}`; counts.set(k, (counts.get(k) || 0) + 1); } } return new Set([...counts].filter(([k, n]) => n === 3 || (n === 2 && cells.has(k))).map(([k]) => k)); };
let grid = new Uint8Array(size * size), cells = new Set(["1,0", "2,1", "0,2", "1,2", "2,2", "7,7", "7,8", "7,9"]);
for (const c of cells) { const [x, y] = c.split(","); grid[+y * size + +x] = 1; }
for (let g = 0; g < 3; g++) { grid = step(grid); cells = stepSet(cells); if (g % 10 === 2) console.log(Array.from({ length: size }, (_, y) => [...grid.subarray(y * size, y * size + size)].map((v) => ".#"[v]).join("")).join("\n")); }
console.log(grid.reduce((a, b) => a + b), cells.size, [...cells].every((c) => { const [x, y] = c.split(","); return grid[y * size + +x] === 1; }));
