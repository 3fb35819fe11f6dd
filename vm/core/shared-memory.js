// SharedArrayBuffer and Atomics (ECMA-262 sections 25.2 and 25.4). A program is one agent, so an operation on one element
// is atomic as it is, and shared memory is memory that cannot be detached. A shared buffer is an ArrayBuffer's record
// whose slot `shared` has the promises of Atomics.waitAsync, three elements for each: byte, promise, timer. Only the
// program itself can notify; so waiting without an end, standing still, is an error.

const SharedArrayBufferPrototype = defineTag($newObject(ObjectPrototype), "SharedArrayBuffer");

/** 25.2.3.1 SharedArrayBuffer(length, options). */
function SharedArrayBuffer(length = undefined, options = undefined) {
  if (new.target === undefined) throwTypeError("Constructor SharedArrayBuffer requires 'new'");
  const size = toIndex(length, "Array buffer allocation failed");
  const given = $isObject(options) ? options.maxByteLength : undefined;
  const most = given === undefined ? undefined : toIndex(given, "Invalid array buffer max length");
  if (size > most) throwRangeError("Invalid array buffer max length");
  const prototype = prototypeOf(new.target, SharedArrayBufferPrototype);
  if (most > 134217000) throwRangeError("Array buffer allocation failed");
  const buffer = newBuffer(size, prototype);
  $setSlot(buffer, $$ARRAY_BUFFER_MAX_LENGTH, most);
  $setSlot(buffer, $$ARRAY_BUFFER_SHARED, []);
  return buffer;
}

function isShared(buffer) {
  return $brand(buffer) === $$BRAND_ARRAY_BUFFER && $slot(buffer, $$ARRAY_BUFFER_SHARED) !== undefined;
}

function requireShared(buffer, method) {
  if (!isShared(buffer)) throwIncompatible(`SharedArrayBuffer.prototype.${method}`, buffer);
  return buffer;
}

defineConstructor(SharedArrayBuffer, SharedArrayBufferPrototype, {}, {
  get byteLength() {
    return byteLengthOf(requireShared(this, "byteLength"));
  },
  grow(length) {
    const most = $slot(requireShared(this, "grow"), $$ARRAY_BUFFER_MAX_LENGTH);
    if (most === undefined) throwIncompatible("SharedArrayBuffer.prototype.grow", this);
    const size = toIndex(length, "SharedArrayBuffer.prototype.grow: Invalid length parameter");
    if (size > most || size < byteLengthOf(this)) throwRangeError("SharedArrayBuffer.prototype.grow: Invalid length parameter");
    $setSlot(this, 0, copyBytes($slot(this, 0), 0, size));
  },
  get growable() {
    return $slot(requireShared(this, "growable"), $$ARRAY_BUFFER_MAX_LENGTH) !== undefined;
  },
  get maxByteLength() {
    const most = $slot(requireShared(this, "maxByteLength"), $$ARRAY_BUFFER_MAX_LENGTH);
    return most === undefined ? byteLengthOf(this) : most;
  },
  slice(start, end) {
    const length = byteLengthOf(requireShared(this, "slice"));
    const from = relativeIndex(start, length);
    const to = relativeEnd(end, length);
    const size = to > from ? to - from : 0;
    const species = speciesConstructor(this, SharedArrayBuffer);
    const constructor = species === undefined ? SharedArrayBuffer : species;
    const target = requireShared($construct(constructor, constructor, [size]), "slice");
    if (target === this) throwTypeError("SharedArrayBuffer subclass returned this from species constructor");
    if (byteLengthOf(target) < size) throwTypeError("Species constructor returned a too small SharedArrayBuffer");
    $bytesMove($slot(target, 0), 0, $slot(this, 0), from, size);
    return target;
  },
});
$define(SharedArrayBuffer, "length", 1, CONFIGURABLE);
defineSpecies(SharedArrayBuffer);

/** 25.4.3.1 ValidateIntegerTypedArray and 25.4.3.2 ValidateAtomicAccess: the index. */
function atomicIndex(array, index, method, waits) {
  const length = validTyped(array, method);
  const type = $typedInfo(array, 0);
  const isInteger = type !== $$TYPE_UINT8_CLAMPED && type !== $$TYPE_FLOAT32 && type !== $$TYPE_FLOAT64;
  if (waits ? type !== $$TYPE_INT32 && type !== $$TYPE_BIGINT64 : !isInteger) throwTypeError(`[object Array] is not an integer ${waits ? "shared " : ""}typed array.`);
  if (waits && method !== "notify" && !isShared($typedInfo(array, 1))) throwTypeError(`Atomics.${method} needs a shared typed array`);
  const at = toIndex(index, "Invalid atomic access index");
  if (at >= length) throwRangeError("Invalid atomic access index");
  return at;
}

/** 25.4.3.4 RevalidateAtomicAccess, after a conversion has called the program: the element. */
function atomicElement(array, at, method) {
  if (at >= validTyped(array, method)) throwRangeError("Invalid atomic access index");
  return array[at];
}

function atomicOperand(array, value) {
  return $typedInfo(array, 0) > $$TYPE_FLOAT64 ? toBigInt(value) : toInteger(value);
}

