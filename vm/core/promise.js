// Promise and its jobs (ECMA-262 sections 27.2 and 9.5), and the protocol of async functions, async generators and
// async iteration (27.6, 27.7, 27.1.4). A reaction is three consecutive elements of the promise's slot `reactions`:
//   - a CAPABILITY record or, to save its closures, the derived PROMISE itself, or undefined; and two handlers; or
//   - a COROUTINE and a step: a core function called as step(coroutine, mode, value) when the promise settles; unused.
// A job is four consecutive elements of a ring in State JOBS: a core function and its three arguments.

const PENDING = 0;
const FULFILLED = 1;
const REJECTED = 2;

const PromisePrototype = $newObject(ObjectPrototype);
$root("PromisePrototype", PromisePrototype);

/** 9.5.5 HostEnqueuePromiseJob. */
function enqueueJob(job, a, b, c) {
  let jobs = $state($$STATE_JOBS);
  let head = $state($$STATE_JOBS_HEAD);
  const count = $state($$STATE_JOBS_COUNT);
  if (jobs === undefined || count * 4 === jobs.length) {
    const larger = [];
    if (jobs === undefined) head = 0;
    else {
      $arrayConcat(larger, $arraySlice(jobs, head, jobs.length));
      $arrayConcat(larger, $arraySlice(jobs, 0, head));
    }
    for (let i = larger.length === 0 ? 64 : larger.length; i > 0; i--) $push(larger, undefined);
    jobs = $setState($$STATE_JOBS, larger);
    $setState($$STATE_JOBS_HEAD, 0);
    head = 0;
  }
  const total = count === undefined ? 0 : count;
  const at = (head + total * 4) % jobs.length;
  jobs[at] = job;
  jobs[at + 1] = a;
  jobs[at + 2] = b;
  jobs[at + 3] = c;
  $setState($$STATE_JOBS_COUNT, total + 1);
}

/** Runs jobs until none is left. */
function runJobs() {
  for (;;) {
    const count = $state($$STATE_JOBS_COUNT);
    if (count === undefined || count === 0) return;
    const jobs = $state($$STATE_JOBS);
    const head = $state($$STATE_JOBS_HEAD);
    const job = jobs[head];
    const a = jobs[head + 1];
    const b = jobs[head + 2];
    const c = jobs[head + 3];
    jobs[head] = jobs[head + 1] = jobs[head + 2] = jobs[head + 3] = undefined;
    $setState($$STATE_JOBS_HEAD, (head + 4) % jobs.length);
    $setState($$STATE_JOBS_COUNT, count - 1);
    job(a, b, c);
  }
}
$root("runJobs", runJobs);

function isPromise(value) {
  return $brand(value) === $$BRAND_PROMISE;
}

/** A pending promise of the intrinsic kind. */
function newPromise() {
  return initializePromise($newRecord($$BRAND_PROMISE, PromisePrototype));
}

function initializePromise(promise) {
  $setSlot(promise, $$PROMISE_STATE, PENDING);
  return promise;
}

/** 27.2.1.4 FulfillPromise and 27.2.1.7 RejectPromise. */
function settle(promise, state, value) {
  const reactions = $slot(promise, $$PROMISE_REACTIONS);
  $setSlot(promise, $$PROMISE_STATE, state);
  $setSlot(promise, $$PROMISE_RESULT, value);
  $setSlot(promise, $$PROMISE_REACTIONS, undefined);
  if (state === REJECTED && !$slot(promise, $$PROMISE_HANDLED)) {
    const rejections = $state($$STATE_REJECTIONS);
    if (rejections === undefined) $setState($$STATE_REJECTIONS, [promise]);
    else $push(rejections, promise);
  }
  if (reactions !== undefined) {
    for (let i = 0; i < reactions.length; i += 3) enqueueReaction(reactions[i], reactions[i + 1], reactions[i + 2], state, value);
  }
}

