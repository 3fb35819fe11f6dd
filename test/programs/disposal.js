// DisposableStack and its asynchronous kin: resources are disposed of in reverse, errors suppress one another, what is
// moved belongs to the new stack. Node 20 has none of it, so the expected results are here.
const isHere = typeof mvm !== "undefined";
const log = [];
const check = (name, got, expected) => {
  const text = JSON.stringify([got, log.splice(0)]), wanted = JSON.stringify([expected[0], expected.slice(1)]);
  console.log(text === wanted ? `ok ${name}` : `${name}: ${text} is not ${wanted}`);
};
const resource = (name, error) => ({
  [Symbol.dispose]() {
    log.push(name);
    if (error !== undefined) throw error;
  },
});
const caught = (run) => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};

function synchronous() {
  const stack = new DisposableStack();
  stack.use(resource("first"));
  stack.use(null);
  stack.adopt("value", (value) => log.push(value));
  stack.defer(() => log.push("deferred"));
  stack.dispose();
  stack.dispose();
  check("in reverse", stack.disposed, [true, "deferred", "value", "first"]);
  check("use after disposal", caught(() => stack.use({})).name, ["ReferenceError"]);
  check("what is not disposable", caught(() => new DisposableStack().use({})).name, ["TypeError"]);
  const errors = new DisposableStack();
  for (let i = 0; i < 3; i++) errors.use(resource(i, `error ${i}`));
  const error = caught(() => errors.dispose());
  check("errors", [error instanceof SuppressedError, error.error, error.suppressed.error, error.suppressed.suppressed], [[true, "error 0", "error 1", "error 2"], 2, 1, 0]);
  const from = new DisposableStack();
  from.use(resource("moved"));
  const to = from.move();
  check("moving", [from.disposed, to.disposed], [[true, false]]);
  to[Symbol.dispose]();
  check("moved", to.disposed, [true, "moved"]);
  const made = new SuppressedError(1, 2, "text");
  check("SuppressedError", [made.error, made.suppressed, made.message, made.name], [[1, 2, "text", "SuppressedError"]]);
  function* numbers() {
    try {
      yield 1;
    } finally {
      log.push("closed");
    }
  }
  const iterator = numbers();
  iterator.next();
  iterator[Symbol.dispose]();
  check("an iterator", iterator.next(), [{ done: true }, "closed"]);
  const own = Object.create(Object.getPrototypeOf(Object.getPrototypeOf(numbers.prototype)));
  own.return = () => log.push("own");
  own[Symbol.dispose]();
  check("an iterator of the program", true, [true, "own"]);
}

async function asynchronous() {
  const stack = new AsyncDisposableStack();
  const later = (name, ms, fails) => ({
    [Symbol.asyncDispose]: () => new Promise((resolve, reject) => setTimeout(() => {
      log.push(name);
      if (fails) reject(name);
      else resolve();
    }, ms)),
  });
  stack.use(later("slow", 5));
  stack.use(undefined);
  stack.use(resource("synchronous"));
  stack.adopt("adopted", (value) => later(value, 1)[Symbol.asyncDispose]());
  stack.defer(async () => log.push("deferred"));
  await stack.disposeAsync();
  check("waiting for each", stack.disposed, [true, "deferred", "adopted", "synchronous", "slow"]);
  const errors = new AsyncDisposableStack();
  errors.use(later("one", 2, true));
  errors.use(later("two", 1, true));
  const error = await errors.disposeAsync().catch((reason) => reason);
  check("errors that come later", [error.error, error.suppressed], [["one", "two"], "two", "one"]);
  const empty = new AsyncDisposableStack().move();
  check("an empty one", await empty[Symbol.asyncDispose](), [undefined]);
  async function* numbers() {
    try {
      yield 1;
    } finally {
      log.push("closed");
    }
  }
  const iterator = numbers();
  await iterator.next();
  await iterator[Symbol.asyncDispose]();
  check("an async iterator", await iterator.next(), [{ done: true }, "closed"]);
  const own = Object.create(Object.getPrototypeOf(Object.getPrototypeOf(numbers.prototype)));
  own.return = async () => log.push("own");
  await own[Symbol.asyncDispose]();
  check("an async iterator of the program", true, [true, "own"]);
}

if (isHere) {
  synchronous();
  asynchronous();
} else {
  for (const name of ["in reverse", "use after disposal", "what is not disposable", "errors", "moving", "moved", "SuppressedError", "an iterator", "an iterator of the program",
    "waiting for each", "errors that come later", "an empty one", "an async iterator", "an async iterator of the program"]) console.log(`ok ${name}`);
}
