// A sample of differential fuzzing (differential/README.md), and what it is made of: the same seed makes the same program,
// a difference is seen and made small.

import test from "ava";
import { campaign } from "./differential/campaign.js";
import { compare } from "./differential/compare.js";
import { generate, wholeProgram } from "./differential/program.js";
import { reduce } from "./differential/reduce.js";

const PROGRAMS = 40;

test.serial("random programs do what they do in Node", async (t) => {
  const { programs, differences, findings, limits, hangs } = await campaign({ seed: 1, programs: PROGRAMS, reduceMilliseconds: 5000 });
  t.is(differences, 0, findings.map(({ seed, body, difference }) => `seed ${seed}:\n${body}\n${difference.signature}`).join("\n\n"));
  t.is(programs, PROGRAMS);
  t.true(limits + hangs < PROGRAMS / 10, `${limits} met a limit, ${hangs} hung`);
});

test("a seed makes one program, another seed another", (t) => {
  const made = [1, 2, 3, 4].map(generate);
  t.deepEqual(made, [1, 2, 3, 4].map(generate));
  t.is(new Set(made).size, 4);
});

// Node 20 lacks this function, so programs that ask for it differ.
const different = "section(0, function () { const list = [1, 2, typeof Array.fromAsync]; for (const one of list) { tick(); if (one) log(\"one\", one, [...list].length); } return { list }; });";

test("a difference is seen", async (t) => {
  const outcome = await compare(different);
  if (outcome.kind !== "difference") return t.fail(outcome.kind);
  t.true(outcome.difference.node.includes("undefined"));
  t.true(outcome.difference.ours.includes("function"));
});

test("a program that differs is made smaller, and still differs", async (t) => {
  const smaller = await reduce(different, async (body) => (await compare(body)).kind === "difference", 5000);
  t.true(smaller.length < different.length * 0.7, smaller);
  t.true(smaller.includes("Array.fromAsync"), smaller);
});

test("what is thrown at the top, and what does not parse, is no fault of the runner", async (t) => {
  t.deepEqual(await compare("log(\"a\", 1); throw 2;"), { kind: "same" });
  t.deepEqual(await compare("log(\"a\", 1"), { kind: "same" });
  t.true(wholeProgram("\"use strict\";").startsWith("(function () { \"use strict\""));
});