/** 27.2.2.1 NewPromiseReactionJob, enqueued. */
function enqueueReaction(target, onFulfilled, onRejected, state, value) {
  if ($brand(target) === $$BRAND_COROUTINE) enqueueJob(onFulfilled, target, state === FULFILLED ? $$RESUME_NEXT : $$RESUME_THROW, value);
  else enqueueJob(runReaction, target, state === FULFILLED ? onFulfilled : onRejected, value);
}

function runReaction(target, handler, value) {
  let result;
  try {
    result = $call(handler, undefined, value);
  } catch (error) {
    settleTarget(target, REJECTED, error);
    return;
  }
  settleTarget(target, FULFILLED, result);
}

/** Resolves or rejects what a reaction leads to. */
function settleTarget(target, state, value) {
  if (target === undefined) return;
  if (isPromise(target)) {
    if (state === FULFILLED) resolvePromise(target, value);
    else settle(target, REJECTED, value);
  } else {
    $call($slot(target, state === FULFILLED ? $$CAPABILITY_RESOLVE : $$CAPABILITY_REJECT), undefined, value);
  }
}

/** What stands for an absent handler. */
function passValue(value) {
  return value;
}
function passError(error) {
  throw error;
}

/** 27.2.1.3.2 Promise Resolve Functions. */
function resolvePromise(promise, resolution) {
  if (!$isObject(resolution)) {
    settle(promise, FULFILLED, resolution);
    return;
  }
  if (resolution === promise) {
    settle(promise, REJECTED, makeError(errorPrototypes.TypeError, "Chaining cycle detected for promise #<Promise>"));
    return;
  }
  let then;
  try {
    then = resolution.then;
  } catch (error) {
    settle(promise, REJECTED, error);
    return;
  }
  if ($isCallable(then)) enqueueJob(runThenable, promise, resolution, then);
  else settle(promise, FULFILLED, resolution);
}

/** 27.2.2.2 NewPromiseResolveThenableJob. A promise with its own `then` needs no resolving functions. */
function runThenable(promise, thenable, then) {
  if (then === promiseThen && isPromise(thenable) && $getPrototype(thenable) === PromisePrototype && $getOwn(thenable, "constructor") < 0 &&
    $getOwnValue(PromisePrototype, "constructor") === Promise) {
    addReaction(thenable, promise, passValue, passError);
    return;
  }
  const functions = resolvingFunctions(promise);
  try {
    $call(then, thenable, functions[0], functions[1]);
  } catch (error) {
    functions[1](error);
  }
}

/** 27.2.1.3 CreateResolvingFunctions. For stack traces the first says what it settles, as others below do (kernel/stack-trace.ts). */
function resolvingFunctions(promise) {
  let settled = false;
  return [$setHome((value) => {
    if (settled) return;
    settled = true;
    resolvePromise(promise, value);
  }, promise), (reason) => {
    if (settled) return;
    settled = true;
    settle(promise, REJECTED, reason);
  }];
}

/** 27.2.5.4.1 PerformPromiseThen, with handlers in place. */
function addReaction(promise, target, onFulfilled, onRejected) {
  const state = $slot(promise, $$PROMISE_STATE);
  if (state === PENDING) {
    const reactions = $slot(promise, $$PROMISE_REACTIONS);
    if (reactions === undefined) $setSlot(promise, $$PROMISE_REACTIONS, [target, onFulfilled, onRejected]);
    else {
      $push(reactions, target);
      $push(reactions, onFulfilled);
      $push(reactions, onRejected);
    }
  } else {
    if (state === REJECTED && !$slot(promise, $$PROMISE_HANDLED)) forgetRejection(promise);
    enqueueReaction(target, onFulfilled, onRejected, state, $slot(promise, $$PROMISE_RESULT));
  }
  $setSlot(promise, $$PROMISE_HANDLED, true);
}

/** 27.2.1.9 HostPromiseRejectionTracker, "handle". */
function forgetRejection(promise) {
  const rejections = $state($$STATE_REJECTIONS);
  if (rejections === undefined) return;
  const at = $arrayIndexOf(rejections, promise, 0, 0);
  if (at >= 0) rejections[at] = undefined;
}

