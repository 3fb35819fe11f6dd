// The translator's languages agree: small kernels give the same results, bit for bit, as plain TypeScript, as
// flattened JavaScript and as C compiled in several ways. Refusals are in translate-refusals.test.ts.

import test from "ava";
import { randomKernel } from "./translate/random.js";
import {
  callsOf, compile, difference, fixtures, flattenedModule, makeKernel, plainModule, runModule, runProgram,
  type Kernel, type Sources,
} from "./translate/languages.js";

/** How the C is compiled: name and flags. */
const SANITISED = ["sanitised", "-O0", "-g", "-DMVMJS_DEBUG", "-fsanitize=address,undefined,float-cast-overflow", "-fno-sanitize-recover=all"] as const;
const OPTIMISED = ["optimised", "-O2"] as const;
const UNHARDENED = ["unhardened", "-O2", "-DMVMJS_UNHARDENED"] as const;
/** The accessors for machines of the other byte order put bytes together, which is right on any. */
const BYTEWISE = ["bytewise", "-O1", "-DMVMJS_LITTLE_ENDIAN=0"] as const;

/** Random code compares things with themselves. */
const RANDOM = ["-Wno-tautological-compare"];

/** Compares every language with the plain modules. */
async function compare(sources: Sources, count: number, ways: readonly (readonly [string, ...string[]])[]): Promise<{ kernel: Kernel; calls: number; differences: string[] }> {
  const kernel = await makeKernel(sources);
  const calls = callsOf(kernel.functions, count, 1);
  const expected = runModule(await plainModule(kernel), calls);
  const differences = [`flattened: ${difference(calls, expected, runModule(await flattenedModule(kernel), calls))}`];
  for (const [name, ...flags] of ways) {
    const actual = runProgram(compile(kernel, name, ...flags), kernel.functions, calls);
    differences.push(`${name}: ${difference(calls, expected, actual)}`);
  }
  return { kernel, calls: calls.length, differences: differences.filter(each => !each.endsWith(": ")) };
}

for (const name of ["integers", "doubles", "control", "views", "inline", "run"]) {
  test(`${name}.ts is the same in every language`, async t => {
    const { calls, differences } = await compare(fixtures(`${name}.ts`), 200, [SANITISED, OPTIMISED, UNHARDENED, BYTEWISE]);
    t.deepEqual(differences, []);
    t.true(calls > 400);
  });
}

test("random functions are the same in every language", async t => {
  const { sources, accepted, refused } = await randomKernel(7, 300);
  const { calls, differences } = await compare(sources, 40, [[...SANITISED, ...RANDOM], [...OPTIMISED, ...RANDOM]]);
  t.deepEqual(differences, []);
  t.true(accepted > 150, `${accepted} accepted, ${refused} refused`);
  t.true(calls > 6000);
});
