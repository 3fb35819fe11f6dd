// Iterator and its helpers (ECMA-262 sections 27.1.2 to 27.1.4; Iterator.zip as it is proposed). A helper is no generator
// but a record with a step function, which gives the next value or DONE, and the iterators that are open, in the order
// in which they were opened: they are closed backwards, as the specification's IteratorCloseAll has it. So a helper takes
// a few words, and every call of a program's function is a frame of the machine like any other.

const HELPER_START = 0;
const HELPER_YIELDED = 1;
const HELPER_RUNNING = 2;
const HELPER_DONE = 3;

/** A helper; step(helper) gives its next value or DONE. */
function newHelper(open, step) {
  const helper = $newRecord($$BRAND_ITERATOR_HELPER, IteratorHelperPrototype);
  $setSlot(helper, $$ITERATOR_HELPER_STATE, HELPER_START);
  $setSlot(helper, $$ITERATOR_HELPER_OPEN, open);
  $setSlot(helper, $$ITERATOR_HELPER_STEP, step);
  return helper;
}

/** A helper that neither runs nor is anything else. */
function checkHelper(helper, method) {
  if ($brand(helper) !== $$BRAND_ITERATOR_HELPER) throwIncompatible(`Iterator Helper.prototype.${method}`, helper);
  const state = $slot(helper, $$ITERATOR_HELPER_STATE);
  if (state === HELPER_RUNNING) throwTypeError("Generator is already running");
  return state;
}

/** IteratorCloseAll for a completion that is not a throw: the first error that a `return` throws is thrown at the end. */
function closeAll(open) {
  for (let i = open.length - 1; i >= 0; i--) {
    try {
      iteratorClose(open[i]);
    } catch (error) {
      closeAllQuiet($arraySlice(open, 0, i));
      throw error;
    }
  }
}

/** The same for a throw. */
function closeAllQuiet(open) {
  for (let i = open.length - 1; i >= 0; i--) iteratorCloseQuiet(open[i]);
}

/** Calls a function with a value of an iterator, and its number; closes the iterator if it throws. */
function callFor(iterator, callback, value, i) {
  try {
    return $call(callback, undefined, value, i);
  } catch (error) {
    iteratorCloseQuiet(iterator);
    throw error;
  }
}

/** An object whose method was given something callable: [iterator, next]. Anything else closes the iterator. */
function iteratedFor(iterator, callback, method) {
  requireIterator(iterator, method);
  if (!$isCallable(callback)) {
    iteratorCloseQuiet(iterator);
    requireCallable(callback);
  }
  return [iterator, iterator.next];
}

function requireIterator(iterator, method) {
  return requireObject(iterator, `Iterator.prototype.${method}`);
}

/** How many values take and drop are to let through; what is no such number closes the iterator. */
function limitFor(iterator, limit, method) {
  requireIterator(iterator, method);
  try {
    const number = toNumber(limit);
    if (number !== number || toInteger(number) < 0 || number > 9007199254740991 && number !== Infinity) throwRangeError(`${describe(limit)} must be positive`);
    return toInteger(number);
  } catch (error) {
    iteratorCloseQuiet(iterator);
    throw error;
  }
}

/** 7.4.5 GetIteratorFlattenable: [iterator, next]; strings are iterated only where that is said. */
function flattenable(value, stringsToo) {
  if (!$isObject(value) && !(stringsToo && typeof value === "string")) throwTypeError(`${describe(value)} is not an object`);
  const method = value[symbolIterator];
  const iterator = method === undefined || method === null ? value : $call(method, value);
  return iteratorFrom(iterator);
}

