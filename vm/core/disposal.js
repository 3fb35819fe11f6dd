// DisposableStack, AsyncDisposableStack and SuppressedError (ECMA-262 2026 sections 27.3, 27.4 and 20.5.8), with the
// symbols that disposal goes by. A stack is a record with a list of resources, two elements for each: the value and the
// method, undefined where an asynchronous one only waits; no list once it is disposed. What disposes of an asynchronous
// stack is an async function of the core, which can be stopped and moved while it waits.

const symbolDispose = $newSymbol("Symbol.dispose");
const symbolAsyncDispose = $newSymbol("Symbol.asyncDispose");
defineConstants(Symbol, { dispose: symbolDispose, asyncDispose: symbolAsyncDispose });

const SuppressedErrorPrototype = $newObject(ErrorPrototype);

/** 20.5.8.1.1 SuppressedError(error, suppressed, message). */
function SuppressedError(error, suppressed, message) {
  const made = newError(prototypeOf(new.target === undefined ? SuppressedError : new.target, SuppressedErrorPrototype));
  initializeError(made, message, undefined);
  return suppress(made, error, suppressed);
}
settleErrorKind(SuppressedError, "SuppressedError", Error, SuppressedErrorPrototype);

function suppress(made, error, suppressed) {
  $define(made, "error", error, HIDDEN);
  $define(made, "suppressed", suppressed, HIDDEN);
  return made;
}

/** An error that came while another one was on its way, as DisposeResources has it. */
function suppressing(error, suppressed) {
  return suppress(makeError(SuppressedErrorPrototype, "An error was suppressed during disposal"), error, suppressed);
}

/** The resources of a stack that is not disposed yet. */
function resourcesOf(stack, isAsync, method) {
  checkStack(stack, isAsync, method);
  const resources = $slot(stack, $$DISPOSABLE_STACK_RESOURCES);
  if (resources === undefined) throw makeError(errorPrototypes.ReferenceError, `${stackName(isAsync)} is disposed already`);
  return resources;
}

function checkStack(stack, isAsync, method) {
  if ($brand(stack) !== $$BRAND_DISPOSABLE_STACK || $slot(stack, $$DISPOSABLE_STACK_IS_ASYNC) !== isAsync) throwIncompatible(`${stackName(isAsync)}.prototype.${method}`, stack);
}

function stackName(isAsync) {
  return isAsync ? "AsyncDisposableStack" : "DisposableStack";
}

function newStack(prototype, isAsync, resources) {
  const stack = $newRecord($$BRAND_DISPOSABLE_STACK, prototype);
  $setSlot(stack, $$DISPOSABLE_STACK_IS_ASYNC, isAsync);
  $setSlot(stack, $$DISPOSABLE_STACK_RESOURCES, resources);
  return stack;
}

function addResource(resources, value, method) {
  $push(resources, value);
  $push(resources, method);
}

/** 7.5.5 GetDisposeMethod; the synchronous method of an asynchronous resource is not waited for, but its error is one of the promise. */
function disposeMethod(value, isAsync) {
  let method = isAsync ? methodOf(value, symbolAsyncDispose) : undefined;
  if (method === undefined) {
    method = methodOf(value, symbolDispose);
    if (method === undefined) throwTypeError(`${describe(value)} is not disposable`);
    if (isAsync) return disposingLater(method);
  }
  return method;
}
function disposingLater(method) {
  return async function () {
    $call(method, this);
  };
}

/** Disposes of resources, the last first; what one throws suppresses what an earlier one threw. */
function disposeAll(resources) {
  let hasFailed = false;
  let failure;
  for (let i = resources.length - 2; i >= 0; i -= 2) {
    try {
      $call(resources[i + 1], resources[i]);
    } catch (error) {
      failure = hasFailed ? suppressing(error, failure) : error;
      hasFailed = true;
    }
  }
  if (hasFailed) throw failure;
}
async function disposeLater(stack) {
  checkStack(stack, true, "disposeAsync");
  const resources = takeResources(stack);
  if (resources === undefined) return;
  let hasFailed = false;
  let hasWaited = false;
  let failure;
  for (let i = resources.length - 2; i >= 0; i -= 2) {
    if (resources[i + 1] === undefined) continue;
    try {
      const result = $call(resources[i + 1], resources[i]);
      hasWaited = true;
      await result;
    } catch (error) {
      failure = hasFailed ? suppressing(error, failure) : error;
      hasFailed = true;
    }
  }
  if (!hasWaited && resources.length > 0) await undefined;
  if (hasFailed) throw failure;
}

/** What both kinds of stacks have. */
function makeStackKind(Stack, prototype, isAsync) {
  return defineConstructor(Stack, prototype, {}, {
    adopt(value, onDispose) {
      const resources = resourcesOf(this, isAsync, "adopt");
      requireCallable(onDispose);
      addResource(resources, undefined, () => $call(onDispose, undefined, value));
      return value;
    },
    defer(onDispose) {
      const resources = resourcesOf(this, isAsync, "defer");
      addResource(resources, undefined, requireCallable(onDispose));
    },
    get disposed() {
      checkStack(this, isAsync, "disposed");
      return $slot(this, $$DISPOSABLE_STACK_RESOURCES) === undefined;
    },
    move() {
      const moved = newStack(prototype, isAsync, resourcesOf(this, isAsync, "move"));
      $setSlot(this, $$DISPOSABLE_STACK_RESOURCES, undefined);
      return moved;
    },
    use(value) {
      const resources = resourcesOf(this, isAsync, "use");
      if (value === undefined || value === null) {
        if (isAsync) addResource(resources, undefined, undefined);
        return value;
      }
      if (!$isObject(value)) throwTypeError(`${describe(value)} is not an object`);
      addResource(resources, value, disposeMethod(value, isAsync));
      return value;
    },
  });
}