/** 25.4.3.15 AtomicReadModifyWrite: the element as it was; modify(old, value) gives what it becomes. */
function atomically(array, index, value, method, modify) {
  const at = atomicIndex(array, index, method, false);
  const operand = atomicOperand(array, value);
  const old = atomicElement(array, at, method);
  // Of a number only the low 32 bits count.
  array[at] = modify(old, typeof operand === "number" ? operand | 0 : operand);
  return old;
}

/** 25.4.3.14 DoWait up to where it would wait: undefined, or why it does not. */
function waitsNot(array, at, value, timeout, method) {
  const isBig = $typedInfo(array, 0) === $$TYPE_BIGINT64;
  const wanted = isBig ? $bigWrap(64, toBigInt(value), true) : toNumber(value) | 0;
  let most = toNumber(timeout);
  if (most !== most) most = Infinity;
  return [atomicElement(array, at, method) !== wanted ? "not-equal" : most <= 0 ? "timed-out" : undefined, most];
}

/** Takes a promise of waitAsync out of the list. */
function takeWaiter(waiters, i) {
  const promise = waiters[i + 1];
  $arrayMove(waiters, i, i + 3, waiters.length - i - 3);
  $setLength(waiters, waiters.length - 3);
  return promise;
}

defineNamespace("Atomics", {
  add(array, index, value) {
    return atomically(array, index, value, "add", (old, operand) => old + operand);
  },
  and(array, index, value) {
    return atomically(array, index, value, "and", (old, operand) => old & operand);
  },
  compareExchange(array, index, expected, replacement) {
    const at = atomicIndex(array, index, "compareExchange", false);
    const wanted = sameTyped(array, 1);
    wanted[0] = atomicOperand(array, expected);
    const operand = atomicOperand(array, replacement);
    const old = atomicElement(array, at, "compareExchange");
    if (old === wanted[0]) array[at] = operand;
    return old;
  },
  exchange(array, index, value) {
    return atomically(array, index, value, "exchange", (old, operand) => operand);
  },
  isLockFree(size) {
    const bytes = toInteger(size);
    return bytes === 1 || bytes === 2 || bytes === 4 || bytes === 8;
  },
  load(array, index) {
    return atomicElement(array, atomicIndex(array, index, "load", false), "load");
  },
  notify(array, index, count) {
    const at = atomicIndex(array, index, "notify", true);
    let left = count === undefined ? Infinity : toInteger(count);
    const buffer = $typedInfo(array, 1);
    let woken = 0;
    if (!isShared(buffer)) return woken;
    const waiters = $slot(buffer, $$ARRAY_BUFFER_SHARED);
    const place = byteOffsetOf(array, at);
    for (let i = 0; i < waiters.length && left > 0;) {
      if (waiters[i] !== place) {
        i += 3;
        continue;
      }
      clearTimer(waiters[i + 2]);
      resolvePromise(takeWaiter(waiters, i), "ok");
      woken++;
      left--;
    }
    return woken;
  },
  or(array, index, value) {
    return atomically(array, index, value, "or", (old, operand) => old | operand);
  },
  pause(iterations = undefined) {
    if (iterations !== undefined && (typeof iterations !== "number" || !isIntegral(iterations))) throwTypeError(`${describe(iterations)} is not an integer`);
  },
  store(array, index, value) {
    const at = atomicIndex(array, index, "store", false);
    const operand = atomicOperand(array, value);
    atomicElement(array, at, "store");
    array[at] = operand;
    return operand;
  },
  sub(array, index, value) {
    return atomically(array, index, value, "sub", (old, operand) => old - operand);
  },
  wait(array, index, value, timeout) {
    const at = atomicIndex(array, index, "wait", true);
    const answer = waitsNot(array, at, value, timeout, "wait");
    if (answer[0] !== undefined) return answer[0];
    if (answer[1] === Infinity) throwTypeError("Atomics.wait would never end: a program is one agent");
    const due = $host(["now"]) + answer[1] * 1000;
    while ($host(["now"]) < due) $wait(due);
    return "timed-out";
  },
  waitAsync(array, index, value, timeout) {
    const at = atomicIndex(array, index, "waitAsync", true);
    const answer = waitsNot(array, at, value, timeout, "waitAsync");
    if (answer[0] !== undefined) return { async: false, value: answer[0] };
    const waiters = $slot($typedInfo(array, 1), $$ARRAY_BUFFER_SHARED);
    const promise = newPromise();
    const timer = answer[1] === Infinity ? undefined : waitTimer(waiters, promise, answer[1]);
    $push(waiters, byteOffsetOf(array, at));
    $push(waiters, promise);
    $push(waiters, timer);
    return { async: true, value: promise };
  },
  xor(array, index, value) {
    return atomically(array, index, value, "xor", (old, operand) => old ^ operand);
  },
});

/** Ends a promise of waitAsync when its time is over. */
function waitTimer(waiters, promise, delay) {
  return newTimer(() => {
    const at = $arrayIndexOf(waiters, promise, 0, 0);
    if (at > 0) resolvePromise(takeWaiter(waiters, at - 1), "timed-out");
  }, delay, [], false);
}
