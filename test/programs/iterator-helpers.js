// Iterator and its helpers: what they give, in which order they call, what they close. Node 20 has none of it, so the
// expected results are here; under Node only the names are printed.
const isHere = typeof mvm !== "undefined";
const log = [];
function check(name, make, expected) {
  if (!isHere) {
    console.log(`ok ${name}`);
    return;
  }
  let got;
  try {
    got = make();
  } catch (error) {
    got = `${error.name}`;
  }
  const text = JSON.stringify([got, log.splice(0)]);
  const wanted = JSON.stringify([expected[0], expected.slice(1)]);
  console.log(text === wanted ? `ok ${name}` : `${name}: ${text} is not ${wanted}`);
}
/** An iterator that says what is called. */
function counting(to, name = "") {
  let i = 0;
  const iterator = {
    next() {
      log.push(`${name}next`);
      return i < to ? { value: i++, done: false } : { value: undefined, done: true };
    },
    return() {
      log.push(`${name}return`);
      return {};
    },
  };
  return isHere ? Object.setPrototypeOf(iterator, Iterator.prototype) : iterator;
}
const fail = () => {
  throw new EvalError("given");
};

check("map", () => [...counting(2).map((x, i) => x * 10 + i)], [[0, 11], "next", "next", "next"]);
check("map closes", () => [...counting(2).map(fail)], ["EvalError", "next", "return"]);
check("filter", () => [...counting(4).filter((x) => x % 2)], [[1, 3], "next", "next", "next", "next", "next"]);
check("take closes", () => [...counting(9).take(2)], [[0, 1], "next", "next", "return"]);
check("drop", () => [...counting(4).drop(2)], [[2, 3], "next", "next", "next", "next", "next"]);
check("take of what is no number", () => counting(1).take({ valueOf: fail }), ["EvalError", "return"]);
check("drop of a negative number", () => counting(1).drop(-1), ["RangeError", "return"]);
check("flatMap", () => counting(3).flatMap((x) => [x, [x]]).toArray(), [[0, [0], 1, [1], 2, [2]], "next", "next", "next", "next"]);
check("flatMap closes both", () => {
  const helper = counting(3, "outer ").flatMap(() => counting(3, "inner "));
  helper.next();
  return helper.return();
}, [{ done: true }, "outer next", "inner next", "inner return", "outer return"]);
check("flatMap of what is not iterable", () => counting(3).flatMap((x) => x).next(), ["TypeError", "next", "return"]);
check("reduce", () => counting(4).reduce((a, b, i) => `${a}${b}${i}`), ["011223" + "3", "next", "next", "next", "next", "next"]);
check("reduce closes", () => counting(4).reduce(fail, 0), ["EvalError", "next", "return"]);
check("reduce of nothing", () => counting(0).reduce(() => 1), ["TypeError", "next"]);
check("some", () => counting(4).some((x) => x === 1), [true, "next", "next", "return"]);
check("every", () => counting(4).every((x) => x < 1), [false, "next", "next", "return"]);
check("find", () => counting(4).find((x) => x === 2), [2, "next", "next", "next", "return"]);
check("forEach", () => {
  let sum = 0;
  counting(3).forEach((x, i) => sum += x + i);
  return sum;
}, [6, "next", "next", "next", "next"]);
check("includes", () => counting(3).includes(1), [true, "next", "next", "return"]);
check("includes, skipping", () => counting(3).includes(1, 2), [false, "next", "next", "next", "next"]);
check("join", () => counting(3).join("-"), ["0-1-2", "next", "next", "next", "next"]);
check("chunks", () => [...counting(3).chunks(2)], [[[0, 1], [2]], "next", "next", "next", "next"]);
check("windows", () => [...counting(3).windows(2)], [[[0, 1], [1, 2]], "next", "next", "next", "next"]);
check("windows of too few", () => [...counting(1).windows(2, "allow-partial")], [[[0]], "next", "next"]);
check("concat", () => [...Iterator.concat([1, 2], new Set([3]), "ab".split(""))], [[1, 2, 3, "a", "b"]]);
check("concat of an iterable of the program", () => Iterator.concat({ [Symbol.iterator]: () => counting(1) }).toArray(), [[0], "next", "next"]);
check("from a text", () => Iterator.from("añ😀").toArray(), [["a", "ñ", "😀"]]);
check("from what is only an iterator", () => {
  const wrapped = Iterator.from({ next: () => ({ value: log.push("plain"), done: false }), return: () => ({ done: log.push("end") > 0 }) });
  return [wrapped.next().value, wrapped.return().done, wrapped instanceof Iterator];
}, [[1, true, true], "plain", "end"]);
check("from what has Symbol.iterator", () => Iterator.from({ [Symbol.iterator]: () => counting(1) }).toArray(), [[0], "next", "next"]);
check("zip, shortest", () => [...Iterator.zip([counting(2, "a "), counting(1, "b ")])], [[[0, 0]], "a next", "b next", "a next", "b next", "a return"]);
check("zip, longest", () => [...Iterator.zip([[1, 2], [3]], { mode: "longest", padding: ["x", "y"] })], [[[1, 3], [2, "y"]]]);
check("zip, strict", () => [...Iterator.zip([counting(2, "a "), counting(1, "b ")], { mode: "strict" })], ["TypeError", "a next", "b next", "a next", "b next", "a return"]);
check("zip, strict and even", () => [...Iterator.zip([counting(1, "a "), counting(1, "b ")], { mode: "strict" })], [[[0, 0]], "a next", "b next", "a next", "b next"]);
check("zipKeyed", () => [...Iterator.zipKeyed({ a: [1], b: [2] })], [[{ a: 1, b: 2 }]]);
check("a helper that calls itself", () => {
  const helper = counting(2).map(() => helper.next());
  return helper.next();
}, ["TypeError", "next", "return"]);
check("a generator's own helper", () => {
  function* squares() {
    try {
      for (let i = 0; ; i++) yield i * i;
    } finally {
      log.push("finally");
    }
  }
  return squares().filter((x) => x % 2 === 0).map((x) => x + 1).drop(1).take(3).toArray();
}, [[5, 17, 37], "finally"]);
check("a class of iterators", () => {
  class Ten extends Iterator {
    left = 3;
    next() {
      return { value: 10, done: this.left-- === 0 };
    }
  }
  const made = new Ten();
  return [made.toArray(), made[Symbol.toStringTag], Iterator.prototype.constructor === Iterator];
}, [[[10, 10, 10], "Iterator", true]]);
check("accessors that assign to what inherits them", () => {
  const derived = Object.create(Iterator.prototype);
  derived[Symbol.toStringTag] = "Mine";
  derived[Symbol.toStringTag] += "!";
  return String(derived);
}, ["[object Mine!]"]);
check("Iterator()", () => new Iterator(), ["TypeError"]);
check("long ones do not grow", () => counting(2).flatMap(() => Array.from({ length: 300 }, (_, i) => i)).map((x) => x * 2).reduce((a, b) => a + b), [179400, "next", "next", "next"]);
