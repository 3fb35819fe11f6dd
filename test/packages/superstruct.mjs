import { object, string, number, array, optional, assert, validate, refine, defaulted, create } from "superstruct";
const User = object({ name: string(), age: optional(refine(number(), "positive", (n) => n > 0)), tags: defaulted(array(string()), () => ["new"]) });
assert({ name: "Ann", tags: ["x"] }, User);
console.log(create({ name: "Bob" }, User));
const [error] = validate({ name: 5, age: -1, tags: [1] }, User);
console.log(error.message, [...error.failures()].map((failure) => failure.path.join(".")).join("|"));