/** Takes the resources out of a stack, which is disposed from then on; undefined if it was already. */
function takeResources(stack) {
  const resources = $slot(stack, $$DISPOSABLE_STACK_RESOURCES);
  $setSlot(stack, $$DISPOSABLE_STACK_RESOURCES, undefined);
  return resources;
}

const DisposableStackPrototype = defineTag($newObject(ObjectPrototype), "DisposableStack");
function DisposableStack() {
  if (new.target === undefined) throwTypeError("Constructor DisposableStack requires 'new'");
  return newStack(prototypeOf(new.target, DisposableStackPrototype), false, []);
}
makeStackKind(DisposableStack, DisposableStackPrototype, false);
defineMethods(DisposableStackPrototype, {
  dispose() {
    checkStack(this, false, "dispose");
    const resources = takeResources(this);
    if (resources !== undefined) disposeAll(resources);
  },
});
$define(DisposableStackPrototype, symbolDispose, $getOwnValue(DisposableStackPrototype, "dispose"), HIDDEN);

const AsyncDisposableStackPrototype = defineTag($newObject(ObjectPrototype), "AsyncDisposableStack");
function AsyncDisposableStack() {
  if (new.target === undefined) throwTypeError("Constructor AsyncDisposableStack requires 'new'");
  return newStack(prototypeOf(new.target, AsyncDisposableStackPrototype), true, []);
}
makeStackKind(AsyncDisposableStack, AsyncDisposableStackPrototype, true);
defineMethods(AsyncDisposableStackPrototype, {
  disposeAsync() {
    return disposeLater(this);
  },
});
$define(AsyncDisposableStackPrototype, symbolAsyncDispose, $getOwnValue(AsyncDisposableStackPrototype, "disposeAsync"), HIDDEN);

// Iterators are resources too: their `return` disposes of them.

defineMethods(IteratorPrototype, {
  [symbolDispose]() {
    const method = methodOf(this, "return");
    if (method !== undefined) $call(method, this);
  },
});
async function returnLater(iterator) {
  const method = methodOf(iterator, "return");
  if (method !== undefined) await $call(method, iterator);
}
defineMethods(AsyncIteratorPrototype, {
  [symbolAsyncDispose]() {
    return returnLater(this);
  },
});

// Declarations: what `using` and `await using` have declared in a scope is kept in a list. Its first elements are the state
// of its disposal, then there are three for each resource: the value, the method (undefined: it is only waited for), and
// whether it is asynchronous.

const USED_FAILED = 0;
const USED_FAILURE = 1;
const USED_OWES_WAIT = 2;
const USED_WAITED = 3;
const USED_FIRST = 4;

$root("useResource", function (resources, value, isAsync) {
  if (resources.length === 0) {
    for (let i = 0; i < USED_FIRST; i++) $push(resources, false);
  }
  let method;
  if (value === undefined || value === null) {
    if (!isAsync) return value;
  } else {
    if (!$isObject(value)) throwTypeError(`${describe(value)} is not an object`);
    method = disposeMethod(value, isAsync);
  }
  addResource(resources, value, method);
  $push(resources, isAsync);
  return value;
});

/** 7.5.8 DisposeResources, up to what has to be awaited. */
$root("disposeNext", function (resources, kind, error) {
  if (resources.length === 0) {
    if (kind === 1) throw error;
    return $done();
  }
  if (kind === 1) noteFailure(resources, error);
  for (let at = resources.length - 3; at >= USED_FIRST; at -= 3) {
    const isAsync = resources[at + 2];
    const method = resources[at + 1];
    const value = resources[at];
    if (!isAsync && owesWait(resources)) return undefined;
    $setLength(resources, at);
    if (method === undefined) {
      resources[USED_OWES_WAIT] = true;
      continue;
    }
    try {
      const result = $call(method, value);
      if (isAsync) {
        resources[USED_WAITED] = true;
        return result;
      }
    } catch (failure) {
      noteFailure(resources, failure);
    }
  }
  if (owesWait(resources)) return undefined;
  if (resources[USED_FAILED]) throw resources[USED_FAILURE];
  return $done();
});

function noteFailure(resources, error) {
  resources[USED_FAILURE] = resources[USED_FAILED] ? suppressing(error, resources[USED_FAILURE]) : error;
  resources[USED_FAILED] = true;
}
/** Must it be waited before anything else is done, since nothing was awaited yet? It is asked once. */
function owesWait(resources) {
  const owes = resources[USED_OWES_WAIT] && !resources[USED_WAITED];
  resources[USED_OWES_WAIT] = false;
  return owes;
}
