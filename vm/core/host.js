// The program's outermost loop and its door to the host: jobs, timers, messages, calls, the end. All that a program
// learns from outside comes through `$host` (asked for, answered at once) or the inbox (messages), so it can be replayed.
//
// Operations of $host: [name, arguments...] and the answer.
//   print, stream, text       one console call's text (1 out, 2 err), without the last line's end; nothing
//   write, stream, text       text as it is (process.stdout.write); nothing
//   uncaught, text, rejected  an error that nobody caught; the program ends after it unless the answer is true
//   now                       microseconds since the program began, without the time it was frozen
//   date                      milliseconds since 1970 by the wall clock
//   timezone, ms              minutes that local time is ahead of UTC at that time
//   random, count             array of that many random bytes
//   arguments                 process.argv: array of texts
//   environment               process.env: array name, value, name, value, …
//   ask, name, list           calls a function of the host and stands still meanwhile; [true, value] or [false, text, code]
//   call, id, name, list      calls a function of the host; nothing; the message ["answer", id, …] follows
//   compile, kind, texts...   what a compiler makes of eval's text and the like (evaluation.js); undefined without one
//   callResult, id, ok, value the result (or error) of a function that the host called by ["call", id, …]; nothing
//
// Messages in the inbox.
//   answer, id, ok, value     settles mvm.call's promise; a text as error becomes an Error
//   message, name, data       for the listeners of mvm.on(name)
//   signal, name              the same for moved, restored, cloned, clockjump
//   call, id, name, list      calls a function given to mvm.expose

// A timer is an array, sorted into State TIMERS with the next due last.
const TIMER_DUE = 0;
const TIMER_NUMBER = 1;
const TIMER_CALLBACK = 2;
const TIMER_LIST = 3;
const TIMER_REPEAT = 4;
const TIMER_ALIVE = 5;

/** Milliseconds of program time. */
function timeNow() {
  return $math(1, $host(["now"]) / 1000);
}

/** A list in the program's State, made at first use. */
function stateList(index) {
  const list = $state(index);
  return list === undefined ? $setState(index, []) : list;
}