const IteratorHelperPrototype = makeIteratorPrototype("Iterator Helper", {
  next() {
    if (checkHelper(this, "next") === HELPER_DONE) return iteratorResult(undefined, true);
    $setSlot(this, $$ITERATOR_HELPER_STATE, HELPER_RUNNING);
    let value = $done();
    try {
      const step = $slot(this, $$ITERATOR_HELPER_STEP);
      value = step(this);
    } finally {
      const isDone = $isDone(value);
      $setSlot(this, $$ITERATOR_HELPER_STATE, isDone ? HELPER_DONE : HELPER_YIELDED);
      if (isDone) $setSlot(this, $$ITERATOR_HELPER_STEP, undefined);
    }
    return $isDone(value) ? iteratorResult(undefined, true) : iteratorResult(value, false);
  },
  return() {
    const state = checkHelper(this, "return");
    if (state !== HELPER_DONE) {
      $setSlot(this, $$ITERATOR_HELPER_STATE, state === HELPER_START ? HELPER_DONE : HELPER_RUNNING);
      $setSlot(this, $$ITERATOR_HELPER_STEP, undefined);
      try {
        closeAll($slot(this, $$ITERATOR_HELPER_OPEN));
      } finally {
        $setSlot(this, $$ITERATOR_HELPER_STATE, HELPER_DONE);
      }
    }
    return iteratorResult(undefined, true);
  },
});

const WrapForValidIteratorPrototype = defineMethods($newObject(IteratorPrototype), {
  next() {
    if ($brand(this) !== $$BRAND_WRAP_ITERATOR) throwIncompatible("%WrapForValidIteratorPrototype%.next", this);
    return $call($slot(this, $$WRAP_ITERATOR_NEXT), $slot(this, $$WRAP_ITERATOR_ITERATOR));
  },
  return() {
    if ($brand(this) !== $$BRAND_WRAP_ITERATOR) throwIncompatible("%WrapForValidIteratorPrototype%.return", this);
    const iterator = $slot(this, $$WRAP_ITERATOR_ITERATOR);
    const method = iterator.return;
    return method === undefined || method === null ? iteratorResult(undefined, true) : $call(method, iterator);
  },
});

/** 27.1.3.1.1 Iterator(): for classes that extend it. */
function Iterator() {
  if (new.target === undefined || new.target === Iterator) throwTypeError("Abstract class Iterator not directly constructable");
  return $newObject(prototypeOf(new.target, IteratorPrototype));
}

