// A program that uses a package from npm, unchanged: acorn parses JavaScript, here this very function, and counts what it
// finds. The package is found and compiled in when the program is, so it travels with it.
//
//   mvm run package.js [-- ROUNDS]      (40)

import { parse } from "acorn";

const rounds = Number(process.argv[2] ?? 40);

function count(source) {
  const kinds = new Map();
  (function visit(node) {
    if (Array.isArray(node)) return node.forEach(visit);
    if (node === null || typeof node !== "object") return;
    if (typeof node.type === "string") kinds.set(node.type, (kinds.get(node.type) ?? 0) + 1);
    for (const key of Object.keys(node)) if (key !== "loc") visit(node[key]);
  })(parse(source, { ecmaVersion: 2022, sourceType: "module" }));
  return kinds;
}

const text = `
  class Point { #x = 1; get x() { return this.#x; } static of(...list) { return new Point(...list); } }
  export async function* walk(tree, { deep = true, ...rest } = {}) {
    for await (const [name, child] of tree) { yield name ?? "nameless"; if (deep) yield* walk(child, rest); }
  }
  label: for (let i = 0; i < 10; i++) { if (i % 3 === 2) continue label; try { work(i ** 2); } catch { break; } finally { done\`\${i}\`; } }
`;
for (let round = 1; round <= rounds; round++) {
  const kinds = count(text.repeat(1) + "\n;".repeat(round));
  const total = [...kinds.values()].reduce((sum, n) => sum + n, 0);
  const [most, times] = [...kinds].sort(([, a], [, b]) => b - a)[0];
  console.log(`round ${round}: ${total} nodes of ${kinds.size} kinds, most often ${most} (${times})`);
  await new Promise((resolve) => setTimeout(resolve, 200));
}