/** 27.2.1.5 NewPromiseCapability: the promise itself stands for a capability of the intrinsic kind. */
function newCapability(constructor) {
  if (constructor === Promise || constructor === undefined) return newPromise();
  if (!$isConstructor(constructor)) $throw(NOT_A_CONSTRUCTOR, describe(constructor), undefined);
  const capability = $newRecord($$BRAND_CAPABILITY, null);
  const promise = $construct(constructor, constructor, [(resolve, reject) => {
    if ($slot(capability, $$CAPABILITY_RESOLVE) !== undefined || $slot(capability, $$CAPABILITY_REJECT) !== undefined) {
      throwTypeError("Promise executor has already been invoked with non-undefined arguments");
    }
    $setSlot(capability, $$CAPABILITY_RESOLVE, resolve);
    $setSlot(capability, $$CAPABILITY_REJECT, reject);
  }]);
  if (!$isCallable($slot(capability, $$CAPABILITY_RESOLVE)) || !$isCallable($slot(capability, $$CAPABILITY_REJECT))) {
    throwTypeError("Promise resolve or reject function is not callable");
  }
  $setSlot(capability, $$CAPABILITY_PROMISE, promise);
  return capability;
}

function promiseOf(capability) {
  return isPromise(capability) ? capability : $slot(capability, $$CAPABILITY_PROMISE);
}

/** 27.2.4.7.1 PromiseResolve. */
function promiseResolve(constructor, value) {
  if (isPromise(value) && value.constructor === constructor) return value;
  const capability = newCapability(constructor);
  settleTarget(capability, FULFILLED, value);
  return promiseOf(capability);
}

/** 27.2.3.1 Promise(executor). */
function Promise(executor) {
  if (new.target === undefined) throwTypeError("Promise constructor cannot be invoked without 'new'");
  if (!$isCallable(executor)) throwTypeError(`Promise resolver ${describe(executor)} is not a function`);
  const promise = initializePromise($newRecord($$BRAND_PROMISE, prototypeOf(new.target, PromisePrototype)));
  const functions = resolvingFunctions(promise);
  try {
    $call(executor, undefined, functions[0], functions[1]);
  } catch (error) {
    functions[1](error);
  }
  return promise;
}

/**
 * What all, allSettled, any and race share: resolves every value by the constructor's own `resolve` and passes it to
 * visit(promise, index, capability); finish() is called when the iterable is at its end. Errors reject the result.
 */
function combine(constructor, iterable, visit, finish) {
  const capability = newCapability(requireThisConstructor(constructor));
  try {
    const resolve = constructor.resolve;
    if (!$isCallable(resolve)) throwTypeError("Promise resolve or reject function is not callable");
    iterate(iterable, (value, i) => visit($call(resolve, constructor, value), i, capability));
    finish(capability);
  } catch (error) {
    settleOnce(capability, REJECTED, error);
  }
  return promiseOf(capability);
}

/** The functions a capability hands to other promises. */
function capabilityFunction(capability, state) {
  if (!isPromise(capability)) return $slot(capability, state === FULFILLED ? $$CAPABILITY_RESOLVE : $$CAPABILITY_REJECT);
  return $setHome((value) => settleOnce(capability, state, value), capability);
}

/** Settles a combinator's result; one of the core's own making only the first time (its result slot marks that). */
function settleOnce(capability, state, value) {
  if (isPromise(capability)) {
    if ($slot(capability, $$PROMISE_STATE) !== PENDING || $slot(capability, $$PROMISE_RESULT) !== undefined) return;
    $setSlot(capability, $$PROMISE_RESULT, true);
  }
  settleTarget(capability, state, value);
}