defineConstructor(Iterator, IteratorPrototype, {
  concat(...items) {
    const methods = [];
    for (let i = 0; i < items.length; i++) {
      if (!$isObject(items[i])) throwTypeError(`${describe(items[i])} is not an object`);
      const method = items[i][symbolIterator];
      if (!$isCallable(method)) $throw(NOT_ITERABLE, describeTyped(items[i]), undefined);
      $push(methods, method);
    }
    let i = 0;
    let next;
    return newHelper([], (helper) => {
      const open = $slot(helper, $$ITERATOR_HELPER_OPEN);
      for (; i < items.length; i++) {
        if (open.length === 0) {
          const pair = iteratorFrom($call(methods[i], items[i]));
          next = pair[1];
          $push(open, pair[0]);
        }
        const iterator = $pop(open);
        const value = iteratorNext(iterator, next);
        if (!$isDone(value)) {
          $push(open, iterator);
          return value;
        }
      }
      return $done();
    });
  },
  from(value) {
    const pair = flattenable(value, true);
    if (ordinaryHasInstance(Iterator, pair[0])) return pair[0];
    const wrapper = $newRecord($$BRAND_WRAP_ITERATOR, WrapForValidIteratorPrototype);
    $setSlot(wrapper, $$WRAP_ITERATOR_ITERATOR, pair[0]);
    $setSlot(wrapper, $$WRAP_ITERATOR_NEXT, pair[1]);
    return wrapper;
  },
  zip(iterables, options = undefined) {
    requireObject(iterables, "Iterator.zip");
    const mode = zipMode(options);
    const given = zipPadding(options, mode);
    const iterators = [];
    const nexts = [];
    const input = getIterator(iterables);
    for (;;) {
      const value = closingAll(iterators, () => iteratorNext(input[0], input[1]));
      if ($isDone(value)) break;
      const all = [input[0]];
      $arrayConcat(all, iterators);
      const pair = closingAll(all, () => flattenable(value, false));
      $push(iterators, pair[0]);
      $push(nexts, pair[1]);
    }
    const padding = [];
    if (given !== undefined) closingAll(iterators, () => fillPadding(padding, given, iterators.length));
    return zipped(iterators, nexts, mode, padding, passValue);
  },
  zipKeyed(iterables, options = undefined) {
    requireObject(iterables, "Iterator.zipKeyed");
    const mode = zipMode(options);
    const given = zipPadding(options, mode);
    const iterators = [];
    const nexts = [];
    const keys = [];
    const all = ownKeys(iterables);
    closingAll(iterators, () => {
      for (let i = 0; i < all.length; i++) {
        const attributes = ownAttributes(iterables, all[i]);
        if (attributes < 0 || !(attributes & ENUMERABLE)) continue;
        const value = iterables[all[i]];
        if (value === undefined) continue;
        $push(keys, all[i]);
        const pair = flattenable(value, false);
        $push(iterators, pair[0]);
        $push(nexts, pair[1]);
      }
    });
    const padding = [];
    if (given !== undefined) closingAll(iterators, () => {
      for (let i = 0; i < keys.length; i++) $push(padding, given[keys[i]]);
    });
    return zipped(iterators, nexts, mode, padding, (results) => {
      const object = $newObject(null);
      for (let i = 0; i < keys.length; i++) $define(object, keys[i], results[i], ALL);
      return object;
    });
  },
}, {
  chunks(size) {
    return grouped(this, sizeFor(this, size, "chunks"), "chunks", (group) => {
      const whole = $arraySlice(group, 0, group.length);
      $setLength(group, 0);
      return whole;
    }, true);
  },
  drop(limit) {
    const most = limitFor(this, limit, "drop");
    const next = this.next;
    let left = most;
    return newHelper([this], () => {
      for (; left > 0; left--) if ($isDone(iteratorNext(this, next, true))) return $done();
      return iteratorNext(this, next);
    });
  },
  every(predicate) {
    return searchIterator(iteratedFor(this, predicate, "every"), predicate, false, () => false, true);
  },
  filter(predicate) {
    const next = iteratedFor(this, predicate, "filter")[1];
    let i = 0;
    return newHelper([this], () => {
      for (;;) {
        const value = iteratorNext(this, next);
        if ($isDone(value) || callFor(this, predicate, value, i++)) return value;
      }
    });
  },
  find(predicate) {
    return searchIterator(iteratedFor(this, predicate, "find"), predicate, true, passValue, undefined);
  },
  flatMap(mapper) {
    const next = iteratedFor(this, mapper, "flatMap")[1];
    let i = 0;
    let innerNext;
    return newHelper([this], (helper) => {
      const open = $slot(helper, $$ITERATOR_HELPER_OPEN);
      for (;;) {
        if (open.length === 1) {
          const value = iteratorNext(this, next);
          if ($isDone(value)) return value;
          const pair = closingAll(open, () => flattenable($call(mapper, undefined, value, i++), false));
          innerNext = pair[1];
          $push(open, pair[0]);
        }
        const inner = $pop(open);
        const value = closingAll(open, () => iteratorNext(inner, innerNext));
        if ($isDone(value)) continue;
        $push(open, inner);
        return value;
      }
    });
  },
  forEach(callback) {
    const pair = iteratedFor(this, callback, "forEach");
    for (let i = 0; ; i++) {
      const value = iteratorNext(pair[0], pair[1]);
      if ($isDone(value)) return;
      callFor(this, callback, value, i);
    }
  },
  includes(wanted, skipped = undefined) {
    requireIterator(this, "includes");
    let left = skipped === undefined ? 0 : skipped;
    if (typeof left !== "number" || left !== Infinity && left !== -Infinity && !isIntegral(left)) refuse(this, throwTypeError, left);
    if (left < 0 || left > 9007199254740991 && left !== Infinity) refuse(this, throwRangeError, left);
    const next = this.next;
    for (;;) {
      const value = iteratorNext(this, next);
      if ($isDone(value)) return false;
      if (left > 0) left--;
      else if ($sameValueZero(value, wanted)) break;
    }
    iteratorClose(this);
    return true;
  },
  join(separator) {
    requireIterator(this, "join");
    const between = separator === undefined ? "," : closingAll([this], () => `${separator}`);
    const next = this.next;
    const texts = [];
    for (;;) {
      const value = iteratorNext(this, next);
      if ($isDone(value)) return $joinTexts(texts, between);
      $push(texts, value === undefined || value === null ? "" : closingAll([this], () => `${value}`));
    }
  },
  map(mapper) {
    const next = iteratedFor(this, mapper, "map")[1];
    let i = 0;
    return newHelper([this], () => {
      const value = iteratorNext(this, next);
      return $isDone(value) ? value : callFor(this, mapper, value, i++);
    });
  },
  reduce(reducer, ...initial) {
    const pair = iteratedFor(this, reducer, "reduce");
    let accumulator = initial[0];
    let i = 0;
    if (initial.length === 0) {
      accumulator = iteratorNext(this, pair[1]);
      if ($isDone(accumulator)) throwTypeError("Reduce of a done iterator with no initial value");
      i = 1;
    }
    for (; ; i++) {
      const value = iteratorNext(this, pair[1]);
      if ($isDone(value)) return accumulator;
      try {
        accumulator = $call(reducer, undefined, accumulator, value, i);
      } catch (error) {
        iteratorCloseQuiet(this);
        throw error;
      }
    }
  },
  some(predicate) {
    return searchIterator(iteratedFor(this, predicate, "some"), predicate, true, () => true, false);
  },
  take(limit) {
    let left = limitFor(this, limit, "take");
    const next = this.next;
    return newHelper([this], () => {
      if (left === 0) {
        iteratorClose(this);
        return $done();
      }
      left--;
      return iteratorNext(this, next);
    });
  },
  toArray() {
    const next = requireIterator(this, "toArray").next;
    const array = [];
    for (;;) {
      const value = iteratorNext(this, next);
      if ($isDone(value)) return array;
      $push(array, value);
    }
  },
  windows(size, undersized = undefined) {
    const most = sizeFor(this, size, "windows");
    if (undersized !== undefined && undersized !== "only-full" && undersized !== "allow-partial") refuse(this, throwTypeError, undersized);
    return grouped(this, most, "windows", (group) => {
      const whole = $arraySlice(group, 0, group.length);
      if (group.length === most) $arrayMove(group, 0, 1, most - 1);
      $setLength(group, group.length - 1);
      return whole;
    }, undersized === "allow-partial");
  },
});
setLengths(Iterator, { concat: 0 });
setLengths(IteratorPrototype, { reduce: 1 });

