// Conway's game of life on a torus, a generation at a time; ends when a generation has been seen before. Runs about 20
// seconds; its whole world is a typed array, a Set and two numbers, so it travels in a few kilobytes.
//
//   mvm run life.js [-- INTERVAL_MS [WIDTH [HEIGHT]]]      (100, 40, 16)

const interval = Number(process.argv[2] ?? 100);
const width = Number(process.argv[3] ?? 40);
const height = Number(process.argv[4] ?? 16);
const LAST = 200;

class World {
  #cells;
  generation = 0;

  constructor(cells = new Uint8Array(width * height)) {
    this.#cells = cells;
  }
  static acorn() {
    const world = new World();
    const [x, y] = [width >> 1, height >> 1];
    for (const [dx, dy] of [[-3, 1], [-2, -1], [-2, 1], [0, 0], [1, 1], [2, 1], [3, 1]]) world.#cells[(y + dy) * width + x + dx] = 1;
    return world;
  }
  #at(x, y) {
    return this.#cells[((y + height) % height) * width + (x + width) % width];
  }
  step() {
    const next = new Uint8Array(this.#cells.length);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let around = -this.#at(x, y);
        for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) around += this.#at(x + dx, y + dy);
        next[y * width + x] = around === 3 || (around === 2 && this.#at(x, y) === 1) ? 1 : 0;
      }
    }
    this.#cells = next;
    this.generation++;
  }
  get population() {
    return this.#cells.reduce((sum, cell) => sum + cell, 0);
  }
  toString() {
    return Array.from({ length: height }, (_, y) => Array.from(this.#cells.subarray(y * width, (y + 1) * width), (cell) => cell ? "o" : ".").join("")).join("\n");
  }
}

const world = World.acorn();
const seen = new Set();
const timer = setInterval(() => {
  const picture = String(world);
  console.log(`generation ${world.generation}, ${world.population} alive\n${picture}\n`);
  if (seen.has(picture) || world.generation >= LAST) {
    clearInterval(timer);
    console.log(seen.has(picture) ? "seen before" : "enough");
    return;
  }
  seen.add(picture);
  world.step();
}, interval);