/** all, allSettled, any: collects one result for each value; `wrap` makes what is stored, `last` is called with all. */
function collect(constructor, iterable, name, wrapFulfilled, wrapRejected, last) {
  const values = [];
  let home;
  let remaining = 1;
  const oneLess = (capability) => {
    if (--remaining === 0) last(capability, values);
  };
  return combine(constructor, iterable, (promise, i, capability) => {
    $push(values, undefined);
    let called = false;
    if (home === undefined) home = [capability, name, values];
    const storing = (wrap, state) => wrap === undefined ? capabilityFunction(capability, state) : values[i] = $setHome((value) => {
      if (called) return;
      called = true;
      values[i] = wrap(value);
      oneLess(capability);
    }, home);
    remaining++;
    promise.then(storing(wrapFulfilled, FULFILLED), storing(wrapRejected, REJECTED));
  }, oneLess);
}

function resolveWithAll(capability, values) {
  settleOnce(capability, FULFILLED, values);
}

defineConstructor(Promise, PromisePrototype, {
  all(iterable) {
    return collect(this, iterable, "all", passValue, undefined, resolveWithAll);
  },
  allSettled(iterable) {
    return collect(this, iterable, "allSettled", (value) => ({ status: "fulfilled", value }), (reason) => ({ status: "rejected", reason }), resolveWithAll);
  },
  any(iterable) {
    return collect(this, iterable, "any", undefined, passValue, (capability, errors) => {
      const error = makeError(AggregateErrorPrototype, "All promises were rejected");
      $define(error, "errors", errors, HIDDEN);
      settleOnce(capability, REJECTED, error);
    });
  },
  race(iterable) {
    return combine(this, iterable, (promise, i, capability) => {
      promise.then(capabilityFunction(capability, FULFILLED), capabilityFunction(capability, REJECTED));
    }, passValue);
  },
  reject(reason) {
    const capability = newCapability(requireThisConstructor(this));
    settleTarget(capability, REJECTED, reason);
    return promiseOf(capability);
  },
  resolve(value) {
    return promiseResolve(requireThisConstructor(this), value);
  },
  try(callback, ...list) {
    const capability = newCapability(requireThisConstructor(this));
    let result;
    try {
      result = $apply(callback, undefined, list);
    } catch (error) {
      settleTarget(capability, REJECTED, error);
      return promiseOf(capability);
    }
    settleTarget(capability, FULFILLED, result);
    return promiseOf(capability);
  },
  withResolvers() {
    const capability = newCapability(requireThisConstructor(this));
    const functions = isPromise(capability) ? resolvingFunctions(capability) : [$slot(capability, $$CAPABILITY_RESOLVE), $slot(capability, $$CAPABILITY_REJECT)];
    return { promise: promiseOf(capability), resolve: functions[0], reject: functions[1] };
  },
}, {
  catch(onRejected) {
    return this.then(undefined, onRejected);
  },
  finally(onFinally) {
    requireObject(this, "Promise.prototype.finally");
    const species = speciesConstructor(this, Promise);
    const constructor = species === undefined ? Promise : species;
    if (!$isCallable(onFinally)) return this.then(onFinally, onFinally);
    return this.then(
      (value) => promiseResolve(constructor, $call(onFinally, undefined)).then(() => value),
      (reason) => promiseResolve(constructor, $call(onFinally, undefined)).then(() => {
        throw reason;
      }));
  },
  then(onFulfilled, onRejected) {
    if (!isPromise(this)) throwIncompatible("Promise.prototype.then", this);
    const capability = newCapability(speciesConstructor(this, Promise));
    addReaction(this, capability, $isCallable(onFulfilled) ? onFulfilled : passValue, $isCallable(onRejected) ? onRejected : passError);
    return promiseOf(capability);
  },
});
setLengths(Promise, { try: 1 });
defineSpecies(Promise);
defineTag(PromisePrototype, "Promise");
const promiseThen = $getOwnValue(PromisePrototype, "then");

function requireThisConstructor(value) {
  if (!$isObject(value)) throwTypeError("PromiseResolve called on non-object");
  return value;
}