/** Closes an iterator whose method was given what it cannot use. */
function refuse(iterator, throwError, value) {
  iteratorCloseQuiet(iterator);
  throwError(`${describe(value)} is out of range`);
}

/** How long the arrays of chunks and windows are to be. */
function sizeFor(iterator, size, method) {
  requireIterator(iterator, method);
  if (typeof size !== "number" || !isIntegral(size)) refuse(iterator, throwTypeError, size);
  if (size < 1 || size > 4294967295) refuse(iterator, throwRangeError, size);
  return size;
}

/** chunks and windows: collects values; `take(group)` copies a group and lets go what the next one does not begin with. */
function grouped(iterator, size, method, take, wantsRest) {
  const next = iterator.next;
  const group = [];
  let isFirst = true;
  let isOver = false;
  return newHelper([iterator], () => {
    while (!isOver) {
      const value = iteratorNext(iterator, next);
      if ($isDone(value)) {
        isOver = true;
        return wantsRest && group.length > 0 && (isFirst || method === "chunks") ? take(group) : value;
      }
      if ($push(group, value) < size) continue;
      isFirst = false;
      return take(group);
    }
    return $done();
  });
}

/** every, some, find: at the first value for which the predicate gives `wanted` the iterator is closed and it is over. */
function searchIterator(pair, predicate, wanted, found, otherwise) {
  for (let i = 0; ; i++) {
    const value = iteratorNext(pair[0], pair[1]);
    if ($isDone(value)) return otherwise;
    if (!callFor(pair[0], predicate, value, i) === wanted) continue;
    iteratorClose(pair[0]);
    return found(value);
  }
}

