// The compiler as a program of the machine (hosts/self): on C and on Node it makes the images that the compiler on Node
// makes, byte for byte, of all test programs, of a package and of itself. `mvm-c run` takes sources so.

import test from "ava";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { builtInside, builtOnNode, isSame, type Built } from "./support/compile-twice.js";
import { compilingNames, programNames, programsFolder, root } from "./support/run-program.js";

const program = `${root}build/mvm-c`;
const onC = existsSync(program) ? test : test.skip;
/** A program inside Node takes about a second: npm run test:long has them all, and the compiler itself. */
const INSIDE = ["generators.js", "modules.mjs", "regexp-long.js"].filter((name) => programNames.includes(name));

// Scripts, not modules of this package: there is no package.json around them.
const folder = mkdtempSync(`${tmpdir()}/mvm-self-`);
cpSync(programsFolder, folder, { recursive: true });
test.after.always(() => rmSync(folder, { recursive: true }));

function builtOnC(path: string): Built {
  const out = `${folder}/out.mvm`;
  rmSync(out, { force: true });
  const { status, stderr } = spawnSync(program, ["build", path, "-o", out], { encoding: "utf8", timeout: 240_000 });
  return status === 0 ? readFileSync(out) : stderr.replace(/^mvm-c: /, "").trimEnd();
}
onC("on C: all test programs", async (t) => {
  t.timeout(600_000);
  let bytes = 0;
  for (const name of [...programNames, ...compilingNames]) {
    const [expected, found] = [await builtOnNode(`${folder}/${name}`), builtOnC(`${folder}/${name}`)];
    t.true(isSame(found, expected), `${name}: ${typeof found === "string" ? found : ""}`);
    bytes += expected.length;
  }
  t.true(bytes > 500_000);
});
onC("on C: itself", async (t) => {
  t.timeout(600_000);
  const path = `${root}build/compiler.js`;
  const expected = await builtOnNode(path);
  t.true(expected.length > 1_000_000);
  t.true(isSame(builtOnC(path), expected));
});
onC("on C: a package from npm, found as Node finds it", async (t) => {
  const path = `${root}build/test-self-package.mjs`;
  // Only Node follows source maps.
  const library = `${root}build/test-self-library.js`;
  writeFileSync(library, readFileSync(`${root}build/vm/io/modules.js`, "utf8").replace(/^\/\/# sourceMappingURL=.*$/m, ""));
  writeFileSync(path, 'import dayjs from "dayjs";\nimport { isLibrary } from "./test-self-library.js";\nconsole.log(dayjs(0).year(), isLibrary("x"));\n');
  try {
    const expected = await builtOnNode(path);
    t.true(expected.length > 20_000);
    t.true(isSame(builtOnC(path), expected));
  } finally {
    rmSync(path);
    rmSync(library);
  }
});
for (const name of INSIDE) {
  test(`on Node: ${name}`, async (t) => {
    t.true(isSame(await builtInside(`${folder}/${name}`), await builtOnNode(`${folder}/${name}`)));
  });
}

const wrong: Record<string, string> = {
  "syntax.js": "let a = ;\n",
  "missing.mjs": "import { a } from './nowhere.js';\n",
  "builtin.mjs": "import fs from 'node:fs';\nfs.readFileSync('x');\n",
  "strict.mjs": "with ({}) ;\n",
};
for (const [name, source] of Object.entries(wrong)) {
  test(`refused alike: ${name}`, async (t) => {
    const path = `${folder}/wrong-${name}`;
    writeFileSync(path, source);
    const expected = await builtOnNode(path);
    t.is(typeof expected, "string");
    t.is(await builtInside(path), expected);
    if (existsSync(program)) t.is(builtOnC(path), expected);
  });
}

onC("mvm-c run takes sources, with what they import and are called with", (t) => {
  writeFileSync(`${folder}/half.js`, "export const half = (n) => n / 2;\n");
  writeFileSync(`${folder}/main.mjs`, "import { half } from './half.js';\nconsole.log('ünï', half(Number(process.argv[2])), process.argv.length);\nsetTimeout(() => { throw new TypeError('at the end'); }, 5);\n");
  writeFileSync(`${folder}/package.json`, '{ "type": "module" }');
  const { status, stdout, stderr } = spawnSync(program, ["run", `${folder}/main.mjs`, "--", "5"], { encoding: "utf8" });
  t.is(stdout, "ünï 2.5 3\n");
  t.regex(stderr, /TypeError: at the end\n.*main\.mjs:3/);
  t.is(status, 1);
  rmSync(`${folder}/package.json`);
});
onC("mvm-c run: memory, and what is no source", (t) => {
  writeFileSync(`${folder}/hungry.js`, "const all = []; for (;;) all.push(all.length + 0.5);\n");
  const hungry = spawnSync(program, ["run", `${folder}/hungry.js`, "--memory", "1M"], { encoding: "utf8" });
  t.is(hungry.status, 5);
  t.regex(hungry.stderr, /needs more than its 1048576 bytes/);
  const typed = `${folder}/typed.ts`;
  writeFileSync(typed, "const a: number = 1;\n");
  const refused = spawnSync(program, ["build", typed, "-o", `${folder}/typed.mvm`], { encoding: "utf8" });
  t.is(refused.status, 3);
  t.regex(refused.stderr, /typed\.ts .*give a \.js, \.mjs or \.cjs file/);
  t.is(spawnSync(program, ["build", `${folder}/hungry.js`], { encoding: "utf8" }).status, 2);
  const absent = spawnSync(program, ["run", `${folder}/absent.js`], { encoding: "utf8" });
  t.is(absent.status, 3);
  t.regex(absent.stderr, /there is no such file/);
});