// 27.7 Async functions. The coroutine's slot `extra` holds the promise of the call.
$root("AsyncFunctionPrototype", makeFunctionKind("AsyncFunction", undefined));
$root("asyncStart", function (coroutine) {
  const promise = newPromise();
  $setSlot(coroutine, $$COROUTINE_EXTRA, promise);
  stepAsync(coroutine, $$RESUME_NEXT, undefined);
  return promise;
});

/** 27.7.5.3 Await: runs step(coroutine, mode, value) once the value has settled. */
function awaitValue(value, coroutine, step) {
  let promise;
  try {
    promise = promiseResolve(Promise, value);
  } catch (error) {
    step(coroutine, $$RESUME_THROW, error);
    return;
  }
  addReaction(promise, coroutine, step, undefined);
}

function stepAsync(coroutine, mode, value) {
  let result;
  try {
    result = $resume(coroutine, mode, value);
  } catch (error) {
    settle($slot(coroutine, $$COROUTINE_EXTRA), REJECTED, error);
    return;
  }
  if ($coroutineState(coroutine) === $$COROUTINE_DONE) resolvePromise($slot(coroutine, $$COROUTINE_EXTRA), result);
  else awaitValue(result, coroutine, stepAsync);
}

// 27.1.2 %AsyncIteratorPrototype% and 27.6 Async generators. The slot `queue` has three elements for each request: mode,
// value, promise. The slot `extra` is IDLE or BUSY: while BUSY the generator runs, awaits, or awaits the value of a
// return, and requests only queue up.
const IDLE = 1;
const BUSY = 2;

const AsyncIteratorPrototype = defineMethods($newObject(ObjectPrototype), {
  [symbolAsyncIterator]() {
    return this;
  },
});
$root("AsyncIteratorPrototype", AsyncIteratorPrototype);
const AsyncGeneratorPrototype = defineTag(defineMethods($newObject(AsyncIteratorPrototype), {
  next(value) {
    return requestAsync(this, $$RESUME_NEXT, value, "next");
  },
  return(value) {
    return requestAsync(this, $$RESUME_RETURN, value, "return");
  },
  throw(error) {
    return requestAsync(this, $$RESUME_THROW, error, "throw");
  },
}), "AsyncGenerator");
$root("AsyncGeneratorPrototype", AsyncGeneratorPrototype);
$root("AsyncGeneratorFunctionPrototype", makeFunctionKind("AsyncGeneratorFunction", AsyncGeneratorPrototype));

/** 27.6.1.2 to 27.6.1.4: enqueues a request and serves it if the generator is idle. */
function requestAsync(generator, mode, value, method) {
  const promise = newPromise();
  if ($brand(generator) !== $$BRAND_COROUTINE || typeof $slot(generator, $$COROUTINE_EXTRA) !== "number" || $slot(generator, $$COROUTINE_EXTRA) === 0) {
    settle(promise, REJECTED, makeError(errorPrototypes.TypeError, `AsyncGenerator.prototype.${method} called on incompatible receiver ${describe(generator)}`));
    return promise;
  }
  let queue = $slot(generator, $$COROUTINE_QUEUE);
  if (queue === undefined) queue = $setSlot(generator, $$COROUTINE_QUEUE, []);
  $push(queue, mode);
  $push(queue, value);
  $push(queue, promise);
  if ($slot(generator, $$COROUTINE_EXTRA) === IDLE) serveAsync(generator);
  return promise;
}

/** Serves the oldest request of an idle async generator; later ones follow when it is done with that. */
function serveAsync(generator) {
  const queue = $slot(generator, $$COROUTINE_QUEUE);
  while (queue.length > 0 && $slot(generator, $$COROUTINE_EXTRA) === IDLE) {
    const mode = queue[0];
    const value = queue[1];
    const state = $coroutineState(generator);
    if (state === $$COROUTINE_START && mode !== $$RESUME_NEXT) $setCoroutineState(generator, $$COROUTINE_DONE);
    $setSlot(generator, $$COROUTINE_EXTRA, BUSY);
    if (mode === $$RESUME_RETURN) awaitValue(value, generator, state === $$COROUTINE_YIELD ? stepAfterReturn : finishReturn);
    else if (state === $$COROUTINE_YIELD || state === $$COROUTINE_START && mode === $$RESUME_NEXT) stepAsyncGenerator(generator, mode, value);
    else if (mode === $$RESUME_THROW) answerAsync(generator, REJECTED, value);
    else answerAsync(generator, FULFILLED, iteratorResult(undefined, true));
  }
}