/** Where a timer is, or belongs, in the list. */
function timerPlace(timers, timer) {
  let low = 0;
  let high = timers.length;
  while (low < high) {
    const middle = low + high >> 1;
    const other = timers[middle];
    if (other[TIMER_DUE] > timer[TIMER_DUE] || other[TIMER_DUE] === timer[TIMER_DUE] && other[TIMER_NUMBER] > timer[TIMER_NUMBER]) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insertTimer(timer) {
  const timers = stateList($$STATE_TIMERS);
  const at = timerPlace(timers, timer);
  $push(timers, undefined);
  moveElements(timers, at + 1, at, timers.length - 1 - at);
  timers[at] = timer;
}

function removeTimer(timer) {
  const timers = stateList($$STATE_TIMERS);
  const at = timerPlace(timers, timer);
  if (timers[at] !== timer) return;
  moveElements(timers, at, at + 1, timers.length - 1 - at);
  $setLength(timers, timers.length - 1);
}

/** The next number of a timer. */
function timerNumber() {
  const number = $state($$STATE_NEXT_TIMER);
  return $setState($$STATE_NEXT_TIMER, number === undefined ? 1 : number + 1);
}

function newTimer(callback, delay, list, repeats) {
  if (!$isCallable(callback)) throwTypeError(`The "callback" argument must be of type function. Received ${describeLiteral(callback)}`);
  let time = +delay;
  time = time >= 1 && time <= 2147483647 ? $math(3, time) : 1;
  const timer = [timeNow() + time, timerNumber(), callback, list, repeats ? time : -time, true];
  insertTimer(timer);
  return newWrapper($$BRAND_TIMER, TimeoutPrototype, timer);
}

/** The timer behind a handle or its number; undefined if there is none. */
function timerOf(handle) {
  if ($brand(handle) === $$BRAND_TIMER) return $slot(handle, 0);
  if (typeof handle !== "number" && typeof handle !== "string") return undefined;
  const timers = stateList($$STATE_TIMERS);
  for (let i = 0; i < timers.length; i++) if (timers[i][TIMER_NUMBER] === +handle) return timers[i];
}

function thisTimer(handle) {
  if ($brand(handle) !== $$BRAND_TIMER) throwIncompatible("Timeout", handle);
  return $slot(handle, 0);
}

function clearTimer(handle) {
  const timer = timerOf(handle);
  if (timer === undefined) return;
  timer[TIMER_CALLBACK] = undefined;
  if (timer[TIMER_DUE] >= 0) removeTimer(timer);
}

const TimeoutPrototype = defineMethods($newObject(ObjectPrototype), {
  close() {
    clearTimer(this);
    return this;
  },
  hasRef() {
    return thisTimer(this)[TIMER_ALIVE];
  },
  ref() {
    thisTimer(this)[TIMER_ALIVE] = true;
    return this;
  },
  refresh() {
    const timer = thisTimer(this);
    if (timer[TIMER_CALLBACK] === undefined) return this;
    removeTimer(timer);
    timer[TIMER_DUE] = timeNow() + $math(0, timer[TIMER_REPEAT]);
    insertTimer(timer);
    return this;
  },
  unref() {
    thisTimer(this)[TIMER_ALIVE] = false;
    return this;
  },
  [symbolToPrimitive]() {
    return thisTimer(this)[TIMER_NUMBER];
  },
});
const TimeoutClass = () => throwTypeError("Illegal constructor");
$setFunctionName(TimeoutClass, "Timeout");
$define(TimeoutPrototype, "constructor", TimeoutClass, HIDDEN);

defineMembers(globalObject, {
  clearImmediate: clearTimer,
  clearInterval(timer) {
    clearTimer(timer);
  },
  clearTimeout(timer) {
    clearTimer(timer);
  },
  queueMicrotask(callback) {
    if (!$isCallable(callback)) throwTypeError(`The "callback" argument must be of type function. Received ${describeLiteral(callback)}`);
    enqueueJob(runMicrotask, callback, undefined, undefined);
  },
  setImmediate(callback, ...list) {
    requireCallable(callback);
    // Immediates are timers without a due time, in a list of their own.
    const timer = [-1, timerNumber(), callback, list, -1, true];
    $push(stateList($$STATE_SPARE_2), timer);
    return newWrapper($$BRAND_TIMER, TimeoutPrototype, timer);
  },
  setInterval(callback, delay, ...list) {
    return newTimer(callback, delay, list, true);
  },
  setTimeout(callback, delay, ...list) {
    return newTimer(callback, delay, list, false);
  },
}, ALL);
$setFunctionName($getOwnValue(globalObject, "clearImmediate"), "clearImmediate");

function runMicrotask(callback) {
  $call(callback, undefined);
}

/** Runs the callback of a timer or immediate. */
function runTimer(timer) {
  const callback = timer[TIMER_CALLBACK];
  if (callback === undefined) return;
  if (timer[TIMER_REPEAT] < 0) timer[TIMER_CALLBACK] = undefined;
  try {
    $apply(callback, undefined, timer[TIMER_LIST]);
  } catch (error) {
    reportUncaught(error);
  }
  if (timer[TIMER_CALLBACK] !== undefined && timer[TIMER_DUE] >= 0) {
    removeTimer(timer);
    timer[TIMER_DUE] = timeNow() + $math(0, timer[TIMER_REPEAT]);
    insertTimer(timer);
  }
}

/** Runs what is due, one timer at a time; jobs come after each. True if anything ran. */
function runTimers() {
  const timers = stateList($$STATE_TIMERS);
  let ran = false;
  if (timers.length > 0) {
    const now = timeNow();
    while (timers.length > 0 && timers[timers.length - 1][TIMER_DUE] <= now) {
      ran = true;
      runTimer($pop(timers));
      settleDown();
    }
  }
  const immediates = stateList($$STATE_SPARE_2);
  if (immediates.length > 0) {
    ran = true;
    $setState($$STATE_SPARE_2, []);
    for (let i = 0; i < immediates.length; i++) {
      runTimer(immediates[i]);
      settleDown();
    }
  }
  return ran;
}

/** Runs ticks (process.nextTick) and jobs until neither is left, then looks for rejections that nobody handles. */
function settleDown() {
  for (;;) {
    try {
      const ticks = $state($$STATE_SPARE_1);
      while (ticks !== undefined && ticks.length > 0) {
        const list = ticks[0];
        moveElements(ticks, 0, 1, ticks.length - 1);
        $setLength(ticks, ticks.length - 1);
        $apply(list[0], undefined, list[1]);
      }
      if ($state($$STATE_JOBS_COUNT)) {
        runJobs();
        if ($state($$STATE_SPARE_1) !== undefined) continue;
      }
    } catch (error) {
      reportUncaught(error);
    }
    const rejections = $state($$STATE_REJECTIONS);
    if (rejections === undefined || rejections.length === 0) return;
    $setState($$STATE_REJECTIONS, undefined);
    for (let i = 0; i < rejections.length; i++) if (rejections[i] !== undefined) reportUncaught($slot(rejections[i], $$PROMISE_RESULT), true);
  }
}

/** An error that nobody caught ends the program, as in Node, unless the host answers true. What inspect would show of an ordinary one is its stack. */
function reportUncaught(error, isRejection) {
  let text;
  try {
    const isError = $brand(error) === $$BRAND_ERROR;
    const frames = isError ? $slot(error, $$ERROR_FRAMES) : undefined;
    if ($isArray(frames) && frames.length > 0 && $propertyCount(error) < 3 && errorPrototypes[error.name] === $getPrototype(error)) text = error.stack;
    else text = (isError ? "" : "Uncaught ") + inspect(error, newInspection(2));
  } catch {
    text = "Uncaught, unshowable";
  }
  if ($host(["uncaught", text, isRejection]) !== true) $end(1);
}

// Calls between program and host. State CALLS: promises by id. State LISTENERS: lists of functions by name. State
// SPARE_3: exposed functions by name.

/** A table of the program's State, made at first use. */
function stateTable(index) {
  const table = $state(index);
  return table === undefined ? $setState(index, $newTable(2, false)) : table;
}

/** The host's answer to mvm.call. */
function settleCall(id, ok, value) {
  const calls = stateTable($$STATE_CALLS);
  const promise = $tableGet(calls, id);
  if (promise === undefined) return;
  $tableDelete(calls, id);
  if (ok) resolvePromise(promise, value);
  else settle(promise, REJECTED, typeof value === "string" ? makeError(ErrorPrototype, value) : value);
}

/** Calls a function that the program exposed. */
function callByName(name, list) {
  const exposed = $tableGet(stateTable($$STATE_SPARE_3), name);
  if (exposed === undefined) throw makeError(ErrorPrototype, `the program exposes no function '${name}'`);
  return $apply(exposed, undefined, list);
}
$root("callByName", callByName);

function answerHost(id, ok, value) {
  $host(["callResult", id, ok, ok || $brand(value) !== $$BRAND_ERROR ? value : errorText(value)]);
}

function deliver(message) {
  const name = message[1];
  switch (message[0]) {
    case "answer":
      settleCall(name, message[2], message[3]);
      break;
    case "call": {
      let result;
      try {
        result = promiseResolve(Promise, callByName(message[2], message[3]));
      } catch (error) {
        answerHost(name, false, error);
        break;
      }
      addReaction(result, undefined, (value) => answerHost(name, true, value), (error) => answerHost(name, false, error));
      break;
    }
    default: {
      const listeners = $tableGet(stateTable($$STATE_LISTENERS), name);
      if (listeners === undefined) break;
      const all = $arraySlice(listeners, 0, listeners.length);
      for (let i = 0; i < all.length; i++) $call(all[i], undefined, message[2]);
    }
  }
}

/** Is there anything that a message could still be for? */
function expectsMessages() {
  const calls = $state($$STATE_CALLS);
  const exposed = $state($$STATE_SPARE_3);
  const listeners = $state($$STATE_LISTENERS);
  return (calls !== undefined || exposed !== undefined || listeners !== undefined) && hasTakers(calls, exposed, listeners);
}

function hasTakers(calls, exposed, listeners) {
  if (calls !== undefined && $tableCount(calls) > 0 || exposed !== undefined && $tableCount(exposed) > 0) return true;
  if (listeners === undefined) return false;
  for (let i = $tableNext(listeners, 0); i >= 0; i = $tableNext(listeners, i + 1)) {
    const name = $tableKey(listeners, i);
    // Listening to signals of the program's life alone does not keep it alive.
    if (name !== "moved" && name !== "restored" && name !== "cloned" && name !== "clockjump" && $tableValue(listeners, i).length > 0) return true;
  }
  return false;
}

/** The bottom frame of every program. */
$root("start", function (entry) {
  let main;
  try {
    main = $call(entry, undefined);
  } catch (error) {
    reportUncaught(error);
  }
  settleDown();
  for (;;) {
    const inbox = $takeInbox();
    if (inbox !== undefined) {
      for (let i = 0; i < inbox.length; i++) {
        try {
          deliver(inbox[i]);
        } catch (error) {
          reportUncaught(error);
        }
        settleDown();
      }
      continue;
    }
    if (runTimers()) continue;
    const timers = stateList($$STATE_TIMERS);
    let alive = expectsMessages();
    for (let i = timers.length - 1; i >= 0 && !alive; i--) alive = timers[i][TIMER_ALIVE];
    if (!alive) {
      const code = exitCode();
      $end(code === undefined ? ($brand(main) === $$BRAND_PROMISE && $slot(main, $$PROMISE_STATE) === PENDING ? 13 : 0) : code);
    }
    $wait(timers.length > 0 ? timers[timers.length - 1][TIMER_DUE] * 1000 : -1);
  }
});

/** mvm: what this machine offers beyond the languages's own. */
defineNamespace("mvm", {
  /** Calls a function of the host whose answer the program stands still for; what fails is an Error with a code. */
  ask(name, ...list) {
    const answer = $host(["ask", `${name}`, list]);
    if (answer[0]) return answer[1];
    const error = makeError(ErrorPrototype, answer[1]);
    error.code = answer[2];
    throw error;
  },
  /** Calls a function of the host; a promise of its result. */
  call(name, ...list) {
    const promise = newPromise();
    const next = $state($$STATE_NEXT_CALL);
    const id = $setState($$STATE_NEXT_CALL, next === undefined ? 1 : next + 1);
    $setState($$STATE_CALLS, $tableSet(stateTable($$STATE_CALLS), id, promise));
    $host(["call", id, `${name}`, list]);
    return promise;
  },
  /** Lets the host call a function by name; undefined takes the name back. */
  expose(name, callback) {
    if (callback === undefined) $tableDelete(stateTable($$STATE_SPARE_3), `${name}`);
    else $setState($$STATE_SPARE_3, $tableSet(stateTable($$STATE_SPARE_3), `${name}`, requireCallable(callback)));
  },
  off(name, listener) {
    const listeners = $tableGet(stateTable($$STATE_LISTENERS), `${name}`);
    const at = listeners === undefined ? -1 : $arrayIndexOf(listeners, listener, 0, 0);
    if (at < 0) return;
    moveElements(listeners, at, at + 1, listeners.length - 1 - at);
    $setLength(listeners, listeners.length - 1);
  },
  /** Listens to messages and to the signals moved, restored, cloned, clockjump. */
  on(name, listener) {
    requireCallable(listener);
    const table = stateTable($$STATE_LISTENERS);
    const listeners = $tableGet(table, `${name}`);
    if (listeners !== undefined) $push(listeners, listener);
    else $setState($$STATE_LISTENERS, $tableSet(table, `${name}`, [listener]));
  },
});