/** 7.3.36 SetterThatIgnoresPrototypeProperties: what assigning to a property does that `home` has as an accessor. */
function assignBelow(home, object, key, value) {
  requireObject(object, `set ${describe(key)}`);
  if (object === home) $throw(READ_ONLY, describe(key), describe(object));
  if (ownAttributes(object, key) < 0) defineField(object, key, value);
  else object[key] = value;
}

/** 27.1.4.1 and 27.1.4.14: accessors, since to assign to these names in a derived prototype must define them there. */
function defineWeakly(key, value) {
  const members = {
    get [key]() {
      return value;
    },
    set [key](given) {
      assignBelow(IteratorPrototype, this, key, given);
    },
  };
  const pair = $getOwnValue(members, key);
  $defineAccessor(IteratorPrototype, key, $accessorGet(pair), $accessorSet(pair), CONFIGURABLE);
}
$deleteOwn(IteratorPrototype, "constructor");
defineWeakly("constructor", Iterator);
defineWeakly(symbolToStringTag, "Iterator");
$define(Iterator, "prototype", IteratorPrototype, 0);

// Iterator.zip

/** What `make` gives; closes all of these iterators if it throws. */
function closingAll(iterators, make) {
  try {
    return make();
  } catch (error) {
    closeAllQuiet(iterators);
    throw error;
  }
}

function zipMode(options) {
  if (options === undefined) return "shortest";
  const mode = requireObject(options, "Iterator.zip").mode;
  if (mode === undefined) return "shortest";
  if (mode !== "shortest" && mode !== "longest" && mode !== "strict") throwTypeError(`${describe(mode)} is not a mode of Iterator.zip`);
  return mode;
}

function zipPadding(options, mode) {
  if (mode !== "longest") return undefined;
  const padding = options.padding;
  if (padding !== undefined) requireObject(padding, "padding of Iterator.zip");
  return padding;
}

/** The first values of an iterable, as many as there are iterators. */
function fillPadding(padding, iterable, count) {
  const pair = getIterator(iterable);
  let isOver = false;
  for (let i = 0; i < count; i++) {
    const value = isOver ? undefined : iteratorNext(pair[0], pair[1]);
    if ($isDone(value)) isOver = true;
    $push(padding, isOver ? undefined : value);
  }
  if (!isOver) iteratorClose(pair[0]);
}

/** IteratorZip: one value of each iterator at a time. `open` loses those that are at their end. */
function zipped(iterators, nexts, mode, padding, finish) {
  const open = $arraySlice(iterators, 0, iterators.length);
  const isOver = [];
  for (let i = 0; i < iterators.length; i++) $push(isOver, false);
  const forget = (i) => {
    isOver[i] = true;
    const at = openIndex(isOver, i);
    $arrayMove(open, at, at + 1, open.length - at - 1);
    $setLength(open, open.length - 1);
  };
  /** One step of iterator i; one that throws is not closed, all others are. */
  const stepped = (i, wantsValue) => {
    try {
      if (wantsValue) return iteratorNext(iterators[i], nexts[i]);
      const result = $call(nexts[i], iterators[i]);
      checkResult(result);
      return result.done ? $done() : undefined;
    } catch (error) {
      forget(i);
      closeAllQuiet(open);
      throw error;
    }
  };
  const uneven = () => {
    closeAllQuiet(open);
    throwTypeError("Iterators of Iterator.zip are not equally long");
  };
  return newHelper(open, () => {
    if (iterators.length === 0) return $done();
    const results = [];
    for (let i = 0; i < iterators.length; i++) {
      let value = isOver[i] ? padding[i] : stepped(i, true);
      if ($isDone(value)) {
        forget(i);
        if (mode === "shortest") {
          closeAll(open);
          return value;
        }
        if (mode === "strict") {
          if (i > 0) uneven();
          for (let k = 1; k < iterators.length; k++) {
            if (!$isDone(stepped(k, false))) uneven();
            forget(k);
          }
          return value;
        }
        if (open.length === 0) return value;
        value = padding[i];
      }
      $push(results, value);
    }
    return finish(results);
  });
}

/** Where iterator i would be among those that are not over. */
function openIndex(isOver, i) {
  let at = 0;
  for (let k = 0; k < i; k++) if (!isOver[k]) at++;
  return at;
}