/** Settles the oldest request; the generator is idle again. */
function answerAsync(generator, state, value) {
  const queue = $slot(generator, $$COROUTINE_QUEUE);
  const promise = queue[2];
  $arrayMove(queue, 0, 3, queue.length - 3);
  $setLength(queue, queue.length - 3);
  $setSlot(generator, $$COROUTINE_EXTRA, IDLE);
  if (state === FULFILLED) resolvePromise(promise, value);
  else settle(promise, REJECTED, value);
}

/** Runs an async generator to its next await, yield or end. */
function stepAsyncGenerator(generator, mode, value) {
  let result;
  try {
    result = $resume(generator, mode, value);
  } catch (error) {
    answerAsync(generator, REJECTED, error);
    return;
  }
  const state = $coroutineState(generator);
  if (state === $$COROUTINE_AWAIT) awaitValue(result, generator, continueAsync);
  else answerAsync(generator, FULFILLED, iteratorResult(result, state === $$COROUTINE_DONE));
}

/** The same from a job: the requests that waited come next. */
function continueAsync(generator, mode, value) {
  stepAsyncGenerator(generator, mode, value);
  serveAsync(generator);
}
$root("asyncGeneratorYield", function (generator, value) {
  answerAsync(generator, FULFILLED, iteratorResult(value, false));
  serveAsync(generator);
});

/** 27.6.3.7 AsyncGeneratorUnwrapYieldResumption: the value given to return has settled. */
function stepAfterReturn(generator, mode, value) {
  continueAsync(generator, mode === $$RESUME_NEXT ? $$RESUME_RETURN : mode, value);
}

/** 27.6.3.9 AsyncGeneratorAwaitReturn, for a generator that has ended. */
function finishReturn(generator, mode, value) {
  if (mode === $$RESUME_NEXT) answerAsync(generator, FULFILLED, iteratorResult(value, true));
  else answerAsync(generator, REJECTED, value);
  serveAsync(generator);
}

// 27.1.4 Async-from-Sync iterators.
const AsyncFromSyncIteratorPrototype = defineMethods($newObject(AsyncIteratorPrototype), {
  next(...sent) {
    return continueSync(this, sent, "next");
  },
  return(...sent) {
    return continueSync(this, sent, "return");
  },
  throw(...sent) {
    return continueSync(this, sent, "throw");
  },
});

/** 27.1.4.2 and 27.1.4.4: one step of the inner iterator, its value awaited. `sent` is a list: nothing sent is not undefined sent. */
function continueSync(self, sent, name) {
  const iterator = $slot(self, $$ASYNC_FROM_SYNC_ITERATOR);
  const promise = newPromise();
  try {
    const method = name === "next" ? $slot(self, $$ASYNC_FROM_SYNC_NEXT) : iterator[name];
    if (method === undefined || method === null) {
      if (name === "return") {
        resolvePromise(promise, iteratorResult(sent[0], true));
        return promise;
      }
      iteratorClose(iterator);
      $throw(NO_THROW_METHOD, undefined, undefined);
    }
    const result = checkResult($apply(method, iterator, sent));
    const done = !!result.done;
    const value = result.value;
    let settled;
    try {
      settled = promiseResolve(Promise, value);
    } catch (error) {
      if (!done && name !== "return") iteratorCloseQuiet(iterator);
      throw error;
    }
    addReaction(settled, promise, (inner) => iteratorResult(inner, done), done || name === "return" ? passError : (error) => {
      iteratorCloseQuiet(iterator);
      throw error;
    });
  } catch (error) {
    settle(promise, REJECTED, error);
  }
  return promise;
}
