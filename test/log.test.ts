// The last of what a program printed: which lines, and that it stays bounded however much is printed.

import test from "ava";
import { Log } from "../vm/hosting/log.js";

test("the last lines, with or without an end", (t) => {
  const log = new Log();
  t.is(log.last(), "");
  t.is(log.last(3), "");
  log.add("\n");
  t.is(log.last(1), "\n");
  t.is(log.last(5), "\n");
  log.add("a\nb");
  t.is(log.last(1), "b");
  t.is(log.last(2), "a\nb");
  t.is(log.last(3), "\na\nb");
  t.is(log.last(), "\na\nb");
  log.add("\n\n");
  t.is(log.last(1), "\n");
  t.is(log.last(2), "b\n\n");
  t.is(log.last(0), "");
});

test("it is bounded, and whole lines go", (t) => {
  const log = new Log();
  for (let i = 0; i < 100_000; i++) log.add(`line ${i}\n`);
  const text = log.last();
  t.true(text.length > 60_000 && text.length <= 131_072, `${text.length}`);
  t.regex(text, /^line \d+\n/);
  t.true(text.endsWith("line 99998\nline 99999\n"));
  log.add("x".repeat(1_000_000));
  t.true(log.last().length <= 131_072);
  t.true(log.last().endsWith("xxx"));
});
