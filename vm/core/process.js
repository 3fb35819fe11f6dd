// What programs written for Node expect of the global `process`, as far as they are not about files and networks:
// arguments, environment, exit codes, clocks, and listeners that are never called.

/** process.exitCode, if the program set it: like other facts it is in State PROCESS, so a program that never heard of process ends without it. */
function exitCode() {
  const facts = $state($$STATE_PROCESS);
  const code = facts === undefined ? undefined : facts[2];
  return code === undefined || code === null ? undefined : toInteger(code) & 255;
}

/** A value that is asked of the host once; State PROCESS keeps it. */
function processFact(index, make) {
  const facts = processFacts();
  if (facts[index] === undefined) facts[index] = make();
  return facts[index];
}
function processFacts() {
  const facts = stateList($$STATE_PROCESS);
  while (facts.length < 3) $push(facts, undefined);
  return facts;
}

function environmentObject() {
  const pairs = $host(["environment"]);
  const object = {};
  for (let i = 0; i + 1 < pairs.length; i += 2) $define(object, pairs[i], pairs[i + 1], ALL);
  return object;
}

/** process.stdout and process.stderr. */
function makeStream(number) {
  return defineMembers({}, {
    isTTY: false,
    write(chunk, encoding = undefined, callback = undefined) {
      $host(["write", number, typeof chunk === "string" ? chunk : $isObject(chunk) && $kind(chunk) === $$CELL_TYPED_ARRAY ? decodeText(chunk) : `${chunk}`]);
      const done = $isCallable(encoding) ? encoding : callback;
      if ($isCallable(done)) enqueueJob(runMicrotask, done, undefined, undefined);
      return true;
    },
    end() {
      return this;
    },
    on() {
      return this;
    },
    once() {
      return this;
    },
  }, ALL);
}

/** hrtime: seconds and nanoseconds of program time. */
function highTime(previous) {
  const now = $host(["now"]);
  let seconds = $math(1, now / 1000000);
  let nanoseconds = (now - seconds * 1000000) * 1000;
  if (previous !== undefined) {
    seconds -= previous[0];
    nanoseconds -= previous[1];
    if (nanoseconds < 0) {
      seconds--;
      nanoseconds += 1000000000;
    }
  }
  return [seconds, nanoseconds];
}

const processObject = defineMembers(defineTag($newObject(ObjectPrototype), "process"), {
  title: "mvm",
  version: "v20.0.0",
  versions: { node: "20.0.0", mvm: "0.1.0" },
  arch: "mvm",
  platform: "mvm",
  pid: 1,
  ppid: 0,
  execArgv: [],
  stdout: makeStream(1),
  stderr: makeStream(2),
  get argv() {
    return processFact(0, () => $host(["arguments"]));
  },
  set argv(list) {
    processFact(0, () => list);
  },
  get env() {
    return processFact(1, environmentObject);
  },
  get exitCode() {
    return processFacts()[2];
  },
  set exitCode(code) {
    processFacts()[2] = code;
  },
  cwd() {
    return "/";
  },
  exit(code) {
    const chosen = code === undefined ? exitCode() : toInteger(code) & 255;
    $end(chosen === undefined ? 0 : chosen);
  },
  emitWarning(warning) {
    $host(["print", 2, `(mvm) Warning: ${$brand(warning) === $$BRAND_ERROR ? errorText(warning) : `${warning}`}`]);
  },
  hrtime: highTime,
  memoryUsage() {
    return { rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 };
  },
  nextTick(callback, ...list) {
    requireCallable(callback);
    $push(stateList($$STATE_SPARE_1), [callback, list]);
  },
  uptime() {
    return $host(["now"]) / 1000000;
  },
  on() {
    return this;
  },
  once() {
    return this;
  },
  off() {
    return this;
  },
  removeListener() {
    return this;
  },
  emit() {
    return false;
  },
  listenerCount() {
    return 0;
  },
}, ALL);
$define(globalObject, "process", processObject, HIDDEN);
$define(globalObject, "global", globalObject, HIDDEN);
$define(globalObject, "globalThis", globalObject, HIDDEN);
defineTag(globalObject, "global");
defineConstants(globalObject, { NaN: NaN, Infinity: Infinity, undefined: undefined });
